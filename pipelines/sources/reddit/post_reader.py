"""The posts of a subreddit remembered between visits: how far each was read, and which to check again."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pipelines.text import values

CURSOR = 1
WATCHED_DAYS = 14
"""Age up to which a post's comments are read again whenever their count changes."""
RECENT_DAYS = 30
"""Age up to which a post is checked every day for deletion and changes."""
RETENTION_DAYS = 180
"""Age beyond which a post is no longer checked, and therefore removed."""
SLICES = 30
"""Number of days over which checks of posts older than `RECENT_DAYS` are spread, one slice per day."""
MOST = 5_000
"""Maximum number of remembered posts: the cursor carries them all, some 150 KB."""
UNREAD = -1
UNCONFIRMED = -2
"""Marks a post of which Reddit stated no comments: its page was not read, and the next daily check confirms that."""
UNSHOWN = -3
"""Marks a post whose page showed none of the comments that Reddit counts: the next visit reads it once more."""
DAY = 86400


@dataclass(slots=True)
class KnownPost:
    """A remembered post."""

    created: int
    """Epoch seconds."""
    stamp: str
    """The comment count and flags that Reddit last reported; see `rows.make_stamp`."""
    read: int = UNREAD
    """The comment count when the comments were last read."""

    def is_unread(self, young: float) -> bool:
        """Returns whether its comments are to be read; a changed count matters only if it was created since `young`."""
        if self.read == UNCONFIRMED:
            return self.comments > 0
        return self.read in (UNREAD, UNSHOWN) or (self.read != self.comments and self.created >= young)

    def confirm(self, stamp: str) -> None:
        """Notes a later look: only a count of no comments that Reddit repeats is believed."""
        if self.read == UNCONFIRMED and self.stamp == stamp and self.comments == 0:
            self.read = 0

    @property
    def comments(self) -> int:
        """The comment count that Reddit last reported."""
        return int(self.stamp.rstrip("lae"))


@dataclass(slots=True)
class PostMemory:
    """All remembered posts of a subreddit."""

    posts: dict[str, KnownPost] = field(default_factory=dict)
    """By Reddit's own ID."""
    newest: int = 0
    checked_on: str = ""

    def list_due(self, now: datetime) -> list[str]:
        """Lists the posts to check today: all recent or unconfirmed ones, and one slice of the others."""
        today, slice_ = now.timestamp(), now.toordinal() % SLICES
        if self.checked_on == now.date().isoformat():
            return []
        young = today - RECENT_DAYS * DAY
        return [
            name
            for name, post in self.posts.items()
            if post.created >= young or post.read == UNCONFIRMED or zlib.crc32(name.encode()) % SLICES == slice_
        ]

    def list_unread(self, now: datetime) -> list[str]:
        """Lists the posts whose comments are to be read, newest first."""
        young = now.timestamp() - WATCHED_DAYS * DAY
        unread = [name for name, post in self.posts.items() if post.is_unread(young)]
        return sorted(unread, key=lambda name: self.posts[name].created, reverse=True)

    def pop_expired(self, now: datetime) -> dict[str, KnownPost]:
        """Removes and returns the posts that will not be checked again."""
        oldest = now.timestamp() - RETENTION_DAYS * DAY
        by_age = sorted(self.posts, key=lambda name: self.posts[name].created, reverse=True)
        expired = {name for rank, name in enumerate(by_age) if rank >= MOST or self.posts[name].created < oldest}
        return {name: self.posts.pop(name) for name in by_age if name in expired}

    def to_cursor(self) -> dict[str, Any]:
        """Returns the cursor that carries the posts to the next visit."""
        posts = {name: [post.created, post.stamp, post.read] for name, post in self.posts.items()}
        return {"v": CURSOR, "newest": self.newest, "checked_on": self.checked_on, "posts": posts}


def load_memory(cursor: Mapping[str, Any], now: datetime) -> PostMemory:
    """Loads the posts that a cursor carries; none if it is of another version or from the future."""
    newest = values.parse_instant(cursor.get("newest") or None)
    if cursor.get("v") != CURSOR or (newest is not None and newest > now + timedelta(hours=1)):
        return PostMemory()
    posts = {name: KnownPost(*fields) for name, fields in cursor["posts"].items()}
    return PostMemory(posts, cursor["newest"], cursor["checked_on"])
