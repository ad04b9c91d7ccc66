"""Makes rows of the Hub's discussions: of a thread and a comment."""

from collections.abc import Mapping
from typing import Any

from pipelines.contract import Row, Visit
from pipelines.http.answers import to_web_link
from pipelines.http.shapes import raises_on_unexpected_shape
from pipelines.people import Role, determine_role
from pipelines.text import features, values
from pipelines.text.question_types import classify_question

STATES = {"open": "open", "closed": "closed", "merged": "merged", "draft": "draft"}
ENDS = ("closed", "merged")
SILENT = {
    "status-change", "commit", "title-change", "pinning-change", "locking-change", "report-status-change",
    "ref-deleted",
}  # fmt: skip
"""Events that are no reply, and so make no rows."""
Node = Mapping[str, Any]


def make_listed_row(visit: Visit, model: str, base: str, item: Node) -> Row:
    """Makes the row of a thread as listed, without its replies; of a pull request this is the only row."""
    with raises_on_unexpected_shape("the Hub's list of discussions"):
        status = str(item["status"])
        body = {
            "model_id": model,
            "number": item["num"],
            "title": values.clean_line(item.get("title")),
            "url": _make_url(base, model, item),
            "created_at": values.require_instant(item["createdAt"]),
            "closed_at": None,
            "state": STATES.get(status, "unknown"),
            "is_pull_request": bool(item["isPullRequest"]),
            "comments": max(0, int(item["numComments"]) - 1),
            "mentions": visit.mentions(str(item.get("title") or "")),
            "drift": [] if status in STATES else [values.clean_line(status, 40)],
            **_describe_actor(visit, item.get("author")),
        }
    return Row(f"{model}#{item['num']}", None, body)


def make_thread_rows(visit: Visit, model: str, base: str, item: Node, thread: Node) -> list[Row]:
    """Makes the row of a thread, and one for each reply.

    `item` is the thread as listed, `thread` as its own address returns it.
    """
    # The list may be older than the thread.
    with raises_on_unexpected_shape("a discussion of the Hub"):
        newer = {name: thread[name] for name in ("status", "title") if name in thread}
    listed = make_listed_row(visit, model, base, {**item, **newer})
    with raises_on_unexpected_shape("a discussion of the Hub"):
        events = [event for event in thread["events"] if event]
        first = _find_opening(events, thread.get("author"))
        asker = _get_login((first or thread).get("author"))
        rest = [event for event in events if event is not first]
        replies = [_make_reply_row(visit, listed.body, event, asker) for event in rest if event["type"] == "comment"]
        source = str(((first or {}).get("data") or {}).get("latest", {}).get("raw") or "")
        body = {
            **listed.body,
            **_describe_ending(visit, listed.body["state"], rest, asker),
            **_describe_actor(visit, (first or thread).get("author")),
            **features.count_features(source),
            "question_type": classify_question(listed.body["title"], source),
            "is_report": bool(thread.get("isReport")),
            "comments": max(len(replies), listed.body["comments"]),
            "mentions": visit.mentions(f"{thread.get('title') or ''}\n{source}"),
            "drift": [
                *listed.body["drift"],
                *sorted({values.clean_line(event["type"], 40) for event in rest} - {"comment"} - SILENT),
            ],
        }
    return [Row(listed.key, None, body), *replies]


def _make_reply_row(visit: Visit, thread: Node, event: Node, asker: str | None) -> Row:
    data = event["data"]
    latest = data.get("latest") or {}
    is_hidden = bool(data.get("hidden"))
    body = {
        "event_id": event["id"],
        "model_id": thread["model_id"],
        "number": thread["number"],
        "url": f"{thread['url']}#{event['id']}",
        "kind": event["type"],
        "created_at": values.require_instant(event["createdAt"]),
        "is_hidden": is_hidden,
        "hidden_reason": values.clean_line(data.get("hiddenReason"), 40).lower() or None,
        **_describe_actor(visit, event.get("author"), asker),
        **features.count_features("" if is_hidden else latest.get("raw")),
    }
    return Row(f"{thread['model_id']}#{thread['number']}/{event['id']}", None, body, "discussion_events")


def _find_opening(events: list[Node], author: object) -> Node | None:
    """Finds the comment that asks the question: the first, if it is by the thread's author."""
    first = next((event for event in events if event["type"] == "comment"), None)
    return first if first and _get_login(first.get("author")) in (None, _get_login(author)) else None


def _describe_ending(visit: Visit, state: str, events: list[Node], asker: str | None) -> dict[str, Any]:
    """Describes when the thread was first closed and reopened, and, if it is closed, when and by whom."""
    changes = [event for event in events if event["type"] == "status-change"]
    closings = [change for change in changes if change["data"]["status"] in ENDS]
    last = closings[-1:] if state in ENDS else []
    first = min((values.require_instant(closing["createdAt"]) for closing in closings), default=None)
    openings = [values.require_instant(change["createdAt"]) for change in changes if change["data"]["status"] == "open"]
    return {
        "closed_at": values.require_instant(last[0]["createdAt"]) if last else None,
        "closed_by_role": _describe_actor(visit, last[0].get("author"), asker)["role"] if last else None,
        "first_closed_at": first,
        "reopened_at": min((at for at in openings if first and at >= first), default=None),
    }


def _describe_actor(visit: Visit, author: object, asker: str | None = None) -> dict[str, Any]:
    """Describes an author: pseudonym and role."""
    account: Mapping[str, Any] = author if isinstance(author, Mapping) else {}
    login = _get_login(author)
    role: Role = determine_role(
        login,
        association=_find_association(account),
        is_official=visit.channel.official,
        staff=visit.channel.staff,
        asker=asker,
    )
    return {"actor": visit.people.make_pseudonym("huggingface", login), "role": role}


def _find_association(account: Mapping[str, Any]) -> str | None:
    """Finds an account's association in GitHub's terms; None outside a thread's events."""
    if account.get("isOwner"):
        return "OWNER"
    if account.get("isOrgMember"):
        return "MEMBER"
    # Who runs the Hub answers for no model on it.
    is_known = any(account.get(name) for name in ("isHf", "isHfAdmin", "isMod")) or "isOrgMember" in account
    return "NONE" if is_known or "isOwner" in account else None


def _get_login(author: object) -> str | None:
    """Returns the login; None for a deleted account."""
    return author.get("name") if isinstance(author, Mapping) else None


def _make_url(base: str, model: str, item: Node) -> str | None:
    return to_web_link(f"{base}/{(item.get('repo') or {}).get('name') or model}/discussions/{item['num']}")
