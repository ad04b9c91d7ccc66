"""The rows that readers share are no more than may be kept, and are read once however many ask."""

import gc
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dashboards.frame import snapshot_reader
from warehouse.snapshot import query, read_current


def test_the_rows_of_pages_are_held_within_the_bound_and_read_once(
    state_home: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What fills the memory is twenty thousand wide rows a statement, under a filter that thousands of addresses name.
    Fifty open pages meet a new version at the same moment."""
    snapshot = read_current(state_home("sample"))
    assert snapshot is not None
    asked: list[Any] = []
    monkeypatch.setattr(snapshot_reader, "MOST_SHARED", 5_000)

    def count_query(*given: Any) -> Any:
        asked.append(given)
        return query(*given)

    monkeypatch.setattr(snapshot_reader, "query", count_query)
    snapshot_reader.share_queries.cache_clear()
    cache = snapshot_reader.share_queries(snapshot).cache  # type: ignore[attr-defined]
    sql = "select range as number, repeat('x', 100) || range as note from range(?)"
    for count in range(2000, 2020):
        assert len(snapshot_reader.load_rows(snapshot, sql, count)) == count
        assert 0 < cache.currsize <= 5_000
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
