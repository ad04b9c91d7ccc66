"""Makes rows of GitHub's discussions, of their comments and of replies to them."""

from collections.abc import Iterator
from typing import Any

from pipelines.contract import Row, Visit
from pipelines.http.shapes import raises_on_unexpected_shape
from pipelines.sources.github.nodes import Node, get_id, get_instant, get_link, list_nodes
from pipelines.sources.github.rows import describe_actor
from pipelines.text import features, values
from pipelines.text.question_types import classify_question


@raises_on_unexpected_shape("a discussion of GitHub")
def make_rows_of_discussion(visit: Visit, node: Node) -> list[Row]:
    """Makes the row of a discussion, then those of all its comments and replies."""
    replies = [_make_reply_row(visit, node, reply, parent) for reply, parent in _walk_replies(node)]
    return [_make_discussion_row(visit, node, _count_replies(node)), *replies]


def _walk_replies(node: Node) -> Iterator[tuple[Node, str | None]]:
    """Yields comments, and replies with the ID of their comment, in the source's order."""
    for comment in list_nodes(node, "comments"):
        yield comment, None
        for reply in list_nodes(comment, "replies"):
            yield reply, comment["id"]


def _count_replies(node: Node) -> int:
    """Counts comments and replies; for an incomplete list, GitHub's own count."""
    lists = [node["comments"], *(comment["replies"] for comment in list_nodes(node, "comments"))]
    return sum(
        held["totalCount"] if held["pageInfo"]["hasNextPage"] else sum(one is not None for one in held["nodes"])
        for held in lists
    )


def _make_discussion_row(visit: Visit, node: Node, reply_count: int) -> Row:
    title, category = values.clean_line(node.get("title")), node["category"]
    is_answerable = bool(category["isAnswerable"])
    body = {
        "number": node["number"],
        "title": title,
        "url": get_link(node),
        "created_at": get_instant(node, "createdAt"),
        "updated_at": get_instant(node, "updatedAt"),
        "closed_at": values.format_instant(node.get("closedAt")),
        "state": "closed" if node["closed"] else "open",
        "state_reason": values.clean_line(node.get("stateReason"), 40).lower() or None,
        "locked": bool(node.get("locked")),
        "category": values.clean_line(category["name"], 100),
        "is_answerable": is_answerable,
        # Without a way to choose an answer, False would be misleading.
        "is_answered": bool(node.get("isAnswered")) if is_answerable else None,
        "answer_chosen_at": values.format_instant(node.get("answerChosenAt")),
        "comments": reply_count,
        "question_type": classify_question(title, node.get("body"), [category["name"]]),
        "mentions": visit.mentions(f"{title}\n{node.get('body') or ''}"),
        **describe_actor(visit, node),
        **features.count_features(node.get("body")),
    }
    return Row(str(node["number"]), values.parse_instant(node["updatedAt"]), body)


def _make_reply_row(visit: Visit, discussion: Node, node: Node, parent: str | None) -> Row:
    deleted = "deleted" if node.get("deletedAt") else None
    body: dict[str, Any] = {
        "comment_id": get_id(node),
        "number": discussion["number"],
        "parent_id": parent,
        "url": get_link(node),
        "created_at": get_instant(node, "createdAt"),
        "updated_at": values.format_instant(node.get("updatedAt")) or get_instant(node, "createdAt"),
        "is_answer": bool(node["isAnswer"]) if discussion["category"]["isAnswerable"] else None,
        "is_hidden": bool(node.get("isMinimized") or deleted),
        "hidden_reason": deleted or values.clean_line(node.get("minimizedReason"), 40).lower() or None,
        **describe_actor(visit, {} if deleted else node, (discussion.get("author") or {}).get("login")),
        **features.count_features("" if deleted else node.get("body")),
    }
    return Row(str(node["id"]), values.parse_instant(body["updated_at"]), body, "discussion_comments")
