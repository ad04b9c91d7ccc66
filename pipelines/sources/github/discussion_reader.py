"""Reads discussions with all their comments and replies, latest update first, back to the cursor.

GraphQL is the only interface: the REST paths below `/discussions` are not in GitHub's published description, and
neither its events nor the repository's ETag change with a reply, so there is no free 304. An unchanged repository costs
one request and one point, for the twenty newest numbers and times, which are compared with those of the last visit.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from pipelines.contract import Page, Row, Visit
from pipelines.http.shapes import raises_on_unexpected_shape
from pipelines.number_set import NumberSet
from pipelines.sources.github.client import BadPosition, Client, load_queries
from pipelines.sources.github.cursors import get_next_position, load_trusted_cursor, make_cursor, to_github_time
from pipelines.sources.github.discussion_rows import discussion_rows
from pipelines.sources.github.further_replies import complete_discussions
from pipelines.sources.github.nodes import get_time
from pipelines.sources.github.page_reader import ListQuery, ListReader

DISCUSSIONS = ListQuery(
    "discussion", "discussions", ("discussions", "discussion_comments", "discussion_replies"), "discussions_next", 24
)
"""24 per page: 1 + 24 · (1 + 5) connections are 145 of GitHub's units, and so one point."""


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

    @classmethod
    def load(cls, visit: Visit, cursor: Mapping[str, Any]) -> Self:
        """Loads the position from a cursor."""
        since, after = cursor.get("since") or to_github_time(visit.since), cursor.get("after")
        newest = str(cursor.get("newest") or "") if after else ""
        return cls(cursor.get("updated_at") or since, since, newest, after, NumberSet.unpack(cursor.get("numbers")))

    def to_cursor(self, visit: Visit, is_last: bool) -> dict[str, Any]:
        """Returns the cursor from which the next visit resumes."""
        more = {"since": self.since, "numbers": self.numbers.pack()}
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
    fingerprint, total = _make_fingerprint(repository), repository["discussions"]["totalCount"]
    walk = _DiscussionWalk.load(visit, cursor)
    if fingerprint == cursor.get("seen"):
        yield Page([], cursor, total=total, older=_count_older(total, walk.numbers), is_unchanged=True)
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
    reader = ListReader(client, DISCUSSIONS)
    while True:
        try:
            page = reader.read_page({"after": walk.after})
        except BadPosition:
            if walk.after is None:
                raise
            walk.after, walk.newest = None, ""  # landed rows stay; only the way there is repeated
            continue
        fresh = [node for node in page.nodes if get_time(node, "updatedAt") >= walk.floor]
        times = [get_time(node, "updatedAt") for node in [*page.nodes, *page.unreadable]]
        walk.newest = walk.newest or max(times, default=walk.floor)
        is_last = min(times, default=walk.floor) < walk.floor or not page.connection["pageInfo"]["hasNextPage"]
        unread = complete_discussions(client, fresh)
        rows: list[Row] = [row for node in fresh for row in discussion_rows(visit, node)]
        walk.numbers.add(int(node["number"]) for node in fresh)
        if not is_last:
            walk.after = get_next_position(page.connection, walk.after)
        skipped = tuple(f"discussion {number}" for number in [*(int(n["number"]) for n in page.unreadable), *unread])
        older = _count_older(page.total, walk.numbers) if is_last else None
        yield Page(rows, walk.to_cursor(visit, is_last), total=page.total, older=older, skipped=skipped)
        if is_last:
            return
        client.stop_when_spent(page.data)


def _count_older(total: int | None, numbers: NumberSet) -> int | None:
    """Counts the discussions older than the first walk's end, which were never read."""
    return None if total is None else max(0, total - len(numbers))


@raises_on_unexpected_shape("a list of discussions of GitHub")
def _make_fingerprint(repository: Mapping[str, Any]) -> str:
    """Makes a fingerprint of the newest updates, which changes with any update or deletion."""
    discussions = repository["discussions"]
    newest = [(node["number"], node["updatedAt"]) for node in discussions["nodes"] if node]
    text = json.dumps([bool(repository["hasDiscussionsEnabled"]), discussions["totalCount"], newest])
    return hashlib.sha256(text.encode()).hexdigest()[:16]
