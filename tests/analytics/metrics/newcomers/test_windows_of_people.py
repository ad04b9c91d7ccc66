"""Whose silence a window tells of: that of the people who arrived in it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tests.worlds.rows import NOW, Rows, cut, found, measure

DAY = timedelta(days=1)


def _measure(people: Mapping[str, tuple[float, ...]]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Measures a family whose people asked so many days ago: people, and those that are so, by statistic and
    window."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    rows.tables["collections"][0]["reach_at"] = NOW - 1000 * DAY
    for actor, days in people.items():
        for one_day in days:
            rows.thread(channel, age_hours=24 * one_day, actor_id=actor)
    figures = found(measure(rows), "inactive_people_share", family_id="family", channel_role="all", segment="askers")
    return {cut(row, "statistic", "window"): cut(row, "n", "n_events") for row in figures}


def test_who_stopped_long_ago_counts_where_they_arrived() -> None:
    """Twenty who stopped 400 days ago and ten who asked yesterday, all here for 500 days: two of three have gone, and a
    year, in which nobody came, tells nothing."""
    gone = {f"gone-{number}": (500, 400) for number in range(20)}
    stayed = {f"stayed-{number}": (500, 1) for number in range(10)}
    figures = _measure(gone | stayed)

    assert figures["inactive", "all"] == (30, 20)
    assert figures["inactive", "365d"] == (0, 0)


def test_a_year_holds_who_arrived_in_it() -> None:
    """Of thirty who came in the year ten have gone; those who came before and are still here are no part of it."""
    gone = {f"gone-{number}": (300, 290) for number in range(10)}
    stayed = {f"stayed-{number}": (300, 1) for number in range(20)}
    old = {f"old-{number}": (400, 1) for number in range(30)}
    figures = _measure(gone | stayed | old)

    assert figures["inactive", "365d"] == (30, 10)
    assert figures["inactive", "all"] == (60, 10)
    assert figures["occasional", "365d"] == (30, 0)
