"""Stretches of a forum's list of topics that are still to be read, and where a page of that list ends."""

from dataclasses import dataclass, field

from pipelines.sources.discourse.client import Listing

FEW = 5
"""Length up to which a page's lowest time is believed."""
STRETCH = "a page of topics last active before "
"""Begins the key of a page of the list that could not be read."""
PINNED = "~"
"""Position of a pinned topic, which stands out of order; sorts after every instant."""


@dataclass(slots=True)
class UnreadStretch:
    """A stretch of the list still to be read, both ends included."""

    upper: str
    lower: str
    page: int = 0
    part: dict[str, str] = field(default_factory=dict)
    """Stamps of the topics of its first page that have been read."""

    @property
    def key(self) -> str:
        """Its name among what is passed over."""
        return f"{STRETCH}{self.upper}"


def find_end(listing: Listing) -> str:
    """Finds the activity at the end of a page: the lowest but one, since a single wrong time must not end a walk."""
    moved = sorted(topic.bumped_at for topic in listing.unpinned)
    return moved[1] if len(moved) > FEW else (moved or [PINNED])[0]
