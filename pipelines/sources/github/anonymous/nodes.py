"""Turns issues and comments of GitHub's REST interface into the nodes of its GraphQL interface."""

import re
from collections.abc import Mapping
from typing import Any

from pipelines.http.errors import Fatal

MARK = "[bot]"
"""Ends the login of a bot in REST; GraphQL leaves it off."""
GHOST = "ghost"
"""The login that stands for a deleted account."""


def make_issue_node(item: Mapping[str, Any]) -> dict[str, Any]:
    """Makes the node of an issue, with all that REST tells of it."""
    if not isinstance(item.get("labels"), list | None):
        raise TypeError("labels that are no list")
    labels = [{"name": label} if isinstance(label, str) else label for label in item.get("labels") or []]
    return {
        **_make_text_node(item),
        "number": int(item["number"]),
        "title": item.get("title"),
        "closedAt": item.get("closed_at"),
        "state": item.get("state"),
        "stateReason": item.get("state_reason"),
        "locked": item.get("locked"),
        "labels": {"nodes": labels},
        "comments": {"totalCount": item.get("comments")},
    }


def make_comment_node(item: Mapping[str, Any]) -> dict[str, Any]:
    """Makes the node of a comment, with all that REST tells of it."""
    return {**_make_text_node(item), "id": item["node_id"]}


def find_number(comment: Mapping[str, Any]) -> int:
    """Finds the number of the thread that a comment belongs to. Raises Fatal where it names none."""
    number = re.search(r"/issues/(\d+)$", str(comment.get("issue_url") or ""))
    if not number:
        raise Fatal("a comment of GitHub names no issue; its interface has changed")
    return int(number[1])


def is_issue_comment(comment: Mapping[str, Any]) -> bool:
    """Tells whether a comment was written on an issue, not on a pull request."""
    return "/pull/" not in str(comment.get("html_url") or "")


def is_pull(item: Mapping[str, Any]) -> bool:
    """Tells whether an entry of the list of issues is a pull request, by its own key or its page's address."""
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
    return {"login": login.removesuffix(MARK), "__typename": user.get("type") or "User"}
