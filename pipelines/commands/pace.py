"""Estimates of a run's remaining time, from its pace so far and from the source's remaining rate limit."""

from dataclasses import dataclass, field
from datetime import datetime

from pipelines.collecting.visit import PageProgress
from pipelines.http.budget import Allowance

ROWS_A_REQUEST = 49
"""The most rows that one request for threads returns, which turns a request budget into a bound on rows."""
FIRST_SECONDS = 5.0
"""Minimum run time before a pace means anything."""


@dataclass(slots=True)
class Pace:
    """The pace of one source. Seconds come from any monotonic clock."""

    started: float
    most_rows: int
    """The most rows that one channel's budget allows in this run."""
    rows: int = 0
    waiting: dict[tuple[str, str], int] = field(default_factory=dict)
    """Items known to be outstanding, by channel and stream."""
    rows_by_channel: dict[str, int] = field(default_factory=dict)
    first: tuple[float, Allowance] | None = None
    """The first allowance reported since the last reset, and when."""
    last: Allowance | None = None

    def add_page(self, page: PageProgress, now: float) -> None:
        """Counts one page."""
        channel = page.channel.id
        self.rows += page.rows
        self.rows_by_channel[channel] = self.rows_by_channel.get(channel, 0) + page.rows
        if page.waiting is not None:
            self.waiting[channel, page.thing] = page.waiting
        if page.allowance is not None:
            # A new reset time means a fresh allowance, so spending is measured from here.
            if self.first is None or self.first[1].resets_at != page.allowance.resets_at:
                self.first = (now, page.allowance)
            self.last = page.allowance

    def drop_channel(self, channel_id: str) -> None:
        """Drops a finished channel; its outstanding items are left to a later run."""
        self.waiting = {key: items for key, items in self.waiting.items() if key[0] != channel_id}

    def count_remaining(self) -> int:
        """Estimates the rows that this run can still collect."""
        by_channel: dict[str, int] = {}
        for (channel, _), items in self.waiting.items():
            by_channel[channel] = by_channel.get(channel, 0) + items
        return sum(
            min(items, max(0, self.most_rows - self.rows_by_channel.get(channel, 0)))
            for channel, items in by_channel.items()
        )

    def describe_time_left(self, now: float) -> str:
        """Returns `about 12 min left`, adding when the rate limit runs out first; empty while too little is known."""
        seconds, remaining = now - self.started, self.count_remaining()
        if seconds < FIRST_SECONDS or not self.rows or not remaining:
            return ""
        left = remaining * seconds / self.rows
        estimate, until = f"about {format_duration(left)} left", self._allowance_seconds(now)
        if until is not None and until < left and self.last and self.last.resets_at:
            return (
                f"{estimate}; rate limit lasts {format_duration(until)}, resets at {format_time(self.last.resets_at)}"
            )
        return estimate

    def _allowance_seconds(self, now: float) -> float | None:
        """Estimates how long the allowance lasts at the current pace; None if unknown or unspent."""
        if self.first is None or self.last is None:
            return None
        since, first = self.first
        spent = first.left - self.last.left
        return self.last.left * (now - since) / spent if spent > 0 and now > since else None


def format_duration(seconds: float) -> str:
    """Formats a duration at the precision that a waiting user needs."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 90 * 60 else f"{seconds / 3600:.1f} h"


def format_time(at: datetime) -> str:
    """Formats an instant as local time of day."""
    return f"{at.astimezone():%H:%M}"
