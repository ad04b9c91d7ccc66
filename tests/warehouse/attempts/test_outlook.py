"""What is left today, and when a backlog is done: a range from what was seen, and unknown where that does not tell."""

from datetime import UTC, datetime, timedelta

import pytest

from warehouse.attempts.amounts import SourceLimits, SpendingLimits, Use
from warehouse.attempts.entries import Attempt, AttemptKind, Beginning, StreamEnd
from warehouse.attempts.outlook import (
    Backlog,
    Course,
    describe_backlog,
    describe_outlook,
    estimate_backlog,
    read_outlooks,
)

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def _course(*waiting: int | None, hours: float = 24) -> Course:
    """A visit each day, the last one now."""
    return [(NOW - timedelta(hours=hours) * (len(waiting) - 1 - n), count) for n, count in enumerate(waiting)]


@pytest.mark.parametrize(
    ("courses", "backlog", "said"),
    [
        ([], Backlog(), ""),
        ([_course(0), _course(300, 200, 0)], Backlog(), ""),
        ([_course(300, 200, 150)], Backlog(150, True, 1.5, 3.0), "150 items wait; done in 2 days to 3 days"),
        ([_course(300, 200, 100)], Backlog(100, True, 1.0, 1.0), "100 items wait; done in about 1 day"),
        ([_course(60, 40, 10, hours=1)], Backlog(10, True, 1 / 72, 1 / 48), "10 items wait; done in about 1 hour"),
        # The slowest stream ends last.
        (
            [_course(300, 200, 150), _course(90, 80, 70)],
            Backlog(220, True, 7.0, 7.0),
            "220 items wait; done in about 7 days",
        ),
        # It grew once: at that pace it never ends.
        (
            [_course(300, 200, 250)],
            Backlog(250, True, 2.5, None),
            "250 items wait; done in 2 days at the earliest, and never at the worst recent pace",
        ),
        # What is long past tells nothing of today's pace.
        (
            [_course(9000, 900, 50, 40, 30, 20, 10, 5)],
            Backlog(5, True, 0.5, 1.0),
            "5 items wait; done in 12 hours to 1 day",
        ),
        ([_course(300, 200)], Backlog(200), "200 items wait; unknown when it is done"),
        ([_course(300, 300, 400)], Backlog(400), "400 items wait; unknown when it is done"),
        ([_course(300, 200, 100), _course(7, 5)], Backlog(105), "105 items wait; unknown when it is done"),
        ([_course(300, 200, 100), _course(None)], Backlog(100, False),
         "100 items wait and more that are not counted; unknown when it is done"),
        ([_course(None, None)], Backlog(0, False), "an unknown number of items wait; unknown when it is done"),
    ],
)  # fmt: skip
def test_a_backlog_is_told_as_a_range_of_days_or_as_unknown(courses: list[Course], backlog: Backlog, said: str) -> None:
    """Two gaps between visits at least, and the five latest at most."""
    found = estimate_backlog(courses)

    assert (found.waiting, found.is_whole) == (backlog.waiting, backlog.is_whole)
    assert (found.earliest_days, found.latest_days) == pytest.approx((backlog.earliest_days, backlog.latest_days))
    assert describe_backlog(found) == said


def _attempt(number: int, at: datetime, waiting: int | None, limit: float, state: str = "partial") -> Attempt:
    limits = {"github": SourceLimits(day=SpendingLimits(requests=limit, minutes=60))}
    beginning = Beginning(kind=AttemptKind.COLLECT, version="0", pid=1, started_at=at, limits=limits)
    ends = {"fam.github.kit": {"issues": StreamEnd(state=state, waiting=waiting)}}
    spent = {"fam.github.kit": (at, Use(40, 7, timedelta(seconds=90)))}
    return Attempt(number, beginning, ends, spent=spent)


def test_todays_use_counts_against_the_limits_of_the_last_run() -> None:
    """A day of UTC begins anew; a visit that brought nothing says nothing of the backlog."""
    days = [(48, 900, 50.0), (24, 600, 50.0), (6, 300, 100.0), (1, None, 100.0)]
    attempts = [
        _attempt(number, NOW - timedelta(hours=hours), waiting, limit, "failed" if waiting is None else "partial")
        for number, (hours, waiting, limit) in enumerate(days)
    ]
    (outlook,) = read_outlooks(attempts[::-1], NOW)

    assert (outlook.spent, outlook.left) == (Use(80, 14, timedelta(minutes=3)), {"requests": 20, "minutes": 57})
    assert describe_outlook(outlook) == (
        "github: 80 of 100 requests, 3 of 60 minutes; 300 items wait; done in 18 hours to 1 day"
    )
    assert read_outlooks([], NOW) == []
    cut = [_attempt(n, NOW - timedelta(days=3 - n), waiting, 9) for n, waiting in enumerate((90, 40, 30, None))]
    assert describe_outlook(*read_outlooks(cut[::-1], NOW)).endswith(
        "30 items wait; done in 14 hours at the earliest, and never at the worst recent pace"
    ), "a visit that ended before its first page leaves what waited before"
