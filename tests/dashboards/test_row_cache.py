"""The rows that readers share take no more bytes than they may, and are read once however many ask."""

import ctypes
import gc
import os
import sys
import threading
import tracemalloc
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dashboards.frame import snapshot_reader
from dashboards.row_cache import measure_bytes, return_memory
from warehouse.snapshot import query, read_current


def read_resident(process: int) -> float:
    """Returns the resident megabytes of a process."""
    return int(Path(f"/proc/{process}/status").read_text().split("VmRSS:")[1].split()[0]) / 1024


def make_rows(count: int, number: int = 0) -> list[dict[str, Any]]:
    """Rows as DuckDB gives them, with texts of their own."""
    return [
        {"family_id": f"family {number} {place}", "value": place + 0.5, "note": "x" * 100 + str(place)}
        for place in range(count)
    ]


def test_measured_bytes_are_those_that_python_takes() -> None:
    """Within a tenth: a bound on a wrong measure bounds nothing."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        rows = make_rows(5000)
        taken = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert 0.9 * taken < measure_bytes(rows) < 1.1 * taken
    assert measure_bytes(frozenset([("a", "b")])) > sys.getsizeof(frozenset()) + sys.getsizeof(("a", "b"))


def test_the_rows_of_pages_are_held_within_the_bound_and_read_once(
    state_home: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What fills the memory is twenty thousand wide rows a statement, under a filter that thousands of addresses name.
    Fifty open pages meet a new version at the same moment."""
    snapshot = read_current(state_home("sample"))
    assert snapshot is not None
    asked: list[Any] = []
    monkeypatch.setattr(snapshot_reader, "MOST_BYTES", 2_000_000)
    monkeypatch.setattr(snapshot_reader, "query", lambda *given: (asked.append(given), query(*given))[1])
    snapshot_reader.share_queries.cache_clear()
    cache = snapshot_reader.share_queries(snapshot).cache  # type: ignore[attr-defined]
    sql = "select range as number, repeat('x', 100) || range as note from range(?)"
    for count in range(2000, 2020):
        assert len(snapshot_reader.load_rows(snapshot, sql, count)) == count
        assert 0 < cache.currsize <= 2_000_000
    asked.clear()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: snapshot_reader.load_rows(snapshot, sql, 100), range(8)))
    assert len(asked) == 1
    snapshot_reader.share_queries.cache_clear()


def test_rows_of_versions_that_nobody_reads_any_more_are_dropped(state_home: Callable[[str], Path]) -> None:
    """A dashboard that sees a hundred publishes holds what two versions take."""
    newest = read_current(state_home("sample"))
    assert newest is not None
    snapshot_reader.share_queries.cache_clear()
    versions = [replace(newest, version=number) for number in range(1, 5)]
    shared = [weakref.ref(snapshot_reader.share_queries(version)) for version in versions]
    for version in versions[-2:]:
        assert snapshot_reader.load_families(version)
    gc.collect()
    assert [one() is not None for one in shared] == [False, False, True, True]


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="the C library is not glibc")
def test_what_threads_have_freed_goes_back_to_the_system() -> None:
    """A few values that live on among those that were dropped keep the C library from doing so by itself."""
    kept: list[bytes] = []

    def fill() -> None:
        values = [bytes(2_000) for _ in range(50_000)]
        kept.extend(values[::500])

    for thread in [threading.Thread(target=fill) for _ in range(2)]:
        thread.start()
        thread.join()
    before = read_resident(os.getpid())
    return_memory()
    assert kept and before - read_resident(os.getpid()) > 50
