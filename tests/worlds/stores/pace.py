"""What more collectors gain: `python -m tests.worlds.stores.pace [COLLECTORS…]` (1, 2 and 4).

Each row is a schedule of its own on PostgreSQL, with homes and an object store of its own, that collects two families
from upstreams whose every answer takes 200 ms: seconds from the start of the first collecting run to the end of the
last one, beside what the runs took one by one. Nothing is built meanwhile.
"""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from pipelines.attempts import record_attempt
from pipelines.catalog.entries import Channel
from pipelines.catalog.reader import SHIPPED, Catalog, read_catalog
from pipelines.pools import COLLECTORS
from tests.upstream.catalogs import few
from tests.upstream.emulator import Upstream
from tests.upstream.faults import slow
from tests.worlds.stores.fleet import Fleet, serve_fleet
from tests.worlds.stores.postgres import serve_database
from tests.worlds.stores.server import locate, serve_store
from warehouse.attempts.entries import AttemptKind
from warehouse.settings import Settings

SOURCES = ("changelog", "deprecations", "discourse", "huggingface", "packages", "prices", "stackexchange", "status")
LATENCY = 0.2
PATIENCE_SECONDS = 600


def choose_channels() -> tuple[Catalog, tuple[Channel, ...]]:
    """Two families of most sources: enough for each of four collectors to have some."""
    whole = few(read_catalog([SHIPPED]), "kimi", "qwen")
    channels = tuple(one for one in whole.channels if one.source in SOURCES)
    return Catalog(whole.families, channels), channels


def measure_pace(folder: Path, collectors: int) -> tuple[float, list[float]]:
    """Measures the seconds that a schedule took for one run of each source, and those of each run."""
    catalog, channels = choose_channels()
    with (
        serve_store() as store,
        serve_database() as database,
        Upstream(catalog, seed=3, threads=40, now=datetime.now(UTC)) as world,
    ):
        world.fail("*", None, slow(LATENCY))
        # Else it would build at once what is not there yet.
        planner = Settings(HEARTBEAT_HOME=folder / "planner", _env_file=None)
        with record_attempt(planner, AttemptKind.BUILD, is_full=True):
            pass
        paths = world.catalog(folder / "catalog")
        with serve_fleet(folder, locate(store, "pace"), database, paths, "", collectors) as fleet:
            return _await_runs(fleet, len({channel.source for channel in channels}))


def _await_runs(fleet: Fleet, count: int) -> tuple[float, list[float]]:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        runs = [one for one in fleet.ask("flow_runs", limit=200) if one["work_pool_name"] == COLLECTORS]
        ended = [one for one in runs if one["end_time"] and one["start_time"]]
        if len({one["deployment_id"] for one in ended}) == count:
            break
        if time.monotonic() > deadline:
            raise TimeoutError(fleet.read_logs())
        time.sleep(1)
    spans = [
        (datetime.fromisoformat(str(one["start_time"])), datetime.fromisoformat(str(one["end_time"]))) for one in ended
    ]
    whole = max(end for _, end in spans) - min(start for start, _ in spans)
    return whole.total_seconds(), [(end - start).total_seconds() for start, end in spans]


def main(counts: list[int]) -> None:
    """Prints a row for each number of collectors."""
    first = 0.0
    print("collectors  seconds  ratio  runs  their seconds  longest")
    for count in counts:
        with TemporaryDirectory(prefix="pace") as name:
            seconds, runs = measure_pace(Path(name), count)
        first = first or seconds
        print(
            f"{count:10}  {seconds:7.1f}  {first / seconds:5.2f}  {len(runs):4}  {sum(runs):13.1f}  {max(runs):7.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [1, 2, 4])
