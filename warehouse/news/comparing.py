"""What changed between the states last told and those of now: pure functions, the same for the same states.

A state is news only against an earlier one that was as sure: what was unknown before is a beginning, not a change.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from warehouse.news import prices, states, wording
from warehouse.news.items import Draft, NewsItem, number_item
from warehouse.news.states import Observation, State

DECIDED = ("holds", "mixed", "refuted", "too close to call")
"""Verdicts that judge; the others say that there is too little to judge by, and leave the last one standing."""
STEADY = timedelta(days=7)
"""How long a verdict must stand before it is told: one that flips back sooner wavered at its gate."""
WAITING = "waiting"
"""Where the state of a verdict holds the one that has not stood so long, and since when."""
APART, TOGETHER = 0.05, 0.10
"""A pair is told apart from this adjusted p on, and no longer beyond the other: between them it stays as it was, since
each visit moves p a little."""
SAID = ("model", "region", "new_shutdown_on")
"""What a page says of an end, in whichever of its notices."""
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Ledger:
    """What was told so far, and the states that it rests on."""

    states: Mapping[Key, State] = field(default_factory=dict)
    scopes: Mapping[Key, State] = field(default_factory=dict)
    items: Sequence[NewsItem] = ()


def tell_news(former: Ledger, now: Observation) -> Ledger:
    """Adds what changed to what was told, and replaces the states; the first time it says only that news begins."""
    settled = _settle_states(former, now)
    if not former.items:
        drafts = [wording.tell_began(sum(kind == states.FAMILY for kind, _ in settled))]
    else:
        # Everybody reads the newest first: of one version, the kinds then stand in the order of `KINDS`.
        drafts = list(_draft_changes(former, settled, now))[::-1]
    items = list(former.items)
    told: set[tuple[str, str, str]] = set()
    for draft in drafts:
        # A page lists a model once a region; what reads alike is one item.
        if (said := (draft.headline, draft.url, draft.corrects)) not in told:
            told.add(said)
            earlier = sum((item.kind, item.subject) == (draft.kind, draft.subject) for item in items)
            items.append(number_item(draft, len(items) + 1, earlier, now.as_of_at))
    kept = {key: state for key, state in former.scopes.items() if key[0] not in now.kinds}
    return Ledger(settled, kept | dict(now.scopes), items)


def _settle_states(former: Ledger, now: Observation) -> dict[Key, State]:
    """Returns the states to compare the next with: what cannot be told now stays as it was last known."""
    settled = {key: state for key, state in former.states.items() if _stays(state, now)}
    for key, state in now.states.items():
        before = former.states.get(key)
        if state.kind == states.VERDICT and state.value["verdict"] not in DECIDED:
            continue
        if state.kind == states.PAIR:
            settled[key] = _settle_pair(before, state)
        elif state.kind == states.VERDICT:
            settled[key] = _settle_verdict(before, state, now.as_of_at)
        elif state.kind == states.PRICE:
            settled[key] = prices.settle_price(before, state, former.scopes.get((state.kind, state.scope)))
        else:
            settled[key] = state
    return settled


def _stays(state: State, now: Observation) -> bool:
    """Tells whether a state that is not there now is only unknown: its kind or page is not read, or has too few
    data."""
    if state.kind not in now.kinds or state.kind in (states.PAIR, states.VERDICT):
        return True
    return (state.kind, state.scope) not in now.scopes


def _settle_pair(before: State | None, state: State) -> State:
    """Decides whether a pair is told apart."""
    p_adjusted, ahead = state.value["p_adjusted"], state.value["ahead"]
    was = before.value["ahead"] if before else None
    is_apart = p_adjusted < (TOGETHER if was == ahead else APART)
    return replace(state, value={**state.value, "ahead": ahead if is_apart else None})


def _settle_verdict(before: State | None, new: State, at: datetime) -> State:
    """Decides whether a verdict has stood long enough; one that our own change brought has nothing to waver about."""
    if before is None or before.value["verdict"] == new.value["verdict"] or wording.is_redefined(before, new):
        return new
    waiting = before.value.get(WAITING) or {}
    since = waiting["since"] if waiting.get("verdict") == new.value["verdict"] else at.isoformat()
    if at - datetime.fromisoformat(since) >= STEADY:
        return new
    return replace(before, value={**before.value, WAITING: {"verdict": new.value["verdict"], "since": since}})


def _draft_changes(former: Ledger, settled: Mapping[Key, State], now: Observation) -> Iterator[Draft]:
    """Drafts an item for each change, kind by kind in the order of `KINDS`, subjects in theirs."""
    last = {(item.kind, item.subject): item for item in former.items}
    for kind in states.KINDS:
        keys = {key for key in (*former.states, *settled) if key[0] == kind}
        for key in sorted(keys) if kind in now.kinds and kind != states.METHOD else ():
            old, new = former.states.get(key), settled.get(key)
            told = last.get(key)
            if told and not told.corrects and _is_withdrawn(old, new):
                yield wording.tell_correction(told)
            elif old != new and (draft := _draft_change(former, now, old, new)):
                yield draft
    if states.METHOD in now.kinds and (draft := wording.tell_methods(*_find_restated(former, settled))):
        yield draft


def _is_withdrawn(old: State | None, new: State | None) -> bool:
    """Tells whether what was told of a subject rests on nothing any more: its row is gone, or our own change undid
    it."""
    if old is None or new is None:
        return old is not None and old.kind in (states.END, states.PROMISE)
    if old.kind == states.PRICE:
        return prices.is_taken_back(old, new)
    return old.kind == states.PAIR and _is_ours(old, new) and old.value["ahead"] != new.value["ahead"]


def _is_ours(old: State, new: State) -> bool:
    """Tells whether our definitions, or how far back we read, changed with a state."""
    return (old.method, old.reach) != (new.method, new.reach)


def _draft_change(former: Ledger, now: Observation, old: State | None, new: State | None) -> Draft | None:
    """Drafts the item of one change; None where it passes no gate."""
    if new is None:
        return wording.tell_lost_family(old) if old and old.kind == states.FAMILY else None
    scope = former.scopes.get((new.kind, new.scope))
    if scope is None:
        return None
    if new.kind == states.FAMILY:
        return wording.tell_family(old, new)
    if new.kind == states.END:
        is_new_code = scope.method != now.scopes[new.kind, new.scope].method
        return None if old or _is_repeated(former, new) else wording.tell_end(new, is_new_code)
    if new.kind == states.PROMISE:
        return wording.tell_promise(old, new) if old else wording.tell_new_promise(new, _find_look(former, new, scope))
    if new.kind == states.PRICE:
        base = prices.find_base(old, new, scope)
        return prices.tell_price(base, new) if base else None
    if old is None:
        return None
    if new.kind == states.PAIR:
        is_same = old.value["ahead"] == new.value["ahead"]
        return None if is_same or _is_ours(old, new) else wording.tell_pair(new)
    return wording.tell_verdict(old, new) if new.kind == states.VERDICT else wording.tell_channels(old, new)


def _is_repeated(former: Ledger, new: State) -> bool:
    """Tells whether a page says in another place what it said of a model before."""
    said = [new.value[name] for name in SAID]
    return new.value["change"] == "appeared" and any(
        state.kind == states.END and state.scope == new.scope and [state.value[name] for name in SAID] == said
        for state in former.states.values()
    )


def _find_look(former: Ledger, new: State, scope: State) -> str:
    """Finds the day on which facts of this family and kind were last read before; else that of the last version."""
    same = (new.value["family_id"], new.value["fact_kind"])
    looks = [
        state.value["as_of_on"]
        for state in former.states.values()
        if state.kind == states.PROMISE and (state.value["family_id"], state.value["fact_kind"]) == same
    ]
    return str(max(looks, default=scope.value["as_of_on"]))


def _find_restated(former: Ledger, settled: Mapping[Key, State]) -> tuple[dict[str, dict[str, object]], int]:
    """Finds the definitions that changed, and how many pairs are told apart otherwise since their own did."""
    changed, pairs = {}, 0
    for key, new in settled.items():
        old = former.states.get(key)
        if old is None or old.method == new.method != "":
            continue
        if new.kind == states.METHOD and old.value["digest"] != new.value["digest"]:
            changed[new.subject] = {**new.value, "is_raised": new.value["version"] > old.value["version"]}
        elif new.kind == states.PAIR and old.method != new.method:
            pairs += old.value["ahead"] != new.value["ahead"]
    return changed, pairs
