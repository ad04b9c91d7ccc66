"""Completes threads with the comments and replies beyond their first page, and makes their rows.

A thread that is broken or incomplete costs none of its neighbours: it is skipped, and asked for again by number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from pipelines.contract import Row, Visit
from pipelines.http.errors import Fatal, Retriable
from pipelines.http.shapes import raises_on_unexpected_shape
from pipelines.passed_over import PassedOver
from pipelines.sources.github.client import Client, PageSize, TooHeavy, load_queries
from pipelines.sources.github.lists import DISCUSSIONS, ISSUES, PULLS, ThreadKind, is_number
from pipelines.sources.github.nodes import get_next_position
from pipelines.sources.github.rows import make_discussion_rows, make_issue_rows, make_pull_row
from warehouse.faults import Fault

FILLED = 45
"""Threads per query by number, for one point."""
HEAD = (
    "query($owner: String!, $name: String!) { rateLimit { cost limit remaining resetAt }"
    " repository(owner: $owner, name: $name)"
)
Connections = Mapping[str, dict[str, Any]]
"""Lists by the global ID of the item that they belong to; further pages are added to them."""
Positions = dict[str, str]
"""The position of the next page of each incomplete list, by the same ID."""


@dataclass(frozen=True, slots=True)
class FurtherList:
    """A kind of list that may be longer than its first page."""

    typename: str
    field: str
    first: int
    at_once: int
    """Maximum number of lists per query, so that it costs one point."""
    fragments: tuple[str, ...]
    page: str


ISSUE_COMMENTS = FurtherList("Issue", "comments", 100, 20, ("comments",), "commentPage")
DISCUSSION_COMMENTS = FurtherList(
    "Discussion", "comments", 20, 7, ("discussion_comments", "discussion_replies"), "discussionCommentPage"
)
DISCUSSION_REPLIES = FurtherList("DiscussionComment", "replies", 100, 20, ("discussion_replies",), "replyPage")


def complete_issues(client: Client, nodes: list[Any]) -> list[int]:
    """Adds the missing comments; returns the numbers of issues that GitHub cannot return in full."""
    _add_pages(client, ISSUE_COMMENTS, {node["id"]: node["comments"] for node in nodes})
    return [int(node["number"]) for node in nodes if _is_short(node["comments"]) or _has_lost_items(node["comments"])]


def complete_discussions(client: Client, nodes: list[Any]) -> list[int]:
    """Adds the missing comments and replies; returns the numbers of discussions that GitHub cannot return in full."""
    _add_pages(client, DISCUSSION_COMMENTS, {node["id"]: node["comments"] for node in nodes})
    comments = [comment for node in nodes for comment in node["comments"]["nodes"] if comment]
    _add_pages(client, DISCUSSION_REPLIES, {comment["id"]: comment["replies"] for comment in comments})
    return [int(node["number"]) for node in nodes if _is_short_discussion(node)]


def has_comments(node: Mapping[str, Any], inner: str = "") -> bool:
    """Returns whether a thread's list of comments has the shape that further pages need; `inner`: a list in each."""
    try:
        comments = node["comments"]
        lists = [comments, *(comment[inner] for comment in comments["nodes"] if comment and inner)]
        ids = [node["id"], *(comment["id"] for comment in comments["nodes"] if comment)]
        return all(isinstance(one, str) for one in ids) and all(
            isinstance(one["nodes"], list)
            and all(comment is None or isinstance(comment, dict) for comment in one["nodes"])
            and isinstance(one["pageInfo"]["hasNextPage"], bool)
            for one in lists
        )
    except (LookupError, TypeError, AttributeError):
        return False


def _is_short(connection: Mapping[str, Any]) -> bool:
    """True if a list has a further page that was not added."""
    return bool(connection["pageInfo"]["hasNextPage"])


def _has_lost_items(connection: Mapping[str, Any]) -> bool:
    """True if a list names the end of a page without any item, or counts an item in whose place it has none.

    Believed, its thread would look unanswered, or answered by fewer.
    """
    found = sum(one is not None for one in connection["nodes"])
    is_emptied = bool(connection["pageInfo"].get("endCursor")) and not found
    count = connection.get("totalCount")
    return is_emptied or (None in connection["nodes"] and isinstance(count, int) and found < count)


def _is_short_discussion(node: Mapping[str, Any]) -> bool:
    replies = (comment["replies"] for comment in node["comments"]["nodes"] if comment)
    return any(_is_short(one) or _has_lost_items(one) for one in (node["comments"], *replies))


def _add_pages(client: Client, kind: FurtherList, connections: Connections) -> None:
    """Adds all further pages, several lists per query."""
    size = PageSize(kind.at_once)
    waiting = {key: str(page["pageInfo"]["endCursor"]) for key, page in connections.items() if _is_short(page)}
    while waiting:
        positions = list(waiting.items())
        try:
            data = client.query_whole(size, partial(_query_lists, client, kind, positions))
        except Retriable as error:
            _pass_over(client, waiting, size, error)
            continue
        for index, (key, after) in enumerate(positions):
            # A list excluded of a smaller query waits for the next one.
            if f"i{index}" in data:
                item = data[f"i{index}"]
                page = item.get(kind.field) if isinstance(item, dict) else item
                _add_page(connections[key], waiting, key, page, after)


def _query_lists(client: Client, kind: FurtherList, positions: list[tuple[str, str]], most: int) -> dict[str, Any]:
    return client.query(*write_query(kind, positions[:most]), may_miss=True)


def _add_page(connection: dict[str, Any], waiting: Positions, key: str, page: object, after: str) -> None:
    """Adds a page to its list; with one of another shape the list stays short, so that its thread is skipped."""
    del waiting[key]
    # An item deleted since its first page has no further one.
    page = {"nodes": [], "pageInfo": {"hasNextPage": False}} if page is None else page
    if not isinstance(page, dict) or not has_comments({"id": key, "comments": {**page, "totalCount": 0}}):
        return
    connection["nodes"].extend(page["nodes"])
    connection["pageInfo"] = page["pageInfo"]
    if _is_short(page):
        waiting[key] = get_next_position(page, after)


def _pass_over(client: Client, waiting: Positions, size: PageSize, error: Retriable) -> None:
    """Drops the list that cannot be read. Raises the error if the service is at fault rather than the list."""
    try:
        client.check_service()
    except TooHeavy:
        raise error from None
    if size.now > 1:
        raise error
    del waiting[next(iter(waiting))]


def write_query(kind: FurtherList, positions: list[tuple[str, str]]) -> tuple[str, dict[str, Any]]:
    """Writes one query for the next page of several lists, named `i0`, `i1` … in that order, and its variables."""
    indexes = range(len(positions))
    declared = "".join(f", $id{n}: ID!, $after{n}: String" for n in indexes)
    part = (
        f"... on {kind.typename} "
        f"{{{{ {kind.field}(first: {kind.first}, after: $after{{n}}) {{{{ ...{kind.page} }}}} }}}}"
    )
    lists = " ".join(f"i{n}: node(id: $id{n}) {{ {part.format(n=n)} }}" for n in indexes)
    head = f"query($owner: String!, $name: String!{declared}) {{ rateLimit {{ cost limit remaining resetAt }}"
    query = f"{head} repository(owner: $owner, name: $name) {{ id }} {lists} }}\n{load_queries(*kind.fragments)}"
    variables = {
        f"{word}{n}": value
        for n, pair in enumerate(positions)
        for word, value in zip(("id", "after"), pair, strict=True)
    }
    return query, variables


def make_rows(visit: Visit, client: Client, kind: ThreadKind, nodes: Sequence[Any], passed: PassedOver) -> list[Row]:
    """Makes rows of threads and all that was written in them; a broken or incomplete thread is skipped."""
    whole = [node for node in nodes if kind is PULLS or has_comments(node, "replies" if kind is DISCUSSIONS else "")]
    # By the numbers, as reading the further pages changes the nodes.
    sound, rows = {node["number"] for node in whole}, list[Row]()
    short = _complete(client, kind, whole)
    for node in nodes:
        with passed.attempt(str(node["number"]), is_asked=False):
            if node["number"] not in sound:
                raise Fatal(f"{kind.word}: comments of an unexpected shape", Fault.UNEXPECTED_SHAPE)
            rows += _make_rows_of_thread(visit, kind, node)
            if node["number"] in short:
                raise Retriable("GitHub returns it without all its comments")
    return rows


def _complete(client: Client, kind: ThreadKind, nodes: list[Any]) -> list[int]:
    if kind is PULLS:
        return []
    return complete_issues(client, nodes) if kind is ISSUES else complete_discussions(client, nodes)


def _make_rows_of_thread(visit: Visit, kind: ThreadKind, node: Any) -> list[Row]:
    if kind is PULLS:
        return [make_pull_row(visit, node)]
    return make_issue_rows(visit, node) if kind is ISSUES else make_discussion_rows(visit, node)


def read_again(visit: Visit, client: Client, kind: ThreadKind, passed: PassedOver) -> list[Row]:
    """Reads the threads of one kind whose pause is over, by number.

    One that cannot be read is skipped, one that is gone forgotten. Raises TooHeavy if the service is at fault.
    """
    left = [int(key) for key in passed.list_due() if key.isdecimal()]
    rows, size = list[Row](), PageSize(max(1, min(FILLED, len(left))))
    while left:
        try:
            data = client.query_whole(size, partial(_query_threads, client, kind, left))
        except Retriable as error:
            client.check_service()
            passed.add(str(left.pop(0)), error)
            continue
        with raises_on_unexpected_shape("GitHub's answer to a query by number"):
            nodes = {number: data["repository"][f"n{number}"] for number in left if f"n{number}" in data["repository"]}
        if not nodes:
            raise Fatal("GitHub's answer has none of the threads that were asked for; its interface has changed")
        left = [number for number in left if number not in nodes]
        here = {number: node for number, node in nodes.items() if _get_number(node) == number}
        for number in nodes.keys() - here.keys():
            # GitHub may lead on to a transferred thread, which has another number.
            if nodes[number] is None or _get_number(nodes[number]):
                passed.forget(str(number))
            else:
                passed.add(str(number), Fatal("GitHub's answer for it has an unexpected shape"))
        rows += make_rows(visit, client, kind, [*here.values()], passed)
    return rows


def _get_number(node: object) -> int:
    """Returns the number of a thread, or 0 for what is none."""
    number = node.get("number") if isinstance(node, dict) else None
    return number if isinstance(number, int) and is_number(number) else 0


def _query_threads(client: Client, kind: ThreadKind, numbers: Sequence[int], most: int) -> dict[str, Any]:
    """Queries the first `most` threads, with the fields that their list has."""
    items = " ".join(
        f"n{number}: {kind.single_field}(number: {number}) {{ ...{kind.fragment} }}" for number in numbers[:most]
    )
    return client.query(f"{HEAD} {{ {items} }} }}\n{load_queries(*kind.files)}", {}, may_miss=True)
