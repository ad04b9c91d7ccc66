"""Makes rows of Stack Exchange's questions and answers, with their links, as their licence (CC BY-SA) requires."""

from collections.abc import Mapping, Sequence
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from pipelines.contract import Row, Visit
from pipelines.http.answers import to_web_link
from pipelines.http.shapes import raises_on_unexpected_shape
from pipelines.people import determine_role
from pipelines.text import features, values
from pipelines.text.question_types import classify_question

Item = Mapping[str, Any]
GONE_USER = "does_not_exist"
USERS = {"unregistered", "registered", "moderator", "team_admin", GONE_USER}
COMMUNITY = -1
"""The ID of the account under which the site itself posts."""


def make_gone_row(number: int) -> Row:
    """Makes the row of a deleted question, which replaces everything else about it."""
    return Row(str(number), None, {"number": number, "state": "gone"})


@raises_on_unexpected_shape("a question of Stack Exchange")
def make_question_rows(visit: Visit, item: Item, answers: Sequence[Item]) -> list[Row]:
    """Makes the rows of a question and its answers, without their texts and names."""
    owner = item.get("owner") or {}
    title = values.clean_line(unescape(item["title"]))
    link = to_web_link(item.get("link"))
    closed = values.format_instant(item.get("closed_date"))
    words = unescape(str(item.get("body_markdown") or ""))
    tags = [values.clean_line(tag, 50) for tag in item.get("tags") or []]
    answers = sorted(answers, key=lambda answer: int(answer["answer_id"]))
    kinds = _list_user_types(owner, answers)
    body = {
        "number": int(item["question_id"]),
        "title": title,
        "url": link,
        "created_at": values.require_instant(item["creation_date"]),
        "closed_at": closed,
        "close_reason": values.clean_line(unescape(str(item.get("closed_reason") or "")), 60) or None,
        "state": "closed" if closed else "open",
        "question_type": classify_question(title, words, tags),
        "answers": int(item["answer_count"]),
        "has_accepted": "accepted_answer_id" in item,
        **_describe_actor(visit, owner, None),
        **features.count_features(words),
        "mentions": visit.mentions(f"{title}\n{words}"),
        "drift": sorted({f"user_type: {values.clean_line(kind, 40)}" for kind in kinds - USERS}),
    }
    # Without a source time: an accepted answer or a closing changes a question but does not count as activity.
    return [
        Row(str(item["question_id"]), None, body),
        *(_make_answer_row(visit, link, answer, owner) for answer in answers),
    ]


def _make_answer_row(visit: Visit, link: str | None, answer: Item, owner: Item) -> Row:
    parts = urlsplit(link or "")
    url = f"{parts.scheme}://{parts.netloc}/a/{int(answer['answer_id'])}" if link else None
    body = {
        "comment_id": str(values.read_number(answer["answer_id"])),
        "number": values.read_number(answer["question_id"]),
        "url": url,
        "created_at": values.require_instant(answer["creation_date"]),
        "is_accepted": bool(answer["is_accepted"]),
        **_describe_actor(visit, answer.get("owner") or {}, owner.get("user_id")),
        **features.count_features(unescape(str(answer.get("body_markdown") or ""))),
    }
    return Row(str(answer["answer_id"]), None, body, "answers")


def _list_user_types(owner: Item, answers: Sequence[Item]) -> set[str]:
    owners = [owner, *(answer.get("owner") or {} for answer in answers)]
    return {str(account["user_type"]) for account in owners if account.get("user_type")}


def _describe_actor(visit: Visit, owner: Item, asker: int | None) -> dict[str, Any]:
    """Describes an author: pseudonym and role."""
    # Accounts are numbers; a deleted one has none, even if a name remains.
    number = None if owner.get("user_type") == GONE_USER else owner.get("user_id")
    name = None if number is None else str(number)
    role = determine_role(
        name,
        typename="Bot" if number == COMMUNITY else "User",
        association="NONE",
        is_official=visit.channel.official,
        staff=visit.channel.staff,
        asker=None if asker is None else str(asker),
    )
    return {"actor": visit.people.make_pseudonym(f"stackexchange/{visit.channel.target}", name), "role": role}
