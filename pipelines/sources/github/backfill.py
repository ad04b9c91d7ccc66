"""Reads the threads that a repository held at the first visit, newest first, each complete."""

from collections.abc import Callable, Iterator
from typing import Any

from pipelines.contract import Page, Row, Visit
from pipelines.http.errors import Fatal, Retriable
from pipelines.sources.github.client import BadPosition, Client, load_queries
from pipelines.sources.github.cursors import get_next_position
from pipelines.sources.github.nodes import get_time
from pipelines.sources.github.page_reader import ListReader, NodePage
from pipelines.sources.github.position import Position

CREATED = {"field": "CREATED_AT", "direction": "DESC"}
MakeRows = Callable[[list[Any]], tuple[list[Row], list[int]]]
"""Makes rows of nodes; also returns the numbers of incomplete ones."""


def read_backfill(
    visit: Visit, client: Client, reader: ListReader, position: Position, make_rows: MakeRows
) -> Iterator[Page]:
    """Reads from where the last visit stopped down to `position.since`."""
    if not position.is_whole and position.expected is None:
        _estimate_size(client, reader.query.field, position)
    while not position.is_whole:
        try:
            page = reader.read_page({"after": position.after, "since": None, "order": CREATED})
        except BadPosition:
            if position.after is None:
                raise
            position.after = None  # landed rows stay; only the way there is repeated
            continue
        fresh = [node for node in page.nodes if get_time(node, "createdAt") >= position.since]
        position.is_whole = len(fresh) < len(page.nodes) or not page.connection["pageInfo"]["hasNextPage"]
        rows, unread = make_rows(fresh)
        _advance_position(position, page, fresh, unread)
        unreadable = [node["number"] for node in page.unreadable if get_time(node, "createdAt") >= position.since]
        if not position.is_whole:
            position.after = get_next_position(page.connection, position.after)
        yield position.make_page(visit, rows, [f"{reader.query.word} {number}" for number in [*unreadable, *unread]])
        if not position.is_whole:
            client.stop_when_spent(page.data)


def _advance_position(position: Position, page: NodePage, fresh: list[Any], unread: list[int]) -> None:
    numbers = [int(node["number"]) for node in fresh]
    position.numbers.add(number for number in numbers if number not in unread)
    new = [number for number in numbers if not position.reach or number < position.reach]
    position.total, position.read = page.total, position.read + len(new)
    position.reach = min(new, default=position.reach)
    oldest = min((get_time(node, "createdAt") for node in fresh), default=position.reach_at)
    position.reach_at = min(position.reach_at or oldest, oldest)


def _estimate_size(client: Client, field: str, position: Position) -> None:
    """Estimates the numbers of threads to read and of older ones; both stay unknown if GitHub's search fails."""
    try:
        counts = count_items(client, position.since)
    except (Fatal, Retriable):
        return
    position.total, position.expected = counts[field]
    position.older = max(0, position.total - position.expected)


def count_items(client: Client, since: str) -> dict[str, tuple[int, int]]:
    """Counts all issues and pull requests, and those opened since an instant, by field of the repository."""
    where = f"repo:{client.owner}/{client.name} created:>={since}"
    data = client.query(load_queries("counts"), {"issues": f"{where} is:issue", "pulls": f"{where} is:pr"})
    repository = data["repository"]
    return {
        field: (
            int(repository[field]["totalCount"]),
            min(int(data[alias]["issueCount"]), int(repository[field]["totalCount"])),
        )
        for field, alias in (("issues", "recentIssues"), ("pullRequests", "recentPulls"))
    }
