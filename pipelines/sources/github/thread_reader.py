"""Makes rows of threads, each guarded, and reads by number the threads that a list could not return in full."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from pipelines.contract import Row, Visit
from pipelines.http.errors import Fatal, Retriable
from pipelines.http.shapes import raises_on_unexpected_shape
from pipelines.passed_over import PassedOver
from pipelines.sources.github.client import Client, PageSize, load_queries
from pipelines.sources.github.discussion_rows import make_rows_of_discussion
from pipelines.sources.github.further_replies import complete_discussions, complete_issues, has_comments
from pipelines.sources.github.nodes import list_nodes
from pipelines.sources.github.rows import make_comment_row, make_issue_row, make_pull_row

FILLED = 45
"""Issues or pull requests per query, for one point."""
HEAD = (
    "query($owner: String!, $name: String!) { rateLimit { cost limit remaining resetAt }"
    " repository(owner: $owner, name: $name)"
)
FIELDS = {
    "issue": ("issue", "issueFields", ("issue", "comments")),
    "pull": ("pullRequest", "pullFields", ("pull",)),
    "discussion": (
        "discussion",
        "discussionFields",
        ("discussion", "discussion_comments", "discussion_replies"),
    ),
}
"""By kind: the repository's field, the fragment of what a list has of it, and the files that the fragment needs."""
STREAMS = {"issue": "issues", "pull": "pulls", "discussion": "discussions"}
IN_PART = "GitHub returns it without all its comments"


def make_thread_rows(visit: Visit, client: Client, nodes: Sequence[Any], passed: PassedOver) -> list[Row]:
    """Makes rows of issues and all their comments; an issue that is broken or incomplete is passed over."""
    whole = [node for node in nodes if has_comments(node)]
    unread = complete_issues(client, whole)
    # By the numbers, as reading the further pages has changed the nodes.
    sound = {node["number"] for node in whole}

    @raises_on_unexpected_shape("an issue of GitHub")
    def make_rows(node: Any) -> list[Row]:
        if node["number"] not in sound:
            raise ValueError("comments of another shape")
        comments = list_nodes(node, "comments")
        return [make_issue_row(visit, node), *(make_comment_row(visit, node, comment) for comment in comments)]

    return _make_rows(nodes, make_rows, unread, passed)


def make_pull_rows(visit: Visit, nodes: Sequence[Any], passed: PassedOver) -> list[Row]:
    """Makes rows of pull requests; a broken one is passed over."""
    return _make_rows(nodes, lambda node: [make_pull_row(visit, node)], (), passed)


def make_discussion_rows(visit: Visit, client: Client, nodes: Sequence[Any], passed: PassedOver) -> list[Row]:
    """Makes rows of discussions with all comments and replies; a broken or incomplete one is passed over."""
    whole = [node for node in nodes if has_comments(node, "replies")]
    unread = complete_discussions(client, whole)
    sound = {node["number"] for node in whole}

    @raises_on_unexpected_shape("a discussion of GitHub")
    def make_rows(node: Any) -> list[Row]:
        if node["number"] not in sound:
            raise ValueError("comments of another shape")
        return make_rows_of_discussion(visit, node)

    return _make_rows(nodes, make_rows, unread, passed)


def _make_rows(
    nodes: Sequence[Any], make: Callable[[Any], list[Row]], unread: Sequence[int], passed: PassedOver
) -> list[Row]:
    rows: list[Row] = []
    for node in nodes:
        key = str(node["number"])
        with passed.attempt(key, is_asked=False):
            rows += make(node)
            if int(key) in unread:
                raise Retriable(IN_PART)
    return rows


def read_again(visit: Visit, client: Client, kind: str, passed: PassedOver) -> list[Row]:
    """Reads the threads of one kind whose pause is over, by number."""
    numbers = [int(key) for key in passed.list_due() if key.isdecimal()]
    rows = read_by_number(visit, client, numbers, dict.fromkeys(numbers, kind), passed)
    return [replace(row, stream="" if row.stream == STREAMS[kind] else row.stream) for row in rows]


def read_by_number(
    visit: Visit, client: Client, numbers: Sequence[int], kinds: Mapping[int, str], passed: PassedOver
) -> list[Row]:
    """Reads threads by number; returns their rows, each with the name of its stream.

    One that cannot be read is passed over, one that is gone forgotten. Raises TooHeavy if the service is at fault.
    """
    rows, left, size = list[Row](), list(numbers), PageSize(max(1, min(FILLED, len(numbers))))
    while left:
        try:
            data = client.query_whole(size, partial(_query_threads, client, left, kinds))
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
        for kind, stream in STREAMS.items():
            own = [node for number, node in here.items() if kinds[number] == kind]
            made = _make_rows_of_kind(visit, client, kind, own, passed) if own else []
            rows += [replace(row, stream=row.stream or stream) for row in made]
    return rows


def _get_number(node: object) -> int:
    """Returns the number of a thread, or 0 for what is none."""
    number = node.get("number") if isinstance(node, dict) else None
    return number if type(number) is int and 0 < number < 2**31 else 0


def _make_rows_of_kind(visit: Visit, client: Client, kind: str, nodes: list[Any], passed: PassedOver) -> list[Row]:
    if kind == "pull":
        return make_pull_rows(visit, nodes, passed)
    make = make_thread_rows if kind == "issue" else make_discussion_rows
    return make(visit, client, nodes, passed)


def _query_threads(client: Client, numbers: Sequence[int], kinds: Mapping[int, str], most: int) -> dict[str, Any]:
    """Queries the first `most` threads, with the fields that their lists have."""
    chosen = numbers[:most]
    items = " ".join(
        f"n{number}: {FIELDS[kinds[number]][0]}(number: {number}) {{ ...{FIELDS[kinds[number]][1]} }}"
        for number in chosen
    )
    names = list(dict.fromkeys(name for number in chosen for name in FIELDS[kinds[number]][2]))
    return client.query(f"{HEAD} {{ {items} }} }}\n{load_queries(*names)}", {}, may_miss=True)
