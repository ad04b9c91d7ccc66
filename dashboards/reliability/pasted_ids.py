"""Sentences and table rows about the model ids that a reader pasted."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from dashboards.words import numbers
from warehouse.ends.fates import IdFate, PageWord, rank_word
from warehouse.ends.hosts import HOSTS, name_host
from warehouse.ends.model_ids import NameIndex, Pasted, find_rows, find_versions, read_ids
from warehouse.ends.wording import describe_replacement_ends, describe_word
from warehouse.wording import count_things, is_are, pluralize

Fates = Mapping[str, IdFate]
"""What happens to each id."""
MOST_WORDED = 3
"""Ids that the headline words one by one; of more it counts."""
YEAR = timedelta(days=365)
"""How far ahead an end counts as near."""


def read_pasted(text: str, names: NameIndex) -> Pasted:
    """Reads ids, or a title such as `Claude 3 Haiku`; those that name no host belong to the only host that the text
    names (`on Bedrock`)."""
    pasted = read_ids(text, names)
    ids = pasted.ids
    if not ids and not pasted.refused:
        title = "-".join(re.sub(r"\s(?:on|at|in|via)\s.*", "", text.strip(), flags=re.DOTALL).lower().split())
        ids = (title,) if find_rows(title, names) or find_versions(title, names) else ()
    hosts = {word.lower() for word in pasted.passed_over} & HOSTS.keys()
    if len(hosts) == 1:
        (host,) = hosts
        ids = tuple(asked if name_host(asked) else f"{host}/{asked}" for asked in ids)
    return replace(pasted, ids=ids)


def list_ids(fates: Fates) -> list[dict[str, Any]]:
    """Lists a row per id, the most urgent first."""
    ordered = sorted(fates.items(), key=lambda item: (rank_word(item[1].word), item[0]))
    return [_make_row(asked, fate) for asked, fate in ordered]


def _make_row(asked: str, fate: IdFate) -> dict[str, Any]:
    word = fate.word
    near = f"; closest known name: {fate.nearest}" if fate.nearest else ""
    note = f"; {word.note}" if word.note else ""
    return {
        "your id": asked,
        "what happens": _describe(word) + note + near,
        "use instead": "; ".join([_name_instead(fate), *describe_replacement_ends(fate, numbers.format_day)]),
        "notice given": count_things(word.notice_days, "day") if word.notice_days is not None else "",
        "according to": word.place,
        "other places": "; ".join(f"{other.place}: {_describe(other)}" for other in fate.elsewhere),
        "page": word.url,
        "listed as": word.name,
    }


def _describe(word: PageWord) -> str:
    return describe_word(word, numbers.format_day)


def _name_instead(fate: IdFate) -> str:
    """Names the replacement, or that of another place if the host's own word is not known."""
    other = fate.elsewhere[0] if fate.word.state == "host_unknown" and fate.elsewhere else None
    if other is None or not other.replacement:
        return ", ".join(fate.word.replacement)
    return f"{', '.join(other.replacement)} (says {other.place}, not {fate.word.place})"


def judge_ids(fates: Fates) -> str:
    """Writes as a verdict what happens to each of a few ids; of many, what is most urgent: what ended, what ends within
    a year, or what is unknown."""
    if len(fates) <= MOST_WORDED:
        ordered = sorted(fates.items(), key=lambda item: (rank_word(item[1].word), item[0]))
        return f"**{'; '.join(_word_end(numbers.escape_markdown(asked), fate.word) for asked, fate in ordered)}.**"
    ended, near = _select(fates, "ended"), _select_near(fates)
    own = f"your {count_things(len(fates), 'id')}"
    if ended:
        more = f", and {len(near)} will within 12 months" if near else ""
        return f"**{len(ended)} of {own} {pluralize(len(ended), 'has', 'have')} ended{more}.**"
    if near:
        return f"**{len(near)} of {own} {pluralize(len(near), 'ends', 'end')} within 12 months.**"
    if open_ended := _select(fates, "any_day", "closed_to_new"):
        return f"**{len(open_ended)} of {own} may end any day.**"
    if undated := _select(fates, "undated"):
        return f"**{len(undated)} of {own} {is_are(len(undated))} on a deprecation page without a date.**"
    if unknown := _select(fates, "unknown", "host_unknown", "unread"):
        return f"**{len(unknown)} of {own} {is_are(len(unknown))} unknown here**, which is not the same as safe."
    return f"**No end within 12 months is announced for {own}.**"


def _word_end(asked: str, word: PageWord) -> str:
    """Words in a clause when an id ends."""
    day = ""
    if word.ends_on:
        day = f"in {word.ends_on:%b %Y}" if word.ends_kind == "month" else numbers.format_day(word.ends_on)
    return {
        "ended": f"{asked} ended {day}" if day else f"{asked} has ended",
        "ends": f"{asked} ends {day}",
        "closed_to_new": f"{asked} ends {day}" if day else f"{asked} takes no new accounts",
        "not_before": f"{asked} does not end before {day}",
        "any_day": f"{asked} may end any day",
        "undated": f"{asked} is to end, no day given",
        "host_unknown": f"{word.place}'s date for {asked} is not known",
        "no_end_announced": f"{asked} has no announced end",
    }.get(word.state, f"{asked} is not known to be safe")


def sum_up_ids(fates: Fates) -> str:
    """Says below the verdict what to use instead of a few ids; of many, what it counts: the first to end, what ended,
    and what is unknown."""
    if len(fates) <= MOST_WORDED:
        return " ".join(filter(None, (_advise(numbers.escape_markdown(asked), fate) for asked, fate in fates.items())))
    near = _select_near(fates)
    ended, unknown = _select(fates, "ended"), _select(fates, "unknown", "host_unknown", "unread")
    clauses = []
    if near:
        first = min(near, key=lambda asked: rank_word(fates[asked].word))
        clauses.append(f"next to end: {numbers.escape_markdown(f'{first}, {_describe(fates[first].word)}')}")
    if ended:
        clauses.append(f"already ended: {_name_ids(ended)}")
    if open_ended := _select(fates, "any_day", "closed_to_new"):
        clauses.append(f"may end any day: {_name_ids(open_ended)}")
    if unknown:
        clauses.append(f"not known to be safe: {_name_ids(unknown)}")
    text = "; ".join(clauses)
    return f"{text[0].upper()}{text[1:]}." if text else ""


def _advise(asked: str, fate: IdFate) -> str:
    """Says what to use instead of an id that ends, and what other pages say if the host's own date is not known."""
    instead = numbers.escape_markdown(_name_instead(fate))
    moving = f"Instead of {asked}: {instead}." if instead else f"No replacement of {asked} is named."
    if fate.word.state == "host_unknown":
        others = [f"{other.place}: {_describe(other)}" for other in fate.elsewhere]
        elsewhere = f"Elsewhere: {numbers.escape_markdown('; '.join(others))}." if others else ""
        return f"{elsewhere} {moving}".strip()
    return "" if fate.word.state in ("no_end_announced", "unknown", "unread") else moving


def _select(fates: Fates, *kinds: str) -> list[str]:
    return [asked for asked, fate in fates.items() if fate.word.state in kinds]


def _select_near(fates: Fates) -> list[str]:
    """Selects the ids that end within a year; an earliest day is no end."""
    return [asked for asked, fate in fates.items() if fate.word.is_soon]


def _name_ids(ids: Iterable[str]) -> str:
    return numbers.join_few([numbers.escape_markdown(name) for name in sorted(ids)])
