"""Prefect's work pools as OPERATIONS.md writes them: a worker collects what is due, another one builds it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.deploying.confining import make_small_catalog
from tests.deploying.documents import find_block
from tests.paths import ROOT
from tests.upstream.emulator import Upstream
from tests.worlds.ports import free_port
from tests.worlds.schedules import copy_schedule
from warehouse.snapshot import read_current

pytestmark = pytest.mark.slow
PATIENCE_SECONDS = 600


@contextmanager
def _run(words: list[str], environment: dict[str, str], log: Path) -> Iterator[None]:
    with log.open("wb") as sink:
        process = subprocess.Popen(words, env=environment, stdout=sink, stderr=sink, cwd=ROOT)
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


def _await(holds: Callable[[], bool], logs: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, [log.read_text()[-2000:] for log in logs.glob("*.log")]
        time.sleep(1)


def test_workers_of_two_pools_collect_and_build(tmp_path: Path) -> None:
    """Each has a home of its own; they share the landing zone."""
    port = free_port()
    api = f"http://127.0.0.1:{port}/api"
    *setting_up, collecting, building = find_block("prefect work-pool create").strip().splitlines()
    prefect = [sys.executable, "-m", "prefect"]

    def is_up() -> bool:
        try:
            return httpx2.get(f"{api}/health").status_code == 200
        except httpx2.HTTPError:
            return False

    with Upstream(make_small_catalog(), seed=3, threads=20) as world, ExitStack() as stack:
        environment = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(tmp_path),
            "PYTHONPATH": str(ROOT),
            "PREFECT_HOME": str(copy_schedule(tmp_path / "server") / "prefect"), "PREFECT_API_URL": api,
            "HEARTBEAT_LANDING": str(tmp_path / "landing"), "HEARTBEAT_PEOPLE_KEY": "a key of the test, 32 bytes long!",
            "HEARTBEAT_CATALOG": str(world.catalog(tmp_path / "catalog")), "HEARTBEAT_CATALOG_ONLY": "1",
            "HEARTBEAT_ALLOW_PRIVATE_HOSTS": "127.0.0.1,localhost", "HEARTBEAT_NOW": world.world.now.isoformat(),
            "PREFECT_WORKER_QUERY_SECONDS": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        }  # fmt: skip
        server = [*prefect, "server", "start", "--port", str(port)]
        stack.enter_context(_run(server, environment, tmp_path / "server.log"))
        _await(is_up, tmp_path)
        done = subprocess.run(
            ["sh", "-e", "-c", "\n".join(setting_up)],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        for line, name in ((collecting, "collector"), (building, "builder")):
            words = line.partition("#")[0].split()
            own = environment | {"HEARTBEAT_HOME": str(tmp_path / name)}
            stack.enter_context(_run([*prefect, *words[1:]], own, tmp_path / f"{name}.log"))
        source = next(iter(make_small_catalog().channels)).source
        for deployment, has_come in (
            (f"collect/{source}", lambda: any((tmp_path / "landing").glob("*/*/*.parquet"))),
            ("build/hourly", lambda: read_current(tmp_path / "builder") is not None),
        ):
            run = [*prefect, "deployment", "run", deployment]
            subprocess.run(run, env=environment, cwd=ROOT, check=True, capture_output=True)
            _await(has_come, tmp_path)
    assert not (tmp_path / "collector" / "warehouse.duckdb").exists()
