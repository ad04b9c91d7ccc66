"""Counts of filled fields by landed file: what they count, and that no way to the same rows gives others."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.engine.filling import KEPT_DAYS
from tests.worlds.damaged_rows import STAGING, damage_field, land, load_and_build, make_body
from tests.worlds.warehouse_rows import build_tables, empty_warehouse, fill

ISSUES = next(model for model in STAGING if model.path.stem == "github__issues")
COUNTS = "select channel_id, seen_at, rows_count, filled from raw.ledger__filled order by all"
DAY = datetime(2026, 11, 1, 6)


@pytest.fixture
def warehouse() -> Iterable[duckdb.DuckDBPyConnection]:
    with empty_warehouse() as connection:
        yield connection


def _read_counts(connection: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    return connection.execute(COUNTS).fetchall()


def _read_filled(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    ((filled,),) = connection.execute("select filled from raw.ledger__filled").fetchall()
    return dict(filled)


@pytest.mark.parametrize(
    ("field", "column", "empty"),
    [
        ("title", "title", [None, ""]), ("has_code", "has_code", [None, False]),
        ("mentions", "mentioned_families", [None, []]),
        ("comments", "comments_count", [None, 0]), ("closed_at", "closed_at", [None]),
    ],
)  # fmt: skip
def test_a_field_is_filled_where_it_holds_more_than_readers_make_of_nothing(
    field: str, column: str, empty: list[Any], warehouse: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """A reader turns a missing flag into false, a missing text into an empty one and a missing list into none."""
    bodies = [make_body(ISSUES, number) | {field: value} for number, value in enumerate(empty, 1)]
    bodies += [{name: value for name, value in make_body(ISSUES, 8).items() if name != field}, make_body(ISSUES, 9)]
    land(tmp_path, ISSUES, [(str(number), json.dumps(body)) for number, body in enumerate(bodies)])
    load_and_build(warehouse, tmp_path, [ISSUES])

    filled = _read_filled(warehouse)
    assert filled[column] == 1
    assert filled["number"] == len(bodies)


def test_rows_that_were_set_aside_count_in_no_share(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """They are reported already, by the field at fault."""
    bodies = [make_body(ISSUES, 1), make_body(ISSUES, 2)]
    land(tmp_path, ISSUES, [("1", json.dumps(bodies[0])), ("2", damage_field(bodies[1], "comments", '"many"'))])
    load_and_build(warehouse, tmp_path, [ISSUES])

    assert [row[2] for row in _read_counts(warehouse)] == [1]


loads = st.lists(
    st.lists(st.tuples(st.integers(1, 5), st.sampled_from(["", "a"]), st.booleans()), min_size=1, max_size=4),
    min_size=1, max_size=4,
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=10, deadline=None)
@given(loads, st.randoms(use_true_random=False))
def test_builds_in_steps_at_once_and_anew_give_the_same_counts_in_any_order_of_loads(loads: Any, chance: Any) -> None:
    """A warehouse that is rebuilt of what was landed has the same history as the one that it replaces."""
    found = []
    for is_stepwise in (True, False):
        with empty_warehouse() as connection:
            numbered = list(enumerate(loads))
            if not is_stepwise:
                chance.shuffle(numbered)
            for day, rows in numbered:
                at = DAY + timedelta(days=day)
                bodies = [{"number": number, "title": title, "locked": flag} for number, title, flag in rows]
                fill(connection, "github__issues", [("c", str(body["number"]), at, at, body) for body in bodies])
                if is_stepwise:
                    build_tables(connection, [ISSUES])
            build_tables(connection, [ISSUES])
            found.append(_read_counts(connection))
            build_tables(connection, [ISSUES], full=True)
            found.append(_read_counts(connection))
    assert found == [found[0]] * 4
    assert [row[2] for row in found[0]] == [len(rows) for rows in loads]


def test_counts_are_kept_for_half_a_year_in_steps_as_at_once(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Nothing that is read later is lost, and nothing else grows."""
    days = [0, 1, 100, KEPT_DAYS, KEPT_DAYS + 1, 2 * KEPT_DAYS]
    for day in days:
        at = DAY + timedelta(days=day)
        fill(
            warehouse,
            "github__issues",
            [(channel, str(day), at, at, {"number": day}) for channel in ("c", "other")][: 1 + (day == 0)],
        )
        build_tables(warehouse, [ISSUES])
    kept = [(channel, (seen_at - DAY).days) for channel, seen_at, *_ in _read_counts(warehouse)]
    build_tables(warehouse, [ISSUES], full=True)

    assert kept == [("c", KEPT_DAYS), ("c", KEPT_DAYS + 1), ("c", 2 * KEPT_DAYS), ("other", 0)]
    assert kept == [(channel, (seen_at - DAY).days) for channel, seen_at, *_ in _read_counts(warehouse)]
