"""Compares the states last reported with those of now, and words each change: pure functions.

What was unknown before is a beginning, not a change: only a state in a scope that was known before is news.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from warehouse.ends.notices import name_target
from warehouse.ends.states import last_possible_day
from warehouse.news.items import NewsItem, clean_link, clean_text, format_day, make_page, number_item
from warehouse.news.states import BEGAN, END, KINDS, PRICE, VERDICT, Observation, State
from warehouse.wording import join_few

Key = tuple[str, str]
Value = Mapping[str, Any]
DECIDED = ("holds", "mixed", "refuted", "too close to call")
"""Verdicts that judge; the others say that there is too little data, and leave the last one in force."""
SAID = ("model", "region", "new_shutdown_on")
"""What a page says of an end, in whichever of its notices."""
LATE = timedelta(days=30)
"""An end that was this long past when it was first seen is history that a page added."""
EARLIER = timedelta(days=7)
"""An announcement dated this long before our last visit was there already, and only read now."""
REPORTED = ("appeared", "moved earlier", "moved later", "date given", "date withdrawn", "kind changed")
"""Changes of `staging.notice_changes` that concern the promised day; the others are of the page's list or wording."""
FLOOR = "not_before"
PRICED, GONE = "priced", "gone"
SMALL = 0.10
"""A price that differs from the one last reported by less than this share is the same."""
OFFERS = {"free": "free", "variable": "no fixed price", GONE: "not listed"}
"""How an offer without a fixed price reads."""
PARTS = {"input": "input_usd", "output": "output_usd"}
OURS = " This may come from a change in Heartbeat."


@dataclass(frozen=True, slots=True)
class Ledger:
    """What was reported so far, and the states that it rests on."""

    states: Mapping[Key, State] = field(default_factory=dict)
    scopes: Mapping[Key, State] = field(default_factory=dict)
    items: Sequence[NewsItem] = ()


def report_news(former: Ledger, now: Observation) -> Ledger:
    """Adds what changed, and replaces the states; the first time it says only that news begins."""
    # Everybody reads the newest first: of one version, ends are reported last.
    changes = (
        list(_list_changes(former, now))[::-1]
        if former.items
        else [NewsItem(BEGAN, "", (), "News begins here.", "overview")]
    )
    items, seen = list(former.items), set[tuple[str, str]]()
    for item in changes:
        # A page lists a model once a region; what reads alike is one item.
        if (item.headline, item.url) not in seen:
            seen.add((item.headline, item.url))
            earlier = sum((one.kind, one.subject) == (item.kind, item.subject) for one in items)
            items.append(number_item(item, len(items) + 1, earlier, now.as_of_at))
    kept = {key: scope for key, scope in former.scopes.items() if scope.kind not in now.kinds}
    return Ledger(_replace_states(former, now), kept | dict(now.scopes), items)


def _replace_states(former: Ledger, now: Observation) -> dict[Key, State]:
    """Returns the states to compare the next version with; what is unknown now stays as it was last known."""
    states = {
        key: state
        for key, state in former.states.items()
        if state.kind not in now.kinds or state.kind == VERDICT or (state.kind, state.scope) not in now.scopes
    }
    for key, new in now.states.items():
        old = former.states.get(key)
        if new.kind == VERDICT and new.value["verdict"] not in DECIDED:
            continue
        is_same = new.kind == PRICE and old is not None and _is_same_offer(old.value, new.value)
        states[key] = replace(new, value=old.value) if old and is_same else new
    return states


def _list_changes(former: Ledger, now: Observation) -> Iterator[NewsItem]:
    for kind in KINDS:
        for key in sorted(key for key in now.states if key[0] == kind):
            new, old = now.states[key], former.states.get(key)
            scope = former.scopes.get((kind, new.scope))
            if scope and (item := _word_change(former, scope, old, new)):
                yield item


def _word_change(former: Ledger, scope: State, old: State | None, new: State) -> NewsItem | None:
    if new.kind == END:
        is_known = old is not None or _is_repeated(former, new)
        return None if is_known else word_end(new)
    if new.kind == VERDICT:
        return word_verdict(old, new) if old else None
    if old is None and new.value["first_seen_at"] <= scope.value["as_of_at"]:
        return None  # it was listed before, and is only new to us, as in a family that was just added
    return word_price(old.value if old else {"status": GONE}, new)


def _is_repeated(former: Ledger, new: State) -> bool:
    """Reports whether a page says in another place what it said of a model before."""
    said = [new.value[name] for name in SAID]
    return new.value["change"] == "appeared" and any(
        state.kind == END and state.scope == new.scope and [state.value[name] for name in SAID] == said
        for state in former.states.values()
    )


def _word_item(
    new: State, what: str, now: str, before: str, page: str, url: object = "", is_ours: bool = False
) -> NewsItem:
    """Words any change alike: what it is about, how it is now, and how it was."""
    was, family = f" (before: {before})" if before else "", new.value.get("family_id")
    headline = f"{what} {now}{was}.{OURS if is_ours else ''}"
    families = (family,) if family else ()
    return NewsItem(new.kind, new.subject, families, headline, make_page(page, *families), clean_link(url), is_ours)


def word_end(new: State) -> NewsItem | None:
    """Words an end that was announced, or whose day moved."""
    value = new.value
    is_new = value["change"] == "appeared"
    now = _word_day(value)
    if not now or (is_new and not _is_recent(value)):
        return None
    title = clean_text(value["title"] or name_target(value["target"]))
    region = f" in {clean_text(value['region'])}" if value["region"] else ""
    instead = join_few([clean_text(name) for name in value["replacement"] or ()])
    was, kind = value["old_shutdown_on"], value["old_shutdown_kind"] or ""
    before = format_day(was, kind) if was and kind != FLOOR else ""
    what = f"{title}: {clean_text(value['model'])}{region}"
    return _word_item(new, what, f"{now}; replacement: {instead}" if instead else now, before, "changes", value["url"])


def _word_day(value: Value) -> str:
    """Words when a model ends; empty for a floor, a model that is only listed, or an edit."""
    kind = value["new_shutdown_kind"] or ""
    if value["change"] not in REPORTED or not value["is_latest"] or kind == FLOOR:
        return ""
    if value["new_shutdown_on"] is None:
        if value["change"] == "date withdrawn":
            return "" if value["old_shutdown_kind"] == FLOOR else "has no end date"
        return "will end; no date is given" if value["stage"] == "deprecated" else ""
    ends = "ended" if _find_last_day(value) < date.fromisoformat(value["seen_on"]) else "ends"
    return f"{ends} {'in' if kind == 'month' else 'on'} {format_day(value['new_shutdown_on'], kind)}"


def _find_last_day(value: Value) -> date:
    on = date.fromisoformat(value["new_shutdown_on"])
    return last_possible_day({"shutdown_on": on, "shutdown_kind": value["new_shutdown_kind"]}) or on


def _is_recent(value: Value) -> bool:
    """Reports whether a notice that appeared is new at its source, and not only to us."""
    if value["new_shutdown_on"] and _find_last_day(value) < date.fromisoformat(value["seen_on"]) - LATE:
        return False
    before, announced = value["seen_before_on"], value["announced_on"]
    return not (before and announced and date.fromisoformat(announced) < date.fromisoformat(before) - EARLIER)


def word_verdict(old: State, new: State) -> NewsItem | None:
    """Words a verdict that changed, and whether our definitions changed with it."""
    before, after = old.value, new.value
    if after["verdict"] not in DECIDED or before["verdict"] == after["verdict"]:
        return None
    is_ours = (old.method, before["claim_version"]) != (new.method, after["claim_version"])
    claim = f"Claim {new.subject.upper()}, {clean_text(after['title'])}:"
    return _word_item(new, claim, after["verdict"], before["verdict"], "claims", is_ours=is_ours)


def word_price(before: Value, new: State) -> NewsItem | None:
    """Words an offer that changed; only one that has or had a price concerns people who pay."""
    value = new.value
    if PRICED not in (before["status"], value["status"]) or _is_same_offer(before, value):
        return None
    what = (
        f"{clean_text(value['title'])}: {clean_text(value['model'].partition('/')[2] or value['model'])} on OpenRouter:"
    )
    url = f"https://openrouter.ai/{value['model']}"
    return _word_item(new, what, _word_offer(value), _word_offer(before), "access", url)


def _is_same_offer(before: Value, after: Value) -> bool:
    if before["status"] != after["status"]:
        return False
    pairs = [(before[column], after[column]) for column in PARTS.values()]
    return after["status"] != PRICED or all(a == b or abs(a - b) < SMALL * a for a, b in pairs)


def _word_offer(offer: Value) -> str:
    if offer["status"] != PRICED:
        return OFFERS[offer["status"]]
    amounts = ", ".join(f"{name} {format_usd(offer[column])} USD" for name, column in PARTS.items())
    return f"{amounts} per million tokens"


def format_usd(amount: float) -> str:
    """Formats an amount to the cent, or as exactly as the list states it: `1.50`, `0.075`."""
    whole, _, cents = f"{amount:,.6f}".partition(".")
    return f"{whole}.{cents.rstrip('0').ljust(2, '0')}"
