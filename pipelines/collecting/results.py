"""What came of the channels of a run."""

from dataclasses import dataclass, field

from pipelines.catalog.entries import Channel
from warehouse.manifest import Outcome


@dataclass(slots=True)
class ChannelResult:
    """The outcomes of one channel, by stream."""

    channel: Channel
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    seconds: float = 0.0
    """How long its visit took."""

    @property
    def rows(self) -> int:
        """Rows landed by all its streams."""
        return sum(outcome.rows for outcome in self.outcomes.values())

    @property
    def was_reached(self) -> bool:
        """True when the upstream returned anything usable; an empty list beside one that failed is nothing."""
        states = {outcome.state for outcome in self.outcomes.values()} - {"skipped"}
        is_unchanged = any(outcome.state == "unchanged" and outcome.requests for outcome in self.outcomes.values())
        return self.rows > 0 or is_unchanged or states == {"complete"}
