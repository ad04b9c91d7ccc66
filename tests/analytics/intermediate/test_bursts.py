"""Whether those who ask confirm what a status page tells: bursts of new threads, counted by hand."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.worlds.rows import NOW, Rows, cut, found, left_out, measure, one

WEEK = timedelta(days=7)
HOUR = timedelta(hours=1)
BEGAN = datetime(2026, 11, 20, 10, 30)


def _world(counts: list[int], **channel: Any) -> Rows:
    """An incident, and so many threads in its hour, in that of a week before, two weeks before, and so on."""
    rows = Rows()
    family = rows.family("family")
    rows.incident(rows.page(family), BEGAN, 1, 3)
    tracker = rows.channel(family, **channel)
    for week, count in enumerate(counts):
        for _ in range(count):
            _ask(rows, tracker, BEGAN - week * WEEK)
    return rows


def _ask(rows: Rows, tracker: str, opened_at: datetime, **cells: Any) -> None:
    rows.thread(tracker, age_hours=(NOW - opened_at) / HOUR, **cells)


def _bursts(rows: Rows) -> dict[str, tuple[Any, ...]]:
    con = measure(rows)
    return {
        row["statistic"]: cut(row, "threads_count", "base_count", "spread_count", "is_burst")
        for row in found(con, "incident_bursts")
    }


@pytest.mark.parametrize(
    ("counts", "burst"),
    [
        ([3, 0, 0, 0, 0, 0, 0, 0, 0], (3, 0, 0, True)),
        ([2, 0, 0, 0, 0, 0, 0, 0, 0], (2, 0, 0, False)),
        ([9, 2, 4, 2, 4, 2, 4, 2, 4], (9, 3, 1, True)),
        ([5, 2, 4, 2, 4, 2, 4, 2, 4], (5, 3, 1, False)),
        ([12, 1, 1, 3, 3, 5, 5, 7, 7], (12, 4, 2, True)),
        ([9, 1, 1, 3, 3, 5, 5, 7, 7], (9, 4, 2, False)),
    ],
)
def test_a_burst_is_three_deviations_above_the_same_hour_of_other_weeks(
    counts: list[int], burst: tuple[Any, ...]
) -> None:
    """Median and deviation of eight weeks, by hand; a deviation below one thread counts as one."""
    assert _bursts(_world(counts))["burst"] == burst


def test_the_week_before_is_asked_by_the_same_rule() -> None:
    """Four threads a week earlier, over eight weeks without any."""
    assert _bursts(_world([0, 4]))["week_before"] == (4, 0, 0, True)
    assert _bursts(_world([0, 11, 1, 1, 3, 3, 5, 5, 7, 7]))["week_before"] == (11, 4, 2, True)
    assert _bursts(_world([0, 9, 1, 1, 3, 3, 5, 5, 7, 7]))["week_before"] == (9, 4, 2, False)


def test_only_people_within_two_hours_in_own_channels_count() -> None:
    """The hours from 8 to 13 o'clock count; bots, other hours and the channels of others do not."""
    rows = _world([])
    (tracker,) = (row["channel_id"] for row in rows.tables["channels"] if row["channel_kind"] == "tracker")
    other = rows.channel(rows.family("other"))
    for times, (hour, minute) in {1: (8, 0), 2: (12, 59), 4: (7, 59), 8: (13, 0)}.items():
        for _ in range(times):
            _ask(rows, tracker, BEGAN.replace(hour=hour, minute=minute))
    _ask(rows, tracker, BEGAN, author_role="bot")
    _ask(rows, other, BEGAN)

    assert _bursts(rows)["burst"][0] == 3


@pytest.mark.parametrize("coverage", [0.5, 1.0])
def test_a_channel_read_in_part_says_nothing(coverage: float) -> None:
    """Threads that were not read are no silence."""
    assert bool(_bursts(_world([5], coverage=coverage))) is (coverage == 1)


@pytest.mark.parametrize(("hours", "says"), [(63 * 24 + 3, False), (63 * 24 + 4, True)])
def test_what_was_read_must_reach_back_nine_weeks(hours: int, says: bool) -> None:
    """Else weeks that nobody read would be taken for quiet ones."""
    rows = _world([5], coverage=0.5)
    for row in rows.tables["collections"]:
        row["reach_at"] = BEGAN - hours * HOUR

    assert bool(_bursts(rows)) is says


def test_a_visit_that_came_too_early_says_nothing() -> None:
    """Until three hours after the beginning somebody may still ask, for all we know."""
    assert _bursts(_world([5], as_of_at=BEGAN + 3 * HOUR)) == {}
    assert _bursts(_world([5], as_of_at=BEGAN + 4 * HOUR))


def test_an_incident_is_corroborated_where_many_more_ask_than_usual() -> None:
    """Five of 20 days with an incident each have three threads; one posted when over is left out."""
    rows = Rows()
    family = rows.family("family")
    page, tracker = rows.page(family), rows.channel(family)
    for day in range(20):
        began = datetime(2026, 10, 1, day) + timedelta(days=day)
        rows.incident(page, began, 1, 3)
        for _ in range(3 * (day < 5)):
            _ask(rows, tracker, began)
    rows.incident(page, BEGAN, -1, 3, is_retro=True)
    con = measure(rows)
    grain = {"window": "365d", "segment": "api", "channel_role": "all"}

    assert cut(one(con, "corroborated_share", statistic="burst", **grain), "value", "n", "n_events") == (0.25, 20, 5)
    assert (
        left_out(one(con, "corroborated_share", statistic="burst", **grain))
        == "Left out: 1 posted when over, of unknown length."
    )
    assert one(con, "corroborated_share", statistic="week_before", **grain)["value"] == 0


def test_without_own_channels_nothing_is_corroborated_and_it_is_said() -> None:
    """That is no share of 0."""
    rows = Rows()
    rows.incident(rows.page(rows.family("host", "host")), BEGAN, 1, 3)
    row = one(measure(rows), "corroborated_share", window="365d", segment="api", channel_role="all", statistic="burst")

    assert cut(row, "state", "value", "n") == ("not enough data", None, 0)
    assert left_out(row) == "Left out: 1 without channels read completely for nine weeks."
