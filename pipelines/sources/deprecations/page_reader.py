"""Reads the pages of all vendors: their tables, and the dates in the headings and sentences around them."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import takewhile

from pipelines.http.errors import Fatal
from pipelines.markup.dates import UNKNOWN, Promise, read_promise
from pipelines.markup.page_blocks import PageBlock
from pipelines.sources.deprecations import cells
from pipelines.sources.deprecations.notice import DeprecationFormat, EndNotice, make_body
from pipelines.sources.deprecations.tables import (
    Closing,
    TableContext,
    find_columns,
    is_of_models,
    read_item,
    read_table,
    read_title,
    speaks_of_ends,
)
from pipelines.text.values import clean_line
from warehouse.notes import Note, NoteKind

_DATED = re.compile(r"^\W*(20\d\d-\d\d-\d\d|[A-Z][a-z]{2,8}\.? \d{1,2}(?:st|nd|rd|th)?,? 20\d\d)\b")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_ANNOUNCED = re.compile(
    r"\bon (?P<day>[^,.]{0,60}?\d{1,2}(?:st|nd|rd|th)?,? 20\d\d),? we (?:\w+ )?"
    r"(?:emailed|announced|notified|informed|told)",
    re.IGNORECASE,
)
_IN_EFFECT = re.compile(
    r"\W*(?:effective|as of|after|from|starting|on)\s++(?:on\s++)?([^,.]*?\d{1,2}(?:st|nd|rd|th)?,? 20\d\d)", re.I
)
_ENDS = re.compile(r"\beffective\b|\bretir|\bshut|\bremov|\bdecommission|\bdiscontinu|\bno longer\b", re.IGNORECASE)
_LEAD = re.compile(r"\b(?:deprecat|retir)\w*\b[^.]*:$", re.IGNORECASE)
_GONE = re.compile(r"\bno longer available\b|\bshut ?down\b|\bretired\b|\bremoved\b|\bsunset\b", re.IGNORECASE)
_TOLD_END = re.compile(rf"{_GONE.pattern}|\bdeprecat", re.IGNORECASE)
_ALL_FLOORS = re.compile(r"dates?\b.{0,60}\bearliest possible\b", re.IGNORECASE)
_CLOSES: dict[Closing, re.Pattern[str]] = {
    "deprecated": re.compile(
        r"\bnew customers can(?:.t|not) (?:use|adopt|start using)\b"
        r"|\bno longer available (?:for|to) new (?:customers|deployments)\b",
        re.IGNORECASE,
    ),
    "month before": re.compile(r"\bone month before the retirement date, new access\b", re.IGNORECASE),
}
"""What pages say of when they refuse new customers."""
_TARGET = re.compile(r"\b(?:to|by|with)\s+(?:the\s+)?`([^`]+)`")
_CODE = re.compile(r"`([^`]+)`")
LONGEST_TITLE = 80
"""Maximum length of a column title in a note."""


def read_page(blocks: Iterable[PageBlock], form: DeprecationFormat) -> tuple[list[EndNotice], tuple[str, ...]]:
    """Reads every notice of a page, sorted by key, and messages for the tables that it skipped.

    Raises Fatal if it had to skip all of them.
    """
    listed = list(blocks)
    texts = [block.text for block in listed if block.kind == "text"]
    is_floor = any(_ALL_FLOORS.search(text) for text in texts)
    closes: Closing = next((when for when, words in _CLOSES.items() if any(map(words.search, texts))), "")
    redirects = dict(pair for text in texts for pair in _read_redirects(text))
    notices: dict[str, EndNotice] = {}
    skipped: list[str] = []
    for block, context in locate_tables(listed, form):
        try:
            around = replace(context, is_floor=is_floor, closes=closes, redirects=redirects, titles=form.titles)
            for notice in _read_block(block, around, form, skipped):
                # Of two rows with one key the later end wins: it is the vendor's last word.
                notices[notice.key] = max(notices.get(notice.key, notice), notice, key=_rank_by_end)
        except Fatal as refusal:
            skipped.append(str(refusal))
    named = {notice.model for notice in notices.values()}
    for notice in _read_words(listed, form):
        # Words without a day add nothing to what a table says of the same model.
        if notice.shutdown.on or notice.closed_to_new.on or notice.model not in named:
            notices.setdefault(notice.key, notice)
    if skipped and not notices:
        raise Fatal(skipped[0])
    return [notices[key] for key in sorted(notices)], tuple(skipped)


def _read_block(
    block: PageBlock, context: TableContext, form: DeprecationFormat, skipped: list[str]
) -> list[EndNotice]:
    """Reads all notices of a table or of a list's item, or none."""
    if block.kind == "text":
        return list(read_item(block.text, context))
    return list(read_table(block, context, skipped)) if is_read(block, context, form) else []


def is_read(table: PageBlock, context: TableContext, form: DeprecationFormat) -> bool:
    """Returns whether a table lists models and their ends. Raises Fatal if it seems to, under unknown titles."""
    has_prose_date = form.has_prose_shutdown and context.shutdown.on is not None
    if form.ended_under and has_prose_date and re.search(form.ended_under, context.section, re.IGNORECASE):
        return "model" in find_columns(table.header)
    return is_of_models(table, has_prose_date, form.titles)


def _read_words(blocks: list[PageBlock], form: DeprecationFormat) -> Iterator[EndNotice]:
    """Yields the notices that a page gives outside tables and lists, in the ways of its form."""
    if form.has_lists:
        yield from _read_prose(blocks, form)
    if form.read_words:
        yield from form.read_words(blocks)


def _read_prose(blocks: list[PageBlock], form: DeprecationFormat) -> Iterator[EndNotice]:
    """Yields a notice for each dated section that tells an end in sentences only, named by its title."""
    for place, heading in enumerate(blocks):
        date = _DATED.match(heading.text) if heading.kind == "heading" else None
        if date is None:
            continue
        section = list(takewhile(lambda block: block.kind != "heading", blocks[place + 1 :]))
        prose = [block.text for block in section if block.kind == "text"]
        has_rows = any(block.kind == "table" for block in section) or any(_LEAD.search(text) for text in prose)
        title = heading.text[date.end() :].strip(" :.-–—")
        if title and not has_rows and any(_TOLD_END.search(text) for text in prose):
            yield read_title(title, _read_context([heading], prose, form))


def _rank_by_end(notice: EndNotice) -> tuple[str, str]:
    """Ranks a notice by its last day."""
    # The rest only breaks ties, so that the order of the rows never decides.
    return notice.shutdown.on or "", json.dumps(make_body(notice), sort_keys=True)


def locate_tables(blocks: list[PageBlock], form: DeprecationFormat) -> Iterator[tuple[PageBlock, TableContext]]:
    """Yields each table (and item of a list of ends) with the context that headings and prose above it give."""
    path: list[PageBlock] = []
    prose: list[tuple[int, str]] = []
    lead = ""
    for block in blocks:
        if block.kind == "heading":
            path = [*(heading for heading in path if heading.level < block.level), block]
            # Prose under a heading beside this one belongs to another announcement.
            prose = [(level, text) for level, text in prose if level < block.level]
            lead = ""
        elif block.kind == "table" or (form.has_lists and block.level and _LEAD.search(lead)):
            yield block, replace(_read_context(path, [text for _, text in reversed(prose)], form), lead=lead)
        else:
            lead = lead if block.level else block.text
            prose.append((path[-1].level if path else 0, block.text))


def _read_context(path: list[PageBlock], prose: list[str], form: DeprecationFormat) -> TableContext:
    """Reads the dates around a table, from the headings above it (`path`) and their prose, the nearest first."""
    titles = [heading.text for heading in path]
    dated = next((read_promise(date[1]) for title in reversed(titles) if (date := _DATED.match(title))), UNKNOWN)
    announced = (
        dated if form.heading == "announced" and not (form.has_lists and _is_day_of_effect(dated, prose)) else UNKNOWN
    )
    if announced == UNKNOWN and form.has_prose_announced:
        announced = _read_announced(prose)
    shutdown = dated if form.heading == "shutdown" else UNKNOWN
    if form.has_prose_shutdown or form.has_lists:
        shutdown = _read_last_day([*prose, *titles], _ENDS if form.has_prose_shutdown else _GONE)
    section, anchor = (path[-1].text, path[-1].anchor) if path else ("", "")
    headings = " / ".join(titles)
    return TableContext(section, anchor, headings, replace(announced, drift=""), replace(shutdown, drift=""))


def note_unread_tables(blocks: Iterable[PageBlock], form: DeprecationFormat) -> tuple[Note, ...]:
    """Notes each table with a heading about ends that the reader skips, under the section that it is in."""
    notes = []
    for block, context in locate_tables(list(blocks), form):
        if block.kind != "table" or not speaks_of_ends(block):
            continue
        try:
            if is_read(block, context, form):
                continue
        except Fatal:
            # The visit names it, too, as a table that it skipped.
            pass
        headings = tuple(clean_line(title, LONGEST_TITLE) for title in block.header)
        notes.append(
            Note(NoteKind.TABLE_PASSED_OVER, clean_line(context.section, LONGEST_TITLE) or "(no heading)", headings)
        )
    return tuple(notes)


def _is_day_of_effect(dated: Promise, prose: Iterable[str]) -> bool:
    """Returns whether the day of a heading is the one from which its section holds, rather than that of its telling."""
    starts = (start[1] for text in prose for sentence in _SENTENCE.split(text) if (start := _IN_EFFECT.match(sentence)))
    return dated.on is not None and any(read_promise(start).on == dated.on for start in starts)


def _read_announced(prose: list[str]) -> Promise:
    """Reads the day in the nearest sentence about an announcement."""
    day = next((sentence["day"] for text in prose if (sentence := _ANNOUNCED.search(text))), "")
    return read_promise(day)


def _read_last_day(texts: Iterable[str], ending: re.Pattern[str]) -> Promise:
    """Reads the day in the first sentence that names the day of an end."""
    for text in texts:
        for sentence in _SENTENCE.split(text):
            if ending.search(sentence) and (promise := read_promise(sentence)).on:
                return promise
    return UNKNOWN


def _read_redirects(text: str) -> Iterator[tuple[str, str]]:
    """Yields the names that still answer as another model, with that model, from sentences outside the tables."""
    for sentence in _SENTENCE.split(text):
        verb = cells.REDIRECT.search(sentence)
        target = _TARGET.search(sentence, verb.start()) if verb else None
        if target:
            yield from ((name, target[1]) for name in _CODE.findall(sentence[: target.start()]))
