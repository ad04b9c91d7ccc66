"""News of prices: a price that moved, and a model that OpenRouter lists from now on, or no longer.

A price counts once it has held, so that one that flaps tells nothing. What it is compared with is the price last told.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from warehouse.news.items import Draft, clean_link, clean_text, format_day, make_page, name_family
from warehouse.news.states import PRICE, State

PRICED, FREE, OPEN, GONE, UNLISTED = "priced", "free", "open", "gone", "unlisted"
"""What the list says of a model: a price, none to pay, one that depends on the request, or nothing any more, or yet."""
HELD, HELD_BY_HOSTS = timedelta(days=1), timedelta(days=7)
"""How long the list must have said the same: on two days of the vendor's own price, for a week where the cheapest of
many hosts sets it, which changes with the hour."""
SMALL = 0.01
"""A price that differs by no more than this share is the same."""
SITE = "https://openrouter.ai/"
CHANGES = {
    (UNLISTED, PRICED): "is new on OpenRouter",
    (GONE, PRICED): "is listed on OpenRouter again",
    (OPEN, PRICED): "now has a fixed price on OpenRouter",
    (FREE, PRICED): "is no longer free on OpenRouter",
    (PRICED, FREE): "is now free on OpenRouter",
    (PRICED, OPEN): "no longer has a fixed price on OpenRouter",
    (PRICED, GONE): "is no longer listed on OpenRouter",
}
"""How each change is told; the others concern nobody who pays."""
PARTS = {"input": "input_usd", "output": "output_usd"}


def settle_price(before: State | None, new: State, scope: State | None) -> State:
    """Decides what to compare the next version with: the new offer if it has held or begins, else that last told."""
    base = find_base(before, new, scope)
    if base is None or (not _is_same(base, new) and (is_taken_back(base, new) or _is_held(base, new))):
        return new
    return replace(base, scope=new.scope)


def find_base(before: State | None, new: State, scope: State | None) -> State | None:
    """Finds what an offer is compared with; None where it is only new to us, as of a family or list just added."""
    if before is not None:
        return before
    if scope is None or new.value["first_seen_at"] <= scope.value["as_of_at"]:
        return None
    nothing = {"status": UNLISTED, "input_usd": None, "output_usd": None, "since_on": None}
    return replace(new, value={**new.value, **nothing})


def is_taken_back(old: State, new: State) -> bool:
    """Tells whether the list never said what was told: another offer has stood there since at least as long."""
    since, told = new.value["since_on"], old.value["since_on"]
    return bool(since and told and since <= told) and not _is_same(old, new)


def _is_held(base: State, new: State) -> bool:
    value = new.value
    # A model that was not listed before has no price that could flap.
    is_by_hosts = value["side"] == "open" and base.value["status"] != UNLISTED
    if not value["since_on"]:
        return False
    lasted = date.fromisoformat(value["seen_on"]) - date.fromisoformat(value["since_on"])
    return lasted >= (HELD_BY_HOSTS if is_by_hosts else HELD)


def _is_same(old: State, new: State) -> bool:
    before, after = old.value, new.value
    if before["status"] != after["status"]:
        return False
    pairs = [(before[column], after[column]) for column in PARTS.values()]
    return after["status"] != PRICED or all(abs(a - b) <= SMALL * max(a, b) for a, b in pairs)


def tell_price(old: State, new: State) -> Draft | None:
    """Tells of an offer that changed, with the old and the new price."""
    before, value = old.value, new.value
    is_moved = before["status"] == value["status"] == PRICED
    change = _word_move(before, value) if is_moved else CHANGES.get((before["status"], value["status"]))
    if change is None or is_taken_back(old, new) or _is_same(old, new):
        return None
    if value["status"] in (OPEN, GONE):
        amounts = f". Before: {_word_amounts({}, before)}"
    else:
        amounts = f": {_word_amounts(before if before['status'] in (PRICED, FREE) else {}, value)}"
    model = clean_text(value["model"].partition("/")[2] or value["model"])
    headline = (
        f"{name_family(value)}: {model} {change} (since {format_day(value['since_on'])}){amounts} per million tokens."
    )
    page, url = make_page("access", value["family_id"]), clean_link(f"{SITE}{value['model']}")
    return Draft(PRICE, new.subject, (value["family_id"],), headline, page, url)


def _word_move(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    moves = [after[column] - before[column] for column in PARTS.values()]
    if max(moves) <= 0:
        return "is cheaper on OpenRouter"
    return "costs more on OpenRouter" if min(moves) >= 0 else "has new prices on OpenRouter"


def _word_amounts(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Words both prices, or of two that are known before and after only what changed."""
    amounts = []
    for name, column in PARTS.items():
        was, now = before.get(column), after[column]
        if was is None:
            amounts.append(f"{name} {format_usd(now)} USD")
        elif was != now:
            amounts.append(f"{name} {format_usd(was)} → {format_usd(now)} USD")
    return ", ".join(amounts)


def format_usd(amount: float) -> str:
    """Formats an amount to the cent, or as exactly as the list states it: `1.50`, `0.075`."""
    whole, _, cents = f"{amount:,.6f}".partition(".")
    return f"{whole}.{cents.rstrip('0').ljust(2, '0')}"
