"""What must not matter does not: the order of rows, loading them twice, the time zone of the connection, and the clock of the day."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.build import build, read_models
from tests.rows import NOW, Row, Rows, compute, found, measure
from tests.warehouse_rows import RawRow, empty_warehouse, fill

PUBLIC = sorted(model.path.stem for model in read_models() if model.is_public)
ROLES = ("staff", "maintainer", "outsider", "unknown", "agent", "bot", "asker")
REPLIES = st.lists(st.tuples(st.integers(0, 700).map(lambda tenths: tenths / 10), st.sampled_from(ROLES)), max_size=3)
ENDS = st.one_of(
    st.none(),
    st.tuples(
        st.integers(0, 99),
        st.sampled_from(("asker", "bot", "staff", "maintainer")),
        st.sampled_from(("completed", "not_planned", "duplicate", None)),
    ),
)
"""After how many hundredths of its age a thread was closed, by whom and why."""
THREADS = st.lists(st.tuples(st.integers(1, 2000), REPLIES, ENDS), min_size=1, max_size=50)
INCIDENTS = st.lists(
    st.tuples(st.integers(1, 120), st.one_of(st.none(), st.integers(1, 900)), st.sampled_from((0, 1, 2, 3, None))), max_size=30
)
SHIFT = datetime(2026, 10, 25, 0, 30) - NOW
"""Moves everything over the night on which the clocks of Europe change, and with it over those of America."""


def _world(threads: list[Any], incidents: list[Any]) -> Rows:
    rows = Rows()
    for family in ("one", "two"):
        rows.family(family)
        channels, page = [rows.channel(family), rows.channel(family, "model")], rows.page(family)
        rows.add("listed_models", listed_id=f"{family}/x", channel_id="prices", family_id=family, listed_at=NOW - timedelta(days=30))
        for place, (age, replies, end) in enumerate(threads):
            asked: Row = {"question_type": ("billing", "docs")[place % 2], "language": "en", "actor_id": f"asker-{place % 7}"}
            rows.thread(channels[place % 2], replies, age_hours=age, **asked, **_ended(age, end), label_names=["bug"] if place % 3 else [])
        for days, hours, severity in incidents:
            rows.incident(page, NOW - timedelta(days=days), hours, severity)
    return rows


def _ended(age: int, end: Any) -> Row:
    """The cells of a thread that was closed; none where it is open. Some were opened again in between."""
    if end is None:
        return {}
    hundredths, role, reason = end
    closed_at = NOW - timedelta(hours=age * (100 - hundredths) / 100)
    again = (
        {"first_closed_at": closed_at - timedelta(minutes=2), "reopened_at": closed_at - timedelta(minutes=1)} if hundredths > 80 else {}
    )
    return {"state": "closed", "closed_at": closed_at, "closed_by_role": role, "close_reason": reason, "first_closed_at": closed_at} | again


def _figures(connection: Any) -> dict[str, list[dict[str, Any]]]:
    """All public rows, to the twelfth digit."""
    return {name: [{key: _rounded(value) for key, value in row.items()} for row in found(connection, name)] for name in PUBLIC}


def _rounded(value: Any) -> Any:
    return float(f"{value:.12g}") if isinstance(value, float) else value


@settings(max_examples=8, deadline=None)
@given(THREADS, INCIDENTS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(threads: list[Any], incidents: list[Any], random: Any) -> None:
    """A figure that depends on how rows happen to lie cannot be repeated."""
    rows = _world(threads, incidents)
    before = _figures(measure(rows))
    for table in rows.tables.values():
        random.shuffle(table)

    assert _figures(measure(rows)) == before


@settings(max_examples=4, deadline=None)
@given(THREADS, INCIDENTS)
def test_the_time_zone_of_the_connection_does_not_matter(threads: list[Any], incidents: list[Any]) -> None:
    """Also across a night on which clocks change: every instant is UTC, and days are 24 hours."""
    rows = _world(threads, incidents)
    for table in rows.tables.values():
        for row in table:
            row.update({name: value + SHIFT for name, value in row.items() if isinstance(value, datetime)})
    connection = measure(rows)
    before = _figures(connection)
    try:
        for zone in ("America/New_York", "Asia/Kolkata", "Pacific/Kiritimati"):
            connection.execute(f"set TimeZone = '{zone}'")
            compute(connection)
            assert _figures(connection) == before, zone
    finally:
        connection.execute("set TimeZone = 'UTC'")


def _issues() -> Iterator[RawRow]:
    for number in range(30):
        body = {
            "number": number,
            "title": "How?",
            "created_at": f"2026-11-{1 + number % 20:02d}T23:30:00.000000Z",
            "actor": f"a{number}",
            "role": "outsider",
        }
        if number % 3 == 0:
            body |= {
                "closed_at": f"2026-11-{3 + number % 20:02d}T00:30:00.000000Z",
                "state_reason": "completed",
                "closed_by_role": "maintainer",
            }
        yield "one.github.x", str(number), NOW, NOW, body


def _comments() -> Iterator[RawRow]:
    for number in range(0, 30, 2):
        body = {
            "comment_id": f"c{number}",
            "number": number,
            "created_at": f"2026-11-{2 + number % 20:02d}T01:15:00.000000Z",
            "actor": "b",
            "role": "staff",
        }
        yield "one.github.x", f"c{number}", NOW, NOW, body


def _built(zone: str, times: int = 1, is_reversed: bool = False) -> dict[str, list[dict[str, Any]]]:
    """Everything from raw rows on, in a warehouse of its own."""
    connection = empty_warehouse()
    connection.execute(f"set TimeZone = '{zone}'")
    connection.execute("insert into raw.catalog__families values ('one', 'One', 'open', 'V', ['one'], date '2026-11-01')")
    connection.execute(
        "insert into raw.catalog__channels (channel_id, family_id, source, target, role, channel_kind, is_official, is_enabled)"
        " values ('one.github.x', 'one', 'github', 'x', 'sdk', 'tracker', true, true)"
    )
    connection.execute(
        "insert into raw.ledger__runs (channel_id, source, thing, run_id, part, started_at, finished_at, state, rows, expected, load_id)"
        " values ('one.github.x', 'github', 'issues', 'r', 0, ?, ?, 'complete', 30, 30, 1)",
        [NOW, NOW],
    )
    for _ in range(times):
        for name, rows in (("github__issues", list(_issues())), ("github__comments", list(_comments()))):
            fill(connection, name, reversed(rows) if is_reversed else rows)
            build(connection)
    return _figures(connection)


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Kolkata", "Pacific/Kiritimati"])
def test_the_time_zone_does_not_matter_from_the_raw_rows_on(zone: str) -> None:
    """Half past eleven in the evening of UTC is another day in each of them."""
    assert _built(zone) == _built("UTC")


def test_raw_rows_that_come_twice_and_in_another_order_change_nothing() -> None:
    """Collecting is at-least-once; the figures are exactly-once."""
    once = _built("UTC")

    assert _built("UTC", times=3, is_reversed=True) == once
    answered = [row for row in once["answered_share"] if row["state"] == "measured"]
    assert {row["n"] for row in answered} == {30} and {row["n_events"] for row in answered} == {15}
    resolved = {row["n_events"] for row in once["resolved_share"] if row["segment"] == "resolved" and row["n"]}
    assert resolved == {10}
