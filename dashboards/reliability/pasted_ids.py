"""Sentences and table rows about the model ids that a reader pasted."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from dashboards.words import numbers
from warehouse.ends.fates import IdFate, PageWord, rank_word
from warehouse.ends.wording import describe_replacement_ends, describe_word
from warehouse.wording import count_things, is_are, pluralize

Fates = Mapping[str, IdFate]
"""What happens to each id."""
MOST_NAMED = 4
"""Ids that a sentence names."""
YEAR = timedelta(days=365)
"""How far ahead an end counts as near."""


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
        "use instead": "; ".join([", ".join(word.replacement), *describe_replacement_ends(fate, numbers.format_day)]),
        "notice given": count_things(word.notice_days, "day") if word.notice_days is not None else "",
        "according to": word.place,
        "other places": "; ".join(f"{other.place}: {_describe(other)}" for other in fate.elsewhere),
        "page": word.url,
        "listed as": word.name,
    }


def _describe(word: PageWord) -> str:
    return describe_word(word, numbers.format_day)


def judge_ids(fates: Fates) -> str:
    """Writes as a verdict what is most urgent: what ended, what ends within a year, or what is unknown."""
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


def sum_up_ids(fates: Fates) -> str:
    """Names below the verdict what it counts: the first to end, what ended, and what is unknown."""
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


def _select(fates: Fates, *kinds: str) -> list[str]:
    return [asked for asked, fate in fates.items() if fate.word.state in kinds]


def _select_near(fates: Fates) -> list[str]:
    """Selects the ids that end within a year; an earliest day is no end."""
    return [asked for asked, fate in fates.items() if fate.word.is_soon]


def _name_ids(ids: Iterable[str]) -> str:
    """Names a few ids, and counts the rest."""
    named: Sequence[str] = [numbers.escape_markdown(name) for name in sorted(ids)]
    if len(named) > MOST_NAMED:
        named = [*named[: MOST_NAMED - 1], f"{len(named) - MOST_NAMED + 1} more"]
    return numbers.join_words(named)
