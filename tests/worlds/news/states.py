"""States of everything that news can be about, as a warehouse would have them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from warehouse.news.states import (
    CHANNEL,
    END,
    FAMILY,
    KINDS,
    METHOD,
    PAIR,
    PRICE,
    PROMISE,
    VERDICT,
    Observation,
    State,
)

BEGAN_AT = datetime(2026, 11, 1, 6)
PAGE = "gpt.deprecations.openai-api"
SCOPES = ((END, PAGE), (PROMISE, "gpt"), (VERDICT, "board"), (PAIR, "pairs"), (FAMILY, "catalog"), (CHANNEL, "catalog"),
          (METHOD, "method"), (PRICE, "list gpt"))  # fmt: skip


def observe(*states: State, days: int = 0, scopes: Iterable[tuple[str, str]] = SCOPES, code: str = "1") -> Observation:
    """What a warehouse says a number of days after the first version."""
    at = BEGAN_AT + timedelta(days=days)
    until = {"as_of_on": at.date().isoformat(), "as_of_at": at.isoformat()}
    known = {(kind, scope): State(kind, "", scope, until, code) for kind, scope in scopes}
    return Observation(at, {(state.kind, state.subject): state for state in states}, known, frozenset(KINDS))


def end(change: str = "appeared", new: str | None = "2027-05-14", old: str | None = None, **cells: Any) -> State:
    """An event on a page of ends, seen on 8 Nov 2026 after a visit on the 7th."""
    value = {
        "family_id": "gpt", "title": "GPT", "target": "openai-api", "model": "gpt-4-0613", "region": None,
        "change": change, "old_shutdown_on": old, "old_shutdown_kind": "exact" if old else None,
        "new_shutdown_on": new, "new_shutdown_kind": "exact" if new else None, "stage": "deprecated",
        "announced_on": None, "seen_on": "2026-11-08", "seen_before_on": "2026-11-07", "is_latest": True,
        "replacement": ["gpt-5"], "url": "https://example.com/ends#gpt-4", **cells,
    }  # fmt: skip
    return State(END, f"{PAGE}#{value['model']} {change} {new}", PAGE, value)


def promise(days: int | None = 180, read: str = "2026-10-01", **cells: Any) -> State:
    """A promise of notice."""
    value = {
        "family_id": "gpt", "title": "GPT", "fact_kind": "notice", "tuning_method": None, "applies_to": "",
        "fact_words": f"At least {days} days", "promised_days": days, "from_on": None, "until_on": None,
        "as_of_on": read, "url": "https://example.com/promise", **cells,
    }  # fmt: skip
    subject = f"gpt|{value['fact_kind']}||{value['applies_to']}|{value['from_on'] or ''}"
    return State(PROMISE, subject, "gpt", value)


def verdict(word: str, method: str = "m", reach: str = "r", version: int = 1) -> State:
    """A verdict on the board."""
    value = {"title": "Open costs less", "verdict": word, "claim_version": version, "wording": "Words."}
    return State(VERDICT, "h1", "board", value, method, reach)


def pair(p_adjusted: float, ahead: str = "qwen", method: str = "m", reach: str = "r") -> State:
    """Two families in one measure."""
    value = {
        "first_id": "claude", "second_id": "qwen", "first_title": "Claude", "second_title": "Qwen",
        "metric": "answered_share", "statistic": "within_7d", "measure": "answered within a week", "ahead": ahead,
        "p_adjusted": p_adjusted,
    }  # fmt: skip
    return State(PAIR, "answered_share|anyone|within_7d|claude|qwen", "pairs", value, method, reach)


def offer(
    input_usd: float | None = 1.25, output_usd: float | None = 10.0, since: str | None = "2026-10-01", **cells: Any
) -> State:
    """What the list of prices says of a model, seen on 8 Nov 2026."""
    value = {
        "family_id": "gpt", "title": "GPT", "side": "proprietary", "model": "openai/gpt-5", "status": "priced",
        "input_usd": input_usd, "output_usd": output_usd, "first_seen_at": "2026-10-01T06:00:00", "since_on": since,
        "seen_on": "2026-11-08", **cells,
    }  # fmt: skip
    return State(PRICE, f"list {value['model']}", "list gpt", value)


def family(family_id: str = "qwen", ended_on: str | None = None, successor: str | None = None) -> State:
    """A family of the catalog."""
    value = {"title": family_id.title(), "side": "open", "ended_on": ended_on, "successor": successor}
    return State(FAMILY, family_id, "catalog", value)


def channels(*names: str, family_id: str = "qwen") -> State:
    """The channels of a family."""
    return State(CHANNEL, family_id, "catalog", {"title": family_id.title(), "channels": list(names)})


def method(digest: str, restated: int = 0, version: int = 1, name: str = "answered_share") -> State:
    """The definition of a measure."""
    return State(METHOD, name, "method", {"version": version, "digest": digest, "restated_count": restated})
