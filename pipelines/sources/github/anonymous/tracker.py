"""Reads the newest issues of a flagship with their comments: two requests a visit, and no token.

The first visit reads the hundred newest issues and pull requests, and their hundred newest comments: every thread
opened since `reach_at` came whole, answered or not. Later visits read what changed since, oldest change first, and stop
after one page of each: the next visit resumes there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from pipelines.contract import Page, Row, Visit
from pipelines.http.errors import TokenWanted
from pipelines.sources.github.anonymous.nodes import find_number, is_issue_comment, make_comment_node, make_issue_node
from pipelines.sources.github.client import Client
from pipelines.sources.github.cursors import to_github_time
from pipelines.sources.github.nodes import get_time
from pipelines.sources.github.rest import items_of
from pipelines.sources.github.rows import comment_row, issue_row
from pipelines.text import values

REQUESTS = 2
"""A visit is of use only with both: issues without their comments would all look unanswered."""
APART = timedelta(hours=11)
"""Time between two visits: the runs in between spend their requests on the repositories."""
VERSION = 1
NEWEST = "/issues?state=all&sort=created&direction=desc&per_page=100"
CHANGED = "/issues?state=all&sort=updated&direction=asc&per_page=100&since={since}"
COMMENTS = "/issues/comments?sort=updated&direction={direction}&per_page=100&since={since}"


@dataclass(frozen=True, slots=True)
class _NewestPages:
    """A page of issues and pull requests, and a page of comments."""

    items: list[dict[str, Any]]
    comments: list[dict[str, Any]]
    has_more_items: bool
    has_more_comments: bool

    def find_newest(self) -> str:
        """Finds the instant of the newest change; empty where nothing came."""
        return max((get_time(item, "updated_at") for item in [*self.items, *self.comments]), default="")


def read_newest_issues(visit: Visit, client: Client) -> Iterator[Page]:
    """Yields the newest issues on a first visit, and what changed since on later ones."""
    position = _load_position(visit)
    asked_at = values.parse_instant(position.get("asked_at"))
    if asked_at and visit.now - asked_at < APART:
        raise TokenWanted(f"read at {asked_at:%H:%M} UTC; without GITHUB_TOKEN a tracker is read twice a day")
    visit.http.allowance.check_left(client.get_url(NEWEST), REQUESTS, lambda: visit.now)
    since = str(position.get("updated_at") or visit.cursor.get("updated_at") or "")
    if not since:
        yield _read_newest(visit, client)
        return
    pages = _read_pages(client, CHANGED.format(since=since), since, "asc")
    until = _find_end(pages, since)
    yield _make_page(visit, pages, until, str(position.get("reach_at") or ""))
    if pages.has_more_items or pages.has_more_comments:
        raise TokenWanted(f"read what changed until {until}; the rest needs GITHUB_TOKEN, or later visits")


def _load_position(visit: Visit) -> Mapping[str, Any]:
    """Returns where the last visit without a token ended; nothing where that cannot be trusted."""
    position = visit.cursor.get("anonymous")
    if not isinstance(position, Mapping) or position.get("v") != VERSION:
        return {}
    updated, asked = (values.parse_instant(position.get(name)) for name in ("updated_at", "asked_at"))
    return position if updated and asked and max(updated, asked) <= visit.now + timedelta(hours=1) else {}


def _read_newest(visit: Visit, client: Client) -> Page:
    since = to_github_time(visit.since)
    items = client.get(client.get_url(NEWEST))
    opened = [get_time(item, "created_at") for item in items_of(items)]
    oldest = max(since, min(opened, default=since)) if items.next_url else since
    pages = _read_pages(client, "", oldest, "desc", items_of(items), items.next_url is not None)
    commented = [get_time(comment, "updated_at") for comment in pages.comments]
    reach_at = max(oldest, min(commented)) if pages.has_more_comments else oldest
    return _make_page(visit, pages, pages.find_newest() or since, reach_at)


def _read_pages(
    client: Client,
    path: str,
    since: str,
    direction: str,
    items: list[dict[str, Any]] | None = None,
    has_more: bool = False,
) -> _NewestPages:
    """Reads a page of issues, unless it is given, and a page of the comments that changed since."""
    if items is None:
        reply = client.get(client.get_url(path))
        items, has_more = items_of(reply), reply.next_url is not None
    comments = client.get(client.get_url(COMMENTS.format(direction=direction, since=since)))
    return _NewestPages(items, items_of(comments), has_more, comments.next_url is not None)


def _find_end(pages: _NewestPages, since: str) -> str:
    """Finds the instant up to which both pages are whole."""
    ends = [
        max(get_time(item, "updated_at") for item in page)
        for page, has_more in ((pages.items, pages.has_more_items), (pages.comments, pages.has_more_comments))
        if has_more and page
    ]
    if not ends:
        return max(since, pages.find_newest())
    # A second that fills a whole page is passed over: the counts of comments tell which threads are not whole.
    return max(min(ends), _add_second(since))


def _add_second(instant: str) -> str:
    at = values.parse_instant(instant)
    return to_github_time(at + timedelta(seconds=1) if isinstance(at, datetime) else None)


def _make_page(visit: Visit, pages: _NewestPages, until: str, reach_at: str) -> Page:
    floor = to_github_time(visit.since)
    issues = {
        int(item["number"]): make_issue_node(item)
        for item in pages.items
        if not item.get("pull_request") and get_time(item, "created_at") >= floor
    }
    rows = [_mark_partial(issue_row(visit, node)) for node in issues.values()]
    for comment in pages.comments:
        number = find_number(comment)
        if is_issue_comment(comment) and number in issues:
            row = comment_row(visit, issues[number], make_comment_node(comment))
            rows.append(_mark_partial(row, is_hidden=None))
    return _advance(visit, pages, rows, until, reach_at)


def _advance(visit: Visit, pages: _NewestPages, rows: list[Row], until: str, reach_at: str) -> Page:
    """Makes the page of the rows, with the cursor that the next visit resumes from."""
    numbers = [int(item["number"]) for item in pages.items]
    last = _load_position(visit)
    lowest = int(last.get("lowest") or 0) if last else min(numbers, default=0)
    highest = max([int(last.get("highest") or 0), *numbers])
    now = to_github_time(visit.now)
    position = {
        "v": VERSION, "updated_at": min(until, now), "asked_at": now, "reach_at": reach_at,
        "lowest": lowest, "highest": highest,
    }  # fmt: skip
    # Issues and pull requests are numbered together: those below the lowest were not read.
    is_counted = lowest > 0 and not visit.cursor.get("updated_at")
    return Page(
        rows,
        {**visit.cursor, "anonymous": position},
        expected=highest if is_counted else None,
        waiting=lowest - 1 if is_counted else None,
        reach_at=reach_at,
    )


def _mark_partial(row: Row, **unknown: None) -> Row:
    """Marks a row that lacks what only GraphQL tells: unknown is neither no nor zero."""
    return replace(row, body={**row.body, **unknown, "has_all_fields": False})
