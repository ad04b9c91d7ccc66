"""Writes what happens to an id, and its place, as one line; nothing in it can steer a terminal."""

from pipelines.commands.ends.project import FoundId
from pipelines.text.values import clean_line
from warehouse.ends.fates import IdFate, PageWord
from warehouse.ends.model_ids import list_whole_forms, plain_name
from warehouse.ends.wording import describe_record, describe_replacement_ends, describe_word

LONGEST = 300
MOST_ELSEWHERE = 3


def describe_place(match: FoundId) -> str:
    """Describes a place as editors and terminals open it: `src/app.py:12:9`."""
    return f"{clean_line(match.path.as_posix(), LONGEST)}:{match.line}:{match.column}"


def describe_fate(fate: IdFate, asked: str, is_advising: bool = True) -> str:
    """Describes state, page, replacement and other pages in one sentence, without the link; the advice only if asked
    for."""
    word = fate.word
    parts = [describe_word(word)]
    if word.place and word.state not in ("unread", "unknown", "host_unknown"):
        parts[0] += f", according to {word.place}{_name_other(word, asked, 'of')}"
    if word.note:
        parts.append(word.note)
    if word.replacement and is_advising:
        parts.append(f"use {' or '.join(word.replacement)} instead")
    parts += filter(None, [describe_record(word), *describe_replacement_ends(fate)])
    if fate.nearest:
        parts.append(f"closest known name: {clean_line(fate.nearest)}")
    parts += [
        f"{other.place}{_name_other(other, asked, 'for')}: {describe_word(other)}"
        for other in fate.elsewhere[:MOST_ELSEWHERE]
    ]
    if (more := len(fate.elsewhere) - MOST_ELSEWHERE) > 0:
        parts.append(f"{more} more")
    return "; ".join(parts)


def _name_other(word: PageWord, asked: str, preposition: str) -> str:
    """Names the model of a statement if the id does not, and the statement does not name it as a snapshot."""
    is_named = word.is_snapshot or plain_name(list_whole_forms(word.name)[-1]) in plain_name(asked)
    return "" if is_named else f" {preposition} {word.name}"
