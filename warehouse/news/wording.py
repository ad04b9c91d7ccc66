"""The sentence of each change, and where it leads: only what passes the gates of its kind has one."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from warehouse.ends.notices import name_target
from warehouse.ends.states import last_possible_day
from warehouse.news import states
from warehouse.news.items import (
    Draft,
    NewsItem,
    clean_link,
    clean_text,
    format_day,
    join_few,
    make_page,
    name_family,
)
from warehouse.news.states import State
from warehouse.wording import count_things

Value = Mapping[str, Any]
LATE = timedelta(days=30)
"""An end that had come so long before it was first seen is history that a page added."""
TOLD_CHANGES = ("appeared", "moved earlier", "moved later", "date given", "date withdrawn", "kind changed")
"""What `staging.notice_changes` calls a change of the promised day; the others are of the page's list or its words."""
FLOOR = "not_before"
EARLIER = timedelta(days=7)
"""An announcement dated so long before our last look was there already, and only read now."""
WEIGHS = {
    "notice": ("promised_days", "until_on"), "licence": ("fact_words", "until_on"), "fine-tuning": ("until_on",),
    "free support": ("fact_words", "until_on"),
}  # fmt: skip
"""What must differ in a fact of each kind to be a change: other words for the same promise are none."""
FACT_PAGES = {"notice": "changes", "licence": "access", "fine-tuning": "freedom", "free support": "access"}
FACT_NAMES = {
    "notice": "notice before the end of a model", "licence": "licence", "fine-tuning": "fine-tuning",
    "free support": "free support",
}  # fmt: skip
RESTATED = "Our definitions changed, not the families"
REACHED = "We read further back, so this is no change of theirs"


def tell_end(new: State, is_new_code: bool) -> Draft | None:
    """Tells of an end that was announced, or whose day moved."""
    value = new.value
    sentence = _word_end(value)
    if not sentence or (value["change"] == "appeared" and not _is_recent(value)):
        return None
    title = name_family(value) if value["title"] else clean_text(name_target(value["target"]))
    region = f" in {clean_text(value['region'])}" if value["region"] else ""
    instead = join_few([clean_text(name) for name in value["replacement"] or ()])
    after = f" Replacement: {instead}." if instead else ""
    is_doubtful = is_new_code and value["change"] == "appeared" and value["announced_on"] is None
    doubt = " A new version of Heartbeat reads it; it may have been there before." if is_doubtful else ""
    headline = f"{title}: {clean_text(value['model'])}{region} {sentence}.{after}{doubt}"
    families = (value["family_id"],) if value["family_id"] else ()
    page = make_page("changes", *families)
    return Draft(states.END, new.subject, families, headline, page, clean_link(value["url"]), is_doubtful)


def _word_end(value: Value) -> str:
    """Words what happened to an end; empty for what is no news: a floor, a model that is only listed, an edit, and what
    the page says better elsewhere."""
    change, old_kind = value["change"], value["old_shutdown_kind"] or ""
    if change not in TOLD_CHANGES or not value["is_latest"] or value["new_shutdown_kind"] == FLOOR:
        return ""
    if value["new_shutdown_on"] is None:
        if change == "date withdrawn":
            return "" if old_kind == FLOOR else f"no longer has an end date; it was {_format_old(value)}"
        return "will end; no date is given" if value["stage"] == "deprecated" else ""
    ends = f"{'ended' if _last_day(value) < date.fromisoformat(value['seen_on']) else 'ends'} "
    day = _place_day(value)
    if change in ("appeared", "kind changed") or old_kind == FLOOR:
        return ends + day
    if change == "date given":
        return f"now has an end date: it {ends}{day}"
    return f"{ends}{change.removeprefix('moved ')}: {day} instead of {_format_old(value)}"


def _place_day(value: Value) -> str:
    kind = value["new_shutdown_kind"] or ""
    return f"{'in' if kind == 'month' else 'on'} {format_day(value['new_shutdown_on'], kind)}"


def _format_old(value: Value) -> str:
    return format_day(value["old_shutdown_on"], value["old_shutdown_kind"] or "")


def _last_day(value: Value) -> date:
    on = date.fromisoformat(value["new_shutdown_on"])
    return last_possible_day({"shutdown_on": on, "shutdown_kind": value["new_shutdown_kind"]}) or on


def _is_recent(value: Value) -> bool:
    """Tells whether a notice that appeared is new at its source, and not only to us."""
    if value["new_shutdown_on"] and _last_day(value) < date.fromisoformat(value["seen_on"]) - LATE:
        return False
    before, announced = value["seen_before_on"], value["announced_on"]
    return not (before and announced and date.fromisoformat(announced) < date.fromisoformat(before) - EARLIER)


def tell_new_promise(new: State, looked_on: str) -> Draft | None:
    """Tells of a promise or offer that began after its page was last read; an older one is only new to us."""
    value = new.value
    if not value["from_on"] or value["from_on"] <= looked_on:
        return None
    words = f"new since {format_day(value['from_on'])}: {clean_text(value['fact_words'])}"
    return _draft_promise(new, words)


def tell_promise(old: State, new: State) -> Draft | None:
    """Tells of a promise that moved; of a page read no later than before it is our own correction."""
    before, after = old.value, new.value
    if all(before.get(name) == after[name] for name in WEIGHS.get(after["fact_kind"], ())):
        return None
    if before.get("promised_days") != after["promised_days"] and after["promised_days"] is not None:
        earlier = before.get("promised_days")
        words = f"now {count_things(after['promised_days'], 'day')} (before: {earlier or 'no number'})"
    elif before.get("until_on") != after["until_on"]:
        words = f"ends on {format_day(after['until_on'])}" if after["until_on"] else "no longer ends"
    else:
        words = f"now: {clean_text(after['fact_words'])} (before: {clean_text(before['fact_words'])})"
    return _draft_promise(new, words, is_ours=after["as_of_on"] <= before["as_of_on"])


def _draft_promise(new: State, words: str, is_ours: bool = False) -> Draft:
    value = new.value
    of = ", ".join(clean_text(value[name]) for name in ("tuning_method", "applies_to") if value[name])
    name = FACT_NAMES.get(value["fact_kind"], clean_text(value["fact_kind"]))
    ours = " Corrected here: the page was misread." if is_ours else ""
    headline = f"{name_family(value)}, {name}{f' ({of})' if of else ''}: {words}.{ours}"
    page = make_page(FACT_PAGES.get(value["fact_kind"], "changes"), value["family_id"])
    return Draft(states.PROMISE, new.subject, (value["family_id"],), headline, page, clean_link(value["url"]), is_ours)


def tell_verdict(old: State, new: State) -> Draft | None:
    """Tells of a verdict that flipped, and whether the method or the reach of our data changed with it."""
    if old.value["verdict"] == new.value["verdict"]:
        return None
    why = f" {RESTATED}." if is_redefined(old, new) else f" {REACHED}." if old.reach != new.reach else ""
    headline = (
        f"Claim {new.subject.upper()}, {clean_text(new.value['title'])}: {new.value['verdict']} (before: "
        f"{old.value['verdict']}).{why}"
    )
    return Draft(states.VERDICT, new.subject, (), headline, "claims", is_restated=bool(why))


def is_redefined(old: State, new: State) -> bool:
    """Tells whether a claim, or the definitions of its measures, changed with a verdict."""
    return old.method != new.method or old.value["claim_version"] != new.value["claim_version"]


def tell_pair(new: State) -> Draft:
    """Tells that two families are told apart, or no longer."""
    value = new.value
    names = {value[f"{place}_id"]: clean_text(value[f"{place}_title"]) for place in ("first", "second")}
    measure = clean_text(value["measure"])
    if value["ahead"] is None:
        first, second = names.values()
        headline = f"{first} and {second} can no longer be told apart: {measure}."
    else:
        behind = next(name for family, name in names.items() if family != value["ahead"])
        headline = (
            f"{names[value['ahead']]} and {behind} can now be told apart; {names[value['ahead']]} is ahead: {measure}."
        )
    page = make_page("compare", *names)
    return Draft(states.PAIR, new.subject, tuple(names), headline, page)


def tell_family(old: State | None, new: State) -> Draft | None:
    """Tells of a family that is measured from now on, or that has an end."""
    title, page, ended_on = name_family(new.value), make_page("compare", new.subject), new.value["ended_on"]
    if old is None:
        words = "is measured from now on"
    elif old.value["ended_on"] == ended_on:
        return None
    else:
        follows = f"; {clean_text(new.value['successor'])} follows it" if new.value["successor"] else ""
        words = f"ends on {format_day(ended_on)}{follows}" if ended_on else "no longer has an end"
    return Draft(states.FAMILY, new.subject, (new.subject,), f"{title} {words}.", page, is_restated=old is None)


def tell_lost_family(old: State) -> Draft:
    """Tells of a family that is measured no longer."""
    headline = f"{name_family(old.value)} is no longer measured here."
    return Draft(states.FAMILY, old.subject, (old.subject,), headline, "data", is_restated=True)


def tell_channels(old: State, new: State) -> Draft | None:
    """Tells which channels of a family are read from now on, or no longer."""
    before, after = (set(state.value["channels"]) for state in (old, new))
    parts = [
        f"{count_things(len(names), 'channel')} {words}: {join_few([clean_text(name) for name in sorted(names)])}"
        for names, words in ((after - before, "added"), (before - after, "no longer read"))
        if names
    ]
    if not parts:
        return None
    is_shared = new.subject == "_shared"
    headline = f"{'Channels of many families' if is_shared else name_family(new.value)}: {'; '.join(parts)}."
    families = () if is_shared else (new.subject,)
    return Draft(states.CHANNEL, new.subject, families, headline, make_page("data", *families), is_restated=True)


def tell_methods(changed: Mapping[str, Value], restated_pairs: int) -> Draft | None:
    """Tells in one item which definitions changed, how many figures of the same data with them, and how many pairs."""
    weighty = {name: value for name, value in changed.items() if value["restated_count"] or value["is_raised"]}
    if not weighty and not restated_pairs:
        return None
    figures = sum(value["restated_count"] for value in weighty.values())
    measures = [name.replace("_", " ") for name in sorted(weighty)]
    defined = f"{count_things(len(measures), 'definition')} changed"
    parts = [f"{defined} ({join_few(measures)})"] if measures else []
    parts += [f"{count_things(figures, 'figure')} restated on the same data"] if figures else []
    parts += [f"{count_things(restated_pairs, 'pair')} of families judged differently"] if restated_pairs else []
    digests = " ".join(f"{name}:{value['digest'][:8]}" for name, value in sorted(weighty.items())) or "pairs"
    return Draft(states.METHOD, digests, (), f"Our method: {', '.join(parts)}.", "method", is_restated=True)


def tell_began(families_count: int) -> Draft:
    """Tells that news begins."""
    return Draft(
        states.BEGAN, "", (), f"News begins here, with {count_things(families_count, 'family', 'families')}.", "news"
    )


def tell_correction(told: NewsItem) -> Draft:
    """Tells that an earlier item no longer holds."""
    words = f"Correction: this item of {format_day(told.as_of_at.date())} no longer holds: {told.headline}"
    return Draft(
        told.kind, told.subject, told.family_ids, words, told.page, told.url, is_restated=True, corrects=told.news_id
    )
