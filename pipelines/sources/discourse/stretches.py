"""Stretches of a forum's list of topics that are still to be read, and where a page of that list ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from pipelines.sources.discourse.client import Listing, Topic
from pipelines.text import values

OVERLAP = timedelta(minutes=10)
"""Overlap of each visit with the newest activity of the last one."""
FEW = 5
"""Length up to which a page's lowest time is believed."""
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


def find_end(listing: Listing) -> str:
    """Finds the activity at the end of a page: the lowest but one, since a single wrong time must not end a walk."""
    moved = sorted(topic.bumped_at for topic in listing.unpinned)
    return moved[1] if len(moved) > FEW else (moved or [PINNED])[0]


def subtract_overlap(instant: str) -> str:
    """Returns the instant from which a visit reads on."""
    at = values.parse_instant(instant)
    if at is None:
        raise ValueError("not an instant")
    return values.format_instant(at - OVERLAP) or ""


def list_changed(lists: Sequence[Listing], seen: Mapping[str, tuple[str, str]], since: str) -> list[Topic]:
    """Lists the topics of the newest pages whose stamp changed, and those that are missing from these pages."""
    listed = {topic.id: topic for listing in lists for topic in listing.topics}
    deepest = min((topic.bumped_at for listing in lists for topic in listing.unpinned), default=PINNED)
    if not lists[-1].has_more:
        deepest = ""
    changed = [
        topic
        for topic in listed.values()
        if seen.get(str(topic.id), ("", ""))[1] != topic.stamp and topic.bumped_at >= since
    ]
    missing = (key for key, (at, _) in seen.items() if at > deepest and int(key) not in listed)
    return changed + [Topic(int(key), seen[key][0], False, "") for key in missing]
