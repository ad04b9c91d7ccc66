"""Compares the states last reported with those of now, and words each change: pure functions.

What was unknown before is a beginning, not a change: only a state in a scope that was known before is news.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from warehouse.ends.notices import name_target
from warehouse.ends.states import last_possible_day
from warehouse.news.items import NewsItem, clean_link, clean_text, format_day, join_few, make_page, number_item
from warehouse.news.states import BEGAN, END, KINDS, PRICE, VERDICT, Observation, State

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
PRICED, FREE, VARIABLE, GONE, UNLISTED = "priced", "free", "variable", "gone", "unlisted"
SMALL = 0.10
"""A price that differs from the one last reported by less than this share is the same."""
OFFERS = {
    (UNLISTED, PRICED): "is new on OpenRouter",
    (GONE, PRICED): "is listed on OpenRouter again",
    (VARIABLE, PRICED): "now has a fixed price on OpenRouter",
    (FREE, PRICED): "is no longer free on OpenRouter",
    (PRICED, FREE): "is now free on OpenRouter",
    (PRICED, VARIABLE): "no longer has a fixed price on OpenRouter",
    (PRICED, GONE): "is no longer listed on OpenRouter",
}
"""How each change of an offer reads; the others concern nobody who pays."""
PARTS = {"input": "input_usd", "output": "output_usd"}


@dataclass(frozen=True, slots=True)
class Ledger:
    """What was reported so far, and the states that it rests on."""

    states: Mapping[Key, State] = field(default_factory=dict)
    scopes: Mapping[Key, State] = field(default_factory=dict)
    items: Sequence[NewsItem] = ()


def report_news(former: Ledger, now: Observation) -> Ledger:
    """Adds what changed, and replaces the states; the first time it says only that news begins."""
    # Everybody reads the newest first: of one version, ends are reported last.
    changes = list(_list_changes(former, now))[::-1] if former.items else [_make_item(BEGAN, "", "News begins here.")]
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
            if scope and (item := _word_change(former, now, scope, old, new)):
                yield item


def _word_change(former: Ledger, now: Observation, scope: State, old: State | None, new: State) -> NewsItem | None:
    if new.kind == END:
        is_known = old is not None or _is_repeated(former, new)
        return None if is_known else word_end(new, scope.method != now.scopes[END, new.scope].method)
    if new.kind == VERDICT:
        return word_verdict(old, new) if old and new.value["verdict"] in DECIDED else None
    if old is None and new.value["first_seen_at"] <= scope.value["as_of_at"]:
        return None  # it was listed before, and is only new to us, as in a family that was just added
    return word_price(old.value if old else {"status": UNLISTED}, new)


def _is_repeated(former: Ledger, new: State) -> bool:
    """Reports whether a page says in another place what it said of a model before."""
    said = [new.value[name] for name in SAID]
    return new.value["change"] == "appeared" and any(
        state.kind == END and state.scope == new.scope and [state.value[name] for name in SAID] == said
        for state in former.states.values()
    )


def _make_item(
    kind: str,
    subject: str,
    headline: str,
    page: str = "news",
    families: tuple[str, ...] = (),
    url: object = "",
    is_restated: bool = False,
) -> NewsItem:
    return NewsItem(kind, subject, families, headline, page, clean_link(url), is_restated)


def word_end(new: State, is_new_code: bool) -> NewsItem | None:
    """Words an end that was announced, or whose day moved."""
    value = new.value
    sentence = _word_day(value)
    if not sentence or (value["change"] == "appeared" and not _is_recent(value)):
        return None
    title = clean_text(value["title"] or name_target(value["target"]))
    region = f" in {clean_text(value['region'])}" if value["region"] else ""
    instead = join_few([clean_text(name) for name in value["replacement"] or ()])
    after = f" Replacement: {instead}." if instead else ""
    is_doubtful = is_new_code and value["change"] == "appeared" and value["announced_on"] is None
    doubt = " A new version of Heartbeat reads it; it may have been there before." if is_doubtful else ""
    headline = f"{title}: {clean_text(value['model'])}{region} {sentence}.{after}{doubt}"
    families = (value["family_id"],) if value["family_id"] else ()
    return _make_item(END, new.subject, headline, make_page("changes", *families), families, value["url"], is_doubtful)


def _word_day(value: Value) -> str:
    """Words what happened to an end; empty for a floor, a model that is only listed, or an edit."""
    change, old_kind = value["change"], value["old_shutdown_kind"] or ""
    if change not in REPORTED or not value["is_latest"] or value["new_shutdown_kind"] == FLOOR:
        return ""
    if value["new_shutdown_on"] is None:
        if change == "date withdrawn":
            return "" if old_kind == FLOOR else f"no longer has an end date; it was {_format_old(value)}"
        return "will end; no date is given" if value["stage"] == "deprecated" else ""
    ends = f"{'ended' if _find_last_day(value) < date.fromisoformat(value['seen_on']) else 'ends'} "
    kind = value["new_shutdown_kind"] or ""
    day = f"{'in' if kind == 'month' else 'on'} {format_day(value['new_shutdown_on'], kind)}"
    if change in ("appeared", "kind changed") or old_kind == FLOOR:
        return ends + day
    if change == "date given":
        return f"now has an end date: it {ends}{day}"
    return f"{ends}{change.removeprefix('moved ')}: {day} instead of {_format_old(value)}"


def _format_old(value: Value) -> str:
    return format_day(value["old_shutdown_on"], value["old_shutdown_kind"] or "")


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
    if before["verdict"] == after["verdict"]:
        return None
    is_ours = (old.method, before["claim_version"]) != (new.method, after["claim_version"])
    why = " Our definitions changed, not the families." if is_ours else ""
    claim = f"Claim {new.subject.upper()}, {clean_text(after['title'])}"
    headline = f"{claim}: {after['verdict']} (before: {before['verdict']}).{why}"
    return _make_item(VERDICT, new.subject, headline, "claims", is_restated=is_ours)


def word_price(before: Value, new: State) -> NewsItem | None:
    """Words an offer that changed, with the old and the new price."""
    value, states = new.value, (before["status"], new.value["status"])
    change = _word_move(before, value) if states == (PRICED, PRICED) else OFFERS.get(states)
    if change is None or _is_same_offer(before, value):
        return None
    if value["status"] in (VARIABLE, GONE):
        amounts = f". Before: {_word_amounts({}, before)}"
    else:
        amounts = f": {_word_amounts(before if before['status'] in (PRICED, FREE) else {}, value)}"
    model = clean_text(value["model"].partition("/")[2] or value["model"])
    headline = f"{clean_text(value['title'])}: {model} {change}{amounts} per million tokens."
    url = f"https://openrouter.ai/{value['model']}"
    page = make_page("access", value["family_id"])
    return _make_item(PRICE, new.subject, headline, page, (value["family_id"],), url)


def _is_same_offer(before: Value, after: Value) -> bool:
    if before["status"] != after["status"]:
        return False
    pairs = [(before[column], after[column]) for column in PARTS.values()]
    return after["status"] != PRICED or all(a == b or abs(a - b) < SMALL * a for a, b in pairs)


def _word_move(before: Value, after: Value) -> str:
    moves = [after[column] - before[column] for column in PARTS.values()]
    if max(moves) <= 0:
        return "is cheaper on OpenRouter"
    return "costs more on OpenRouter" if min(moves) >= 0 else "has new prices on OpenRouter"


def _word_amounts(before: Value, after: Value) -> str:
    """Words both prices; where a former one is known, only what changed."""
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
