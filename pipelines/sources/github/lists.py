"""Reads a list of GitHub's GraphQL interface page by page, and steps over items that GitHub cannot return."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from pipelines.http.errors import Fatal, Retriable
from pipelines.http.shapes import raises_on_unexpected_shape
from pipelines.number_set import HIGHEST
from pipelines.passed_over import PassedOver
from pipelines.sources.github.client import Client, PageSize, TooHeavy, load_queries
from pipelines.sources.github.nodes import Node, parse_time, to_github_time
from pipelines.text import values
from warehouse.faults import Fault

CLOCK_SKEW = timedelta(hours=1)
FEW = 5
"""Length up to which a single time at the end of a page is believed."""


@dataclass(frozen=True, slots=True)
class ThreadKind:
    """A kind of thread, and how GitHub's GraphQL interface names it."""

    stream: str
    """Our stream, and the file of the query for a page."""
    word: str
    field: str
    """The repository's field for a page, and the one for a single thread."""
    single_field: str
    fragment: str
    """The fragment of a thread's fields, and the files that it needs."""
    files: tuple[str, ...]
    most: int
    """Maximum number of threads per page, so that it costs one point."""


ISSUES = ThreadKind("issues", "issue", "issues", "issue", "issueFields", ("issue", "comments"), 49)
"""49 per page: 1 + 49 · 3 + 1 connections are 149 of GitHub's units, and so one point; fifty would cost two."""
PULLS = ThreadKind("pulls", "pull request", "pullRequests", "pullRequest", "pullFields", ("pull",), 75)
"""A page costs one point whatever its size; a smaller one is answered sooner."""
DISCUSSIONS = ThreadKind(
    "discussions",
    "discussion",
    "discussions",
    "discussion",
    "discussionFields",
    ("discussion", "discussion_comments", "discussion_replies"),
    24,
)
"""24 per page: 1 + 24 · (1 + 5) connections are 145 of GitHub's units, and so one point."""


@dataclass(frozen=True, slots=True)
class NodePage:
    """A page of nodes, or the next node if it cannot be read."""

    data: Mapping[str, Any]
    connection: Mapping[str, Any]
    """The requested list: its nodes, their number and the position of the next page."""
    nodes: list[Any]
    unreadable: list[Node]
    """Nodes stepped over: with number and times only, or broken; empty for most pages."""
    error: Exception | None = None
    """Why they were stepped over."""

    @property
    def total(self) -> int:
        """The number of items in the whole list."""
        repository = self.data["repository"]
        with raises_on_unexpected_shape("GitHub's number of threads"):
            return values.read_number(repository.get("all", self.connection)["totalCount"], least=0)

    @property
    def listed(self) -> int:
        """The number of items that the query finds."""
        with raises_on_unexpected_shape("GitHub's number of threads"):
            return values.read_number(self.connection["totalCount"], least=0)

    @property
    def has_next(self) -> bool:
        """Whether the list goes on."""
        return bool(self.connection["pageInfo"]["hasNextPage"])


def is_number(value: object) -> bool:
    """Returns whether a value can be the number of a thread."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= HIGHEST


def _is_named(node: object) -> bool:
    return isinstance(node, dict) and is_number(node.get("number"))


def is_since(node: Node, name: str, floor: str) -> bool:
    """Returns whether a node's time is not before a floor; a node without that time counts as recent."""
    time = parse_time(node.get(name))
    return time is None or to_github_time(time) >= floor


def is_end(page: NodePage, fresh: Sequence[Node]) -> bool:
    """Returns whether a page reaches below the floor above which `fresh` lies; one wrong time does not."""
    return len(page.nodes) - len(fresh) > (1 if len(page.nodes) > FEW else 0)


def skip_unreadable(passed: PassedOver, nodes: Sequence[Node], error: Exception | None) -> None:
    """Skips nodes that a list cannot return, until they are asked for by number."""
    for node in nodes:
        if not passed.is_paused(str(node["number"])):
            passed.add(str(node["number"]), error or Fatal("GitHub does not return it"))


class ListReader:
    """Reads one list; steps over an item that GitHub cannot return even alone, so that it blocks no other."""

    def __init__(self, client: Client, kind: ThreadKind, now: datetime) -> None:
        self._client, self._kind, self._size = client, kind, PageSize(kind.most)
        self._latest = now + CLOCK_SKEW

    def read_page(self, variables: Mapping[str, Any]) -> NodePage:
        """Reads the page at a position. Raises Retriable if the service is at fault rather than an item."""
        try:
            data = self._client.query_whole(self._size, partial(self._query_named, variables))
        except Retriable as error:
            return self._step_over(variables, error)
        connection = self._get_connection(data)
        nodes = [node for node in connection["nodes"] if node is not None]
        sound = [node for node in nodes if self._is_sound(node)]
        if nodes and not sound and len(nodes) > 1:
            raise Fatal(f"GitHub's {self._kind.field} have an unexpected shape: none of a page can be read")
        broken = [node for node in nodes if not self._is_sound(node)]
        why = Fatal(f"a {self._kind.word} of GitHub has an unexpected shape") if broken else None
        return NodePage(data, connection, sound, broken, why)

    def _query_named(self, variables: Mapping[str, Any], first: int) -> dict[str, Any]:
        """Queries a page. Raises TooHeavy for an item without a number: of a smaller page, the next query names it."""
        query = load_queries(self._kind.stream, *self._kind.files)
        data = self._client.query(query, {**variables, "first": first})
        connection = self._get_connection(data)
        if not connection["nodes"] and (connection.get("totalCount") or variables.get("after")):
            raise TooHeavy(f"GitHub returned an empty page of {self._kind.field} that are not empty")
        nodes = [node for node in connection["nodes"] if node is not None]
        if nodes and not any(map(_is_named, nodes)) and len(nodes) > 1:
            raise Fatal(f"GitHub's {self._kind.field} have an unexpected shape: none of a page has a number")
        if not all(map(_is_named, nodes)):
            raise TooHeavy(f"a {self._kind.word} of GitHub has no number", Fault.UNEXPECTED_SHAPE)
        return data

    def _is_sound(self, node: Any) -> bool:
        """Returns whether a node has what decides its place: times that are not in the future."""
        times = [parse_time(node.get(name)) for name in ("createdAt", "updatedAt")]
        return all(time is not None and time <= self._latest for time in times)

    def _get_connection(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        connection = data["repository"].get(self._kind.field)
        is_page = isinstance(connection, dict) and isinstance(connection.get("nodes"), list)
        info = connection.get("pageInfo") if is_page else None
        if not isinstance(info, dict) or not isinstance(info.get("hasNextPage"), bool):
            raise Fatal(f"GitHub's answer has no {self._kind.field} with nodes; its interface has changed")
        return connection  # type: ignore[no-any-return]

    def _step_over(self, variables: Mapping[str, Any], error: Retriable) -> NodePage:
        """Reads only the number of the unreadable item. Raises the error if the service is at fault instead."""
        query = load_queries(self._kind.stream).replace(f"...{self._kind.fragment}", "number createdAt updatedAt")
        try:
            data = self._client.query(query, {**variables, "first": 1})
        except TooHeavy:
            raise error from None
        connection = self._get_connection(data)
        is_end = variables.get("after") and not connection["nodes"] and not connection["pageInfo"]["hasNextPage"]
        if self._size.now > 1 or not (is_end or (connection["nodes"] and _is_named(connection["nodes"][0]))):
            raise error
        if is_end:
            return NodePage(data, connection, [], [])  # what followed was deleted meanwhile
        return NodePage(data, connection, [], [connection["nodes"][0]], error)
