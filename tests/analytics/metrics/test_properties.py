"""What must not matter to a figure does not: the order of rows, how ties fall, the time zone and the threads of the
connection."""

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.engine.build import read_models
from tests.worlds.figures import PUBLIC, Figures, differences, figures
from tests.worlds.rows import NOW, Row, Rows, compute, measure
from tests.worlds.sample_part import conformed

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
    st.tuples(st.integers(1, 120), st.one_of(st.none(), st.integers(1, 900)), st.sampled_from((0, 1, 2, 3, None))),
    max_size=30,
)
pytestmark = pytest.mark.slow
LAST_DAY = datetime(2026, 11, 1)
"""That of the last visits to the sample world: the day on which America sets its clocks back, a week after Europe."""


def _world(threads: list[Any], incidents: list[Any]) -> Rows:
    rows = Rows()
    for family in ("one", "two"):
        rows.family(family)
        channels, page = [rows.channel(family), rows.channel(family, "model")], rows.page(family)
        rows.add(
            "listed_models",
            listed_id=f"{family}/x",
            channel_id="prices",
            family_id=family,
            listed_at=NOW - timedelta(days=30),
        )
        for place, (age, replies, end) in enumerate(threads):
            asked: Row = {
                "question_type": ("billing", "docs")[place % 2],
                "language": "en",
                "actor_id": f"asker-{place % 7}",
            }
            rows.thread(
                channels[place % 2],
                replies,
                age_hours=age,
                **asked,
                **_ended(age, end),
                label_names=["bug"] if place % 3 else [],
            )
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
        {"first_closed_at": closed_at - timedelta(minutes=2), "reopened_at": closed_at - timedelta(minutes=1)}
        if hundredths > 80
        else {}
    )
    return {
        "state": "closed",
        "closed_at": closed_at,
        "closed_by_role": role,
        "close_reason": reason,
        "first_closed_at": closed_at,
    } | again


@settings(max_examples=2)
@given(THREADS, INCIDENTS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(threads: list[Any], incidents: list[Any], shuffled: Any) -> None:
    """A figure that depends on how rows happen to lie cannot be repeated."""
    rows = _world(threads, incidents)
    before = _figures(rows)
    for table in rows.tables.values():
        shuffled.shuffle(table)

    assert differences(_figures(rows), before) == []


def _figures(rows: Rows) -> Figures:
    connection = measure(rows)
    compute(connection, *PUBLIC)
    return figures(connection)


def _crowded() -> Rows:
    """Rows of every conformed table, with instants before the last day cut to it: much happens at once, so that ties
    must be settled."""
    rows = Rows()
    for name, table in conformed().items():
        rows.tables[name] = [{column: _cut(value) for column, value in row.items()} for row in table]
    return rows


def _cut(value: Any) -> Any:
    is_early = isinstance(value, datetime) and value < LAST_DAY
    return value.replace(hour=0, minute=0, second=0, microsecond=0) if is_early else value


@pytest.fixture(scope="module")
def crowded() -> Figures:
    """All figures of the crowded world, in UTC and with its rows as they came."""
    return _figures(_crowded())


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati"])
def test_neither_zone_nor_order_nor_threads_change_a_figure_of_any_table(crowded: Figures, zone: str) -> None:
    """Across the nights on which clocks change, too: every instant is UTC, and days are 24 hours. One thread computed
    the figures before, four do now."""
    rows = _crowded()
    for table in rows.tables.values():
        random.Random(zone).shuffle(table)
    connection = measure(rows)
    try:
        connection.execute(f"set threads = 4; set TimeZone = '{zone}'")
        assert differences(_figures(rows), crowded) == []
    finally:
        connection.execute("set threads = 1; set TimeZone = 'UTC'")


def test_the_crowded_world_has_rows_in_all_tables_that_metrics_read() -> None:
    """What is not there cannot come out differently."""
    read = {table for model in read_models() if model.layer == "metrics" for table in model.reads}
    empty = {name for name, table in conformed().items() if not table}

    assert {f"staging.{name}" for name in empty} & read <= {"staging.unknown_words", "staging.price_checks"}
