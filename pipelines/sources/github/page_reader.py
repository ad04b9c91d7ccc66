"""Reading one list of GitHub's GraphQL interface page by page, also past an item that GitHub cannot give."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.http.errors import Fatal, Retriable
from pipelines.sources.github.client import Client, PageSize, TooHeavy, load_queries
from pipelines.sources.github.nodes import Node


@dataclass(frozen=True, slots=True)
class ListQuery:
    """How issues, pull requests or discussions are asked for."""

    word: str
    field: str
    """Of the repository: `issues`, `pullRequests`, `discussions`."""
    queries: tuple[str, ...]
    """The question for a page, and the fragments that it is made of."""
    next_query: str
    """The question for the next item's number only."""
    most: int
    """As many as cost one point a page."""


@dataclass(frozen=True, slots=True)
class NodePage:
    """A page of nodes, or the node that stands next and cannot be read."""

    data: Mapping[str, Any]
    connection: Mapping[str, Any]
    """The list that was asked for: its nodes, its count, and where the next page begins."""
    nodes: list[Any]
    unreadable: list[Node]
    """The node that was passed over, known by number and times only; mostly none."""

    @property
    def total(self) -> int:
        """How many there are in all."""
        repository = self.data["repository"]
        return int(repository.get("all", self.connection)["totalCount"])


class ListReader:
    """Reads one list. An item that GitHub cannot give even alone is passed over, so that it holds up no other."""

    def __init__(self, client: Client, query: ListQuery) -> None:
        self._client, self.query, self._size = client, query, PageSize(query.most)

    def read_page(self, variables: Mapping[str, Any]) -> NodePage:
        """Reads the page at a position. Raises Retriable where the service is at fault and not one item."""
        try:
            data = self._client.query_page(load_queries(*self.query.queries), self._size, variables)
        except Retriable as error:
            return self._pass_over(variables, error)
        connection = self._get_connection(data)
        return NodePage(data, connection, [node for node in connection["nodes"] if node], [])

    def _get_connection(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        connection = data["repository"].get(self.query.field)
        is_page = isinstance(connection, dict) and isinstance(connection.get("nodes"), list)
        if not is_page or "pageInfo" not in connection:
            raise Fatal(f"GitHub's answer has no {self.query.field} with nodes; its interface has changed")
        return connection  # type: ignore[no-any-return]

    def _pass_over(self, variables: Mapping[str, Any], error: Retriable) -> NodePage:
        """Reads the number of the item that cannot be read, when it is that item's fault and not the service's."""
        try:
            data = self._client.query(load_queries(self.query.next_query), variables)
        except TooHeavy:
            raise error from None
        connection = self._get_connection(data)
        if self._size.now > 1 or not connection["nodes"]:
            raise error
        return NodePage(data, connection, [], [connection["nodes"][0]])
