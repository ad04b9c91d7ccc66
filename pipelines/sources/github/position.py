"""The cursor of a repository's issues or pull requests: pure state, kept between two visits. It sends no requests.

It has two ends. The incremental end: each visit reads all that changed since `updated_at`. The backfill: what was
opened before the first visit, read newest first down to `since`, from `after` on. What changes behind it comes with the
next incremental read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Self

from pipelines.contract import Page, Row, Visit
from pipelines.sources.github.cursors import to_github_time
from pipelines.sources.github.number_set import NumberSet
from pipelines.text import values

VERSION = 2
"""Of the cursor. Version 1 had no backfill: once it had come to its end its instant is kept, and all is read again."""


@dataclass(slots=True)
class Position:
    """How far both ends have come; fields are the keys of the cursor."""

    since: str
    """How far back the backfill goes."""
    updated_at: str = ""
    """The incremental end: what changed before it is read. Empty before the first visit."""
    etag: str | None = None
    """Of the probe, kept only once everything that it stands for is read."""
    url: str = ""
    top: str = ""
    """The newest change that an unfinished incremental walk began with, and `top_after` its position."""
    top_after: str | None = None
    after: str | None = None
    """Position of the backfill; None begins at the newest."""
    is_whole: bool = False
    """Whether the backfill has come to its end."""
    reach: int = 0
    """Lowest number that the backfill has come to; 0 where it has read none."""
    reach_at: str = ""
    """From which instant on all is read."""
    read: int = 0
    """How many the backfill has read."""
    expected: int | None = None
    """How many the source said the backfill will read."""
    older: int | None = None
    """How many the source holds from before `since`."""
    numbers: NumberSet = field(default_factory=NumberSet)
    total: int | None = None
    """How many the source holds in all; reported, not kept."""
    changed: int = 0
    """How many this visit has to read incrementally, and `left` of these are still to come; reported, not kept."""
    left: int = 0

    @classmethod
    def load(cls, visit: Visit) -> Self:
        """Loads the visit's cursor; makes a fresh start where it cannot be trusted."""
        cursor, since = dict(visit.cursor), to_github_time(visit.since)
        updated = values.parse_instant(cursor.get("updated_at"))
        if updated is None or updated > visit.now + timedelta(hours=1):
            return cls(since)
        updated_at = to_github_time(min(updated, visit.now))
        if cursor.get("v") == 1 and cursor.get("etag"):
            return cls(since, updated_at)
        back_to = values.parse_instant(cursor.get("since"))
        if cursor.get("v") != VERSION or back_to is None:
            return cls(since)
        fields = {name: cursor[name] for name in _KEPT if _is_of_type(cursor.get(name), _KEPT[name])}
        numbers = NumberSet.unpack(cursor.get("numbers"))
        position = cls(to_github_time(back_to), updated_at, numbers=numbers, **fields)
        if since < position.since:  # somebody wants to look further back than until now
            position.since, position.is_whole, position.expected = since, False, None
        return position

    def to_cursor(self) -> dict[str, Any]:
        """Returns it as the landing zone keeps it."""
        fields = {name: getattr(self, name) for name in _KEPT if getattr(self, name) not in (None, "")}
        return {
            "v": VERSION,
            "since": self.since,
            "updated_at": self.updated_at,
            "numbers": self.numbers.pack(),
            **fields,
        }

    def catch_up(self, newest: str, etag: str | None, url: str, now: str) -> None:
        """Marks all that a probe stands for as read.

        In the second of a change another may follow that the probe cannot tell.
        """
        self.etag, self.url = etag if newest < now else None, url

    def make_page(self, visit: Visit, rows: list[Row], skipped: Iterable[str] = ()) -> Page:
        """Makes a page of rows that leads on from here."""
        self.updated_at = min(self.updated_at, to_github_time(visit.now))
        behind = None if self.expected is None else 0 if self.is_whole else max(0, self.expected - self.read)
        return Page(
            rows,
            self.to_cursor(),
            expected=None if self.expected is None else max(self.expected, self.read) + self.changed,
            total=self.total,
            waiting=None if behind is None else behind + self.left,
            older=self.older,
            reach_at=self.since if self.is_whole else self.reach_at,
            skipped=tuple(skipped),
        )


_KEPT: Mapping[str, type] = {
    "etag": str, "url": str, "top": str, "top_after": str, "after": str, "is_whole": bool, "reach": int,
    "reach_at": str, "read": int,
    "expected": int, "older": int,
}  # fmt: skip


def _is_of_type(value: Any, kind: type) -> bool:
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
