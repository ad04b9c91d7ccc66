"""Posts that were deleted if they stood: their earlier rows go, and the row that says so stays."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.faults.injection import Ended, meet_fault
from warehouse.database import open_warehouse
from warehouse.forgetting.gone import remove_gone
from warehouse.landing import Zone, list_landed, open_writer, open_zone
from warehouse.load import load_new_files

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)
WHO, LATER = "0123456789abcdef", NOW + timedelta(days=9)


@pytest.fixture
def zone(tmp_path: Path) -> Zone:
    """An empty landing zone."""
    return open_zone(str(tmp_path / "landing"))


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty warehouse."""
    with open_warehouse(tmp_path) as connection:
        yield connection


def _land(zone: Zone, source: str, day: int, **rows: dict[str, Any]) -> None:
    at = NOW + timedelta(days=day)
    writer = open_writer(zone, f"gpt.{source}.x", source, at)
    parts = [(*name.partition("__"), json.dumps(body)) for name, body in rows.items()]
    writer.add_rows([(thing, key, None, body) for thing, _, key, body in parts], at)
    writer.finish(at)


def _read(warehouse: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str | None]]:
    """Stream, key and author of all rows, in the order of their loads."""
    tables = warehouse.sql(
        "select table_name from duckdb_columns() where schema_name = 'raw' and column_name = 'actor'"
    ).fetchall()
    rows = [
        (load_id, table.partition("__")[2], key, actor)
        for (table,) in tables
        for load_id, key, actor in warehouse.sql(f"select load_id, key, actor from raw.{table}").fetchall()
    ]
    return [(thing, key, actor) for _, thing, key, actor in sorted(rows, key=str)]


def _land_reddit(zone: Zone) -> None:
    post, comment = {"post_id": "a", "state": "open", "actor": WHO}, {"post_id": "a", "state": "open", "actor": WHO}
    _land(zone, "reddit", 0, posts__a=post, posts__b=post | {"post_id": "b"}, comments__c=comment, comments__d=comment)
    removed = {"post_id": "a", "state": "removed"}
    _land(zone, "reddit", 1, posts__a={"post_id": "a", "state": "deleted"}, comments__c=removed)


LEFT = [("comments", "d", WHO), ("posts", "b", WHO), ("comments", "c", None), ("posts", "a", None)]


def test_a_deleted_post_and_comment_leave_only_that_they_are_gone(
    zone: Zone, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """The warehouse counts as if they had never been there, and the next build makes their staging table again."""
    _land_reddit(zone)
    load_new_files(warehouse, zone, LATER)
    warehouse.execute("insert into ledger.builds values ('staging.reddit__posts', 'x', 2), ('staging.other', 'x', 2)")
    assert remove_gone(warehouse, zone) == 2

    assert _read(warehouse) == LEFT
    left = warehouse.sql("select key, actor from raw.reddit__posts order by all").fetchall()
    assert left == [("a", None), ("b", WHO)]
    assert len(list_landed(zone)) == 1
    assert warehouse.sql("select table_name from ledger.builds").fetchall() == [("staging.other",)]
    assert remove_gone(warehouse, zone) == 0


def test_what_is_broken_off_is_found_by_the_next_load(zone: Zone, warehouse: duckdb.DuckDBPyConnection) -> None:
    """Between the posts and the comments: both stay until both go."""
    _land_reddit(zone)
    load_new_files(warehouse, zone, LATER)

    def end() -> None:
        raise Ended

    with meet_fault("warehouse.forgetting.gone:_delete_former", 2, end), pytest.raises(Ended):
        remove_gone(warehouse, zone)
    assert len(_read(warehouse)) == 6
    remove_gone(warehouse, zone)
    assert _read(warehouse) == LEFT
    assert warehouse.sql("select count(*) from raw.reddit__comments").fetchall() == [(2,)]


@pytest.mark.parametrize(
    ("source", "thread", "answer"), [("discourse", "topics", "posts"), ("stackexchange", "questions", "answers")]
)
def test_a_thread_that_is_gone_takes_its_answers_with_it_until_it_is_back(
    zone: Zone, warehouse: duckdb.DuckDBPyConnection, source: str, thread: str, answer: str
) -> None:
    """A forum may hide a thread for a while."""
    whole, reply = {"number": 1, "state": "open", "actor": WHO}, {"number": 1, "actor": WHO}
    rows = {f"{thread}__1": whole, f"{answer}__7": reply, f"{answer}__8": reply | {"number": 2}}
    _land(zone, source, 0, **rows)
    _land(zone, source, 1, **{f"{thread}__1": {"number": 1, "state": "gone"}})
    _land(zone, source, 2, **{f"{thread}__1": whole, f"{answer}__7": reply})
    load_new_files(warehouse, zone, LATER)
    remove_gone(warehouse, zone)

    assert set(_read(warehouse)) == {(answer, "8", WHO), (thread, "1", None), (thread, "1", WHO), (answer, "7", WHO)}


def test_an_answer_that_its_author_withdrew_keeps_its_place_only(
    zone: Zone, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """A forum and GitHub still list it."""
    _land(zone, "discourse", 0, posts__7={"number": 1, "actor": WHO})
    _land(zone, "discourse", 1, posts__7={"number": 1, "actor": None, "is_withdrawn": True})
    _land(zone, "github", 0, discussion_comments__D={"number": 1, "actor": WHO})
    _land(zone, "github", 1, discussion_comments__D={"number": 1, "actor": None, "hidden_reason": "deleted"})
    load_new_files(warehouse, zone, LATER)
    remove_gone(warehouse, zone)
    assert {actor for _, _, actor in _read(warehouse)} == {None} and len(_read(warehouse)) == 2
