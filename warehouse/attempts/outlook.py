"""What is left of each source's budget today, and when its backlog will be done, as the ledger of attempts tells."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from warehouse.attempts.amounts import UNITS, UNSPENT, SpendingLimits, Use
from warehouse.attempts.entries import Attempt, AttemptKind, Beginning
from warehouse.wording import count_things

MOST_GAPS = 5
"""Latest gaps between two visits from which the pace of a backlog is told."""
LEAST_GAPS = 2
DAY = timedelta(days=1)
UNKNOWN = "unknown when it is done"
Course = list[tuple[datetime, int | None]]
"""When a stream was visited, and how many items waited then; None where its source does not say."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits for later visits of a source."""

    waiting: int = 0
    is_whole: bool = True
    """False where some stream that waits does not say how much."""
    earliest_days: float | None = None
    """Days until nothing waits, at the best pace of late; None if unknown."""
    latest_days: float | None = None
    """The same at the worst pace; None if at that it never ends."""

    @property
    def is_done(self) -> bool:
        """True when nothing waits."""
        return not self.waiting and self.is_whole


@dataclass(frozen=True, slots=True)
class SourceOutlook:
    """One source today (UTC)."""

    source: str
    limits: SpendingLimits
    """Those of a day under which it was last collected."""
    spent: Use
    backlog: Backlog

    @property
    def left(self) -> dict[str, float]:
        """What is left of each unit that is limited."""
        most = {unit: getattr(self.limits, unit) for unit in UNITS}
        spent = {unit: getattr(self.spent, unit) for unit in UNITS}
        return {unit: max(0.0, round(most[unit] - spent[unit], 1)) for unit in UNITS if most[unit] is not None}


def find_source(channel_id: str) -> str:
    """Returns the source of a channel, the second word of its id."""
    return channel_id.split(".")[1]


def read_day_use(attempts: Iterable[Attempt], now: datetime, own: Beginning | None = None) -> dict[str, Use]:
    """Reads what all runs spent on the day (UTC) of an instant, by source; `own` is left out."""
    day, uses = now.astimezone(UTC).date(), dict[str, Use]()
    for attempt in attempts:
        if attempt.beginning != own:
            for channel_id, (at, use) in attempt.spent.items():
                if at.astimezone(UTC).date() == day:
                    source = find_source(channel_id)
                    uses[source] = uses.get(source, UNSPENT) + use
    return uses


def read_outlooks(attempts: Sequence[Attempt], now: datetime) -> list[SourceOutlook]:
    """Reads what is left of each source's budget and backlog; `attempts` are the newest first."""
    collects = [attempt for attempt in attempts if attempt.beginning.kind == AttemptKind.COLLECT]
    uses, courses = read_day_use(collects, now), _trace_streams(collects)
    limits = {source: own.day for attempt in reversed(collects) for source, own in attempt.beginning.limits.items()}
    return [
        SourceOutlook(
            source,
            limits[source],
            uses.get(source, UNSPENT),
            estimate_backlog([course for key, course in courses.items() if course and find_source(key[0]) == source]),
        )
        for source in sorted(limits)
    ]


def _trace_streams(collects: Sequence[Attempt]) -> dict[tuple[str, str], Course]:
    """Traces what waited at each visit, by channel and stream; only visits that brought something tell."""
    courses: dict[tuple[str, str], Course] = {}
    for attempt in reversed(collects):
        for channel_id, streams in attempt.channels.items():
            at = attempt.spent[channel_id][0] if channel_id in attempt.spent else attempt.beginning.started_at
            for name, end in streams.items():
                course = courses.setdefault((channel_id, name), [])
                # A visit that ended before its first page leaves what waited before.
                waiting = course[-1][1] if course and end.waiting is None and not end.rows else end.waiting
                if end.state in ("complete", "unchanged", "partial"):
                    course.append((at, waiting))
    return courses


def estimate_backlog(courses: Iterable[Course]) -> Backlog:
    """Estimates when the last of some streams is done, each at its own pace."""
    open_courses = [course for course in courses if course[-1][1] != 0]
    waiting = sum(course[-1][1] or 0 for course in open_courses)
    is_whole = all(course[-1][1] is not None for course in open_courses)
    spans = [_estimate_days(course) for course in open_courses]
    if not spans or not is_whole or any(earliest is None for earliest, _ in spans):
        return Backlog(waiting, is_whole)
    latest = [last for _, last in spans if last is not None]
    earliest = max(first for first, _ in spans if first is not None)
    return Backlog(waiting, is_whole, earliest, max(latest) if len(latest) == len(spans) else None)


def _estimate_days(course: Course) -> tuple[float | None, float | None]:
    """Estimates the days that a stream's backlog takes, at its best and its worst pace of late."""
    known = [(at, waiting) for at, waiting in course if waiting is not None][-MOST_GAPS - 1 :]
    paces = [
        (before - after) / ((later - earlier) / DAY)
        for (earlier, before), (later, after) in pairwise(known)
        if before and later > earlier
    ]
    if len(paces) < LEAST_GAPS or max(paces) <= 0:
        return None, None
    waiting = known[-1][1]
    return waiting / max(paces), waiting / min(paces) if min(paces) > 0 else None


def describe_backlog(backlog: Backlog) -> str:
    """Describes what waits and when it is done; empty where nothing waits."""
    if backlog.is_done:
        return ""
    counted = count_things(backlog.waiting, "item waits", "items wait")
    some = counted if backlog.waiting else "an unknown number of items wait"
    some += " and more that are not counted" if backlog.waiting and not backlog.is_whole else ""
    first, last = backlog.earliest_days, backlog.latest_days
    if first is None:
        return f"{some}; {UNKNOWN}"
    if last is None:
        return f"{some}; done in {_format_days(first)} at the earliest, and never at the worst recent pace"
    if _format_days(first) == _format_days(last):
        return f"{some}; done in about {_format_days(last)}"
    return f"{some}; done in {_format_days(first)} to {_format_days(last)}"


def _format_days(days: float) -> str:
    """Formats a duration no finer than it is known."""
    if days < 1:
        return count_things(max(1, round(24 * days)), "hour")
    return count_things(round(days), "day")


def describe_outlook(outlook: SourceOutlook) -> str:
    """Describes one source in a line."""
    return "; ".join(
        filter(None, [f"{outlook.source}: {describe_spending(outlook)}", describe_backlog(outlook.backlog)])
    )


def describe_spending(outlook: SourceOutlook) -> str:
    """Describes what was spent of a day's budget."""
    parts = [
        f"{getattr(outlook.spent, unit):,.0f} of {getattr(outlook.limits, unit):,.10g} {unit}"
        for unit in UNITS
        if getattr(outlook.limits, unit) is not None
    ]
    return ", ".join(parts) or "no limit"
