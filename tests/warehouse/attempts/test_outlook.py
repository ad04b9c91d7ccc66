"""What is left of each budget today, and what waits for later visits."""

from datetime import UTC, datetime, timedelta

import pytest

from warehouse.attempts.amounts import SourceLimits, SpendingLimits, Use
from warehouse.attempts.entries import Attempt, AttemptKind, Beginning, StreamEnd
from warehouse.attempts.outlook import (
    Backlog,
    describe_backlog,
    describe_outlook,
    read_outlooks,
)

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("backlog", "said"),
    [
        (Backlog(), ""),
        (Backlog(1), "1 item waits"),
        (Backlog(100, False), "100 items wait and more that are not counted"),
        (Backlog(0, False), "an unknown number of items wait"),
    ],
)
def test_a_backlog_is_told_as_far_as_it_is_known(backlog: Backlog, said: str) -> None:
    """Not every source says how much it has."""
    assert describe_backlog(backlog) == said


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
    assert describe_outlook(outlook) == ("github: 80 of 100 requests, 3 of 60 minutes; 300 items wait")
    assert read_outlooks([], NOW) == []
