"""Describes how issues and pull requests ended: when, by whom and by which change, and whether they were reopened."""

from typing import Any

from pipelines.contract import Visit
from pipelines.people import Role
from pipelines.sources.github.nodes import Node, get_instant, get_link, list_nodes, role_of
from pipelines.text import values

FIRST_TIME = {"FIRST_TIMER": True, "FIRST_TIME_CONTRIBUTOR": True, "CONTRIBUTOR": False}
"""GitHub's terms for authors without an earlier commit to the repository (True), and with one (False)."""
_INSIDE = ("OWNER", "MEMBER")
_NO_FIX = {"fixed_at": None, "fixed_by": None, "fixed_by_role": None, "fix_url": None}


def describe_issue_ending(visit: Visit, node: Node) -> dict[str, Any]:
    """Describes when an issue was first closed and reopened and, if it is closed, by whom and by which change."""
    closings = [event for event in list_nodes(node, "timelineItems") if event.get("__typename") == "ClosedEvent"]
    last = closings[-1] if closings and node.get("closedAt") else None
    return {
        **_describe_turns(node),
        "closed_by_role": _closer_role(visit, node, last) if last else None,
        **(_describe_fix(visit, node, last) if last else _NO_FIX),
    }


def describe_pull_ending(visit: Visit, node: Node) -> dict[str, Any]:
    """Describes who merged a pull request, and whether it was the author; None if either account is deleted."""
    if not node.get("mergedAt"):
        return {"merged_by_role": None, "is_self_merged": None}
    merger, author = (_make_pseudonym(visit, node.get(name)) for name in ("mergedBy", "author"))
    return {
        "merged_by_role": _merger_role(visit, node),
        "is_self_merged": merger == author if merger and author else None,
    }


def is_first_time(node: Node) -> bool | None:
    """True if an open pull request is its author's first to the repository, in GitHub's judgement; None if unknown."""
    # GitHub states the author's present association, and a merge makes the author a contributor, so the association
    # of a pull request that has ended is biased.
    return (
        FIRST_TIME.get(values.clean_line(node.get("authorAssociation"), 40).upper())
        if node.get("state") == "OPEN"
        else None
    )


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
    # Whoever lands a change has write access, whatever association strangers are shown.
    is_own_hand = is_here and login is not None and (closer or {}).get("login") == login
    return "maintainer" if is_own_hand and role in ("outsider", "unknown") else role


def _closer_role(visit: Visit, node: Node, closing: Node) -> Role:
    """Determines the role of whoever closed an issue."""
    # Closing others' issues takes triage rights, whatever association strangers are shown.
    account = closing.get("actor") or {}
    role = role_of(
        visit, account, _map_associations(node).get(account.get("login")), (node.get("author") or {}).get("login")
    )
    return "maintainer" if role == "outsider" or (role == "unknown" and _make_pseudonym(visit, account)) else role


def _merger_role(visit: Visit, node: Node) -> Role:
    """Determines the role of whoever merged a pull request."""
    # Merging takes write access, whatever association strangers are shown.
    account = node.get("mergedBy") or {}
    role = role_of(visit, account, None, (node.get("author") or {}).get("login"))
    return "maintainer" if role == "unknown" and _make_pseudonym(visit, account) else role


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
