"""Reading what a repository held when it was first visited: newest first, so that whoever stops early has the newest threads whole."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.contract import Page, Row, Visit
from pipelines.http.errors import Fatal, Retriable
from pipelines.sources.github.client import BadPosition, Client, PageSize, TooHeavy, question
from pipelines.sources.github.cursors import onward, second
from pipelines.sources.github.position import Node, Place
from pipelines.text import values

CREATED = {"field": "CREATED_AT", "direction": "DESC"}
Rows = Callable[[list[Any]], tuple[list[Row], list[int]]]
"""Makes rows of nodes, and names the numbers of those that did not come whole."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Issues or pull requests: how they are asked for."""

    word: str
    field: str
    """Of the repository: `issues`, `pullRequests`."""
    count: str
    """Alias of the recent ones' count in `counts.graphql`."""
    queries: tuple[str, ...]
    """The question for a page, and what it is made of."""
    next_query: str
    """The question for the next one's number only."""
    most: int
    """As many as cost one point a page."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a question brought: a page of nodes, or the one that stands next and cannot be read."""

    data: Mapping[str, Any]
    part: Mapping[str, Any]
    """The list that was asked for: its nodes, its count, and where the next page begins."""
    nodes: list[Any]
    passed: Node | None = None

    @property
    def total(self) -> int:
        """How many there are in all."""
        repository = self.data["repository"]
        return int(repository.get("all", self.part)["totalCount"])


class Reader:
    """Reads one list page by page. An item that GitHub cannot give even alone is passed over, so that it does not hold up the others."""

    def __init__(self, client: Client, kind: Kind) -> None:
        self._client, self.kind, self._size = client, kind, PageSize(kind.most)

    def page(self, variables: Mapping[str, Any]) -> Found:
        """The page at a position. Raises Retriable where the service is at fault and not one item."""
        try:
            data = self._client.page(question(*self.kind.queries), self._size, variables)
        except Retriable as error:
            return self._next(variables, error)
        found = self._list(data)
        return Found(data, found, [node for node in found["nodes"] if node])

    def _list(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        found = data["repository"].get(self.kind.field)
        if not isinstance(found, dict) or not isinstance(found.get("nodes"), list) or "pageInfo" not in found:
            raise Fatal(f"GitHub's answer has no {self.kind.field} with nodes; its interface has changed")
        return found

    def _next(self, variables: Mapping[str, Any], error: Retriable) -> Found:
        try:
            data = self._client.query(question(self.kind.next_query), variables)
        except TooHeavy:
            raise error from None
        found = self._list(data)
        if self._size.now > 1 or not found["nodes"]:
            raise error
        return Found(data, found, [], found["nodes"][0])


def backwards(visit: Visit, client: Client, reader: Reader, place: Place, rows_of: Rows) -> Iterator[Page]:
    """From where the last visit stopped down to `place.since`."""
    if not place.is_whole and place.expected is None:
        _count(client, reader.kind, place)
    while not place.is_whole:
        try:
            found = reader.page({"after": place.after, "since": None, "order": CREATED})
        except BadPosition:
            if place.after is None:
                raise
            place.after = None  # what was read stays read; only the way there is walked again
            continue
        fresh = [node for node in found.nodes if second(values.parse_instant(node["createdAt"])) >= place.since]
        place.is_whole = len(fresh) < len(found.nodes) or not found.part["pageInfo"]["hasNextPage"]
        rows, unread = rows_of(fresh)
        _note(place, found, fresh, unread)
        passed = (
            [found.passed["number"]]
            if found.passed and second(values.parse_instant(found.passed["createdAt"])) >= place.since
            else []
        )
        if not place.is_whole:
            place.after = onward(found.part, place.after)
        yield place.page(visit, rows, [f"{reader.kind.word} {number}" for number in [*passed, *unread]])
        if not place.is_whole:
            client.stop_when_spent(found.data)


def _note(place: Place, found: Found, fresh: list[Any], unread: list[int]) -> None:
    numbers = [int(node["number"]) for node in fresh]
    place.numbers.add(number for number in numbers if number not in unread)
    new = [number for number in numbers if not place.reach or number < place.reach]
    place.total, place.read, place.reach = found.total, place.read + len(new), min(new, default=place.reach)
    oldest = min((second(values.parse_instant(node["createdAt"])) for node in fresh), default=place.reach_at)
    place.reach_at = min(place.reach_at or oldest, oldest)


def _count(client: Client, kind: Kind, place: Place) -> None:
    """How many lie on the way, by GitHub's search, and how many beyond. Where it cannot say, the coverage stays unknown."""
    try:
        found = counts(client, place.since)
    except (Fatal, Retriable):
        return
    place.total, place.expected = found[kind.field]
    place.older = max(0, place.total - place.expected)


def counts(client: Client, since: str) -> dict[str, tuple[int, int]]:
    """How many issues and pull requests there are in all, and how many were opened since an instant: by field of the repository."""
    where = f"repo:{client.owner}/{client.name} created:>={since}"
    data = client.query(question("counts"), {"issues": f"{where} is:issue", "pulls": f"{where} is:pr"})
    repository = data["repository"]
    return {
        field: (
            int(repository[field]["totalCount"]),
            min(int(data[alias]["issueCount"]), int(repository[field]["totalCount"])),
        )
        for field, alias in (("issues", "recentIssues"), ("pullRequests", "recentPulls"))
    }
