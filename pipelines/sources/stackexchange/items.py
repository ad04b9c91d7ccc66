"""Fields of Stack Exchange's questions that decide what is read."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Any

from pipelines.http.errors import Retriable
from pipelines.http.shapes import raises_on_unexpected_shape
from pipelines.sources.stackexchange.client import PAGE

CLOCK_SKEW_SECONDS = 3600
FEW = 50
"""Length up to which a page's lowest time is believed."""
Item = Mapping[str, Any]


def is_sound(item: Any, now: datetime) -> bool:
    """Returns whether a question has a number, counts, and times that are not in the future."""
    names = ("question_id", "creation_date", "last_activity_date", "answer_count")
    if not isinstance(item, dict) or not all(type(item.get(name)) is int and item[name] >= 0 for name in names):
        return False
    latest: float = max(item["creation_date"], item["last_activity_date"])
    return latest <= now.timestamp() + CLOCK_SKEW_SECONDS


def check_end(data: Mapping[str, Any], page: int) -> None:
    """Checks that a list does not end before its own total. Raises Retriable: what is missing must not pass for read.

    A few questions of difference are normal, since the total is counted from an index that lags behind.
    """
    shown, total = len(data["items"]), read_total(data)
    if not shown and (data.get("has_more") or (page == 1 and total)):
        raise Retriable("Stack Exchange returned an empty page of a list that is not empty")
    if not data.get("has_more") and total is not None and total - (page - 1) * PAGE - shown >= PAGE // 2:
        raise Retriable(f"Stack Exchange's list ends {total - (page - 1) * PAGE - shown} questions before its total")


def list_answers(item: Item) -> list[Any]:
    """Lists the answers that came with a question."""
    answers = item.get("answers")
    return answers if isinstance(answers, list) else []


def find_end(items: list[Item], high: int) -> int:
    """Finds the time at the end of a page: the lowest but one, since a single wrong time must not end the backfill."""
    times = sorted(get_number(item, "creation_date") for item in items)
    return times[1] if len(times) > FEW else min(times, default=high)


def read_total(data: Mapping[str, Any]) -> int | None:
    """Reads the number of all questions that a search finds; None if it is not given."""
    total = data.get("total")
    return total if isinstance(total, int) and total >= 0 else None


@raises_on_unexpected_shape("an answer of Stack Exchange")
def get_number(item: Item, name: str) -> int:
    """Returns a required number. Raises Fatal if it is missing."""
    return int(item[name])


@raises_on_unexpected_shape("an answer of Stack Exchange")
def get_key(item: Item) -> str:
    """Returns a question's key."""
    return str(int(item["question_id"]))


def make_stamp(item: Item) -> str:
    """Makes a stamp that changes with every field of a question that may change."""
    names = ("last_activity_date", "accepted_answer_id", "closed_date", "answer_count", "title")
    return blake2b(repr([item.get(name) for name in names]).encode(), digest_size=5).hexdigest()
