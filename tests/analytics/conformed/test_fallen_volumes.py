"""Lists that bring far less than usual: rows of visits by hand, judged by the median and MAD of those before."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import duckdb
import pytest

from tests.worlds.warehouse_rows import build_conformed, empty_warehouse

MONDAY = datetime(2026, 8, 3, 6)
Brought = int | tuple[str, int]
"""Rows of a complete visit, or state and rows of another."""
DAYS: list[Brought] = [50_000, *([1000, 1040, 960, 1010, 990] * 3)[:14]]
"""A first visit, which brings all there is, and two weeks; the next visit is on a Tuesday, the 16th."""
WEEK: list[Brought] = [1000, 1040, 960, 1010, 990, 50, 50]
"""From Tuesday on: a visit in the morning brings the rows of the day before."""


@pytest.fixture
def warehouse() -> Iterable[duckdb.DuckDBPyConnection]:
    with empty_warehouse() as connection:
        yield connection


def _visit(
    connection: duckdb.DuckDBPyConnection, visits: Sequence[Brought], at_hours: float = 0, fault: str = "none"
) -> None:
    """Daily visits, the first of them these hours after the first Monday."""
    for number, brought in enumerate(visits):
        state, count = brought if isinstance(brought, tuple) else ("complete", brought)
        started_at = MONDAY + timedelta(hours=at_hours + number * 24)
        connection.execute(
            "insert into raw.ledger__runs (channel_id, source, thing, run_id, part, started_at, state, rows, fault,"
            " load_id) values ('gpt.github.o-r', 'github', 'issues', ?, 0, ?, ?, ?, ?, 0)",
            [started_at.isoformat(), started_at, state, count, fault],
        )


def _fallen(connection: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    """The day, from 0, the rows brought and those usual."""
    build_conformed(connection, "fallen_volumes")
    return connection.execute(
        "select date_diff('day', ?, visited_at), brought_count, usual_count from staging.fallen_volumes", [MONDAY]
    ).fetchall()


@pytest.mark.parametrize(
    ("visits", "wanted"),
    [
        pytest.param(DAYS, [], id="usual"),
        pytest.param([*DAYS, 101], [], id="a tenth"),
        pytest.param([*DAYS, 99], [(15, 99, 1000)], id="less than a tenth"),
        pytest.param([*DAYS, 0, 0, 0], [(17, 0, 995)], id="stays silent"),
        pytest.param([*DAYS, 0, ("unchanged", 0), ("failed", 0)], [(15, 0, 1000)], id="nothing said since"),
        pytest.param([*DAYS, 0, 0, 3000], [], id="recovers"),
        pytest.param([*DAYS, 0, ("partial", 3000)], [], id="recovers in part"),
        pytest.param([*DAYS, ("partial", 0)], [], id="stopped by a budget"),
        pytest.param([*DAYS[:11], 0], [(11, 0, 995)], id="eight former visits"),
        pytest.param([*DAYS[:10], 0], [], id="seven former visits"),
        pytest.param([50_000, *[19] * 14, 0], [], id="slow channel"),
        pytest.param([50_000, *[20] * 14, 0], [(15, 0, 20)], id="just enough rows"),
        pytest.param([50_000, *[100, 300] * 12, 9], [(25, 9, 200)], id="uneven, below a tenth of the least"),
        pytest.param([50_000, *[100, 300] * 12, 11], [], id="uneven, a tenth of the least"),
        pytest.param([50_000, *[100, 300] * 8, 0], [], id="uneven, too few to know the least"),
        pytest.param([50_000, *[100, 300, 200, 0] * 6, 0], [], id="uneven, and silent at times"),
        pytest.param([*[("partial", 5000)] * 14, 900, *[1] * 5], [], id="backlog is no history"),
        pytest.param([*[("partial", 5000), 4000] * 15, 4], [], id="nor is what ends one"),
        pytest.param([50_000, *[1000] * 60, *[0] * 20], [(80, 0, 1000)], id="silent for three weeks"),
        pytest.param([50_000, *[1000] * 60, *[0] * 40], [], id="silent for six weeks"),
    ],
)
def test_a_list_is_named_when_its_newest_visit_brought_next_to_nothing_of_what_is_usual(
    visits: list[Brought], wanted: list[tuple[int, int, int]], warehouse: duckdb.DuckDBPyConnection
) -> None:
    """A page that answers with an empty list fails at nothing: what it brought before says that it is wrong."""
    _visit(warehouse, visits)

    assert _fallen(warehouse) == wanted


@pytest.mark.parametrize(
    ("days", "newest", "wanted"),
    [(35, [], []), (34, [0], [(35, 0, 50)]), (35, [50], [(36, 50, 1000)]), (5, [50, 50], [])],
    ids=["quiet weekend", "silent weekend", "as little as at weekends", "first weekend"],
)
def test_weekends_are_compared_with_weekends(
    days: int, newest: list[Brought], wanted: list[tuple[int, int, int]], warehouse: duckdb.DuckDBPyConnection
) -> None:
    """A company's tracker rests on Saturdays; no warning comes of it every week."""
    _visit(warehouse, [50_000, *(WEEK * 5)[:days], *newest])

    assert _fallen(warehouse) == wanted


@pytest.mark.parametrize(
    ("newest", "wanted"),
    [([1000], []), ([99], [(36, 99, 1000)])],
)
def test_after_a_long_sleep_no_more_than_the_usual_time_is_expected(
    newest: list[Brought], wanted: list[tuple[int, int, int]], warehouse: duckdb.DuckDBPyConnection
) -> None:
    """A list of fixed length brings after three weeks what it brings each day."""
    _visit(warehouse, DAYS)
    _visit(warehouse, newest, at_hours=36 * 24)

    assert _fallen(warehouse) == wanted


@pytest.mark.parametrize(
    ("newest", "again", "wanted"),
    [(1000, 1, []), (0, 0, [(15, 0, 1000)]), (0, 900, [])],
    ids=["nothing new", "still silent", "fixed"],
)
def test_a_visit_repeated_at_once_counts_as_one_with_the_former(
    newest: int, again: int, wanted: list[tuple[int, int, int]], warehouse: duckdb.DuckDBPyConnection
) -> None:
    """Who runs `heartbeat collect` by hand shortly after the schedule finds nothing new, which is no fall."""
    _visit(warehouse, [*DAYS, newest])
    _visit(warehouse, [again], at_hours=15 * 24 + 2)

    assert _fallen(warehouse) == wanted


def test_visits_without_their_token_are_neither_judged_nor_history(warehouse: duckdb.DuckDBPyConnection) -> None:
    """They read only the newest of a few, which their fault tells already."""
    _visit(warehouse, DAYS)
    _visit(warehouse, [3], at_hours=15 * 24, fault="credentials missing")
    assert _fallen(warehouse) == []
    warehouse.execute("update raw.ledger__runs set fault = 'credentials missing' where rows > 3")
    warehouse.execute("update raw.ledger__runs set fault = 'none' where rows = 3")
    assert _fallen(warehouse) == []


def test_the_same_ledger_gives_the_same_in_any_order_and_with_files_landed_twice(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """A warehouse that is rebuilt loads its files in another order."""
    _visit(warehouse, [*DAYS, 60])
    found = _fallen(warehouse)
    for order in ("rows", "started_at desc"):
        warehouse.execute(f"create or replace temp table mixed as from raw.ledger__runs order by {order}")
        warehouse.execute("delete from raw.ledger__runs")
        warehouse.execute("insert into raw.ledger__runs select * replace (load_id + 1 as load_id) from mixed")
        warehouse.execute("insert into raw.ledger__runs from mixed")
        assert _fallen(warehouse) == found == [(15, 60, 1000)]
