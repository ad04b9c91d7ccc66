"""Many publishes while tabs are open and a long-lived process reads: `python -m tests.benchmarks.publishes [--publishes
100] [--tabs 20] [--every 10]`.

Each version writes its number into the names of all families and into two metrics. Told are errors, pages and reads that
held two versions at once, pages and reads that went back to an older one, how soon all tabs show the last one, and the memory of
the dashboard and of the reading process over time.
"""

import argparse
import asyncio
import math
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
from tests.benchmarks.memory import MemoryCourse, find_server
from tests.benchmarks.tabs import STREAM, Address, Seen, Stay, read_together
from tests.dashboards.browser import browser as real
from tests.worlds.page_worlds import NOW, make_sample
from warehouse.database import open_warehouse
from warehouse.publish import publish_snapshot
from warehouse.snapshot import SAMPLE, read_current

STAMPED = ("answered_share", "first_response_hours")
"""Metrics whose rows say of which version they are."""
STAY = Stay(10, 30)
"""The readers of the tabs look for 10 to 30 seconds before the next move, and leave their tabs open."""
MOST_SECONDS = 300
"""How long a tab may take to show the last version on a busy machine."""
WIDTH = 14
"""Letters in a column."""


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


async def watch(
    url: str, home: Path, connection: duckdb.DuckDBPyConnection, witness: "Witness", asked: argparse.Namespace
) -> Seen:
    """Publishes while all tabs are open, and gives them time to reach the last version."""
    seen, over = Seen(), asyncio.Event()
    address = Address(url.replace("http", "ws") + STREAM)
    tabs = asyncio.create_task(read_together(address, asked.tabs, over, STAY, seen))
    await asyncio.sleep(STAY.least)
    witness.look(0, seen)
    started, number = time.monotonic(), 0
    while number < asked.publishes and time.monotonic() - started < 60 * asked.minutes:
        begun, number = time.monotonic(), number + 1
        await asyncio.to_thread(publish_edition, connection, home, number + 1)
        await asyncio.sleep(max(0.0, asked.every - (time.monotonic() - begun)))
        witness.look(number, seen)
    print(f"{number} published in {(time.monotonic() - started) / 60:.0f} minutes")
    await wait_for_last(seen, f"{number + 1:04d}", asked.tabs)
    over.set()
    await tabs
    return seen


async def wait_for_last(seen: Seen, last: str, tabs: int) -> None:
    """Waits until every tab shows the last version, and tells how long that took."""
    begun = time.monotonic()
    while (there := list(seen.editions.values()).count(last)) < tabs and time.monotonic() - begun < MOST_SECONDS:
        await asyncio.sleep(1)
    print(f"{there} of {tabs} tabs showed the last version {time.monotonic() - begun:.0f} s after it was published")


class Witness:
    """Tells what all readers met so far, and the memory of the two processes that read."""

    def __init__(self, dashboard: int, reader: int, lines_every: int) -> None:
        """Takes the ids of the dashboard and of the reading process."""
        self._every = lines_every
        self.courses = {
            "dashboard": MemoryCourse([dashboard], "in 100 publishes"),
            "reader": MemoryCourse([reader], "in 100 publishes"),
        }

    def look(self, number: int, seen: Seen) -> None:
        """Looks at the memory after so many publishes, and prints a line after some."""
        memory = [course.look(number / 100) for course in self.courses.values()]
        if number % self._every == 0:
            counts = (len(seen.seconds), seen.looks, len(seen.errors), len(seen.mixed), len(seen.back), *memory)
            print(f"{number:>9}" + "".join(f"{count:>{WIDTH}.0f}" for count in counts), flush=True)


def main() -> None:
    """Prints a line ten times, then what the readers met."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--publishes", type=int, default=100)
    parser.add_argument("--tabs", type=int, default=20)
    parser.add_argument("--threads", type=int, default=4, help="of the process that reads")
    parser.add_argument("--every", type=float, default=10, help="seconds between two publishes")
    parser.add_argument("--minutes", type=float, default=math.inf, help="after which no more are published")
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
            words = ("pages", "looks", "errors", "mixed", "back", "dashboard MB", "reader MB")
            print("published" + "".join(f"{word:>{WIDTH}}" for word in words), flush=True)
            dashboard = find_server(home / "dashboard.log")
            witness = Witness(dashboard, reader.pid or 0, max(1, asked.publishes // 10))
            seen = asyncio.run(watch(url, home, connection, witness, asked))
    finally:
        stop.set()
    counts = told.get(timeout=MOST_SECONDS)
    reader.join()
    print(
        f"readers: {counts['reads']} reads, {counts['errors']} errors, {counts['mixed']} mixed, {counts['back']} back"
    )
    for line in sorted({*seen.errors, *seen.mixed, *seen.back})[:10]:
        print(f"    {line}")
    for line in [line for line in counts if ":" in line][:5]:
        print(f"    reader: {line}")
    for name, course in witness.courses.items():
        print(f"{name}: {course.judge()}")


if __name__ == "__main__":
    main()
