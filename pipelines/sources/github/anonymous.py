"""Reads the newest issues of a flagship with their comments: two requests a visit, and no token.

The first visit reads the hundred newest issues and pull requests, and their hundred newest comments: every thread
opened since `reach_at` came whole, answered or not. Later visits read what changed since, oldest change first, and stop
after one page of each: the next visit resumes there.

An issue that is broken, or that a broken comment belongs to, is skipped under its number and asked for by itself once
its pause is over. An entry that names no issue cannot be asked for: the next visits read the same changes again.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from pipelines.contract import Page, Row, Visit
from pipelines.http.errors import BudgetSpent, Fatal, Gone, SourceError, TokenWanted
from pipelines.http.keys import ItemKeys
from pipelines.http.shapes import raises_on_unexpected_shape
from pipelines.number_set import HIGHEST
from pipelines.passed_over import KEY, PassedOver, is_fault_of_item
from pipelines.sources.github.client import Client, list_items
from pipelines.sources.github.lists import CLOCK_SKEW, FEW
from pipelines.sources.github.nodes import get_time, parse_time, to_github_time
from pipelines.sources.github.rows import make_comment_row, make_issue_row
from pipelines.text import values
from warehouse.faults import Fault

Item = Mapping[str, Any]
REQUESTS = 2
"""A visit is of use only with both: issues without their comments would all look unanswered."""
APART = timedelta(hours=11)
"""Time between two visits: the runs in between spend their requests on the repositories."""
VERSION = 1
NEWEST = "/issues?state=all&sort=created&direction=desc&per_page=100"
CHANGED = "/issues?state=all&sort=updated&direction=asc&per_page=100&since={since}"
COMMENTS = "/issues/comments?sort=updated&direction={direction}&per_page=100&since={since}"
AT_ONCE = 2
"""Maximum number of issues that one visit asks again, for two of the hour's requests each."""
BOT_MARK = "[bot]"
"""Ends the login of a bot in REST; GraphQL leaves it off."""
GHOST = "ghost"
"""The login of every deleted account."""
ACCOUNT = {"user": dict | None, "user.login": str, "user.type": str}
TEXT = {"body": str | None, "author_association": str, "html_url": str, **ACCOUNT}
ISSUE_KEYS = ItemKeys(
    "issues", "",
    {**TEXT, "title": str, "comments": int, "labels.name": str},
    {"state_reason": str | None, "closed_at": str | None},
)  # fmt: skip
COMMENT_KEYS = ItemKeys("comments", "", TEXT)


@dataclass(frozen=True, slots=True)
class _NewestPages:
    """A page of issues and pull requests, and a page of comments."""

    items: list[Item]
    comments: list[Item]
    has_more_items: bool
    has_more_comments: bool

    def find_newest(self) -> str:
        """Finds the instant of the newest change; empty if nothing came."""
        return max((get_time(item, "updated_at") for item in [*self.items, *self.comments]), default="")


class PageReader:
    """Reads the pages of one visit; entries that cannot be read are skipped."""

    def __init__(self, visit: Visit, client: Client) -> None:
        self._visit, self._client = visit, client
        self.passed = PassedOver.load(visit.cursor, visit.now, "issue")

    def read_items(self, path: str) -> tuple[list[Item], bool]:
        """Reads a page of issues and pull requests; True if there is a further one."""
        return self._read_page(path, _read_number, ISSUE_KEYS)

    def read_comments(self, path: str) -> tuple[list[Item], bool]:
        """Reads a page of comments; True if there is a further one."""
        return self._read_page(path, find_number, COMMENT_KEYS)

    def read_due(self) -> Iterator[tuple[Item, list[Item]]]:
        """Yields the issues to ask again, each with its comments; one that is gone is forgotten."""
        for key in self.passed.list_due()[:AT_ONCE]:
            url = self._client.get_url(f"/issues/{key}")
            try:
                self._visit.http.allowance.check_left(url, AT_ONCE, lambda: self._visit.now)
            except BudgetSpent:
                return
            try:
                issue: Item = self._visit.keys.check(self._client.get(url).data, ISSUE_KEYS)
                self._check(issue, _read_number)
                if str(issue["number"]) != key:
                    raise Fatal(f"{url}: GitHub answers with another issue")
                comments: list[Any] = list_items(self._client.get(f"{url}/comments?per_page=100"))
                for comment in comments:
                    self._check(comment, find_number)
                if issue.get("comments") and not comments:
                    raise Fatal(f"{url}: none of the comments that GitHub counts; answer rejected", Fault.EMPTY)
            except Gone:
                self.passed.forget(key)
            except SourceError as error:
                if not is_fault_of_item(error):
                    raise
                self.passed.add(key, error)
            else:
                if is_pull(issue):
                    self.passed.forget(key)
                else:
                    yield issue, comments

    def _read_page(self, path: str, name: Callable[[Item], int], keys: ItemKeys) -> tuple[list[Item], bool]:
        reply = self._client.get(self._client.get_url(path))
        items, sound = self._visit.keys.check(list_items(reply), keys), list[Item]()
        for item in items:
            try:
                self._check(item, name)
            except Fatal as error:
                self._pass_over(item, name, error)
            else:
                sound.append(item)
        if len(items) > 1 and not sound:
            raise Fatal(f"{reply.url}: none of the {len(items)} entries can be read; GitHub's interface has changed")
        return sound, reply.next_url is not None

    @raises_on_unexpected_shape("an entry of GitHub's list")
    def _check(self, item: Item, name: Callable[[Item], int]) -> None:
        """Checks what decides an entry's place: its issue, and times that are not in the future."""
        name(item)
        for time in (parse_time(item["created_at"]), parse_time(item["updated_at"])):
            if time is None or time > self._visit.now + CLOCK_SKEW:
                raise ValueError("not the time of an entry")

    def _pass_over(self, item: Item, name: Callable[[Item], int], error: Fatal) -> None:
        if isinstance(item, dict) and not is_issue_comment(item):
            return  # pull requests are not read without a token
        try:
            with raises_on_unexpected_shape("an entry of GitHub's list"):
                key = str(name(item))
        except Fatal:
            self.passed.add_unnamed(error)
            return
        if not self.passed.is_paused(key):
            self.passed.add(key, error)


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
    pages = _read_comments(reader, *reader.read_items(CHANGED.format(since=since)), since, "asc")
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
    """Returns where the last visit without a token ended; nothing if that cannot be trusted."""
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
    pages = _read_comments(reader, items, has_more, oldest, "desc")
    commented = [get_time(comment, "updated_at") for comment in pages.comments]
    reach_at = max(oldest, min(commented)) if pages.has_more_comments and commented else oldest
    return _make_page(
        visit, reader, pages, oldest if reader.passed.must_repeat() else pages.find_newest() or since, reach_at
    )


def _read_comments(reader: PageReader, items: list[Item], has_more: bool, since: str, direction: str) -> _NewestPages:
    """Reads the page of the comments that changed since, beside a page of issues."""
    comments, has_more_comments = reader.read_comments(COMMENTS.format(direction=direction, since=since))
    if reader.passed.last_error is None:
        _check_agreement(items, comments, since)
    return _NewestPages(items, comments, has_more, has_more_comments)


def _check_agreement(items: list[Item], comments: list[Item], since: str) -> None:
    """Raises Fatal if one page is empty, and the other one shows that it cannot be."""
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
    # A second that fills a whole page is skipped: the counts of comments say which threads are not whole.
    at = values.parse_instant(since)
    return max(min(ends), to_github_time(at and at + timedelta(seconds=1)))


def _make_page(visit: Visit, reader: PageReader, pages: _NewestPages, until: str, reach_at: str) -> Page:
    floor = to_github_time(visit.since)
    # An issue that was skipped is read by itself, as this page has only its newest comments.
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


def _read_number(item: Item) -> int:
    return values.read_number(item["number"], most=HIGHEST)


def make_rows(visit: Visit, issues: Sequence[Item], comments: Sequence[Item], passed: PassedOver) -> list[Row]:
    """Makes the rows of issues and their comments; an issue of which anything is broken is skipped."""
    by_issue: dict[int, list[Item]] = {}
    for comment in comments:
        if is_issue_comment(comment):
            by_issue.setdefault(find_number(comment), []).append(comment)
    rows: list[Row] = []
    for issue in issues:
        key = str(issue["number"])
        with passed.attempt(key, is_asked=False), raises_on_unexpected_shape("an issue of GitHub"):
            node = make_issue_node(issue)
            stated = [make_comment_row(visit, node, make_comment_node(one)) for one in by_issue.get(node["number"], [])]
            rows += [
                _mark_partial(make_issue_row(visit, node)),
                *(_mark_partial(row, is_hidden=None) for row in stated),
            ]
    return rows


def _mark_partial(row: Row, **unknown: None) -> Row:
    """Marks a row that lacks what only GraphQL tells: unknown is neither no nor zero."""
    return replace(row, body={**row.body, **unknown, "has_all_fields": False})


def make_issue_node(item: Mapping[str, Any]) -> dict[str, Any]:
    """Makes the node of an issue, with all that REST reports."""
    if not isinstance(item.get("labels"), list | None):
        raise TypeError("labels that are no list")
    labels = [{"name": label} if isinstance(label, str) else label for label in item.get("labels") or []]
    return {
        **_make_text_node(item),
        "number": int(item["number"]),
        "title": item.get("title"),
        "closedAt": item.get("closed_at"),
        "stateReason": item.get("state_reason"),
        "labels": {"nodes": labels},
        "comments": {"totalCount": item.get("comments")},
    }


def make_comment_node(item: Mapping[str, Any]) -> dict[str, Any]:
    """Makes the node of a comment, with all that REST reports."""
    return {**_make_text_node(item), "id": item["node_id"]}


def find_number(comment: Mapping[str, Any]) -> int:
    """Finds the number of the thread that a comment belongs to. Raises Fatal if it names none."""
    number = re.search(r"/issues/(\d+)$", str(comment.get("issue_url") or ""))
    if not number:
        raise Fatal("a comment of GitHub names no issue; its interface has changed")
    return int(number[1])


def is_issue_comment(comment: Mapping[str, Any]) -> bool:
    """Returns whether a comment was written on an issue, not on a pull request."""
    return "/pull/" not in str(comment.get("html_url") or "")


def is_pull(item: Mapping[str, Any]) -> bool:
    """Returns whether an entry of the list of issues is a pull request, by its own key or its page's address."""
    return bool(item.get("pull_request")) or not is_issue_comment(item)


def _make_text_node(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "url": item.get("html_url"),
        "body": item.get("body"),
        "createdAt": item["created_at"],
        "updatedAt": item["updated_at"],
        "author": _make_account_node(item.get("user")),
        "authorAssociation": item.get("author_association"),
    }


def _make_account_node(user: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Makes the node of an account; None for a deleted one."""
    login = str((user or {}).get("login") or "")
    if not user or login in ("", GHOST):
        return None
    return {"login": login.removesuffix(BOT_MARK), "__typename": user.get("type") or "User"}
