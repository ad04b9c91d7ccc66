"""How families are divided into slices, and whose rows are counted."""

import duckdb
import pytest

from analytics.engine import slices
from analytics.engine.families import SHARED_HOME, Layout
from analytics.engine.models import read_models
from analytics.engine.slices import RowCounts, divide_families

HOMES = {"a.tracker": "a", "b.tracker": "b", "both.forum": SHARED_HOME}


def test_families_are_divided_by_their_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that has more rows than a slice holds is a slice of its own; families without rows need none."""
    monkeypatch.setattr(slices, "SLICE_ROWS", 10)
    counts = {"a": 1, "b": 40, "c": 6, "d": 4, "e": 3, "f": 0}

    assert [sorted(slice_) for slice_ in divide_families(counts)] == [["b"], ["c", "d"], ["a", "e", "f"]]
    assert divide_families({"a": 3, "b": 7}) == [frozenset({"a", "b"})]
    assert divide_families({}) == []


def test_rows_of_families_are_counted_once_and_those_of_none_or_many_not_at_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nor those of channels that the catalog does not know, and of tables that are not told apart."""
    monkeypatch.setattr(slices, "SHORT_ROWS", 3)
    (model,) = (model for model in read_models() if model.table == "metrics.thread_turns")
    with duckdb.connect() as connection:
        connection.execute("create schema staging; create schema metrics")
        for table in sorted(model.reads):
            connection.execute(f"create table {table} (channel_id varchar, family_id varchar)")
        places = ["a.tracker", "a.tracker", "b.tracker", "both.forum", "unknown.tracker"]
        connection.execute("insert into staging.replies (channel_id) select unnest(?)", [places])
        counts = RowCounts(connection, Layout(HOMES, {"staging.replies": "channel", "staging.threads": "channel"}))
        counted = counts.count_longest(model)
        connection.execute("delete from staging.replies")

        assert counted == {"a": 2, "b": 1} == counts.count_longest(model)
