"""States of everything that news can be about, as a warehouse would have them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from warehouse.news.states import END, KINDS, PRICE, VERDICT, Observation, State

BEGAN_AT = datetime(2026, 11, 1, 6)
PAGE = "gpt.deprecations.openai-api"
SCOPES = ((END, PAGE), (VERDICT, "board"), (PRICE, "list gpt"))


def observe(*states: State, days: int = 0, scopes: Iterable[tuple[str, str]] = SCOPES) -> Observation:
    """What a warehouse says a number of days after the first version."""
    at = BEGAN_AT + timedelta(days=days)
    until = {"as_of_at": at.isoformat()}
    known = {(kind, scope): State(kind, "", scope, until) for kind, scope in scopes}
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


def verdict(word: str, method: str = "m", version: int = 1) -> State:
    """A verdict on the board."""
    value = {"title": "Open costs less", "verdict": word, "claim_version": version}
    return State(VERDICT, "h1", "board", value, method)


def offer(input_usd: float | None = 1.25, output_usd: float | None = 10.0, **cells: Any) -> State:
    """What the list of prices says of a model."""
    value = {
        "family_id": "gpt", "title": "GPT", "model": "openai/gpt-5", "status": "priced",
        "input_usd": input_usd, "output_usd": output_usd, "first_seen_at": "2026-10-01T06:00:00", **cells,
    }  # fmt: skip
    return State(PRICE, f"list {value['model']}", "list gpt", value)
