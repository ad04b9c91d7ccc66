"""Reads issues and comments of GitHub's REST interface one by one, so that a broken one costs none of its neighbours.

An issue that is broken, or that a broken comment belongs to, is passed over under its number and asked for by itself
once its pause is over. An entry that names no issue cannot be asked for: the next visits read the same changes again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from pipelines.contract import Row, Visit
from pipelines.http.errors import BudgetSpent, Fatal, Gone, SourceError
from pipelines.http.keys import ItemKeys
from pipelines.http.shapes import raises_on_unexpected_shape
from pipelines.number_set import HIGHEST
from pipelines.passed_over import PassedOver, is_fault_of_item
from pipelines.sources.github.anonymous.nodes import (
    find_number,
    is_issue_comment,
    is_pull,
    make_comment_node,
    make_issue_node,
)
from pipelines.sources.github.client import Client
from pipelines.sources.github.keys import COMMENTS, ISSUES
from pipelines.sources.github.nodes import parse_time
from pipelines.sources.github.rest import list_items
from pipelines.sources.github.rows import make_comment_row, make_issue_row
from pipelines.text import values
from warehouse.faults import Fault

Item = Mapping[str, Any]
CLOCK_SKEW = timedelta(hours=1)
AT_ONCE = 2
"""Maximum number of issues that one visit asks again, for two of the hour's requests each."""


class PageReader:
    """Reads the pages of one visit; entries that cannot be read are passed over."""

    def __init__(self, visit: Visit, client: Client) -> None:
        self._visit, self._client = visit, client
        self.passed = PassedOver.load(visit.cursor, visit.now, "issue")

    def read_items(self, path: str) -> tuple[list[Item], bool]:
        """Reads a page of issues and pull requests; True if there is a further one."""
        return self._read_page(path, _read_number, ISSUES)

    def read_comments(self, path: str) -> tuple[list[Item], bool]:
        """Reads a page of comments; True if there is a further one."""
        return self._read_page(path, find_number, COMMENTS)

    def read_due(self) -> Iterator[tuple[Item, list[Item]]]:
        """Yields the issues to ask again, each with its comments; one that is gone is forgotten."""
        for key in self.passed.list_due()[:AT_ONCE]:
            url = self._client.get_url(f"/issues/{key}")
            try:
                self._visit.http.allowance.check_left(url, AT_ONCE, lambda: self._visit.now)
            except BudgetSpent:
                return
            try:
                issue: Item = self._visit.keys.check(self._client.get(url).data, ISSUES)
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


def _read_number(item: Item) -> int:
    return values.read_number(item["number"], most=HIGHEST)


def make_rows(visit: Visit, issues: Sequence[Item], comments: Sequence[Item], passed: PassedOver) -> list[Row]:
    """Makes the rows of issues and their comments; an issue of which anything is broken is passed over."""
    by_issue: dict[int, list[Item]] = {}
    for comment in comments:
        if is_issue_comment(comment):
            by_issue.setdefault(find_number(comment), []).append(comment)
    rows: list[Row] = []
    for issue in issues:
        key = str(issue["number"])
        with passed.attempt(key, is_asked=False), raises_on_unexpected_shape("an issue of GitHub"):
            node = make_issue_node(issue)
            told = [make_comment_row(visit, node, make_comment_node(one)) for one in by_issue.get(node["number"], [])]
            rows += [_mark_partial(make_issue_row(visit, node)), *(_mark_partial(row, is_hidden=None) for row in told)]
    return rows


def _mark_partial(row: Row, **unknown: None) -> Row:
    """Marks a row that lacks what only GraphQL tells: unknown is neither no nor zero."""
    return replace(row, body={**row.body, **unknown, "has_all_fields": False})
