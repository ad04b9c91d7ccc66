"""Makes rows of GitHub's issues, comments, pull requests, releases and repositories."""

from typing import Any

from pipelines.contract import Row, Visit
from pipelines.http.shapes import raises_on_unexpected_shape
from pipelines.people import Role
from pipelines.sources.github.endings import describe_issue_ending, describe_pull_ending, is_first_time
from pipelines.sources.github.keys import REPOSITORY
from pipelines.sources.github.nodes import Node, get_id, get_instant, get_link, list_nodes, role_of
from pipelines.text import features, values
from pipelines.text.question_types import classify_question

LABELS = 10


@raises_on_unexpected_shape("an issue of GitHub")
def make_issue_row(visit: Visit, node: Node) -> Row:
    """Makes the row of an issue, without its text and without names."""
    labels = [values.clean_line(label.get("name"), 50) for label in list_nodes(node, "labels")][:LABELS]
    body = {
        "number": node["number"],
        "title": values.clean_line(node.get("title")),
        "url": get_link(node),
        "created_at": get_instant(node, "createdAt"),
        "updated_at": get_instant(node, "updatedAt"),
        "closed_at": values.format_instant(node.get("closedAt")),
        "state": values.clean_line(node.get("state"), 20).lower(),
        "state_reason": values.clean_line(node.get("stateReason"), 40).lower() or None,
        "locked": bool(node.get("locked")),
        "labels": labels,
        "question_type": classify_question(node.get("title"), node.get("body"), labels),
        "comments": (node.get("comments") or {}).get("totalCount"),
        **describe_issue_ending(visit, node),
        "mentions": visit.mentions(f"{node.get('title') or ''}\n{node.get('body') or ''}"),
        **describe_actor(visit, node),
        **features.count_features(node.get("body")),
    }
    return Row(str(node["number"]), values.parse_instant(node["updatedAt"]), body)


@raises_on_unexpected_shape("a comment of GitHub")
def make_comment_row(visit: Visit, issue: Node, node: Node) -> Row:
    """Makes the row of a comment, with the number of its issue."""
    reason = values.clean_line(node.get("minimizedReason"), 40).lower() or None
    body = {
        "comment_id": get_id(node),
        "number": issue["number"],
        "url": get_link(node),
        "created_at": get_instant(node, "createdAt"),
        "updated_at": values.format_instant(node.get("updatedAt")) or get_instant(node, "createdAt"),
        "is_hidden": bool(node.get("isMinimized")),
        "hidden_reason": reason,
        **describe_actor(visit, node, (issue.get("author") or {}).get("login")),
        **features.count_features(node.get("body")),
    }
    return Row(str(node["id"]), values.parse_instant(body["updated_at"]), body, "comments")


@raises_on_unexpected_shape("a pull request of GitHub")
def make_pull_row(visit: Visit, node: Node) -> Row:
    """Makes the row of a pull request."""
    body = {
        "number": node["number"],
        "title": values.clean_line(node.get("title")),
        "url": get_link(node),
        "created_at": get_instant(node, "createdAt"),
        "updated_at": get_instant(node, "updatedAt"),
        "closed_at": values.format_instant(node.get("closedAt")),
        "merged_at": values.format_instant(node.get("mergedAt")),
        "state": values.clean_line(node.get("state"), 20).lower(),
        "is_draft": bool(node.get("isDraft")),
        "comments": (node.get("comments") or {}).get("totalCount"),
        "reviews": (node.get("reviews") or {}).get("totalCount"),
        **describe_pull_ending(visit, node),
        "is_first_time": is_first_time(node),
        **_describe_first_answers(visit, node),
        **describe_actor(visit, node),
    }
    return Row(str(node["number"]), values.parse_instant(node["updatedAt"]), body)


@raises_on_unexpected_shape("a release of GitHub")
def make_release_row(node: Node) -> Row:
    """Makes the row of a release, with a flag if its notes mention a breaking change."""
    published = node.get("published_at") or node.get("created_at")
    if node.get("draft") not in (False, None):
        raise ValueError("neither a draft nor published")
    body = {
        "release_id": node["id"],
        "version": values.clean_line(node["tag_name"], 100),
        "title": values.clean_line(node.get("name")) or values.clean_line(node["tag_name"]),
        "url": values.clean_line(node.get("html_url"), 500),
        "released_at": values.format_instant(published),
        "is_prerelease": bool(node.get("prerelease")),
    }
    return Row(str(node["id"]), values.parse_instant(published), body)


@raises_on_unexpected_shape("a repository of GitHub")
def make_repository_body(visit: Visit, node: Node) -> dict[str, Any]:
    """Makes the body of a repository's row, with counts and flags."""
    visit.keys.check(node, REPOSITORY)
    # Identified by number, since a repository may be renamed.
    return {
        "repository_id": node["id"],
        "full_name": values.clean_line(node.get("full_name")) or visit.channel.target,
        "stars": values.read_number(node["stargazers_count"], least=0),
        "forks": values.read_number(node["forks_count"], least=0),
        "open_issues": values.read_number(node["open_issues_count"], least=0),
        "is_archived": bool(node.get("archived")),
        "has_issues": node.get("has_issues"),
        "has_discussions": node.get("has_discussions"),
        "licence": (node.get("license") or {}).get("spdx_id"),
        "created_at": values.format_instant(node.get("created_at")),
        "pushed_at": values.format_instant(node.get("pushed_at")),
    }


def describe_actor(visit: Visit, node: Node, asker: str | None = None) -> dict[str, Any]:
    """Describes the author: pseudonym, role and GitHub's association; `asker` is the login that opened the thread."""
    author = node.get("author") or {}
    association = values.clean_line(node.get("authorAssociation"), 40).upper() or None
    return {
        "actor": visit.people.make_pseudonym("github", author.get("login")),
        "role": role_of(visit, author, association, asker),
        "association": association,
    }


def _describe_first_answers(visit: Visit, node: Node) -> dict[str, Any]:
    """Describes the first review and the first reply of any kind by another person, with their roles."""
    # Each list holds ten items; `has_all_answers` is false if there are more, since "nobody" would then be a guess.
    asker = (node.get("author") or {}).get("login")
    reviews = [(review.get("submittedAt"), review) for review in list_nodes(node, "reviews")]
    comments = [
        (comment.get("createdAt"), comment)
        for comment in list_nodes(node, "comments")
        if not comment.get("isMinimized")
    ]
    review, reply = (_find_first_by_a_person(visit, answers, asker) for answers in (reviews, reviews + comments))
    kinds = [node.get(kind) or {} for kind in ("reviews", "comments")]
    return {
        "first_review_at": review[0], "first_review_role": review[1], "first_reply_at": reply[0],
        "first_reply_role": reply[1],
        "has_all_answers": all(kind.get("totalCount", 0) <= len(kind.get("nodes") or []) for kind in kinds),
    }  # fmt: skip


def _find_first_by_a_person(
    visit: Visit, answers: list[tuple[Any, Node]], asker: str | None
) -> tuple[str | None, Role | None]:
    dated = [(values.format_instant(time) or "", answer) for time, answer in answers]
    for answered_at, answer in sorted(dated, key=lambda pair: pair[0]):
        association = values.clean_line(answer.get("authorAssociation"), 40).upper() or None
        role = role_of(visit, answer.get("author") or {}, association, asker)
        if answered_at and role not in ("asker", "bot", "agent"):
            return answered_at, role
    return None, None
