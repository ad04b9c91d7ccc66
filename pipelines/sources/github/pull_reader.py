"""Reads pull requests: recent changes, latest first, then the backfill, newest first."""

from collections.abc import Iterator
from functools import partial

from pipelines.contract import Page, Visit
from pipelines.http.errors import Gone
from pipelines.sources.github.backfill import make_unchanged_page, read_backfill
from pipelines.sources.github.client import BadPosition, Client
from pipelines.sources.github.cursors import get_next_position, to_github_time
from pipelines.sources.github.nodes import get_time
from pipelines.sources.github.page_reader import ListQuery, ListReader, is_end, is_since
from pipelines.sources.github.position import Position
from pipelines.sources.github.rest import Probe, probe_changes
from pipelines.sources.github.thread_reader import make_pull_rows, read_again

PULLS = ListQuery("pull request", "pullRequests", ("pulls", "pull"), "pulls_next", 74)
"""74 per page: 1 + 2 connections each are 149 units, and so one point; one more would round to two."""
NEWEST_PULL = "/pulls?state=all&sort=updated&direction=desc&per_page=1"
"""The latest change among pull requests only."""
UPDATED = {"field": "UPDATED_AT", "direction": "DESC"}


def read_pulls(visit: Visit, client: Client) -> Iterator[Page]:
    """Reads the recent changes, then the backfill."""
    position = Position.load(visit, PULLS.word)
    try:
        probe = probe_changes(client, position.url, position.etag)
    except Gone:  # also if issues are disabled, but then there may still be pull requests
        probe = probe_changes(client, position.url, position.etag, NEWEST_PULL)
    if not probe.is_changed and not position.top:
        position.known_until = to_github_time(visit.now)
    if position.passed.list_due():
        yield position.make_page(visit, read_again(visit, client, "pull", position.passed))
    if not probe.is_changed and position.is_whole and not position.top:
        yield make_unchanged_page(visit, client, PULLS.field, position)
        return
    reader = ListReader(client, PULLS, visit.now)
    if probe.is_changed and position.updated_at:
        yield from _read_changes(visit, client, position, probe, reader)
    elif probe.is_changed:
        position.updated_at = probe.newest or position.since
        position.catch_up(probe.newest, probe.etag, probe.url, to_github_time(visit.now))
    yield from read_backfill(visit, client, reader, position, partial(make_pull_rows, visit))


def _read_changes(visit: Visit, client: Client, position: Position, probe: Probe, reader: ListReader) -> Iterator[Page]:
    """Reads the changes since the last visit: the rest of an unfinished walk, then those that jumped ahead of it."""
    position.etag = None
    if position.top:
        yield from _walk_down(visit, client, position, reader)
    for page in _walk_down(visit, client, position, reader):
        if not position.top:
            position.catch_up(probe.newest, probe.etag, probe.url, to_github_time(visit.now))
            page = position.make_page(visit, page.rows)
        yield page


def _walk_down(visit: Visit, client: Client, position: Position, reader: ListReader) -> Iterator[Page]:
    """Reads from the newest change down to `updated_at`; changes made meanwhile are left to the next walk."""
    while True:
        try:
            page = reader.read_page({"after": position.top_after, "order": UPDATED})
        except BadPosition:
            if position.top_after is None:
                raise
            position.top, position.top_after = "", None
            continue
        floor = position.updated_at
        fresh = [node for node in page.nodes if get_time(node, "updatedAt") >= floor]
        unreadable = [node for node in page.unreadable if is_since(node, "updatedAt", floor)]
        is_last = is_end(page, fresh) or not page.connection["pageInfo"]["hasNextPage"]
        newest = max((get_time(node, "updatedAt") for node in page.nodes), default=floor)
        top = position.top or newest
        position.total = page.total
        position.pass_over(unreadable, page.error)
        rows = make_pull_rows(visit, fresh, position.passed)
        if is_last:
            position.updated_at, position.top, position.top_after = max(top, floor), "", None
        else:
            position.top, position.top_after = top, get_next_position(page.connection, position.top_after)
        yield position.make_page(visit, rows)
        if is_last:
            return
        client.stop_when_spent(page.data)
