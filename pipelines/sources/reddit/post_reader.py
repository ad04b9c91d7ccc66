"""What is known of a subreddit's posts between two visits: which there are, how far they were read, and which to look
at again."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pipelines.text import values

CURSOR = 1
WATCHED_DAYS = 14
"""Comments are read again whenever their number moved, for so many days."""
RECENT_DAYS = 30
"""Posts up to this age are asked for again every day: whether they stand, and what became of their figures."""
KEPT_DAYS = 180
"""Older ones are asked for once in `SLICES` days, a slice a day; what is older still is taken out, since nobody asks
for it again."""
SLICES = 30
MOST = 5_000
"""So many posts are kept in mind at most, since the cursor carries them all: some 150 KB."""
UNREAD = -1
DAY = 86400


@dataclass(slots=True)
class KnownPost:
    """One post: when it was made (epoch seconds), its figures, and how many comments it had when they were last
    read."""

    created: int
    figures: str
    read: int = UNREAD

    @property
    def comments(self) -> int:
        """How many comments Reddit last said it has."""
        return int(self.figures.rstrip("lae"))


@dataclass(slots=True)
class PostMemory:
    """All of them, by their own name."""

    posts: dict[str, KnownPost] = field(default_factory=dict)
    newest: int = 0
    checked_on: str = ""

    def list_due(self, now: datetime) -> list[str]:
        """Whose standing is to be asked for today: all recent ones, and a slice of the others."""
        today, slice_ = now.timestamp(), now.toordinal() % SLICES
        if self.checked_on == now.date().isoformat():
            return []
        young = today - RECENT_DAYS * DAY
        return [
            name
            for name, one in self.posts.items()
            if one.created >= young or zlib.crc32(name.encode()) % SLICES == slice_
        ]

    def unread(self, now: datetime) -> list[str]:
        """Whose comments are to be read, the newest post first."""
        young = now.timestamp() - WATCHED_DAYS * DAY
        wanted = [
            name
            for name, one in self.posts.items()
            if one.read != one.comments and (one.created >= young or one.read == UNREAD)
        ]
        return sorted(wanted, key=lambda name: self.posts[name].created, reverse=True)

    def forget(self, now: datetime) -> dict[str, KnownPost]:
        """Takes out those that will not be asked for again."""
        oldest = now.timestamp() - KEPT_DAYS * DAY
        by_age = sorted(self.posts, key=lambda name: self.posts[name].created, reverse=True)
        out = {name for place, name in enumerate(by_age) if place >= MOST or self.posts[name].created < oldest}
        return {name: self.posts.pop(name) for name in by_age if name in out}

    def cursor(self) -> dict[str, Any]:
        """As it is kept."""
        posts = {name: [one.created, one.figures, one.read] for name, one in self.posts.items()}
        return {"v": CURSOR, "newest": self.newest, "checked_on": self.checked_on, "posts": posts}


def recall(cursor: Mapping[str, Any], now: datetime) -> PostMemory:
    """The memory that a cursor carries; one of another version, or from the future, knows nothing."""
    newest = values.parse_instant(cursor.get("newest") or None)
    if cursor.get("v") != CURSOR or (newest is not None and newest > now + timedelta(hours=1)):
        return PostMemory()
    posts = {name: KnownPost(*values) for name, values in cursor["posts"].items()}
    return PostMemory(posts, cursor["newest"], cursor["checked_on"])
