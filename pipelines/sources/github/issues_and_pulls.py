"""Reads issues with all their comments, and pull requests: recent changes, then the backfill, newest first."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from pipelines.contract import Page, Visit
from pipelines.http.errors import Fatal, Gone, Retriable
from pipelines.http.shapes import raises_on_unexpected_shape
from pipelines.sources.github.client import (
    NEWEST_CHANGE,
    BadPosition,
    Client,
    Probe,
    load_queries,
    probe_changes,
)
from pipelines.sources.github.lists import (
    ISSUES,
    PULLS,
    ListReader,
    NodePage,
    ThreadKind,
    is_end,
    is_since,
    skip_unreadable,
)
from pipelines.sources.github.nodes import Node, get_next_position, get_time, to_github_time
from pipelines.sources.github.position import Position
from pipelines.sources.github.threads import make_rows, read_again
from pipelines.text import values

NEWEST_PULL = "/pulls?state=all&sort=updated&direction=desc&per_page=1"
"""The latest change among pull requests only."""
CREATED = {"field": "CREATED_AT", "direction": "DESC"}
ReadChanges = Callable[[Visit, Client, Position, Probe, ListReader], Iterator[Page]]


def read_issues(visit: Visit, client: Client) -> Iterator[Page]:
    """Reads issues with all their comments."""
    position = Position.load(visit, ISSUES.word)
    probe = probe_changes(client, position.url, position.etag, NEWEST_CHANGE)
    yield from _read_threads(visit, client, ISSUES, position, probe, _read_issue_changes)


def read_pulls(visit: Visit, client: Client) -> Iterator[Page]:
    """Reads pull requests, also of a repository whose issues are disabled."""
    position = Position.load(visit, PULLS.word)
    try:
        probe = probe_changes(client, position.url, position.etag, NEWEST_CHANGE)
    except Gone:
        probe = probe_changes(client, position.url, position.etag, NEWEST_PULL)
    yield from _read_threads(visit, client, PULLS, position, probe, _read_pull_changes)


def _read_threads(
    visit: Visit, client: Client, kind: ThreadKind, position: Position, probe: Probe, read_changes: ReadChanges
) -> Iterator[Page]:
    if not probe.is_changed:
        position.known_until = to_github_time(visit.now)
    if position.passed.list_due():
        yield position.make_page(visit, read_again(visit, client, kind, position.passed))
    if not probe.is_changed and position.is_whole:
        yield _make_unchanged_page(visit, client, kind, position)
        return
    reader = ListReader(client, kind, visit.now)
    if probe.is_changed and position.updated_at:
        position.etag = None
        yield from read_changes(visit, client, position, probe, reader)
    elif probe.is_changed:
        position.updated_at = probe.newest or position.since
        _catch_up(visit, position, probe)
    yield from _read_backfill(visit, client, kind, reader, position)


def _catch_up(visit: Visit, position: Position, probe: Probe) -> None:
    """Marks all changes that a probe covers as read."""
    now = to_github_time(visit.now)
    # GitHub's times have whole seconds, so another change may follow within the second of the newest one.
    position.etag, position.url, position.known_until = probe.etag if probe.newest < now else None, probe.url, now


def _read_issue_changes(
    visit: Visit, client: Client, position: Position, probe: Probe, reader: ListReader
) -> Iterator[Page]:
    """Reads the changes since the last visit, oldest first, including those at its very instant."""
    since, seen = position.updated_at, dict[int, str]()
    after: str | None = None
    while True:
        page = reader.read_page({"since": since, "after": after, "order": {"field": "UPDATED_AT", "direction": "ASC"}})
        nodes = [node for node in page.nodes if seen.get(node["number"]) != node["updatedAt"]]
        position.total, position.changed = page.total, position.changed or page.listed
        seen.update((node["number"], node["updatedAt"]) for node in nodes)
        position.left = max(0, position.changed - len(seen))
        newest = max((get_time(node, "updatedAt") for node in nodes), default=since)
        skip_unreadable(position.passed, page.unreadable, page.error)
        rows = make_rows(visit, client, ISSUES, nodes, position.passed)
        position.updated_at = newest
        if not page.has_next:
            position.left = 0
            _catch_up(visit, position, probe)
        yield position.make_page(visit, rows)
        if not page.has_next:
            return
        client.stop_when_spent(page.data)
        # Restarting at the newest instant rather than at a position misses nothing, whatever moves between two pages.
        # The position is needed only if one second fills a whole page.
        since, after = (newest, None) if newest > since else (since, get_next_position(page.connection, after))


def _read_pull_changes(
    visit: Visit, client: Client, position: Position, probe: Probe, reader: ListReader
) -> Iterator[Page]:
    """Reads from the newest change down to the last visit's; changes made meanwhile are left to the next visit.

    GitHub has no filter by time here, so a visit that ends early starts again at the newest change.
    """
    floor, top = position.updated_at, ""
    after: str | None = None
    while True:
        page = reader.read_page({"after": after, "order": {"field": "UPDATED_AT", "direction": "DESC"}})
        fresh = [node for node in page.nodes if get_time(node, "updatedAt") >= floor]
        is_last = is_end(page, fresh) or not page.has_next
        top = top or max((get_time(node, "updatedAt") for node in page.nodes), default=floor)
        position.total = page.total
        unreadable = [node for node in page.unreadable if is_since(node, "updatedAt", floor)]
        skip_unreadable(position.passed, unreadable, page.error)
        rows = make_rows(visit, client, PULLS, fresh, position.passed)
        if is_last:
            position.updated_at = max(top, floor)
            _catch_up(visit, position, probe)
        yield position.make_page(visit, rows)
        if is_last:
            return
        client.stop_when_spent(page.data)
        after = get_next_position(page.connection, after)


def _read_backfill(
    visit: Visit, client: Client, kind: ThreadKind, reader: ListReader, position: Position
) -> Iterator[Page]:
    """Reads the threads that were there at the first visit, from where the last visit stopped to `position.since`."""
    if position.expected is None:
        _estimate_size(client, kind, position)
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
        position.is_whole = is_end(page, fresh) or not page.has_next
        skip_unreadable(position.passed, unreadable, page.error)
        rows = make_rows(visit, client, kind, fresh, position.passed)
        _advance_position(position, page, fresh, unreadable)
        if not position.is_whole:
            position.after = get_next_position(page.connection, position.after)
        yield position.make_page(visit, rows)
        if not position.is_whole:
            client.stop_when_spent(page.data)


def _make_unchanged_page(visit: Visit, client: Client, kind: ThreadKind, position: Position) -> Page:
    """Makes the page of a repository without changes; it counts what lies before `since` if no visit could yet."""
    if position.expected is None:
        _estimate_size(client, kind, position)
        return replace(position.make_page(visit, []), is_unchanged=True)
    return Page(
        [], position.to_cursor(), known_until=position.known_until, passed_over=position.passed, is_unchanged=True
    )


def _advance_position(position: Position, page: NodePage, fresh: list[Node], unreadable: list[Node]) -> None:
    # A thread that was skipped is reached too: were it the oldest, its gap would lie below all that is checked.
    numbers = [int(node["number"]) for node in [*fresh, *unreadable]]
    new = [number for number in numbers if not position.reach or number < position.reach]
    position.total, position.read = page.total, position.read + len(new)
    position.reach = min(new, default=position.reach)
    oldest = min((get_time(node, "createdAt") for node in fresh), default=position.reach_at)
    position.reach_at = min(position.reach_at or oldest, oldest)


def _estimate_size(client: Client, kind: ThreadKind, position: Position) -> None:
    """Estimates the numbers of threads to read and of older ones; both stay unknown if GitHub's search fails."""
    try:
        position.total, recent = _count_threads(client, kind, position.since)
    except (Fatal, Retriable):
        return
    position.expected = min(recent, position.total)
    position.older = position.total - position.expected


@raises_on_unexpected_shape("GitHub's count of issues and pull requests")
def _count_threads(client: Client, kind: ThreadKind, since: str) -> tuple[int, int]:
    """Counts all threads of a kind, and those opened since an instant."""
    what = "issue" if kind is ISSUES else "pr"
    data = client.query(
        load_queries("counts").replace("issues(", f"{kind.field}("),
        {"recent": f"repo:{client.owner}/{client.name} created:>={since} is:{what}"},
    )
    counted = data["repository"][kind.field]["totalCount"], data["recent"]["issueCount"]
    return values.read_number(counted[0], least=0), values.read_number(counted[1], least=0)
