"""How long a run will still take, from what was heard of it so far: its own pace, and what the source still allows."""

from dataclasses import dataclass, field
from datetime import datetime

from pipelines.collecting.visit import PageProgress
from pipelines.http.budget import Allowance

ROWS_A_REQUEST = 49
"""What a page of threads brings at most for one point: a budget of requests bounds what a channel can still bring."""
FIRST_SECONDS = 5.0
"""Before, a pace says nothing."""


@dataclass(slots=True)
class Pace:
    """The pace of one source. Seconds are of any clock that only goes forward."""

    started: float
    most_rows: int
    """What one channel may bring in this run, by its budget."""
    rows: int = 0
    waiting: dict[tuple[str, str], int] = field(default_factory=dict)
    """What is known to be still to come, by channel and stream."""
    brought: dict[str, int] = field(default_factory=dict)
    first: tuple[float, Allowance] | None = None
    """The allowance as it was first told in its present hour."""
    last: Allowance | None = None

    def add_expected(self, channel_id: str, items: int) -> None:
        """A channel that will be visited, and what it holds."""
        self.waiting[channel_id, ""] = items

    def add_page(self, page: PageProgress, now: float) -> None:
        """One page came."""
        channel = page.channel.id
        self.rows += page.rows
        self.brought[channel] = self.brought.get(channel, 0) + page.rows
        self.waiting.pop((channel, ""), None)
        if page.waiting is not None:
            self.waiting[channel, page.thing] = page.waiting
        if page.allowance is not None:
            if self.first is None or self.first[1].resets_at != page.allowance.resets_at:
                self.first = (now, page.allowance)
            self.last = page.allowance

    def end(self, channel_id: str) -> None:
        """A channel is done; what it still holds is left to another run."""
        self.waiting = {key: items for key, items in self.waiting.items() if key[0] != channel_id}

    def count_remaining(self) -> int:
        """Rows that this run may still bring, as far as is known."""
        by_channel: dict[str, int] = {}
        for (channel, _), items in self.waiting.items():
            by_channel[channel] = by_channel.get(channel, 0) + items
        return sum(
            min(items, max(0, self.most_rows - self.brought.get(channel, 0))) for channel, items in by_channel.items()
        )

    def describe(self, now: float) -> str:
        """`about 12 min left`, and when the allowance ends before; empty while too little is known."""
        seconds, remaining = now - self.started, self.count_remaining()
        if seconds < FIRST_SECONDS or not self.rows or not remaining:
            return ""
        left = remaining * seconds / self.rows
        estimate, until = f"about {format_duration(left)} left", self._allowance_seconds(now)
        if until is not None and until < left and self.last and self.last.resets_at:
            return f"{estimate}; allowance lasts {format_duration(until)}, resets {format_time(self.last.resets_at)}"
        return estimate

    def _allowance_seconds(self, now: float) -> float | None:
        """How long the allowance lasts at the present pace; None where nothing is known or spent."""
        if self.first is None or self.last is None:
            return None
        since, first = self.first
        spent = first.left - self.last.left
        return self.last.left * (now - since) / spent if spent > 0 and now > since else None


def format_duration(seconds: float) -> str:
    """A length of time as somebody waiting would say it."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 90 * 60 else f"{seconds / 3600:.1f} h"


def format_time(at: datetime) -> str:
    """The time of day here."""
    return f"{at.astimezone():%H:%M}"
