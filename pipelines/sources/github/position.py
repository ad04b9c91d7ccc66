"""Where the collection of a repository's issues or pull requests stands, as their cursor keeps it between two visits.

It has two ends. The head: all that changed since `updated_at` is read by each visit. The way back: what was opened before the first
visit, read newest first down to `since`, from `after` on. Whatever changes behind the reader's back is caught by the head.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Self

from pipelines.contract import Page, Row, Visit
from pipelines.sources.github.client import Client, Reply
from pipelines.sources.github.cursors import first, listed, second
from pipelines.sources.github.number_set import Numbers
from pipelines.text import values

VERSION = 2
"""Of the cursor. One of version 1 had no way back: where it had come to its end its instant is carried over, and all is read again."""
NEWEST = "/issues?state=all&sort=updated&direction=desc&per_page=1"
"""What changed last among issues and pull requests alike; its ETag tells whether anything did."""
Node = Mapping[str, Any]


@dataclass(slots=True)
class Place:
    """Both ends; fields are the keys of the cursor."""

    since: str
    """How far back the way goes."""
    updated_at: str = ""
    """The head: what changed before it is read. Empty before the first visit."""
    etag: str | None = None
    """Of the probe, kept only once the head has read everything that it stands for."""
    url: str = ""
    top: str = ""
    """The newest change that a walk of the head began with, and `top_after` its position; empty where none was cut short."""
    top_after: str | None = None
    after: str | None = None
    """Position of the way back; None begins at the newest."""
    is_whole: bool = False
    """Whether the way back has come to its end."""
    reach: int = 0
    """Lowest number that the way back has come to; 0 where it has read none."""
    reach_at: str = ""
    """From which instant on all is read."""
    read: int = 0
    """How many the way back has read."""
    expected: int | None = None
    """How many the source said lie on the way back."""
    older: int | None = None
    """How many the source holds from before `since`."""
    numbers: Numbers = field(default_factory=Numbers)
    total: int | None = None
    """How many the source holds in all; told, not kept."""
    changed: int = 0
    """How many the head has to read in this visit, and `left` of these are still to come; told, not kept."""
    left: int = 0

    @classmethod
    def of(cls, visit: Visit) -> Self:
        """What the visit's cursor keeps; a fresh start where it cannot be trusted."""
        kept, since = dict(visit.cursor), second(visit.since)
        updated = values.parse_instant(kept.get("updated_at"))
        if updated is None or updated > visit.now + timedelta(hours=1):
            return cls(since)
        head = second(min(updated, visit.now))
        if kept.get("v") == 1 and kept.get("etag"):
            return cls(since, head)
        back_to = values.parse_instant(kept.get("since"))
        if kept.get("v") != VERSION or back_to is None:
            return cls(since)
        known = {name: kept[name] for name in _KEPT if _is_like(kept.get(name), _KEPT[name])}
        place = cls(second(back_to), head, numbers=Numbers.unpack(kept.get("numbers")), **known)
        if since < place.since:  # somebody wants to look further back than until now
            place.since, place.is_whole, place.expected = since, False, None
        return place

    def cursor(self) -> dict[str, Any]:
        """As the landing zone keeps it."""
        kept = {name: getattr(self, name) for name in _KEPT if getattr(self, name) not in (None, "")}
        return {
            "v": VERSION,
            "since": self.since,
            "updated_at": self.updated_at,
            "numbers": self.numbers.pack(),
            **kept,
        }

    def probe(self, visit: Visit, client: Client, path: str = NEWEST) -> Reply:
        """What changed last: without data where that is what the last visit saw. On a first visit the head begins there."""
        reply = first(client, {"url": self.url, "etag": self.etag}, path)
        if reply.data is not None and not self.updated_at:
            self.updated_at = _newest(reply) or self.since
            self.caught_up(visit, reply)
        return reply

    def caught_up(self, visit: Visit, probe: Reply) -> None:
        """The head has read all that the probe stands for. In the very second of a change another may follow that the probe cannot tell."""
        self.etag, self.url = probe.etag if _newest(probe) < second(visit.now) else None, probe.url

    def page(self, visit: Visit, rows: list[Row], skipped: Iterable[str] = ()) -> Page:
        """A page of rows that leads on from here."""
        self.updated_at = min(self.updated_at, second(visit.now))
        behind = None if self.expected is None else 0 if self.is_whole else max(0, self.expected - self.read)
        return Page(
            rows,
            self.cursor(),
            expected=None if self.expected is None else max(self.expected, self.read) + self.changed,
            total=self.total,
            waiting=None if behind is None else behind + self.left,
            older=self.older,
            reach_at=self.since if self.is_whole else self.reach_at,
            skipped=tuple(skipped),
        )


def _newest(probe: Reply) -> str:
    return max((second(values.parse_instant(one.get("updated_at"))) for one in listed(probe)), default="")


_KEPT: dict[str, type] = {
    "etag": str, "url": str, "top": str, "top_after": str, "after": str, "is_whole": bool, "reach": int, "reach_at": str, "read": int,
    "expected": int, "older": int,
}  # fmt: skip


def _is_like(value: Any, kind: type) -> bool:
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
