"""What did not fit on a page of discussions: further comments, and further replies to a comment, several lists in one question."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from pipelines.http.errors import Retriable
from pipelines.sources.github.client import Client, PageSize, TooHeavy, question
from pipelines.sources.github.cursors import onward

Lists = Mapping[str, dict[str, Any]]
"""Connections as they came, by the global id of what they belong to; they are filled in place."""


@dataclass(frozen=True, slots=True)
class Further:
    """One kind of list that may be longer than the page it came with."""

    typename: str
    field: str
    first: int
    at_once: int
    """Lists read by one question, so that it costs one point."""
    fragments: tuple[str, ...]
    page: str


COMMENTS = Further("Discussion", "comments", 20, 7, ("talks", "sayings"), "talkPage")
REPLIES = Further("DiscussionComment", "replies", 100, 20, ("sayings",), "replyPage")


def complete(client: Client, nodes: list[Any]) -> list[int]:
    """Fills in comments and then replies; gives the numbers of discussions that GitHub could not give whole.

    A list that stayed short still says that a page follows.
    """
    _fill(client, COMMENTS, {node["id"]: node["comments"] for node in nodes})
    said = {comment["id"]: comment for node in nodes for comment in node["comments"]["nodes"] if comment}
    _fill(client, REPLIES, {one: comment["replies"] for one, comment in said.items()})
    return [int(node["number"]) for node in nodes if is_short(node)]


def is_short(node: Mapping[str, Any]) -> bool:
    """Whether comments of a discussion, or replies to them, are missing."""
    lists = [node["comments"], *(comment["replies"] for comment in node["comments"]["nodes"] if comment)]
    return any(found["pageInfo"]["hasNextPage"] for found in lists)


def _fill(client: Client, kind: Further, lists: Lists) -> None:
    size = PageSize(kind.at_once)
    waiting = {
        one: str(found["pageInfo"]["endCursor"]) for one, found in lists.items() if found["pageInfo"]["hasNextPage"]
    }
    while waiting:
        asked = list(waiting.items())
        try:
            data = client.whole(size, partial(_ask, client, kind, asked))
        except Retriable as error:
            _pass_over(client, waiting, size, error)
            continue
        for place, (one, after) in enumerate(asked):
            if f"i{place}" in data:
                _take(lists[one], waiting, one, (data[f"i{place}"] or {}).get(kind.field), after)


def _ask(client: Client, kind: Further, after: list[tuple[str, str]], most: int) -> dict[str, Any]:
    return client.query(*_question(kind, after[:most]), may_miss=True)


def _take(held: dict[str, Any], waiting: dict[str, str], one: str, found: dict[str, Any] | None, after: str) -> None:
    """Adds a page to its list. What was deleted since its first page has no more to give."""
    del waiting[one]
    found = found or {"nodes": [], "pageInfo": {"hasNextPage": False}}
    held["nodes"].extend(found["nodes"])
    held["pageInfo"] = found["pageInfo"]
    if found["pageInfo"]["hasNextPage"]:
        waiting[one] = onward(found, after)


def _pass_over(client: Client, waiting: dict[str, str], size: PageSize, error: Retriable) -> None:
    """Leaves out the list that cannot be read, when it is that list's fault and not the service's."""
    try:
        client.is_there()
    except TooHeavy:
        raise error from None
    if size.now > 1:
        raise error
    del waiting[next(iter(waiting))]


def _question(kind: Further, after: list[tuple[str, str]]) -> tuple[str, dict[str, Any]]:
    """One question for the next page of several lists, `i0`, `i1` … in that order, and its variables."""
    places = range(len(after))
    declared = "".join(f", $id{n}: ID!, $after{n}: String" for n in places)
    part = f"... on {kind.typename} {{{{ {kind.field}(first: {kind.first}, after: $after{{n}}) {{{{ ...{kind.page} }}}} }}}}"
    asked = " ".join(f"i{n}: node(id: $id{n}) {{ {part.format(n=n)} }}" for n in places)
    head = f"query($owner: String!, $name: String!{declared}) {{ rateLimit {{ cost limit remaining resetAt }}"
    whole = f"{head} repository(owner: $owner, name: $name) {{ id }} {asked} }}\n{question(*kind.fragments)}"
    return whole, {
        f"{word}{n}": value for n, pair in enumerate(after) for word, value in zip(("id", "after"), pair, strict=True)
    }
