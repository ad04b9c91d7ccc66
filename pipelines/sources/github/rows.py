"""Makes rows of GitHub's issues, pull requests and discussions, and of what people wrote in them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pipelines.contract import Row, Visit
from pipelines.http.shapes import raises_on_unexpected_shape
from pipelines.people import Role
from pipelines.sources.github.nodes import Node, get_id, get_instant, get_link, list_nodes, role_of
from pipelines.text import features, values
from pipelines.text.question_types import classify_question

LABELS = 10
_INSIDE = ("OWNER", "MEMBER")
_NO_FIX = {"fixed_at": None, "fixed_by": None, "fixed_by_role": None, "fix_url": None}


@raises_on_unexpected_shape("an issue of GitHub")
def make_issue_rows(visit: Visit, node: Node) -> list[Row]:
    """Makes the row of an issue, then those of all its comments."""
    comments = [make_comment_row(visit, node, comment) for comment in list_nodes(node, "comments")]
    return [make_issue_row(visit, node), *comments]


@raises_on_unexpected_shape("an issue of GitHub")
def make_issue_row(visit: Visit, node: Node) -> Row:
    """Makes the row of an issue, without its text and without names."""
    labels = [values.clean_line(label.get("name"), 50) for label in list_nodes(node, "labels")][:LABELS]
    body = {
        "number": node["number"],
        "title": values.clean_line(node.get("title")),
        "url": get_link(node),
        "created_at": get_instant(node, "createdAt"),
        "closed_at": values.format_instant(node.get("closedAt")),
        "state_reason": values.clean_line(node.get("stateReason"), 40).lower() or None,
        "question_type": classify_question(node.get("title"), node.get("body"), labels),
        "comments": (node.get("comments") or {}).get("totalCount"),
        **_describe_ending(visit, node),
        "mentions": visit.mentions(f"{node.get('title') or ''}\n{node.get('body') or ''}"),
        **_describe_actor(visit, node),
        **features.count_features(node.get("body")),
    }
    return Row(str(node["number"]), values.parse_instant(get_instant(node, "updatedAt")), body)


@raises_on_unexpected_shape("a comment of GitHub")
def make_comment_row(visit: Visit, issue: Node, node: Node) -> Row:
    """Makes the row of a comment, with the number of its issue."""
    reason = values.clean_line(node.get("minimizedReason"), 40).lower() or None
    body = {
        "comment_id": get_id(node),
        "number": issue["number"],
        "url": get_link(node),
        "created_at": get_instant(node, "createdAt"),
        "is_hidden": bool(node.get("isMinimized")),
        "hidden_reason": reason,
        **_describe_actor(visit, node, (issue.get("author") or {}).get("login")),
        **features.count_features(node.get("body")),
    }
    return Row(str(node["id"]), _get_update(node), body, "comments")


@raises_on_unexpected_shape("a pull request of GitHub")
def make_pull_row(visit: Visit, node: Node) -> Row:
    """Makes the row of a pull request."""
    body = {
        "number": node["number"],
        "title": values.clean_line(node.get("title")),
        "url": get_link(node),
        "created_at": get_instant(node, "createdAt"),
        "closed_at": values.format_instant(node.get("closedAt")),
        "merged_at": values.format_instant(node.get("mergedAt")),
        **_describe_actor(visit, node),
    }
    return Row(str(node["number"]), values.parse_instant(get_instant(node, "updatedAt")), body)


@raises_on_unexpected_shape("a discussion of GitHub")
def make_discussion_rows(visit: Visit, node: Node) -> list[Row]:
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
        "closed_at": values.format_instant(node.get("closedAt")),
        "state": "closed" if node["closed"] else "open",
        "state_reason": values.clean_line(node.get("stateReason"), 40).lower() or None,
        "category": values.clean_line(category["name"], 100),
        # Without a way to choose an answer, False would be misleading.
        "is_answered": bool(node.get("isAnswered")) if is_answerable else None,
        "answer_chosen_at": values.format_instant(node.get("answerChosenAt")),
        "comments": reply_count,
        "question_type": classify_question(title, node.get("body"), [category["name"]]),
        "mentions": visit.mentions(f"{title}\n{node.get('body') or ''}"),
        **_describe_actor(visit, node),
        **features.count_features(node.get("body")),
    }
    return Row(str(node["number"]), values.parse_instant(get_instant(node, "updatedAt")), body)


def _make_reply_row(visit: Visit, discussion: Node, node: Node, parent: str | None) -> Row:
    deleted = "deleted" if node.get("deletedAt") else None
    body: dict[str, Any] = {
        "comment_id": get_id(node),
        "number": discussion["number"],
        "parent_id": parent,
        "url": get_link(node),
        "created_at": get_instant(node, "createdAt"),
        "is_answer": bool(node["isAnswer"]) if discussion["category"]["isAnswerable"] else None,
        "is_hidden": bool(node.get("isMinimized") or deleted),
        "hidden_reason": deleted or values.clean_line(node.get("minimizedReason"), 40).lower() or None,
        **_describe_actor(visit, {} if deleted else node, (discussion.get("author") or {}).get("login")),
        **features.count_features("" if deleted else node.get("body")),
    }
    return Row(str(node["id"]), _get_update(node), body, "discussion_comments")


def _get_update(node: Node) -> datetime | None:
    """Returns when a comment was written or last edited."""
    return values.parse_instant(node.get("updatedAt")) or values.parse_instant(get_instant(node, "createdAt"))


def _describe_actor(visit: Visit, node: Node, asker: str | None = None) -> dict[str, Any]:
    """Describes the author: pseudonym and role; `asker` is the login that opened the thread."""
    author = node.get("author") or {}
    return {
        "actor": _make_pseudonym(visit, author),
        "role": role_of(visit, author, values.clean_line(node.get("authorAssociation"), 40), asker),
    }


def _describe_ending(visit: Visit, node: Node) -> dict[str, Any]:
    """Describes when an issue was first closed and reopened and, if it is closed, by whom and by which change."""
    closings = [event for event in list_nodes(node, "timelineItems") if event.get("__typename") == "ClosedEvent"]
    last = closings[-1] if closings and node.get("closedAt") else None
    return {
        **_describe_turns(node),
        "closed_by_role": _closer_role(visit, node, last) if last else None,
        **(_describe_fix(visit, node, last) if last else _NO_FIX),
    }


def _describe_turns(node: Node) -> dict[str, str | None]:
    """Describes the first closing and reopening; None if GitHub has more events than were requested."""
    timeline = node.get("timelineItems") or {}
    events = timeline.get("nodes") or []
    is_whole = not (timeline.get("pageInfo") or {}).get("hasPreviousPage", True) and all(events)
    turns = [(get_instant(event, "createdAt"), event["__typename"]) for event in events] if is_whole else []
    closed = min((at for at, kind in turns if kind == "ClosedEvent"), default=None)
    opened = min((at for at, kind in turns if kind == "ReopenedEvent" and closed and at >= closed), default=None)
    return {"first_closed_at": closed, "reopened_at": opened}


def _describe_fix(visit: Visit, node: Node, closing: Node) -> dict[str, Any]:
    """Describes the merged pull request, or the commit, that closed an issue."""
    change = closing.get("closer") or {}
    is_commit = change.get("__typename") == "Commit"
    fixed_at = closing["createdAt"] if is_commit else change.get("mergedAt")
    if not fixed_at:
        return _NO_FIX
    author = ((change.get("author") or {}).get("user") if is_commit else change.get("author")) or {}
    return {
        "fixed_at": values.format_instant(fixed_at),
        "fixed_by": _make_pseudonym(visit, author),
        "fixed_by_role": _fixer_role(visit, node, change, author, closing.get("actor")),
        "fix_url": get_link(change),
    }


def _fixer_role(visit: Visit, node: Node, change: Node, author: Node, closer: Node | None) -> Role:
    """Determines the role of a fix's author in the repository, even if the author also asked."""
    # An association with another repository says nothing about this one, except for members of the same owner.
    login, association = author.get("login"), change.get("authorAssociation")
    is_here = _get_repository_url(change) == _get_repository_url(node)
    is_relevant = is_here or (association in _INSIDE and _get_owner_url(change) == _get_owner_url(node))
    role = role_of(visit, author, (association if is_relevant else None) or _map_associations(node).get(login), None)
    # Anyone who lands a change has write access, whatever association strangers are shown.
    is_own_hand = is_here and login is not None and (closer or {}).get("login") == login
    return "maintainer" if is_own_hand and role in ("outsider", "unknown") else role


def _closer_role(visit: Visit, node: Node, closing: Node) -> Role:
    """Determines the role of anyone who closed an issue."""
    # Closing others' issues takes triage rights, whatever association strangers are shown.
    account = closing.get("actor") or {}
    role = role_of(
        visit, account, _map_associations(node).get(account.get("login")), (node.get("author") or {}).get("login")
    )
    return "maintainer" if role == "outsider" or (role == "unknown" and _make_pseudonym(visit, account)) else role


def _map_associations(node: Node) -> dict[str | None, str | None]:
    """Maps the logins of a thread's authors to their associations."""
    return {
        (item.get("author") or {}).get("login"): item.get("authorAssociation")
        for item in [*list_nodes(node, "comments"), node]
    }


def _make_pseudonym(visit: Visit, account: Node | None) -> str | None:
    return visit.people.make_pseudonym("github", (account or {}).get("login"))


def _get_repository_url(node: Node) -> str:
    """Returns the address of the repository that an issue, a pull request or a commit belongs to."""
    return (get_link(node) or "").rsplit("/", 2)[0].lower()


def _get_owner_url(node: Node) -> str:
    return _get_repository_url(node).rpartition("/")[0]
