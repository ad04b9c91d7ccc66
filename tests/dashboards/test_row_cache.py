"""What readers share: it never takes more bytes than it may, and is made once however many ask for it."""

import ctypes
import gc
import os
import sys
import threading
import time
import tracemalloc
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.frame import snapshot_reader
from dashboards.row_cache import RowCache, measure_bytes, return_memory
from warehouse.snapshot import read_current


def read_resident(process: int) -> float:
    """Returns the resident megabytes of a process."""
    return int(Path(f"/proc/{process}/status").read_text().split("VmRSS:")[1].split()[0]) / 1024


def make_rows(count: int, number: int = 0) -> list[dict[str, Any]]:
    """Rows as DuckDB gives them, with texts of their own."""
    return [
        {"family_id": f"family {number} {place}", "value": place + 0.5, "note": "x" * 100 + str(place)}
        for place in range(count)
    ]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 40)), max_size=60), st.integers(100, 60_000))
def test_it_never_holds_more_than_it_may_and_always_gives_what_was_made(
    asked: list[tuple[int, int]], most_bytes: int
) -> None:
    """Whatever is asked for in whatever order; its count is that of what it holds."""
    cache = RowCache(most_bytes)
    for key, count in asked:
        assert cache.load((key, count), partial(make_rows, count, key)) == make_rows(count, key)
        assert cache.size == sum(measure_bytes(kept.value) for kept in cache._kept.values()) <= most_bytes


def test_what_was_asked_for_longest_ago_goes_first_and_too_large_a_value_drives_out_nothing() -> None:
    """The pages that are read stay."""
    cache, made = RowCache(2 * measure_bytes("a" * 1000)), []

    def make(letter: str, times: int) -> str:
        made.append(letter)
        return letter * times

    def load(letter: str, times: int = 1000) -> None:
        cache.load(letter, partial(make, letter, times))

    for letter in "abacab":
        load(letter)
    assert made == ["a", "b", "c", "b"]
    for letter, times in (("z", 9000), ("b", 1000), ("z", 9000)):
        load(letter, times)
    assert made == ["a", "b", "c", "b", "z", "z"]


def test_one_makes_what_all_ask_for_at_once() -> None:
    """Fifty open pages meet a new version at the same moment."""
    cache, made, together = RowCache(10_000), [], threading.Barrier(8)

    def make() -> int:
        made.append(1)
        time.sleep(0.05)
        return 7

    def ask() -> int:
        together.wait(5)
        return cache.load("key", make)

    with ThreadPoolExecutor(8) as pool:
        assert [one.result() for one in [pool.submit(ask) for _ in range(8)]] == [7] * 8
    assert len(made) == 1


def test_a_failure_is_not_kept() -> None:
    """A file that could not be read for a moment is read again."""
    cache = RowCache(10_000)
    with pytest.raises(ZeroDivisionError):
        cache.load("key", lambda: 1 // 0)
    assert cache.load("key", lambda: 7) == 7 and cache.size == measure_bytes(7)


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


def test_the_rows_of_pages_are_held_within_the_bound(
    state_home: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What fills the memory is twenty thousand wide rows a statement, under a filter that thousands of addresses
    name."""
    snapshot = read_current(state_home("sample"))
    assert snapshot is not None
    monkeypatch.setattr(snapshot_reader, "MOST_BYTES", 2_000_000)
    snapshot_reader.share_rows.cache_clear()
    cache = snapshot_reader.share_rows(snapshot)
    sql = "select range as number, repeat('x', 100) || range as note from range(?)"
    for count in range(2000, 2020):
        assert len(snapshot_reader.load_rows(snapshot, sql, count)) == count
        assert 0 < cache.size <= 2_000_000
    assert snapshot_reader.load_choices(snapshot, "answered_share")
    assert ("choices", "answered_share") in cache._kept
    snapshot_reader.share_rows.cache_clear()


def test_rows_of_versions_that_nobody_reads_any_more_are_dropped(state_home: Callable[[str], Path]) -> None:
    """A dashboard that sees a hundred publishes holds what two versions take."""
    newest = read_current(state_home("sample"))
    assert newest is not None
    snapshot_reader.share_rows.cache_clear()
    versions = [replace(newest, version=number) for number in range(1, 5)]
    shared = [weakref.ref(snapshot_reader.share_rows(version)) for version in versions]
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
