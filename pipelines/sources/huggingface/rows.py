"""The Hub's discussions as rows: what may be kept of a model's board, of a thread, of a comment or a change of
status."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pipelines.contract import Row, Visit
from pipelines.http.answers import to_web_link
from pipelines.http.shapes import raises_on_unexpected_shape
from pipelines.people import Role
from pipelines.text import features, values
from pipelines.text.question_types import classify_question

STATES = {"open": "open", "closed": "closed", "merged": "merged", "draft": "draft"}
ENDS = ("closed", "merged")
SILENT = {"commit", "title-change", "pinning-change", "locking-change", "report-status-change", "ref-deleted"}
"""Events that are no reply and end nothing; they make no rows."""
KEPT = {"comment", "status-change"}
Node = Mapping[str, Any]


def board_row(model: str, state: str, count: int | None, newest: int | None, opened: datetime | None) -> Row:
    """A model's discussions as a whole; numbers are given in order and never again, so `newest` less `count` were
    deleted."""
    body = {
        "model_id": model,
        "state": state,
        "count": count,
        "newest": newest,
        "last_opened_at": values.format_instant(opened),
    }
    return Row(model, None, body, "boards")


def listed_row(visit: Visit, model: str, base: str, item: Node) -> Row:
    """A thread as the list tells it, without a word of what was answered: all that is kept of a pull request."""
    with raises_on_unexpected_shape("the Hub's list of discussions"):
        owner = item.get("repoOwner") or {}
        status = str(item["status"])
        body = {
            "model_id": model,
            "number": item["num"],
            "title": values.clean_line(item.get("title")),
            "url": _url(base, model, item),
            "created_at": _instant(item["createdAt"]),
            "closed_at": None,
            "state": STATES.get(status, "unknown"),
            "is_pull_request": bool(item["isPullRequest"]),
            "is_pinned": bool(item.get("pinned")),
            "comments": max(0, int(item["numComments"]) - 1),
            "has_owner_reply": owner.get("isParticipating"),
            "mentions": visit.mentions(str(item.get("title") or "")),
            "drift": [] if status in STATES else [values.clean_line(status, 40)],
            **_actor(visit, item.get("author")),
        }
    return Row(f"{model}#{item['num']}", None, body)


def thread_rows(visit: Visit, model: str, base: str, item: Node, told: Node) -> list[Row]:
    """A thread with all that was said in it: its own row, and one for each comment but the first and each change of
    status."""
    thread = listed_row(
        visit, model, base, {**item, **{name: told[name] for name in ("status", "title") if name in told}}
    )
    with raises_on_unexpected_shape("a discussion of the Hub"):
        events = [event for event in told["events"] if event]
        first = _opening(events, told.get("author"))
        asker = _name((first or told).get("author"))
        rest = [event for event in events if event is not first]
        kept = [_event_row(visit, thread.body, event, asker) for event in rest if event["type"] in KEPT]
        replies = sum(event["type"] == "comment" for event in rest)
        source = str(((first or {}).get("data") or {}).get("latest", {}).get("raw") or "")
        body = {
            **thread.body,
            **_ending(visit, thread.body["state"], rest, asker),
            **_actor(visit, (first or told).get("author")),
            **features.count_features(source, model),
            "question_type": classify_question(thread.body["title"], source),
            "is_locked": bool(told.get("locked")),
            "is_report": bool(told.get("isReport")),
            "comments": max(replies, thread.body["comments"]),
            "mentions": visit.mentions(f"{told.get('title') or ''}\n{source}"),
            "drift": [
                *thread.body["drift"],
                *sorted({values.clean_line(one["type"], 40) for one in rest} - KEPT - SILENT),
            ],
        }
    return [Row(thread.key, None, body), *kept]


def _event_row(visit: Visit, thread: Node, event: Node, asker: str | None) -> Row:
    data = event["data"]
    latest = data.get("latest") or {}
    is_hidden = bool(data.get("hidden"))
    body = {
        "event_id": event["id"],
        "model_id": thread["model_id"],
        "number": thread["number"],
        "url": f"{thread['url']}#{event['id']}",
        "kind": event["type"],
        "created_at": _instant(event["createdAt"]),
        "is_hidden": is_hidden,
        "hidden_reason": values.clean_line(data.get("hiddenReason"), 40).lower() or None,
        "is_edited": bool(data.get("edited")),
        "status": STATES.get(str(data["status"]), "unknown") if event["type"] == "status-change" else None,
        **_actor(visit, event.get("author"), asker),
        **features.count_features("" if is_hidden else latest.get("raw"), thread["model_id"]),
    }
    return Row(f"{thread['model_id']}#{thread['number']}/{event['id']}", None, body, "discussion_events")


def _opening(events: list[Node], author: object) -> Node | None:
    """The comment that is the question itself: the first, and by whoever opened the thread."""
    first = next((event for event in events if event["type"] == "comment"), None)
    return first if first and _name(first.get("author")) in (None, _name(author)) else None


def _ending(visit: Visit, state: str, events: list[Node], asker: str | None) -> dict[str, Any]:
    """When the thread was first closed and then opened again; and when and by whom it was closed, where it is."""
    turns = [one for one in events if one["type"] == "status-change"]
    closings = [one for one in turns if one["data"]["status"] in ENDS]
    last = closings[-1:] if state in ENDS else []
    first = min((_instant(one["createdAt"]) for one in closings), default=None)
    openings = [_instant(one["createdAt"]) for one in turns if one["data"]["status"] == "open"]
    return {
        "closed_at": _instant(last[0]["createdAt"]) if last else None,
        "closed_by_role": _actor(visit, last[0].get("author"), asker)["role"] if last else None,
        "first_closed_at": first,
        "reopened_at": min((at for at in openings if first and at >= first), default=None),
    }


def _actor(visit: Visit, author: object, asker: str | None = None) -> dict[str, Any]:
    """Who it is. Only a thread's events say whether somebody belongs to the organisation; elsewhere the association is
    not known."""
    account: Mapping[str, Any] = author if isinstance(author, Mapping) else {}
    name, association = _name(author), _association(account)
    role: Role = visit.people.determine_role(
        name, association=association, is_official=visit.channel.official, staff=visit.channel.staff, asker=asker
    )
    return {"actor": visit.people.make_pseudonym("huggingface", name), "role": role, "association": association}


def _association(account: Mapping[str, Any]) -> str | None:
    """In the words of the forges: the organisation's own people, then those who look after the Hub as a whole."""
    if account.get("isOwner"):
        return "OWNER"
    if account.get("isOrgMember"):
        return "MEMBER"
    if account.get("isHf") or account.get("isHfAdmin") or account.get("isMod"):
        return "COLLABORATOR"
    return "NONE" if "isOrgMember" in account or "isOwner" in account else None


def _name(author: object) -> str | None:
    """The login; None for an account that was deleted."""
    return author.get("name") if isinstance(author, Mapping) else None


def _url(base: str, model: str, item: Node) -> str | None:
    return to_web_link(f"{base}/{(item.get('repo') or {}).get('name') or model}/discussions/{item['num']}")


def _instant(value: object) -> str:
    found = values.format_instant(value)
    if found is None:
        raise ValueError(f"{value!r} is no instant")
    return found
