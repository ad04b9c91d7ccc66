"""How discussions are read: newest update first back to the cursor, each with all its comments and all replies to them.

Only GraphQL has them: the REST addresses below `/discussions` are not in GitHub's published description, and neither its events nor
the repository's own ETag tell of replies, so there is no free 304 to ask for. An unchanged repository costs one request and one
point: the twenty newest numbers and times, compared with those of the last visit.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from pipelines.contract import Page, Row, Visit
from pipelines.http.shapes import raises_on_unexpected_shape
from pipelines.sources.github.backfill import Kind, Reader
from pipelines.sources.github.client import BadPosition, Client, question
from pipelines.sources.github.cursors import mark, onward, second, trusted
from pipelines.sources.github.discussion_rows import discussion_rows
from pipelines.sources.github.further_replies import complete
from pipelines.sources.github.number_set import Numbers
from pipelines.text import values

DISCUSSIONS = Kind("discussion", "discussions", "", ("discussions", "talks", "sayings"), "discussions_next", 24)
"""24 a page: 1 + 24 · (1 + 5) connections are 145 of GitHub's units and so one point."""


@dataclass(slots=True)
class _Walk:
    """Where a walk from the newest to the oldest stands."""

    floor: str
    """What changed before it is known."""
    since: str
    """How far back the first walk went."""
    newest: str = ""
    """The newest change that the walk began with: the floor of the next one."""
    after: str | None = None
    numbers: Numbers = field(default_factory=Numbers)
    """All that were ever read."""

    @classmethod
    def of(cls, visit: Visit, cursor: Mapping[str, Any]) -> Self:
        """As the cursor keeps it."""
        since, after = cursor.get("since") or second(visit.since), cursor.get("after")
        newest = str(cursor.get("newest") or "") if after else ""
        return cls(cursor.get("updated_at") or since, since, newest, after, Numbers.unpack(cursor.get("numbers")))

    def cursor(self, visit: Visit, is_last: bool) -> dict[str, Any]:
        """Where the next visit starts."""
        more = {"since": self.since, "numbers": self.numbers.pack()}
        if is_last:
            return mark(visit, self.newest, None) | more
        return mark(visit, self.floor, None) | more | {"newest": self.newest, "after": self.after}


def pages(visit: Visit, client: Client) -> Iterator[Page]:
    """First the rest of a walk that was cut short, then what changed since."""
    cursor = _kept(visit)
    if cursor.get("after"):
        for page in _pages(visit, client, _Walk.of(visit, cursor)):
            yield page
            cursor = dict(page.cursor)
    found = client.query(question("discussions_probe"), {})["repository"]
    seen, total = _fingerprint(found), found["discussions"]["totalCount"]
    if seen == cursor.get("seen"):
        yield Page(
            [], cursor, total=total, older=_older(total, Numbers.unpack(cursor.get("numbers"))), is_unchanged=True
        )
        return
    if not found["hasDiscussionsEnabled"]:
        walk = _Walk.of(visit, cursor)
        walk.newest = walk.floor
        yield Page([], walk.cursor(visit, is_last=True) | {"seen": seen}, total=total)
        return
    for page in _pages(visit, client, _Walk.of(visit, cursor)):
        is_last = "after" not in page.cursor
        kept = {**page.cursor, "seen": seen} if is_last else page.cursor
        yield replace(page, cursor=kept)


def _kept(visit: Visit) -> dict[str, Any]:
    """The cursor, as long as nobody wants to look further back than it did."""
    cursor, since = trusted(visit), second(visit.since)
    return cursor if str(cursor.get("since") or "") <= since else {"numbers": cursor.get("numbers")}


def _pages(visit: Visit, client: Client, walk: _Walk) -> Iterator[Page]:
    """Pages down to the floor. What is updated meanwhile jumps ahead of the walk, beyond `newest`, and comes next time."""
    reader = Reader(client, DISCUSSIONS)
    while True:
        try:
            found = reader.page({"after": walk.after})
        except BadPosition:
            if walk.after is None:
                raise
            walk.after, walk.newest = None, ""  # what was read stays read; only the way there is walked again
            continue
        times = [second(values.parse_instant(node["updatedAt"])) for node in found.nodes]
        fresh = [node for node, time in zip(found.nodes, times, strict=True) if time >= walk.floor]
        passed = [found.passed] if found.passed else []
        times += [second(values.parse_instant(one["updatedAt"])) for one in passed]
        walk.newest = walk.newest or max(times, default=walk.floor)
        is_last = min(times, default=walk.floor) < walk.floor or not found.part["pageInfo"]["hasNextPage"]
        unread = complete(client, fresh)
        rows: list[Row] = [row for node in fresh for row in discussion_rows(visit, node)]
        walk.numbers.add(int(node["number"]) for node in fresh)
        if not is_last:
            walk.after = onward(found.part, walk.after)
        skipped = tuple(f"discussion {number}" for number in [*(int(one["number"]) for one in passed), *unread])
        older = _older(found.total, walk.numbers) if is_last else None
        yield Page(rows, walk.cursor(visit, is_last), total=found.total, older=older, skipped=skipped)
        if is_last:
            return
        client.stop_when_spent(found.data)


def _older(total: int | None, numbers: Numbers) -> int | None:
    """How many did not change since the first walk's end, and so were never read."""
    return None if total is None else max(0, total - len(numbers))


@raises_on_unexpected_shape("GitHub")
def _fingerprint(repository: Mapping[str, Any]) -> str:
    """What the newest changes look like: a change in the very second of the last visit shows too, and so does a deletion."""
    found = repository["discussions"]
    newest = [(node["number"], node["updatedAt"]) for node in found["nodes"] if node]
    told = json.dumps([bool(repository["hasDiscussionsEnabled"]), found["totalCount"], newest])
    return hashlib.sha256(told.encode()).hexdigest()[:16]
