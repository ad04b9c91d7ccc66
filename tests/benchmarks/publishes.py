"""Many publishes while tabs are open and a long-lived process reads: `python -m tests.benchmarks.publishes [--publishes
100] [--tabs 20] [--every 10]`.

Each version writes its number into the names of all families and into two metrics. Told are errors, pages and reads that
held two versions at once, reads that went back to an older one, tabs that did not reach the last one, and the memory of
the dashboard and of the reading process at the start, in the middle and at the end.
"""

import argparse
import asyncio
import multiprocessing
import shutil
import tempfile
import threading
import time
from collections import Counter
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path

import duckdb

from dashboards.frame import snapshot_reader
from tests.benchmarks.tabs import LOOK_SECONDS, Seen, read_together
from tests.benchmarks.viewers import read_memory, read_resident
from tests.dashboards.browser import browser as real
from tests.worlds.page_worlds import NOW, make_sample
from warehouse.database import open_warehouse
from warehouse.publish import publish_snapshot
from warehouse.snapshot import SAMPLE, read_current

STAMPED = ("answered_share", "first_response_hours")
"""Metrics whose rows say of which version they are."""
PAUSE = (10.0, 30.0)
"""Seconds that the reader of a tab looks before the next move."""


def publish_edition(connection: duckdb.DuckDBPyConnection, home: Path, number: int) -> None:
    """Publishes a version that says its number on every page."""
    connection.execute(
        "update staging.families set title = split_part(title, ' Edition ', 1) || format(' Edition {:04d}', ?::integer)",
        [number],
    )
    for metric in STAMPED:
        connection.execute(f"update metrics.{metric} set method_version = ?", [number])
    connection.execute("update ledger.settings set value = (value::bigint + 1)::varchar where name = 'build'")
    assert publish_snapshot(connection, home, NOW, "0.1.0") is not None


def read_until(home: Path, threads: int, stop: Event, told: "Queue[Counter[str]]") -> None:
    """Reads in threads of one process until told to stop; counts reads, errors, mixed versions and steps back."""
    counts: Counter[str] = Counter()
    readers = [threading.Thread(target=_read_on, args=(home, stop, counts)) for _ in range(threads)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    told.put(counts)


def _read_on(home: Path, stop: Event, counts: "Counter[str]") -> None:
    newest = 0
    while not stop.is_set():
        try:
            editions = _read_editions(home)
        except Exception as error:
            counts["errors"] += 1
            counts[f"{type(error).__name__}: {error}"] += 1
            continue
        counts["reads"] += 1
        counts["mixed"] += len(editions) > 1
        counts["back"] += max(editions) < newest
        newest = max(editions)
        time.sleep(0.1)


def _read_editions(home: Path) -> set[int]:
    """Reads as a page does: one version, then its families and metrics one after another."""
    snapshot = read_current(home)
    assert snapshot is not None
    titles = [row["title"] for row in snapshot_reader.load_families(snapshot)]
    editions = {int(title.rpartition(" ")[2]) for title in titles}
    for metric in STAMPED:
        rows = snapshot_reader.load_metric(snapshot, metric, "tracker", "365d", "all")
        editions |= {row["method_version"] for row in rows}
    return editions


async def watch(url: str, home: Path, asked: argparse.Namespace, publish: "Publisher") -> Seen:
    """Publishes while all tabs are open, and gives them time to reach the last version."""
    seen, over = Seen(), asyncio.Event()
    address = url.replace("http", "ws") + "/_stcore/stream"
    tabs = asyncio.create_task(read_together(address, asked.tabs, over, PAUSE, seen))
    await asyncio.sleep(PAUSE[0])
    publish.tell("start", seen)
    for number in range(2, asked.publishes + 2):
        begun = time.monotonic()
        await asyncio.to_thread(publish_edition, publish.connection, home, number)
        await asyncio.sleep(max(0.0, asked.every - (time.monotonic() - begun)))
        if (number - 1) % max(1, asked.publishes // 10) == 0:
            publish.tell(f"{number - 1} published", seen)
    await asyncio.sleep(2 * PAUSE[1])
    over.set()
    await tabs
    publish.tell("end", seen)
    return seen


class Publisher:
    """The writer, and the processes whose memory it tells."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, log: Path, reader: int) -> None:
        """Takes the warehouse, the log of the dashboard and the id of the reading process."""
        self.connection, self._log, self._reader = connection, log, reader

    def tell(self, when: str, seen: Seen) -> None:
        """Prints a line."""
        figures = f"{len(seen.seconds):>8}{seen.looks:>8}{len(seen.errors):>8}{len(seen.mixed):>8}"
        memory = f"{read_memory(self._log):>14.0f}{read_resident(self._reader):>12.0f}"
        print(f"{when:16}{figures}{memory}", flush=True)


def main() -> None:
    """Prints a line ten times, then what the readers met."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--publishes", type=int, default=100)
    parser.add_argument("--tabs", type=int, default=20)
    parser.add_argument("--threads", type=int, default=4, help="of the process that reads")
    parser.add_argument("--every", type=float, default=10, help="seconds between two publishes")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = make_sample(Path(folder))
        shutil.move(home / SAMPLE / "warehouse.duckdb", home / "warehouse.duckdb")
        with open_warehouse(home) as connection:
            publish_edition(connection, home, 1)
            _measure(home, connection, asked)


def _measure(home: Path, connection: duckdb.DuckDBPyConnection, asked: argparse.Namespace) -> None:
    spawning = multiprocessing.get_context("spawn")
    stop, told = spawning.Event(), spawning.Queue()
    reader = spawning.Process(target=read_until, args=(home, asked.threads, stop, told))
    reader.start()
    try:
        with real.dashboard(home, NOW.isoformat()) as url:
            print(f"{'':16}{'pages':>8}{'looks':>8}{'errors':>8}{'mixed':>8}{'dashboard MB':>14}{'reader MB':>12}")
            publisher = Publisher(connection, home / "dashboard.log", reader.pid or 0)
            seen = asyncio.run(watch(url, home, asked, publisher))
    finally:
        stop.set()
    counts = told.get(timeout=60)
    reader.join()
    late = sum(int(edition) <= asked.publishes for edition in seen.editions.values())
    print(f"{len(seen.editions)} tabs, {late} of them without the last version {LOOK_SECONDS * 12} s after it")
    print(
        f"readers: {counts['reads']} reads, {counts['errors']} errors, {counts['mixed']} mixed, {counts['back']} back"
    )
    for line in sorted({*seen.errors, *seen.mixed})[:10]:
        print(f"    {line}")
    for line in [line for line in counts if ":" in line][:5]:
        print(f"    reader: {line}")


if __name__ == "__main__":
    main()
