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
from pipelines.http.errors import Fatal, TokenWanted
from pipelines.passed_over import KEY
from pipelines.sources.github.anonymous.items import Item, PageReader, make_rows
from pipelines.sources.github.anonymous.nodes import is_pull
from pipelines.sources.github.client import Client
from pipelines.sources.github.cursors import to_github_time
from pipelines.sources.github.nodes import get_time
from pipelines.text import values
from warehouse.faults import Fault

REQUESTS = 2
"""A visit is of use only with both: issues without their comments would all look unanswered."""
APART = timedelta(hours=11)
"""Time between two visits: the runs in between spend their requests on the repositories."""
VERSION = 1
FEW = 5
"""Length up to which the lowest time of a page is believed."""
NEWEST = "/issues?state=all&sort=created&direction=desc&per_page=100"
CHANGED = "/issues?state=all&sort=updated&direction=asc&per_page=100&since={since}"
COMMENTS = "/issues/comments?sort=updated&direction={direction}&per_page=100&since={since}"


@dataclass(frozen=True, slots=True)
class _NewestPages:
    """A page of issues and pull requests, and a page of comments."""

    items: list[Item]
    comments: list[Item]
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
    reader = PageReader(visit, client)
    if not since:
        yield _read_newest(visit, reader)
        return
    pages = _read_pages(reader, CHANGED.format(since=since), since, "asc")
    until = _find_end(pages, since)
    reached = since if reader.passed.must_repeat() else until
    reader.passed.settle_unnamed()
    page = _make_page(visit, reader, pages, reached, str(position.get("reach_at") or ""))
    yield page
    for issue, comments in reader.read_due():
        rows = make_rows(visit, [issue], comments, reader.passed)
        yield _keep_passed(reader, replace(page, rows=rows))
    yield _keep_passed(reader, replace(page, rows=[]))
    if pages.has_more_items or pages.has_more_comments:
        raise TokenWanted(f"read what changed until {until}; the rest needs GITHUB_TOKEN, or later visits")


def _load_position(visit: Visit) -> Mapping[str, Any]:
    """Returns where the last visit without a token ended; nothing where that cannot be trusted."""
    position = visit.cursor.get("anonymous")
    if not isinstance(position, Mapping) or position.get("v") != VERSION:
        return {}
    updated, asked = (values.parse_instant(position.get(name)) for name in ("updated_at", "asked_at"))
    return position if updated and asked and max(updated, asked) <= visit.now + timedelta(hours=1) else {}


def _read_newest(visit: Visit, reader: PageReader) -> Page:
    since = to_github_time(visit.since)
    items, has_more = reader.read_items(NEWEST)
    opened = sorted(get_time(item, "created_at") for item in items)
    # A single wrong time must not claim a longer reach than the page has.
    oldest = max(since, opened[1 if len(opened) > FEW else 0]) if has_more and opened else since
    pages = _read_pages(reader, "", oldest, "desc", items, has_more)
    commented = [get_time(comment, "updated_at") for comment in pages.comments]
    reach_at = max(oldest, min(commented)) if pages.has_more_comments and commented else oldest
    return _make_page(
        visit, reader, pages, oldest if reader.passed.must_repeat() else pages.find_newest() or since, reach_at
    )


def _read_pages(
    reader: PageReader,
    path: str,
    since: str,
    direction: str,
    items: list[Item] | None = None,
    has_more: bool = False,
) -> _NewestPages:
    """Reads a page of issues, unless it is given, and a page of the comments that changed since."""
    if items is None:
        items, has_more = reader.read_items(path)
    comments, has_more_comments = reader.read_comments(COMMENTS.format(direction=direction, since=since))
    if reader.passed.last_error is None:
        _check_agreement(items, comments, since)
    return _NewestPages(items, comments, has_more, has_more_comments)


def _check_agreement(items: list[Item], comments: list[Item], since: str) -> None:
    """Raises Fatal where one page is empty, and the other one shows that it cannot be."""
    # A comment changes its thread, and a thread opened since then has no older comments.
    has_replies = any(item.get("comments") and get_time(item, "created_at") >= since for item in items)
    for name, is_emptied in (("issues", comments and not items), ("comments", has_replies and not comments)):
        if is_emptied:
            raise Fatal(f"GitHub's list of {name} is empty, although its other list shows some; rejected", Fault.EMPTY)


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


def _make_page(visit: Visit, reader: PageReader, pages: _NewestPages, until: str, reach_at: str) -> Page:
    floor = to_github_time(visit.since)
    # An issue that was passed over is read by itself, as this page has only its newest comments.
    issues = [
        item
        for item in pages.items
        if not is_pull(item)
        and get_time(item, "created_at") >= floor
        and str(item["number"]) not in reader.passed.items
    ]
    rows = make_rows(visit, issues, pages.comments, reader.passed)
    return _keep_passed(reader, _advance(visit, pages, rows, until, reach_at))


def _keep_passed(reader: PageReader, page: Page) -> Page:
    cursor = {name: value for name, value in page.cursor.items() if name != KEY}
    return replace(page, cursor=cursor | reader.passed.to_cursor(), passed_over=reader.passed)


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
        known_until=min(until, now),
    )
