"""What commands cost beside the work in them: `python -m tests.benchmarks.commands [--times 5]`.

Help and a build without news are set beside a bare start of Python, a publish beside a copy of the warehouse, and a run
of Prefect's flow over 154 channels beside the same collection from the command line and a flow of as many empty tasks.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from pipelines.catalog.entries import Channel
from pipelines.catalog.reader import Catalog
from pipelines.commands.sample import read_sample_catalog
from pipelines.flows import MOST_TASKS
from tests.benchmarks.measurements import OURS, Measurement, find_medians, measure_command, print_table
from tests.dashboards.browser.browser import wait_until_healthy
from tests.upstream.emulator import Upstream
from tests.worlds.page_worlds import NOW, make_sample
from tests.worlds.ports import free_port
from warehouse.snapshot import SAMPLE, read_current

CHANNELS = 154
EMPTY = "mistralai/client-python"
"""A repository that the emulator made without commits."""
HELP, NO_NEWS, PUBLISH, FLOW = "heartbeat --help", "build, nothing to do", "publish", f"collect {CHANNELS} channels"
FIRST_START_SECONDS = 120
"""How long Prefect's server may take to make its tables and answer: 20 s of an idle machine, and more of a busy one."""
MODULE = [sys.executable, "-m", "pipelines"]
RUN_FLOW = [sys.executable, "-c", "from pipelines.flows import collect; collect(requests=10**6, due_only=False)"]
RUN_EMPTY_FLOW = [
    sys.executable,
    "-c",
    "from prefect import flow, task\n"
    "empty = task(lambda number: number, name='empty')\n"
    f"flow(lambda: [future.result() for future in [empty.submit(number) for number in range({MOST_TASKS})]], name='empty')()",
]
"""What Prefect itself takes for the tasks of a run: no flow of so many can cost less."""
BUDGET = ("--budget", str(10**6))
COPY = "import shutil, sys; shutil.copyfile(sys.argv[1], sys.argv[2])"
COPY_TABLES = (
    "import sys, duckdb; from warehouse.publish import STORAGE\n"
    "with duckdb.connect() as connection:\n"
    "    connection.execute(f\"attach '{sys.argv[1]}' as former (read_only); attach '{sys.argv[2]}' as made ({STORAGE})\")\n"
    "    connection.execute('copy from database former to made; checkpoint made')"
)
"""What the engine itself takes to write the rows of a snapshot into a new file."""
NEW_BUILD = (
    "import sys; from pathlib import Path; from warehouse.database import open_warehouse\n"
    "with open_warehouse(Path(sys.argv[1])) as connection:\n"
    "    connection.execute(\"update ledger.settings set value = (value::bigint + 1)::varchar where name = 'build'\")"
)
"""Numbers the build anew, so that there is something to publish."""


def measure_commands(times: int) -> list[Measurement]:
    """Measures all of them so many times."""
    found: list[Measurement] = []
    with tempfile.TemporaryDirectory() as folder:
        home = make_sample(Path(folder) / "home")
        shutil.move(home / SAMPLE / "warehouse.duckdb", home / "warehouse.duckdb")
        environment = os.environ | {"HEARTBEAT_HOME": str(home), "HEARTBEAT_NOW": NOW.isoformat()}
        for _ in range(times):
            found += _measure_starts(home, environment)
    with _serve_channels() as (folder, environment, world):
        for number in range(times):
            found += _measure_flow(folder / str(number), environment, world)
    return find_medians(found)


def _measure_starts(home: Path, environment: dict[str, str]) -> Iterator[Measurement]:
    measure_command([*MODULE, "build"], environment)
    for work, command in ((HELP, "--help"), (NO_NEWS, "build")):
        yield Measurement(work, OURS, measure_command([*MODULE, command], environment))
        yield Measurement(work, "bare Python", measure_command([sys.executable, "-c", "pass"]))
    measure_command([sys.executable, "-c", NEW_BUILD, str(home)])
    yield Measurement(PUBLISH, OURS, measure_command([*MODULE, "publish"], environment))
    copied = [sys.executable, "-c", COPY, str(home / "warehouse.duckdb"), str(home.parent / "copied")]
    yield Measurement(PUBLISH, "copy of the warehouse", measure_command(copied))
    snapshot = read_current(home)
    assert snapshot is not None
    tables = [sys.executable, "-c", COPY_TABLES, str(snapshot.path), str(home.parent / "tables")]
    yield Measurement(PUBLISH, "DuckDB's copy of the tables", measure_command(tables))
    for rest in home.parent.glob("tables*"):
        rest.unlink()


def _measure_flow(home: Path, environment: dict[str, str], world: Upstream) -> Iterator[Measurement]:
    world.forgive()
    flow = measure_command(RUN_FLOW, environment | {"HEARTBEAT_HOME": str(home / "flow")})
    world.forgive()
    steps = measure_command([*MODULE, "collect", *BUDGET], environment | {"HEARTBEAT_HOME": str(home / "steps")})
    yield Measurement(FLOW, OURS, flow)
    yield Measurement(FLOW, "its steps alone", steps)
    yield Measurement(FLOW, f"Prefect, {MOST_TASKS} empty tasks", measure_command(RUN_EMPTY_FLOW, environment))


def _choose_channels(catalog: Catalog) -> tuple[Channel, ...]:
    """Chooses channels that can all be read here: none asks for accepted terms, or has no commits."""
    open_to_all = [channel for channel in catalog.channels if not channel.terms and channel.target != EMPTY]
    return tuple(open_to_all[:CHANNELS])


@contextmanager
def _serve_channels() -> Iterator[tuple[Path, dict[str, str], Upstream]]:
    """Serves a world of so many channels, and Prefect's server; yields a folder, the environment of a run, and the
    world."""
    catalog = read_sample_catalog()
    with (
        tempfile.TemporaryDirectory() as name,
        Upstream(replace(catalog, channels=_choose_channels(catalog)), threads=400) as world,
    ):
        folder = Path(name)
        base = os.environ | {
            "PREFECT_HOME": str(folder / "prefect"), "HEARTBEAT_CATALOG": str(world.catalog(folder / "catalog")),
            "HEARTBEAT_CATALOG_ONLY": "1", "HEARTBEAT_ALLOW_PRIVATE_HOSTS": "127.0.0.1", "GITHUB_TOKEN": "test",
            "HEARTBEAT_NOW": world.world.now.isoformat(), "PREFECT_LOGGING_LEVEL": "ERROR",
        }  # fmt: skip
        with _run_prefect(base) as url:
            yield folder, base | {"PREFECT_API_URL": url}, world


@contextmanager
def _run_prefect(environment: dict[str, str]) -> Iterator[str]:
    """Runs Prefect's server; yields the address of its API."""
    url = f"http://127.0.0.1:{(port := free_port())}/api"
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until_healthy(f"{url}/health", server, FIRST_START_SECONDS)
        time.sleep(2)  # its services start behind the first answer
        yield url
    finally:
        server.terminate()
        server.wait(30)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=5)
    print_table(measure_commands(parser.parse_args().times))
