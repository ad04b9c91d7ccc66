"""Reads a list of GitHub's GraphQL interface page by page, and steps over items that GitHub cannot return."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.http.errors import Fatal, Retriable
from pipelines.sources.github.client import Client, PageSize, TooHeavy, load_queries
from pipelines.sources.github.nodes import Node


@dataclass(frozen=True, slots=True)
class ListQuery:
    """The query for a list of issues, pull requests or discussions."""

    word: str
    field: str
    """The repository's field: `issues`, `pullRequests` or `discussions`."""
    queries: tuple[str, ...]
    """Names of the files with the query for a page and its fragments."""
    next_query: str
    """Name of the file with the query for the next item's number only."""
    most: int
    """Maximum number of items per page, so that it costs one point."""


@dataclass(frozen=True, slots=True)
class NodePage:
    """A page of nodes, or the next node if it cannot be read."""

    data: Mapping[str, Any]
    connection: Mapping[str, Any]
    """The requested list: its nodes, their number and the position of the next page."""
    nodes: list[Any]
    unreadable: list[Node]
    """The node stepped over, with number and times only; empty for most pages."""

    @property
    def total(self) -> int:
        """The number of items in the whole list."""
        repository = self.data["repository"]
        return int(repository.get("all", self.connection)["totalCount"])


class ListReader:
    """Reads one list; steps over an item that GitHub cannot return even alone, so that it blocks no other."""

    def __init__(self, client: Client, query: ListQuery) -> None:
        self._client, self.query, self._size = client, query, PageSize(query.most)

    def read_page(self, variables: Mapping[str, Any]) -> NodePage:
        """Reads the page at a position. Raises Retriable if the service is at fault rather than an item."""
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
        """Reads only the number of the unreadable item. Raises the error if the service is at fault instead."""
        try:
            data = self._client.query(load_queries(self.query.next_query), variables)
        except TooHeavy:
            raise error from None
        connection = self._get_connection(data)
        if self._size.now > 1 or not connection["nodes"]:
            raise error
        return NodePage(data, connection, [], [connection["nodes"][0]])
