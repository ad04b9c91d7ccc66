"""Releases and changelogs: how often, how evenly and how openly they come."""

from datetime import datetime, timedelta
from typing import Any

from tests.worlds.rows import NOW, Rows, cut, found, measure, one


def _release(rows: Rows, channel: str, age_days: float, is_prerelease: bool = False, role: str = "sdk") -> None:
    _entry(rows, channel, NOW - timedelta(days=age_days), is_prerelease=is_prerelease, channel_role=role)


def _entry(rows: Rows, channel: str, released_at: datetime | None, **cells: Any) -> None:
    """A release or entry; without an instant if nobody gives its day."""
    rows.add(
        "releases",
        release_id=f"{channel}#{len(rows.tables['releases'])}",
        channel_id=channel,
        family_id=channel.split(".")[0],
        released_at=released_at,
        **({"channel_role": "sdk", "is_prerelease": False} | cells),
    )


def test_gaps_run_within_one_line_and_the_newest_is_still_open() -> None:
    """Two repositories and their pre-releases are four lines: their releases are never mixed into shorter gaps."""
    rows = Rows()
    family = rows.family("family")
    first, second = rows.channel(family), rows.channel(family)
    for age in (10, 7, 1):
        _release(rows, first, age)
    _release(rows, first, 8.5, is_prerelease=True)
    _release(rows, second, 9)
    durations = {
        cut(row, "item_id", "segment"): (row["duration_hours"] / 24, row["is_event"])
        for row in found(measure(rows), "release_waits")
    }

    assert list(durations.values()) == [(3, True), (6, True), (1, False), (8.5, False), (9, False)]
    assert [segment for _, segment in durations] == ["stable"] * 3 + ["pre-release", "stable"]


def test_a_line_gone_quiet_does_not_look_quick() -> None:
    """Thirty weekly releases, then nothing for 200 days: the open gap is in the figure, and pre-releases apart have
    their own state."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for week in range(30):
        _release(rows, channel, 200 + 7 * week)
    con = measure(rows)
    median = one(con, "release_gap_days", channel_role="sdk", segment="stable", statistic="median", window="all")

    assert cut(median, "value", "n", "n_events", "n_censored", "unit") == (7, 30, 29, 1, "days")
    assert (
        one(con, "release_gap_days", channel_role="sdk", segment="stable", statistic="median", window="90d")["n"] == 0
    )
    assert (
        one(con, "release_gap_days", channel_role="sdk", segment="pre-release", statistic="median", window="all")[
            "state"
        ]
        == "not enough data"
    )


def test_releases_are_told_by_role_and_never_pooled() -> None:
    """A library and a model are not released for the same reasons."""
    rows = Rows()
    family = rows.family("family")
    rows.channel(family, "sdk"), rows.channel(family, "model"), rows.channel(family, "changelog", "changelog")

    roles = {cut(row, "channel_kind", "channel_role") for row in found(measure(rows), "release_gap_days")}
    assert roles == {("tracker", "sdk"), ("tracker", "model"), ("changelog", "changelog")}


def test_a_median_that_is_not_reached_says_so() -> None:
    """Twenty lines of one release, five of which had a next one after ten days: a quarter took ten days, half took who
    knows how long."""
    rows = Rows()
    family = rows.family("family")
    for number in range(20):
        line = rows.channel(family)
        _release(rows, line, 300)
        if number < 5:
            _release(rows, line, 290)
    con = measure(rows)
    figures = {
        row["statistic"]: row
        for row in found(con, "release_gap_days", channel_role="sdk", segment="stable", window="all")
    }

    assert cut(figures["p25"], "value", "low", "n", "n_events", "state") == (None, 10, 25, 5, "measured")
    assert figures["median"]["note"] == "Not reached in the window: too few releases were followed by another."
