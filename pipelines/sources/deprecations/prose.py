"""Reads announcements that are stated in sentences: in sections headed by their day, or anywhere on a page."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import takewhile

from pipelines.markup.dates import Promise, read_promise, strip_footnotes
from pipelines.markup.page_blocks import PageBlock
from pipelines.sources.deprecations import cells
from pipelines.sources.deprecations.notice import EndNotice

_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_DAY = re.compile(r"20\d\d-\d\d-\d\d$")
_CODE = re.compile(r"`([^`]+)`(?! series)")
"""A name in code; that of a whole series is no model."""
_ENDED = re.compile(r"\b(?:deprecated|discontinued|retired|removed|shut ?down|sunset)\b", re.IGNORECASE)
_IS_DEPRECATED = re.compile(r"\b(?:is|are|has been|have been)(?: now)? deprecated\b", re.IGNORECASE)
_MODEL = re.compile(r"[a-z][\w./]*-[\w.:@-]+", re.IGNORECASE)
"""A model's name has a hyphen; that of a parameter or field has none."""
_OF_REQUESTS = re.compile(r"\b(?:parameters?|headers?|fields?)\b", re.IGNORECASE)
_HEADED = re.compile(r"(?:date: )?(?:20\d\d-\d\d-\d\d|[a-z]{3,9} \d{1,2},? 20\d\d)\b", re.IGNORECASE)
_ONE_DAY = r"[^.]{0,40}?\b20\d\d"
_DEPRECATED_AND_ENDED = re.compile(
    rf"\bdeprecated as of (?P<since>{_ONE_DAY})\b[^.]*\bshut ?down on (?P<last>{_ONE_DAY})\b", re.IGNORECASE
)
_ONLY_EXISTING = re.compile(r"\bavailable to existing customers only\b", re.IGNORECASE)
_CLOSED = re.compile(r"\blimiting access to the (?P<series>\d[\w.]*) models to users who\b", re.IGNORECASE)
_TO_END = re.compile(r"\bdeprecating\b|\bretiring\b", re.IGNORECASE)
_LAST_DAY = re.compile(r"\bno longer\b|\bdeprecated on\b|\b(?:retired|removed|shut ?down|sunset)\b", re.IGNORECASE)
_INSTEAD = re.compile(
    r"\b(?:(?:migrat|transition|upgrad|switch|mov)\w* to|please use)\s+(?:either\s+)?"
    r"(?:the latest (?:\w+ )?model )?(?P<names>[^.]*(?:\.\w[^.]*)*)",
    re.IGNORECASE,
)
_AFTER_NAMES = re.compile(r"(?<!\s)\s+(?:for|to|which|that)\s.*$|,\s+(?:an?|see)\s.*$", re.DOTALL)


def read_sections(blocks: list[PageBlock]) -> Iterator[EndNotice]:
    """Yields the notices of sections headed by a day.

    "Deprecating `a`" was stated on that day, "Deprecated `a`" ended on it: the page rewrites it when the end comes.
    """
    for place, heading in enumerate(blocks):
        day = strip_footnotes(heading.text)
        if heading.kind != "heading" or not _DAY.match(day):
            continue
        section = takewhile(lambda block: block.kind != "heading", blocks[place + 1 :])
        stated = [block.text for block in section if block.kind == "text"]
        first = _SENTENCE.split(stated[0])[0] if stated else ""
        if _TO_END.search(first):
            yield from _name_all(first, heading, stated, announced=read_promise(day), shutdown=_read_last_day(stated))
        elif _ENDED.search(first):
            yield from _name_all(first, heading, stated, shutdown=read_promise(day))


def read_sentences(blocks: list[PageBlock]) -> Iterator[EndNotice]:
    """Yields a notice for each name in code of which a sentence says that it ends on a day, or that it is deprecated.

    A day in a heading above is that of the announcement.
    """
    for headings, block in _walk_headings(blocks):
        announced = next((day for heading in reversed(headings) if (day := _read_day_of(heading)).on), Promise())
        heading = headings[-1] if headings else PageBlock("heading")
        sentences = _SENTENCE.split(block.text)
        for sentence in sentences:
            verbs = list(_ENDED.finditer(sentence))
            words = sentence[: verbs[0].start()] if verbs else ""
            models = " ".join(f"`{name}`" for name in _CODE.findall(words) if _MODEL.fullmatch(name))
            models = "" if _OF_REQUESTS.search(words) else models
            # In "deprecated as of one day and shut down on another" the last verb is the end.
            last = _read_day(sentence[verbs[-1].start() :]) if verbs else Promise()
            last = last if last.on else _read_day(sentence)
            if words and last.kind == "exact":
                yield from _name_all(models or words, heading, sentences, announced, last)
            elif models and _IS_DEPRECATED.search(sentence):
                found = _name_all(models, heading, sentences, announced)
                yield from (replace(notice, stage="deprecated") for notice in found)


def read_model_sections(blocks: list[PageBlock]) -> Iterator[EndNotice]:
    """Yields the notice of each section of a model that a sentence ends; a table below it may name its id."""
    section: list[PageBlock] = []
    for block in [*blocks, PageBlock("heading")]:
        if block.kind == "heading" and section:
            yield from _read_model_section(section)
        section = [block] if block.kind == "heading" else [*section, block] if section else []


def _read_model_section(section: list[PageBlock]) -> Iterator[EndNotice]:
    heading, *blocks = section
    texts = [block.text for block in blocks if block.kind == "text"]
    stated = next((match for text in texts if (match := _DEPRECATED_AND_ENDED.search(text))), None)
    if stated is None:
        return
    since, last = _read_day(stated["since"]), _read_day(stated["last"])
    rows = [row for block in blocks if block.kind == "table" for row in (block.header, *block.rows)]
    ids = [name for row in rows if row[0].strip("`").lower() == "model id" for name in _CODE.findall(" ".join(row[1:]))]
    for name in dict.fromkeys(ids or [heading.text]):
        yield EndNotice(
            name, "model", heading.anchor, deprecated=since, shutdown=last,
            closed_to_new=since if any(_ONLY_EXISTING.search(text) for text in texts) else Promise(),
        )  # fmt: skip


def read_closures(blocks: list[PageBlock]) -> Iterator[EndNotice]:
    """Yields a notice for each model of a series that a dated section closes to new users, by the names on the page."""
    names = dict.fromkeys(name for block in blocks for name in _CODE.findall(block.text))
    for headings, block in _walk_headings(blocks):
        day = next((day for heading in reversed(headings) if (day := _read_day_of(heading)).on), Promise())
        closed = _CLOSED.search(block.text)
        if closed and day.on:
            series = re.compile(rf"[\w.-]+-{re.escape(closed['series'])}-(?!.*(?:preview|exp\b))[\w.-]+")
            for name in filter(series.fullmatch, names):
                yield EndNotice(name, "model", headings[-1].anchor, closed_to_new=day)


def _walk_headings(blocks: list[PageBlock]) -> Iterator[tuple[list[PageBlock], PageBlock]]:
    """Yields each heading and text with the headings above it, itself included."""
    path: list[PageBlock] = []
    for block in blocks:
        if block.kind == "heading":
            path = [*(heading for heading in path if heading.level < block.level), block]
        if block.kind != "table":
            yield path, block


def _read_day_of(heading: PageBlock) -> Promise:
    """Reads the day that heads a section."""
    return read_promise(heading.text) if _HEADED.match(strip_footnotes(heading.text)) else Promise()


def _read_day(sentence: str) -> Promise:
    """Reads the day of a sentence, also in brackets."""
    bare = read_promise(sentence)
    return bare if bare.on else read_promise(re.sub(r"[()]", " ", sentence))


def _name_all(
    words: str,
    heading: PageBlock,
    stated: Iterable[str],
    announced: Promise | None = None,
    shutdown: Promise | None = None,
) -> Iterator[EndNotice]:
    """Yields a notice for each name in the words, or one of the feature that they report."""
    kind = cells.classify_subject(words)
    phrase = re.sub(r"^\W*\w+\s+", "", words).strip(" .*")
    for name in _CODE.findall(words) if kind == "model" else [phrase.replace("`", "")]:
        yield EndNotice(
            name, kind, heading.anchor, announced or Promise(), shutdown=shutdown or Promise(),
            replacements=tuple(_read_replacements(stated)) if kind == "model" else (),
        )  # fmt: skip


def _read_last_day(stated: Iterable[str]) -> Promise:
    """Reads the day in the first sentence that reports the end."""
    for sentence in (sentence for text in stated for sentence in _SENTENCE.split(text)):
        if _LAST_DAY.search(sentence) and (last := read_promise(sentence)).on:
            return last
    return Promise()


def _read_replacements(stated: Iterable[str]) -> list[str]:
    """Reads what the first sentence of advice recommends instead."""
    advice = next((found for text in stated if (found := _INSTEAD.search(text))), None)
    names = _AFTER_NAMES.sub("", advice["names"]) if advice else ""
    return _CODE.findall(names) or cells.split_replacements(names)
