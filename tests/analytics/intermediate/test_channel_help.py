"""In which channel somebody who asks about something is helped, and how soon."""

from datetime import timedelta
from typing import Any

import pytest
from statsmodels.stats.proportion import proportion_confint

from tests.tools.reckonings import weekly_worth
from tests.worlds.rows import NOW, Row, Rows, cut, found, measure, one
from tests.worlds.thread_cells import SOLVED

DAY, WEEK = 24.0, 168.0
KEY = ("channel_id", "question_type", "statistic", "window")


def _helped(hours: float) -> list[tuple[Any, ...]]:
    """An answer at once, and the asker's word so many hours after the question that it works."""
    return [(0.1, "staff"), (hours, "asker", SOLVED)]


def _ask(rows: Rows, channel: str, count: int, replies: list[tuple[Any, ...]], **cells: Any) -> None:
    for _ in range(count):
        rows.thread(channel, replies, **cells)


def _ask_weekly(rows: Rows, channel: str, replies: list[list[tuple[Any, ...]]], **cells: Any) -> None:
    """One thread a week, so that none depends on another."""
    for week, its in enumerate(replies):
        rows.thread(channel, its, age_hours=(30 + 7 * week) * DAY, **cells)


def test_who_was_helped_how_soon() -> None:
    """Of 25 watched for a week 10 were helped after 2 hours, 5 after 3 days, 10 never: 10/25 within a day, 15/25 within
    a week."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    # In turns, so that no week resembles those beside it.
    _ask_weekly(rows, channel, [_helped(2), [(2, "staff")], _helped(72), [(2, "staff")], _helped(2)] * 5)
    con = measure(rows)
    within = {row["statistic"]: row for row in found(con, "channel_help", question_type="all", window="all")}

    assert {name: cut(row, "n", "n_events", "value", "state", "note") for name, row in within.items()} == {
        "within_24h": (25, 10, 0.4, "measured", None),
        "within_7d": (25, 15, 0.6, "measured", None),
    }
    # Wilson's interval of 10 in 25, as statsmodels gives it.
    assert cut(within["within_24h"], "low", "high") == pytest.approx((0.23403, 0.59261), abs=1e-5)
    assert cut(within["within_7d"], "low", "high") == pytest.approx((1 - 0.59261, 1 - 0.23403), abs=1e-5)
    assert cut(within["within_7d"], "family_id", "side", "channel_id", "channel_kind", "channel_role", "as_of_at") == (
        "family", "open", channel, "tracker", "sdk", NOW,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("hours", "age_hours", "day", "week"),
    [
        (24, 24, (21, 1), (20, 0)),
        (24.01, 25, (21, 0), (20, 0)),
        (2, 23.99, (20, 0), (20, 0)),
        (72, 167.99, (21, 0), (20, 0)),
        (168, 168, (21, 0), (21, 1)),
        (168.01, 200, (21, 0), (21, 0)),
    ],
)
def test_what_is_too_young_is_left_out_helped_or_not(
    hours: float, age_hours: float, day: tuple[int, int], week: tuple[int, int]
) -> None:
    """Counted if it was watched to the last hour, whatever came of it; 20 others were not helped."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    _ask_weekly(rows, channel, [[(2, "staff")]] * 20)
    rows.thread(channel, _helped(hours), age_hours=age_hours)
    con = measure(rows)
    within = {row["statistic"]: row for row in found(con, "channel_help", window="all")}

    assert {name: cut(row, "n", "n_events") for name, row in within.items()} == {"within_24h": day, "within_7d": week}
    assert (within["within_24h"]["note"] is None) == (day[0] == 21)
    assert within["within_7d"]["note"] == (None if week[0] == 21 else "Excluded: 1 observed for less than 7 days.")


def test_what_is_not_known_is_told_with_its_number() -> None:
    """Nor do bots need help; and 19 threads are too few to say anything. Of 2 it was not seen whether they were
    helped."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    _ask(rows, channel, 18, _helped(2))
    rows.thread(channel, _helped(2), has_all_replies=False)
    rows.thread(channel, has_all_replies=False)
    rows.thread(channel, [(1, "staff", {"reader_version": 1}), (2, "asker")])
    rows.thread(channel, _helped(2), age_hours=DAY)
    rows.thread(channel, _helped(2), author_role="bot")
    row = one(measure(rows), "channel_help", statistic="within_7d", window="all")

    assert cut(row, "value", "low", "high", "n", "n_events", "state", "note") == (
        None, None, None, 19, 19, "not enough data",
        "2 of 21 were not seen. Excluded: 1 observed for less than 7 days.",
    )  # fmt: skip


def test_each_channel_and_each_type_stands_for_itself() -> None:
    """Two channels of a role: one helps with getting it to run, the other with nothing; what was not read counts among
    all only."""
    rows = Rows()
    family = rows.family("family")
    first, second = rows.channel(family), rows.channel(family)
    _ask_weekly(rows, first, [_helped(2)] * 20, question_type="getting it to run")
    _ask_weekly(rows, first, [[]] * 20, question_type="using it")
    _ask_weekly(rows, first, [[]] * 20)
    _ask_weekly(rows, second, [[]] * 20, question_type="getting it to run", language="en")
    figures = {
        cut(row, *KEY[:2]): row for row in found(measure(rows), "channel_help", statistic="within_24h", window="365d")
    }

    assert {key: cut(row, "n", "n_events", "value") for key, row in figures.items()} == {
        (first, "all"): (60, 20, pytest.approx(1 / 3)),
        (first, "getting it to run"): (20, 20, 1),
        (first, "using it"): (20, 0, 0),
        (second, "all"): (20, 0, 0),
        (second, "getting it to run"): (20, 0, 0),
    }
    # Wilson's interval of none in 20, and of 20, with the quantile of 20 weeks.
    assert figures[first, "using it"]["low"] == 0 and 0.16113 < figures[first, "using it"]["high"] < 0.35
    assert cut(figures[first, "getting it to run"], "low", "high") == (
        pytest.approx(1 - figures[first, "using it"]["high"]), 1,
    )  # fmt: skip


def test_threads_of_a_week_are_worth_fewer() -> None:
    """Twelve weeks with 20 threads each, of which 4 to 16 are helped: what they are worth follows from the sums of the
    weeks, as statsmodels puts them together."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    helped = (16, 4, 10, 12, 8, 10, 4, 16, 10, 8, 12, 10)
    for week, count in enumerate(helped):
        _ask(rows, channel, count, _helped(2), age_hours=(60 + 7 * week) * DAY)
        _ask(rows, channel, 20 - count, [], age_hours=(60 + 7 * week) * DAY)
    row = one(measure(rows), "channel_help", statistic="within_24h", window="all")

    worth = weekly_worth([20] * 12, [count - 10 for count in helped], 60)[1]
    assert cut(row, "value", "n", "state") == (0.5, 240, "measured")
    assert cut(row, "low", "high") == pytest.approx(proportion_confint(worth / 2, worth, method="wilson"), abs=1e-4)


def test_forty_threads_of_two_weeks_are_too_few() -> None:
    """One week has all the help: the share may be anything."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    _ask(rows, channel, 20, _helped(2), age_hours=60 * DAY)
    _ask(rows, channel, 20, [], age_hours=67 * DAY)
    row = one(measure(rows), "channel_help", statistic="within_24h", window="all")

    assert cut(row, "value", "low", "n", "state") == (None, None, 40, "not enough data")
    assert row["note"] == "Only 40 threads: the interval is too wide."


def test_a_shared_channel_counts_for_the_family_that_is_asked_about() -> None:
    """And for none if none is named; discussions of a channel are no issues."""
    rows = Rows()
    shared = rows.channel("_shared", "runtime")
    for family_id, side in (("one", "open"), ("two", "proprietary")):
        rows.family(family_id, side)
        rows.channel(family_id)
        _ask(rows, shared, 20, _helped(2) if family_id == "one" else [], family_id=family_id)
    _ask(rows, shared, 20, _helped(2), family_id=None)
    rows.add("collections", channel_id=shared, thing="discussions", as_of_at=NOW)
    _ask(rows, shared, 5, _helped(2), family_id="two", channel_kind="forum", thing="discussions")
    figures = found(measure(rows), "channel_help", statistic="within_7d", window="all")

    assert [
        cut(row, "family_id", "side", "channel_id", "channel_kind", "channel_role", "n", "n_events") for row in figures
    ] == [
        ("one", "open", shared, "tracker", "runtime", 20, 20),
        ("two", "proprietary", shared, "forum", "runtime", 5, 5),
        ("two", "proprietary", shared, "tracker", "runtime", 20, 0),
    ]


def test_windows_end_with_their_last_day() -> None:
    """A thread of 365 days is in that window, an older one in `all` only."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    cells: Row = {"observed_until_at": NOW + timedelta(hours=1)}
    _ask(rows, channel, 20, _helped(2), age_hours=365 * DAY, **cells)
    _ask(rows, channel, 20, [], age_hours=365 * DAY + 1, **cells)

    helped = found(measure(rows), "channel_help", statistic="within_24h")
    assert {row["window"]: cut(row, "n", "n_events") for row in helped} == {
        "365d": (20, 20), "all": (40, 20),
    }  # fmt: skip
