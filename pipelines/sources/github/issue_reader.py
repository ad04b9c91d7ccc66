"""How issues are read with all their comments: what changed first, oldest change first, and then the way back, newest first."""

from collections.abc import Iterator
from functools import partial
from typing import Any, cast

from pipelines.contract import Page, Row, Visit
from pipelines.http.errors import Retriable
from pipelines.sources.github.backfill import Kind, Reader, backwards
from pipelines.sources.github.client import Client, PageSize, Reply, TooHeavy
from pipelines.sources.github.cursors import onward, second
from pipelines.sources.github.position import Place
from pipelines.sources.github.rows import comment_row, issue_row
from pipelines.text import values

ISSUES = Kind("issue", "issues", "recentIssues", ("issues", "issue", "comments"), "issues_next", 49)
"""49 a page: 1 + 49 · 3 + 1 connections are 149 of GitHub's units, which round to one point; fifty would round to two."""
THREADS = 20
"""Long threads whose further comments are read by one question."""
UPDATED = {"field": "UPDATED_AT", "direction": "ASC"}


def pages(visit: Visit, client: Client) -> Iterator[Page]:
    """The head, then the way back."""
    place = Place.of(visit)
    is_first = not place.updated_at
    probe = place.probe(visit, client)
    if probe.data is None and place.is_whole:
        yield Page([], visit.cursor, is_unchanged=True)
        return
    reader, rows_of = Reader(client, ISSUES), partial(threads, visit, client)
    if probe.data is not None and not is_first:
        yield from _head(visit, client, place, probe, reader)
    yield from backwards(visit, client, reader, place, rows_of)


def _head(visit: Visit, client: Client, place: Place, probe: Reply, reader: Reader) -> Iterator[Page]:
    """What changed since the last visit (at its instant, not after it)."""
    since, after, seen = place.updated_at, cast("str | None", None), dict[int, str]()
    place.etag = None
    while True:
        found = reader.page({"since": since, "after": after, "order": UPDATED})
        nodes = [node for node in found.nodes if seen.get(node["number"]) != node["updatedAt"]]
        place.total, place.changed = found.total, place.changed or int(found.part["totalCount"])
        seen.update((node["number"], node["updatedAt"]) for node in nodes)
        place.left = max(0, place.changed - len(seen))
        newest = max((second(values.parse_instant(node["updatedAt"])) for node in nodes), default=since)
        is_last = not found.part["pageInfo"]["hasNextPage"]
        rows, unread = threads(visit, client, nodes)
        place.numbers.add(int(node["number"]) for node in nodes if node["number"] not in unread)
        place.updated_at = newest
        if is_last:
            place.left = 0
            place.caught_up(visit, probe)
        unread += [int(found.passed["number"])] if found.passed else []
        yield place.page(visit, rows, [f"issue {number}" for number in unread])
        if is_last:
            return
        client.stop_when_spent(found.data)
        # Starting again at the newest instant, and not after a position, loses nothing whatever moves between two pages.
        # Only where one second fills a whole page does the position lead on.
        since, after = (newest, None) if newest > since else (since, onward(found.part, after))


def threads(visit: Visit, client: Client, nodes: list[Any]) -> tuple[list[Row], list[int]]:
    """Rows of issues and of all their comments, and the numbers of those whose comments GitHub could not give whole."""
    by_id = {node["id"]: node for node in nodes}
    unread = _further_comments(client, by_id)
    rows = [issue_row(visit, node) for node in nodes]
    rows += [comment_row(visit, node, comment) for node in nodes for comment in node["comments"]["nodes"] if comment]
    return rows, [int(by_id[one]["number"]) for one in unread]


def _further_comments(client: Client, by_id: dict[str, Any]) -> list[str]:
    """Fetches the comments that did not fit, several long threads in one question; gives the ids of threads passed over."""
    waiting = {
        one: node["comments"]["pageInfo"] for one, node in by_id.items() if node["comments"]["pageInfo"]["hasNextPage"]
    }
    size, passed = PageSize(THREADS), list[str]()
    while waiting:
        try:
            data = client.comments({one: info["endCursor"] for one, info in waiting.items()}, size)
        except Retriable as error:
            passed.append(_pass_over(client, waiting, size, error))
            continue
        for place, one in enumerate(list(waiting)):
            if f"i{place}" not in data:
                continue
            # A thread that was deleted between its page and this one has no more comments to give.
            found = (data[f"i{place}"] or {}).get("comments") or {"nodes": [], "pageInfo": {"hasNextPage": False}}
            by_id[one]["comments"]["nodes"].extend(found["nodes"])
            if found["pageInfo"]["hasNextPage"]:
                onward(found, waiting[one]["endCursor"])
                waiting[one] = found["pageInfo"]
            else:
                del waiting[one]
    return passed


def _pass_over(client: Client, waiting: dict[str, Any], size: PageSize, error: Retriable) -> str:
    """Leaves out the thread that cannot be read, when it is that thread's fault and not the service's."""
    try:
        client.is_there()
    except TooHeavy:
        raise error from None
    if size.now > 1:
        raise error
    one = next(iter(waiting))
    del waiting[one]
    return one
