"""What each source spends in a run, held against its limits of the run and the day, and written down as it is spent."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial

from pipelines.catalog.entries import Channel
from pipelines.http.budget import Budget
from pipelines.http.errors import SourceSpent
from warehouse.attempts.amounts import UNSPENT, Shortage, SourceLimits, Use, find_shortage

LEAST_VISIT = 20
"""Requests of a visit that gets anywhere, as seeing what is new takes some; fewer are left to the next run."""
SLICE = 25
"""Requests of a visit after which it is written down what it has spent: of a killed run at most so many are unknown."""


@dataclass(slots=True)
class _ChannelMeter:
    """What the visit to one channel spends."""

    channel_id: str
    began: float
    share: int
    """Requests that it may send at most."""
    use: Use = UNSPENT
    noted: int = 0
    """Requests that are written down so far."""


@dataclass(slots=True)
class SourceMeter:
    """What the visits of one source spend in a run; shared by its threads."""

    source: str
    limits: SourceLimits
    unvisited: int
    """Channels whose visit has not begun yet."""
    read_others: Callable[[datetime], Use]
    """Reads what other runs have spent on the day of an instant."""
    note: Callable[[str, Use], None]
    """Writes down what a channel's visit has spent so far."""
    now: Callable[[], datetime]
    monotonic: Callable[[], float] = time.monotonic
    run: Use = UNSPENT
    today: Use = UNSPENT
    """What this run has spent since midnight (UTC)."""
    others: Use = UNSPENT
    dearest: int = 1
    """Points of the dearest request so far."""
    _day: date | None = None
    _open: list[_ChannelMeter] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def explain_shortage(self) -> str:
        """Explains which limit leaves no room for another visit; empty while there is room."""
        with self._lock:
            self._turn_day()
            return self._explain(LEAST_VISIT)

    @contextmanager
    def measure_visit(self, channel_id: str, requests: int) -> Iterator[Budget]:
        """Measures the visit to a channel; yields its budget, at most its share of what the source has left."""
        with self._lock:
            self._turn_day()
            share, self.unvisited = min(requests, self._find_share()), max(0, self.unvisited - 1)
            meter = _ChannelMeter(channel_id, self.monotonic(), share)
            self._open.append(meter)
        why = f"its share of what {self.source} has left, {share:,} requests," if share < requests else ""
        try:
            yield Budget(share, partial(self._take, meter), why)
        finally:
            with self._lock:
                self._open.remove(meter)
                self._add(Use(time=timedelta(seconds=self.monotonic() - meter.began)))

    def _take(self, meter: _ChannelMeter, requests: int, points: int) -> None:
        """Counts requests that are about to be sent, or points that one has cost. Raises SourceSpent instead of a
        request beyond a limit."""
        with self._lock:
            if requests:
                self._turn_day()
                if why := self._explain(requests):
                    raise SourceSpent(why)
            self.dearest = max(self.dearest, points)
            self._add(Use(requests, points))
            meter.use += Use(requests, points)
            if meter.use.requests >= meter.noted + SLICE:
                meter.noted = meter.use.requests
                self.note(meter.channel_id, meter.use + self._measure(meter))
                self.others = self.read_others(self.now())

    def _explain(self, requests: int) -> str:
        under_way = sum((self._measure(meter) for meter in self._open), UNSPENT)
        needs = (requests, self.dearest)
        if short := find_shortage(self.limits.day, self.today + self.others + under_way, *needs):
            return describe_shortage(self.source, "day", short, requests == LEAST_VISIT)
        if short := find_shortage(self.limits.run, self.run + under_way, *needs):
            return describe_shortage(self.source, "run", short, requests == LEAST_VISIT)
        return ""

    def _measure(self, meter: _ChannelMeter) -> Use:
        return Use(time=timedelta(seconds=self.monotonic() - meter.began))

    def _find_share(self) -> int:
        """Finds the requests of an equal share for each channel that is still to come."""
        left = [
            most - spent
            for limits, use in ((self.limits.run, self.run), (self.limits.day, self.today + self.others))
            for most, spent in ((limits.requests, use.requests), (limits.points, use.points))
            if most is not None
        ]
        promised = sum(max(0, meter.share - meter.use.requests) for meter in self._open)
        return max(LEAST_VISIT, int(min(left, default=1e9) - promised) // max(1, self.unvisited))

    def _add(self, use: Use) -> None:
        self.run += use
        self.today += use

    def _turn_day(self) -> None:
        day = self.now().astimezone(UTC).date()
        if day != self._day:
            self._day, self.today, self.others = day, UNSPENT, self.read_others(self.now())


def open_meters(
    channels: Iterable[Channel],
    limits: Mapping[str, SourceLimits],
    read_others: Callable[[str, datetime], Use],
    note: Callable[[str, Use], None],
    now: Callable[[], datetime],
) -> dict[str, SourceMeter]:
    """Opens a meter for each source of a run."""
    counts = Counter(channel.source for channel in channels)
    return {
        source: SourceMeter(source, limits[source], count, partial(read_others, source), note, now)
        for source, count in counts.items()
        if source in limits
    }


def describe_shortage(source: str, period: str, shortage: Shortage, is_visit: bool) -> str:
    """Describes a limit that leaves no room for a request, or for a visit, and when it goes on."""
    what = f"the {shortage.most:,.10g} {shortage.unit} of {source} for a {period}"
    state = f"too few are left of {what}" if is_visit else f"{what} are spent"
    then = "a run after midnight UTC" if period == "day" else "the next run"
    return f"{state} (HEARTBEAT_BUDGETS); {then} goes on from here"
