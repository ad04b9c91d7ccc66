"""What happened after the clock, the start of the day of the last visit, has not happened yet."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import duckdb
import pytest

from tests.worlds.rows import Row
from tests.worlds.warehouse_rows import build_tables, empty_warehouse, fill, select_models

CLOCK = datetime(2026, 11, 24)
VISIT = CLOCK + timedelta(hours=15)
BEFORE, SINCE = "2026-11-20T09:00:00Z", "2026-11-24T09:00:00Z"
PLACES = {"x.tracker": ("github", "tracker", ("issues", "pulls")), "x.status": ("status", "status", ("incidents",)),
          "x.forum": ("discourse", "forum", ("topics",))}  # fmt: skip


@pytest.fixture(scope="module")
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    """Three places, visited once: in each something began before the clock, and something since."""
    with empty_warehouse() as connection:
        for channel, (source, kind, things) in PLACES.items():
            connection.execute(
                "insert into raw.catalog__channels (channel_id, family_id, source, role, channel_kind, is_enabled,"
                " components, things) values (?, 'x', ?, 'sdk', ?, true, [], [])",
                [channel, source, kind],
            )
            for thing in things:
                connection.execute(
                    "insert into raw.ledger__runs (channel_id, source, thing, run_id, part, started_at, state, rows,"
                    " load_id) values (?, ?, ?, 'first', 0, ?, 'complete', 2, 0)",
                    [channel, source, thing, VISIT],
                )
        _land(connection, "x.tracker", "github__issues", "number", ISSUES)
        _land(connection, "x.tracker", "github__comments", "comment_id", COMMENTS)
        _land(connection, "x.tracker", "github__pulls", "number", PULLS)
        _land(connection, "x.forum", "discourse__topics", "number", TOPICS)
        _land(connection, "x.forum", "discourse__posts", "comment_id", POSTS)
        _land(connection, "x.status", "status__incidents", "incident_id", INCIDENTS)
        build_tables(connection, select_models("threads", "changes", "incident_windows"))
        yield connection


def _land(connection: duckdb.DuckDBPyConnection, channel: str, stream: str, key: str, rows: list[Row]) -> None:
    fill(connection, stream, [(channel, str(row[key]), VISIT, VISIT, row) for row in rows])


ISSUES: list[Row] = [
    {
        "number": 1, "created_at": BEFORE, "role": "outsider", "actor": "ann", "state": "closed", "closed_at": SINCE,
        "first_closed_at": SINCE, "fixed_at": SINCE, "fixed_by_role": "outsider", "fixed_by": "bob",
        "closed_by_role": "staff", "state_reason": "completed", "comments": 1, "has_all_fields": True,
    },
    {"number": 2, "created_at": SINCE, "role": "outsider", "actor": "ann", "state": "open", "has_all_fields": True},
]  # fmt: skip
COMMENTS: list[Row] = [
    {"comment_id": "c", "number": 1, "created_at": SINCE, "role": "staff", "actor": "eve", "has_all_fields": True}
]
PULLS: list[Row] = [
    {"number": 3, "created_at": BEFORE, "closed_at": SINCE, "merged_at": SINCE, "actor": "bob", "role": "outsider"},
    {"number": 4, "created_at": SINCE, "actor": "bob", "role": "outsider"},
]
TOPICS: list[Row] = [
    {"number": 5, "created_at": BEFORE, "role": "outsider", "actor": "ann", "state": "open", "replies": 1,
     "has_accepted": True},
]  # fmt: skip
POSTS: list[Row] = [
    {"comment_id": "p", "number": 5, "created_at": SINCE, "role": "staff", "actor": "eve", "is_accepted": True}
]
INCIDENTS: list[Row] = [
    {"incident_id": "long", "kind": "outage", "posted_at": BEFORE, "started_at": BEFORE, "resolved_at": SINCE,
     "last_update_at": SINCE, "is_over": True},
    {"incident_id": "new", "kind": "outage", "posted_at": SINCE, "started_at": SINCE, "is_over": False},
]  # fmt: skip


def test_a_request_that_was_answered_and_closed_since_the_clock_still_waits(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """And one that was opened since is missing: no age is negative."""
    threads = warehouse.execute(
        "select number, state, outcome, closed_at, fix_known_at, fixed_by_role, has_all_replies, observed_until_at,"
        " age_days from staging.threads where channel_kind = 'tracker'"
    )

    assert threads.fetchall() == [(1, "open", "waiting", None, None, None, True, CLOCK, 3.625)]


def test_an_answer_given_and_accepted_since_the_clock_has_not_helped(warehouse: duckdb.DuckDBPyConnection) -> None:
    """A forum does not say when an answer was accepted."""
    threads = warehouse.execute("select has_accepted, helped_at from staging.threads where channel_kind = 'forum'")

    assert threads.fetchall() == [(False, None)]


def test_a_change_that_was_merged_since_the_clock_is_open(warehouse: duckdb.DuckDBPyConnection) -> None:
    """One proposed since is missing."""
    changes = warehouse.execute("select number, closed_at, merged_at from staging.changes")

    assert changes.fetchall() == [(3, None, None)]


def test_an_incident_that_ended_since_the_clock_is_ongoing_until_it(warehouse: duckdb.DuckDBPyConnection) -> None:
    """One posted since is missing."""
    incidents = warehouse.execute(
        "select incident_id, is_open, ended_at, ongoing_until_at, is_end_unknown, age_days"
        " from metrics.incident_windows"
    )

    assert incidents.fetchall() == [("long", True, None, CLOCK, False, 3.625)]
