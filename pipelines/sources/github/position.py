"""The cursor of a repository's issues or pull requests: state that visits pass on, without any request.

It has two parts. Incremental: each visit reads all changes since `updated_at`. Backfill: threads opened before the
first visit are read newest first, from `after` down to `since`; those that change afterwards come with the next
incremental read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from pipelines.contract import Page, Row, Visit
from pipelines.passed_over import PassedOver
from pipelines.sources.github.nodes import to_github_time
from pipelines.text import values

VERSION = 2
"""Version of the cursor; a cursor of another version is ignored."""


@dataclass(slots=True)
class Position:
    """The progress of both parts; fields are named as the keys of the cursor."""

    since: str
    """Start of the backfill."""
    updated_at: str = ""
    """Instant before which all changes are read; empty before the first visit."""
    etag: str | None = None
    """The probe's ETag, set only once all changes that it covers are read."""
    url: str = ""
    after: str | None = None
    """Position of the backfill; None starts at the newest thread."""
    is_whole: bool = False
    """True once the backfill is complete."""
    reach: int = 0
    """Lowest number that the backfill has reached; 0 if it has read none."""
    reach_at: str = ""
    """Instant since which all threads are read."""
    read: int = 0
    """Number of threads that the backfill has read."""
    expected: int | None = None
    """Number of threads that the backfill will read, according to the source."""
    older: int | None = None
    """Number of threads that the source holds from before `since`."""
    passed: PassedOver = field(default_factory=lambda: PassedOver(datetime.min.replace(tzinfo=UTC)))
    """The threads that GitHub does not return in full."""
    total: int | None = None
    """Number of threads that the source holds in all; not part of the cursor."""
    changed: int = 0
    """Number of changed threads to read in this visit, of which `left` remain; not part of the cursor."""
    left: int = 0
    known_until: str = ""
    """Instant until which this visit has read all changes of the threads held; empty before. Not part of the cursor."""

    @classmethod
    def load(cls, visit: Visit, noun: str) -> Self:
        """Loads the visit's cursor; starts afresh if it cannot be trusted. `noun` names its threads."""
        position = cls._load(visit)
        position.passed = PassedOver.load(visit.cursor, visit.now, noun)
        return position

    @classmethod
    def _load(cls, visit: Visit) -> Self:
        cursor, since = dict(visit.cursor), to_github_time(visit.since)
        updated = values.parse_instant(cursor.get("updated_at"))
        if updated is None or updated > visit.now + timedelta(hours=1):
            return cls(since)
        updated_at = to_github_time(min(updated, visit.now))
        back_to = values.parse_instant(cursor.get("since"))
        if cursor.get("v") != VERSION or back_to is None:
            return cls(since)
        fields = {name: cursor[name] for name in _FIELD_TYPES if _is_of_type(cursor.get(name), _FIELD_TYPES[name])}
        position = cls(to_github_time(back_to), updated_at, **fields)
        # The operator may ask for a longer backfill than before.
        if since < position.since:
            position.since, position.is_whole, position.expected = since, False, None
        return position

    def to_cursor(self) -> dict[str, Any]:
        """Returns the cursor that carries the position to the next visit."""
        fields = {name: getattr(self, name) for name in _FIELD_TYPES if getattr(self, name) not in (None, "")}
        return {
            "v": VERSION,
            "since": self.since,
            "updated_at": self.updated_at,
            **fields,
            **self.passed.to_cursor(),
        }

    def make_page(self, visit: Visit, rows: list[Row]) -> Page:
        """Makes a page of rows with the cursor of this position."""
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
            known_until=self.known_until or self.updated_at,
            passed_over=self.passed,
        )


_FIELD_TYPES: Mapping[str, type] = {
    "etag": str, "url": str, "after": str, "is_whole": bool, "reach": int, "reach_at": str, "read": int,
    "expected": int, "older": int,
}  # fmt: skip


def _is_of_type(value: Any, kind: type) -> bool:
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
