"""Reads discussions with all their comments and replies, latest update first, back to the cursor.

GraphQL is the only interface: the REST paths below `/discussions` are not in GitHub's published description, and
neither its events nor the repository's ETag change with a reply, so there is no free 304. An unchanged repository costs
one request and one point, for the twenty newest numbers and times, which are compared with those of the last visit.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Self

from pipelines.contract import Page, Visit
from pipelines.http.shapes import raises_on_unexpected_shape
from pipelines.number_set import NumberSet
from pipelines.passed_over import KEY, PassedOver
from pipelines.sources.github.client import BadPosition, Client, load_queries
from pipelines.sources.github.lists import DISCUSSIONS, ListReader, is_end, is_since, skip_unreadable
from pipelines.sources.github.nodes import (
    get_next_position,
    get_time,
    load_trusted_cursor,
    make_cursor,
    to_github_time,
)
from pipelines.sources.github.threads import make_rows, read_again
from pipelines.text import values


@dataclass(slots=True)
class _DiscussionWalk:
    """The position of a walk from the newest discussion to the oldest."""

    floor: str
    """Time of update at which the walk ends: everything older is known."""
    since: str
    """Time of update at which the first walk ended."""
    newest: str = ""
    """The newest update when the walk began: the floor of the next walk."""
    after: str | None = None
    numbers: NumberSet = field(default_factory=NumberSet)
    """Numbers of all discussions ever read."""
    passed: PassedOver = field(default_factory=lambda: PassedOver(datetime.min.replace(tzinfo=UTC)))

    @classmethod
    def load(cls, visit: Visit, cursor: Mapping[str, Any]) -> Self:
        """Loads the position from a cursor."""
        since, after = cursor.get("since") or to_github_time(visit.since), cursor.get("after")
        newest = str(cursor.get("newest") or "") if after else ""
        numbers, passed = NumberSet.unpack(cursor.get("numbers")), PassedOver.load(cursor, visit.now, DISCUSSIONS.word)
        return cls(cursor.get("updated_at") or since, since, newest, after, numbers, passed)

    def to_cursor(self, visit: Visit, is_last: bool) -> dict[str, Any]:
        """Returns the cursor from which the next visit resumes."""
        more = {"since": self.since, "numbers": self.numbers.pack(), **self.passed.to_cursor()}
        if is_last:
            return make_cursor(visit, self.newest) | more
        return make_cursor(visit, self.floor) | more | {"newest": self.newest, "after": self.after}


def read_discussions(visit: Visit, client: Client) -> Iterator[Page]:
    """Reads the rest of an interrupted walk, then what changed since."""
    cursor = _load_cursor(visit)
    if cursor.get("after"):
        for page in _walk_down(visit, client, _DiscussionWalk.load(visit, cursor)):
            yield page
            cursor = dict(page.cursor)
    repository = client.query(load_queries("discussions_probe"), {})["repository"]
    fingerprint, total = _make_fingerprint(repository), _read_total(repository)
    walk = _DiscussionWalk.load(visit, cursor)
    if walk.passed.list_due():
        rows = read_again(visit, client, DISCUSSIONS, walk.passed)
        cursor = {key: value for key, value in cursor.items() if key != KEY} | walk.passed.to_cursor()
        yield Page(rows, cursor, passed_over=walk.passed)
    if fingerprint == cursor.get("seen"):
        older = _count_older(total, walk)
        yield Page([], cursor, total=total, older=older, passed_over=walk.passed, is_unchanged=True)
        return
    if not repository["hasDiscussionsEnabled"]:
        walk.newest = walk.floor
        yield Page([], walk.to_cursor(visit, is_last=True) | {"seen": fingerprint}, total=total)
        return
    for page in _walk_down(visit, client, walk):
        is_last = "after" not in page.cursor
        yield replace(page, cursor={**page.cursor, "seen": fingerprint} if is_last else page.cursor)


def _load_cursor(visit: Visit) -> dict[str, Any]:
    """Returns the cursor; only its numbers if the operator asks for a longer backfill than before."""
    cursor, since = load_trusted_cursor(visit), to_github_time(visit.since)
    return cursor if str(cursor.get("since") or "") <= since else {"numbers": cursor.get("numbers")}


def _walk_down(visit: Visit, client: Client, walk: _DiscussionWalk) -> Iterator[Page]:
    """Reads down to the floor."""
    # Discussions updated meanwhile jump ahead of the walk, beyond `newest`, and are left to the next one.
    reader = ListReader(client, DISCUSSIONS, visit.now)
    while True:
        try:
            page = reader.read_page({"after": walk.after})
        except BadPosition:
            if walk.after is None:
                raise
            walk.after, walk.newest = None, ""  # landed rows stay; only the way there is repeated
            continue
        fresh = [node for node in page.nodes if get_time(node, "updatedAt") >= walk.floor]
        unreadable = [node for node in page.unreadable if is_since(node, "updatedAt", walk.floor)]
        walk.newest = walk.newest or max((get_time(node, "updatedAt") for node in page.nodes), default=walk.floor)
        is_last = is_end(page, fresh) or len(unreadable) < len(page.unreadable) or not page.has_next
        skip_unreadable(walk.passed, unreadable, page.error)
        rows = make_rows(visit, client, DISCUSSIONS, fresh, walk.passed)
        walk.numbers.add(int(node["number"]) for node in fresh if str(node["number"]) not in walk.passed.items)
        if not is_last:
            walk.after = get_next_position(page.connection, walk.after)
        older = _count_older(page.total, walk) if is_last else None
        yield Page(rows, walk.to_cursor(visit, is_last), total=page.total, older=older, passed_over=walk.passed)
        if is_last:
            return
        client.stop_when_spent(page.data)


def _count_older(total: int | None, walk: _DiscussionWalk) -> int | None:
    """Counts the discussions older than the first walk's end, which were never read."""
    return None if total is None else max(0, total - len(walk.numbers) - len(walk.passed))


@raises_on_unexpected_shape("GitHub's number of discussions")
def _read_total(repository: Mapping[str, Any]) -> int:
    return values.read_number(repository["discussions"]["totalCount"], least=0)


@raises_on_unexpected_shape("a list of discussions of GitHub")
def _make_fingerprint(repository: Mapping[str, Any]) -> str:
    """Makes a fingerprint of the newest updates, which changes with any update or deletion."""
    discussions = repository["discussions"]
    newest = [(node["number"], node["updatedAt"]) for node in discussions["nodes"] if node]
    text = json.dumps([bool(repository["hasDiscussionsEnabled"]), discussions["totalCount"], newest])
    return hashlib.sha256(text.encode()).hexdigest()[:16]
