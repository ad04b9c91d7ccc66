"""Reads issues with all their comments: recent changes, oldest first, then the backfill, newest first."""

from collections.abc import Iterator
from functools import partial
from typing import cast

from pipelines.contract import Page, Visit
from pipelines.sources.github.backfill import make_unchanged_page, read_backfill
from pipelines.sources.github.client import Client
from pipelines.sources.github.cursors import get_next_position, to_github_time
from pipelines.sources.github.nodes import get_time
from pipelines.sources.github.page_reader import ListQuery, ListReader
from pipelines.sources.github.position import Position
from pipelines.sources.github.rest import Probe, probe_changes
from pipelines.sources.github.thread_reader import make_thread_rows, read_again

ISSUES = ListQuery("issue", "issues", ("issues", "issue", "comments"), "issues_next", 49)
"""49 per page: 1 + 49 · 3 + 1 connections are 149 of GitHub's units, and so one point; fifty would cost two."""
UPDATED = {"field": "UPDATED_AT", "direction": "ASC"}


def read_issues(visit: Visit, client: Client) -> Iterator[Page]:
    """Reads the recent changes, then the backfill."""
    position = Position.load(visit, ISSUES.word)
    probe = probe_changes(client, position.url, position.etag)
    if not probe.is_changed:
        position.known_until = to_github_time(visit.now)
    if position.passed.list_due():
        yield position.make_page(visit, read_again(visit, client, "issue", position.passed))
    if not probe.is_changed and position.is_whole:
        yield make_unchanged_page(visit, client, ISSUES.field, position)
        return
    reader = ListReader(client, ISSUES, visit.now)
    if probe.is_changed and position.updated_at:
        yield from _read_changes(visit, client, position, probe, reader)
    elif probe.is_changed:
        position.updated_at = probe.newest or position.since
        position.catch_up(probe.newest, probe.etag, probe.url, to_github_time(visit.now))
    yield from read_backfill(visit, client, reader, position, partial(make_thread_rows, visit, client))


def _read_changes(visit: Visit, client: Client, position: Position, probe: Probe, reader: ListReader) -> Iterator[Page]:
    """Reads the changes since the last visit, including those at its very instant."""
    since, after, seen = position.updated_at, cast("str | None", None), dict[int, str]()
    position.etag = None
    while True:
        page = reader.read_page({"since": since, "after": after, "order": UPDATED})
        nodes = [node for node in page.nodes if seen.get(node["number"]) != node["updatedAt"]]
        position.total, position.changed = page.total, position.changed or page.listed
        seen.update((node["number"], node["updatedAt"]) for node in nodes)
        position.left = max(0, position.changed - len(seen))
        newest = max((get_time(node, "updatedAt") for node in nodes), default=since)
        is_last = not page.connection["pageInfo"]["hasNextPage"]
        position.pass_over(page.unreadable, page.error)
        rows = make_thread_rows(visit, client, nodes, position.passed)
        position.updated_at = newest
        if is_last:
            position.left = 0
            position.catch_up(probe.newest, probe.etag, probe.url, to_github_time(visit.now))
        yield position.make_page(visit, rows)
        if is_last:
            return
        client.stop_when_spent(page.data)
        # Restarting at the newest instant rather than at a position misses nothing, whatever moves between two pages.
        # The position is needed only where one second fills a whole page.
        since, after = (newest, None) if newest > since else (since, get_next_position(page.connection, after))
