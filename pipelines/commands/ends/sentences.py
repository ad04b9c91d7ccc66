"""Puts into words what becomes of an id; nothing in them can steer a terminal."""

from pipelines.commands.ends.fates import IdFate, PageWord
from pipelines.commands.ends.project import FoundId
from pipelines.text.values import clean_line
from warehouse.ends.model_ids import list_whole_forms, plain_name
from warehouse.wording import count_things

LONGEST = 300
MOST_ELSEWHERE = 3
NOT_SAFE = "not known to be safe"


def describe_place(match: FoundId) -> str:
    """Describes a place as editors and terminals open it: `src/app.py:12:9`."""
    return f"{clean_line(match.path.as_posix(), LONGEST)}:{match.line}:{match.column}"


def describe_fate(fate: IdFate, asked: str) -> str:
    """Describes state, page, replacement and other pages in one sentence, without the link."""
    word = fate.word
    parts = [describe_state(word)]
    if word.place and word.state not in ("unread", "version_ends"):
        other_name = plain_name(list_whole_forms(word.name)[-1]) not in plain_name(asked)
        parts[0] += f", according to {word.place}" + (f" of {word.name}" if other_name else "")
    if word.note:
        parts.append(word.note)
    if word.replacement:
        parts.append(f"use {' or '.join(word.replacement)} instead")
    if fate.nearest:
        parts.append(f"closest known name: {clean_line(fate.nearest)}")
    parts += [f"{other.place}: {describe_state(other)}" for other in fate.elsewhere[:MOST_ELSEWHERE]]
    return "; ".join(parts)


def describe_state(word: PageWord) -> str:
    """Describes when a model ends, as surely as its page does."""
    on = word.ends_on
    month = f"{on:%Y-%m}" if on else ""
    if word.ends_kind == "month" and word.state in ("ended", "ends"):
        return f"ended in {month}" if word.state == "ended" else f"ends in {month}, no day given"
    return {
        "ended": f"ended {on} ({_count_days(word)} ago)" if on else "ended, no day given",
        "ends": f"ends {on} ({_count_ahead(word)})",
        "not_before": f"does not end before {on} ({_count_ahead(word)}), no day given",
        "any_day": f"may end any day: the earliest announced day, {on}, has passed",
        "undated": f"{word.stage or 'announced to end'}, no day given",
        "no_end_announced": "no end announced" + (f" as of {word.as_of_on}" if word.as_of_on else ""),
        "version_ends": f"nothing announced for this name, but its last known version, {word.name}, "
        + _describe_version(word),
        "unread": f"known from {word.place}, but no deprecation page is read for it; {NOT_SAFE}",
        "unknown": f"unknown: no notice and no listing in the snapshot; {NOT_SAFE}",
    }[word.state]


def _describe_version(word: PageWord) -> str:
    is_over = word.days_left is None or word.days_left < 0
    return f"{'ended' if is_over else 'ends'}{f' {word.ends_on}' if word.ends_on else ''}, according to {word.place}"


def _count_ahead(word: PageWord) -> str:
    return "today" if word.days_left == 0 else f"in {_count_days(word)}"


def _count_days(word: PageWord) -> str:
    return count_things(abs(word.days_left or 0), "day")
