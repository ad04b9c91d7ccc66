"""What is left of each source's budget today and what waits for later visits, as the ledger of attempts tells."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from warehouse.attempts.amounts import UNITS, UNSPENT, SpendingLimits, Use
from warehouse.attempts.entries import Attempt, AttemptKind, Beginning
from warehouse.wording import count_things


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits for later visits of a source."""

    waiting: int = 0
    is_whole: bool = True
    """False where some stream that waits does not say how much."""

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
    uses, waiting = read_day_use(collects, now), _read_waiting(collects)
    limits = {source: own.day for attempt in reversed(collects) for source, own in attempt.beginning.limits.items()}
    return [
        SourceOutlook(
            source,
            limits[source],
            uses.get(source, UNSPENT),
            _sum_backlog([count for (channel, _), count in waiting.items() if find_source(channel) == source]),
        )
        for source in sorted(limits)
    ]


def _read_waiting(collects: Sequence[Attempt]) -> dict[tuple[str, str], int | None]:
    """Reads what waited after the last visit, by channel and stream; only visits that brought something tell."""
    waiting: dict[tuple[str, str], int | None] = {}
    for attempt in reversed(collects):
        for channel_id, streams in attempt.channels.items():
            for name, end in streams.items():
                # A visit that ended before its first page leaves what waited before.
                is_told = end.waiting is not None or end.rows or (channel_id, name) not in waiting
                if end.state in ("complete", "unchanged", "partial") and is_told:
                    waiting[channel_id, name] = end.waiting
    return waiting


def _sum_backlog(counts: Sequence[int | None]) -> Backlog:
    return Backlog(sum(count or 0 for count in counts), None not in counts)


def describe_backlog(backlog: Backlog) -> str:
    """Describes what waits; empty where nothing does."""
    if backlog.is_done:
        return ""
    if not backlog.waiting:
        return "an unknown number of items wait"
    counted = count_things(backlog.waiting, "item waits", "items wait")
    return counted if backlog.is_whole else f"{counted} and more that are not counted"


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
