"""Objects as GitHub's GraphQL answers with them, made by hand, and the visits that would bring them."""

from typing import Any

from pipelines.catalog.entries import Channel
from tests.worlds.visits import make_visit

CHANNEL = Channel(source="github", target="acme/kit", role="sdk", staff=("paid-helper",), family="acme")
VISIT = make_visit(CHANNEL)
COMMUNITY = make_visit(CHANNEL.model_copy(update={"official": False}))


def person(login: str | None, kind: str = "User") -> dict[str, str] | None:
    return {"__typename": kind, "login": login} if login else None


def issue(**changes: Any) -> dict[str, Any]:
    node = {
        "id": "I_1", "number": 7, "title": "It \x1b[31mfails\u202e", "url": "https://github.com/acme/kit/issues/7",
        "body": "Secret plan of Ann <ann@example.org>\n```\nrun()\n```", "createdAt": "2026-05-01T10:00:00Z",
        "updatedAt": "2026-05-02T10:00:00Z", "closedAt": None, "stateReason": None,
        "authorAssociation": "NONE", "author": person("Ann"), "labels": {"nodes": [{"name": "bug"}]},
        "comments": {"totalCount": 1, "nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}},
        "timelineItems": {"nodes": []},
    }  # fmt: skip
    return node | changes


def turn(what: str, hour: int, **more: Any) -> dict[str, Any]:
    """A closing or a re-opening on the second of May."""
    return {"__typename": f"{what}Event", "createdAt": f"2026-05-02T{hour:02}:00:00Z", **more}


def timeline(*turns: dict[str, Any] | None, has_more: bool = False) -> dict[str, Any]:
    """The last turns of an issue; `has_more`: there were earlier ones."""
    return {"pageInfo": {"hasPreviousPage": has_more}, "nodes": list(turns)}


def comment(login: str | None, association: str = "NONE", **changes: Any) -> dict[str, Any]:
    node = {
        "id": "IC_1", "url": "https://github.com/acme/kit/issues/7#issuecomment-1", "body": "hm", "isMinimized": False,
        "minimizedReason": None, "createdAt": "2026-05-01T11:00:00Z", "updatedAt": "2026-05-01T11:00:00Z",
        "authorAssociation": association, "author": person(login),
    }  # fmt: skip
    return node | changes


def pull(**changes: Any) -> dict[str, Any]:
    return {
        "number": 3, "title": "Fix", "url": "https://github.com/acme/kit/pull/3", "createdAt": "2026-05-01T10:00:00Z",
        "updatedAt": "2026-05-03T10:00:00Z", "closedAt": None, "mergedAt": None,
        "authorAssociation": "NONE", "author": person("bob"), **changes,
    }  # fmt: skip
