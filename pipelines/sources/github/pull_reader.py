"""How pull requests are read: what changed first, newest change first, and then the way back, newest first."""

from collections.abc import Iterator
from typing import Any

from pipelines.contract import Page, Row, Visit
from pipelines.http.errors import Gone
from pipelines.sources.github.backfill import Kind, Reader, backwards
from pipelines.sources.github.client import BadPosition, Client, Reply
from pipelines.sources.github.cursors import onward, second
from pipelines.sources.github.position import Place
from pipelines.sources.github.rows import pull_row
from pipelines.text import values

PULLS = Kind("pull request", "pullRequests", "recentPulls", ("pulls", "pull"), "pulls_next", 74)
"""74 a page: 1 + 2 connections each are 149 units and still one point; one more would round to two."""
NEWEST = "/pulls?state=all&sort=updated&direction=desc&per_page=1"
"""What changed last among pull requests alone."""
UPDATED = {"field": "UPDATED_AT", "direction": "DESC"}


def pages(visit: Visit, client: Client) -> Iterator[Page]:
    """The head, then the way back."""
    place = Place.of(visit)
    is_first = not place.updated_at
    try:
        probe = place.probe(visit, client)
    except Gone:  # also where issues are disabled, and then pull requests may be there all the same
        probe = place.probe(visit, client, NEWEST)
    if probe.data is None and place.is_whole and not place.top:
        yield Page([], visit.cursor, is_unchanged=True)
        return
    reader = Reader(client, PULLS)
    if probe.data is not None and not is_first:
        yield from _head(visit, client, place, probe, reader)

    def rows_of(nodes: list[Any]) -> tuple[list[Row], list[int]]:
        return [pull_row(visit, node) for node in nodes], []

    yield from backwards(visit, client, reader, place, rows_of)


def _head(visit: Visit, client: Client, place: Place, probe: Reply, reader: Reader) -> Iterator[Page]:
    """What changed since the last visit. A walk that was cut short is ended first, and then what jumped ahead of it is read."""
    place.etag = None
    if place.top:
        yield from _walk(visit, client, place, reader)
    for page in _walk(visit, client, place, reader):
        if not place.top:
            place.caught_up(visit, probe)
            page = place.page(visit, page.rows, page.skipped)
        yield page


def _walk(visit: Visit, client: Client, place: Place, reader: Reader) -> Iterator[Page]:
    """From the newest change down to the head's instant: what is touched meanwhile jumps beyond `top` and is left to the next walk."""
    while True:
        try:
            found = reader.page({"after": place.top_after, "order": UPDATED})
        except BadPosition:
            if place.top_after is None:
                raise
            place.top, place.top_after = "", None
            continue
        times = [second(values.parse_instant(node["updatedAt"])) for node in found.nodes]
        fresh = [node for node, time in zip(found.nodes, times, strict=True) if time >= place.updated_at]
        passed = (
            [found.passed]
            if found.passed and second(values.parse_instant(found.passed["updatedAt"])) >= place.updated_at
            else []
        )
        is_last = len(fresh) < len(found.nodes) or not found.part["pageInfo"]["hasNextPage"]
        top = place.top or max(
            [*times, *(second(values.parse_instant(one["updatedAt"])) for one in passed)], default=place.updated_at
        )
        place.total = found.total
        place.numbers.add(int(node["number"]) for node in fresh)
        if is_last:
            place.updated_at, place.top, place.top_after = max(top, place.updated_at), "", None
        else:
            place.top, place.top_after = top, onward(found.part, place.top_after)
        yield place.page(
            visit, [pull_row(visit, node) for node in fresh], [f"pull request {one['number']}" for one in passed]
        )
        if is_last:
            return
        client.stop_when_spent(found.data)
