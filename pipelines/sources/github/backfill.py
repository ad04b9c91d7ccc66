"""Reads the threads that a repository held at the first visit, newest first, each complete."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from pipelines.contract import Page, Row, Visit
from pipelines.http.errors import Fatal, Retriable
from pipelines.http.shapes import raises_on_unexpected_shape
from pipelines.passed_over import PassedOver
from pipelines.sources.github.client import BadPosition, Client, load_queries
from pipelines.sources.github.cursors import get_next_position
from pipelines.sources.github.nodes import Node, get_time
from pipelines.sources.github.page_reader import ListReader, NodePage, is_end, is_since
from pipelines.sources.github.position import Position
from pipelines.text import values

CREATED = {"field": "CREATED_AT", "direction": "DESC"}
MakeRows = Callable[[list[Any], PassedOver], list[Row]]
"""Makes rows of nodes; those that are broken or incomplete are passed over."""


def read_backfill(
    visit: Visit, client: Client, reader: ListReader, position: Position, make_rows: MakeRows
) -> Iterator[Page]:
    """Reads from where the last visit stopped down to `position.since`."""
    if position.expected is None:
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
        unreadable = [node for node in page.unreadable if is_since(node, "createdAt", position.since)]
        with raises_on_unexpected_shape("a page of GitHub's list"):
            has_next = bool(page.connection["pageInfo"]["hasNextPage"])
        position.is_whole = is_end(page, fresh) or not has_next
        position.pass_over(unreadable, page.error)
        rows = make_rows(fresh, position.passed)
        _advance_position(position, page, fresh, unreadable)
        if not position.is_whole:
            position.after = get_next_position(page.connection, position.after)
        yield position.make_page(visit, rows)
        if not position.is_whole:
            client.stop_when_spent(page.data)


def make_unchanged_page(visit: Visit, client: Client, field: str, position: Position) -> Page:
    """Makes the page of a repository without changes; it counts what lies before `since` if no visit could yet."""
    if position.expected is None:
        _estimate_size(client, field, position)
        return replace(position.make_page(visit, []), is_unchanged=True)
    return Page(
        [], position.to_cursor(), known_until=position.known_until, passed_over=position.passed, is_unchanged=True
    )


def _advance_position(position: Position, page: NodePage, fresh: list[Any], unreadable: list[Node]) -> None:
    # A thread that was passed over is reached too: were it the oldest, its gap would lie below all that is checked.
    numbers = [int(node["number"]) for node in [*fresh, *unreadable]]
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


@raises_on_unexpected_shape("GitHub's count of issues and pull requests")
def count_items(client: Client, since: str) -> dict[str, tuple[int, int]]:
    """Counts all issues and pull requests, and those opened since an instant, by field of the repository."""
    where = f"repo:{client.owner}/{client.name} created:>={since}"
    data = client.query(load_queries("counts"), {"issues": f"{where} is:issue", "pulls": f"{where} is:pr"})
    repository = data["repository"]
    return {
        field: (
            values.read_number(repository[field]["totalCount"], least=0),
            min(values.read_number(data[alias]["issueCount"], least=0), repository[field]["totalCount"]),
        )
        for field, alias in (("issues", "recentIssues"), ("pullRequests", "recentPulls"))
    }
