"""What the visits to a channel come to: which run counts, what waits, how far back reading went; counted by hand."""

from datetime import datetime
from typing import Any

import duckdb
import pytest

from tests.worlds.rows import cut
from tests.worlds.warehouse_rows import build_conformed, empty_warehouse

RUN = {
    "channel_id": "c",
    "source": "github",
    "thing": "issues",
    "part": 0,
    "rows": 0,
    "requests": 7,
    "points": 0,
    "error": "",
    "load_id": 1,
}


def _at(hour: int) -> datetime:
    return datetime(2026, 1, 1, hour)


@pytest.fixture(scope="module")
def warehouse() -> duckdb.DuckDBPyConnection:
    """One for all tests: each gives its own runs."""
    return empty_warehouse()


def _collection(connection: duckdb.DuckDBPyConnection, *runs: dict[str, Any]) -> dict[str, Any]:
    """What `staging.collections` says of runs; one whose `hour` is not given starts an hour after the one before."""
    connection.execute("delete from raw.ledger__runs")
    for place, run in enumerate(runs):
        started_at = _at(run.get("hour", place))
        row: dict[str, Any] = (
            RUN | {"run_id": f"run-{place}", "started_at": started_at, "finished_at": started_at} | run
        )
        row.pop("hour", None)
        connection.execute(
            f"insert into raw.ledger__runs ({', '.join(row)}) values ({', '.join('?' * len(row))})", [*row.values()]
        )
    build_conformed(connection, "collections")
    (found,) = connection.sql("from staging.collections").to_arrow_table().to_pylist()
    return dict(found)


def test_what_waits_is_what_the_last_visit_that_read_anything_left(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Forty of two hundred wait, then ten; a visit that failed changes nothing of it."""
    left = {"state": "partial", "expected": 200, "rows": 50}
    failed = {"state": "failed", "error": "it broke", "waiting": 3, "expected": 9}
    row = _collection(warehouse, left | {"waiting": 40}, left | {"waiting": 10}, failed)

    assert cut(row, "coverage_share", "expected", "last_state") == (0.95, 200, "failed")


def test_nothing_waits_after_a_complete_visit(warehouse: duckdb.DuckDBPyConnection) -> None:
    row = _collection(
        warehouse,
        {"state": "partial", "expected": 9, "waiting": 40},
        {"state": "complete", "expected": 9, "waiting": 4},
    )

    assert row["coverage_share"] == 1


@pytest.mark.parametrize(("waiting", "share"), [(300, 0), (0, 1), (199, 0.005), (None, 0.25)])
def test_coverage_is_what_does_not_wait_or_else_what_was_read(
    warehouse: duckdb.DuckDBPyConnection, waiting: int | None, share: float
) -> None:
    """More may wait than was expected: that is nothing covered, and no debt."""
    row = _collection(warehouse, {"state": "partial", "expected": 200, "rows": 50, "waiting": waiting})

    assert row["coverage_share"] == pytest.approx(share)


@pytest.mark.parametrize("waiting", [0, 2, None])
def test_where_nothing_is_expected_nothing_is_said_of_coverage(
    warehouse: duckdb.DuckDBPyConnection, waiting: int | None
) -> None:
    """No share of nothing, and none of what nobody counted."""
    assert _collection(warehouse, {"state": "partial", "expected": 0, "waiting": waiting})["coverage_share"] is None
    assert _collection(warehouse, {"state": "partial", "rows": 5, "waiting": waiting})["coverage_share"] is None


def test_more_rows_than_expected_cover_everything_and_no_more(warehouse: duckdb.DuckDBPyConnection) -> None:
    """A source's count may lag behind."""
    assert _collection(warehouse, {"state": "partial", "expected": 4, "rows": 5})["coverage_share"] == 1


def test_a_run_begins_with_its_first_part_and_ends_as_its_last(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Three parts: the first says when, the last says how; requests and rows are summed."""
    common = {"run_id": "one", "expected": 100, "rows": 10}
    row = _collection(
        warehouse,
        common | {"part": 0, "hour": 1, "state": "complete", "error": "", "reach_at": _at(0)},
        common | {"part": 1, "hour": 2, "state": "complete", "error": "", "reach_at": _at(0)},
        common
        | {
            "part": 2,
            "hour": 3,
            "state": "partial",
            "error": "cut off",
            "expected": 60,
            "reach_at": _at(1),
            "waiting": None,
        },
    )

    assert cut(row, "first_run_at", "last_run_at", "as_of_at") == (_at(1), _at(1), None)
    assert cut(row, "last_state", "last_error", "expected", "coverage_share", "requests") == (
        "partial",
        "cut off",
        60,
        0.5,
        21,
    )
    assert row["reach_at"] == _at(1)


def test_of_two_runs_of_one_instant_the_one_that_was_loaded_later_is_the_newer(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """Their names tell nothing of their order."""
    early, late = {"hour": 1, "load_id": 1, "expected": 10}, {"hour": 1, "load_id": 2, "expected": 20}
    states = [
        cut(_collection(warehouse, *runs), "last_state", "last_error", "expected", "requests")
        for one, other in ((early, late), (late, early))
        for runs in [[run | {"waiting": run["expected"] // 2, **_told(run)} for run in (one, other)]]
    ]

    assert states == [("partial", "later", 20, 8)] * 2


def _told(run: dict[str, Any]) -> dict[str, Any]:
    is_late = run["load_id"] == 2
    return {"state": "partial", "error": "later" if is_late else "earlier", "requests": 8 if is_late else 9}


def test_reading_went_back_as_far_as_the_farthest_visit(warehouse: duckdb.DuckDBPyConnection) -> None:
    """And the channel is as fresh as its last whole visit, not its last one."""
    row = _collection(
        warehouse,
        {"state": "complete", "reach_at": _at(5)},
        {"state": "unchanged", "reach_at": _at(3)},
        {"state": "partial", "reach_at": _at(4)},
    )

    assert cut(row, "reach_at", "as_of_at", "first_run_at", "last_run_at") == (_at(3), _at(1), _at(0), _at(2))
