"""Reads announcements that are told in sentences: in sections headed by their day, or anywhere on a page."""

import re
from collections.abc import Iterable, Iterator
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
_TO_END = re.compile(r"\bdeprecating\b|\bretiring\b", re.IGNORECASE)
_LAST_DAY = re.compile(r"\bno longer\b|\bdeprecated on\b|\b(?:retired|removed|shut ?down|sunset)\b", re.IGNORECASE)
_INSTEAD = re.compile(
    r"\b(?:(?:migrat|transition|upgrad|switch|mov)\w* to|please use)\s+(?:either\s+)?"
    r"(?:the latest (?:\w+ )?model )?(?P<names>[^.]*(?:\.\w[^.]*)*)",
    re.IGNORECASE,
)
_AFTER_NAMES = re.compile(r"(?<!\s)\s+(?:for|to|which|that)\s.*$|,\s+an?\s.*$", re.DOTALL)


def read_sections(blocks: list[PageBlock]) -> Iterator[EndNotice]:
    """Yields the notices of sections headed by a day.

    "Deprecating `a`" was told on that day, "Deprecated `a`" ended on it: the page rewrites it when the end comes.
    """
    for place, heading in enumerate(blocks):
        day = strip_footnotes(heading.text)
        if heading.kind != "heading" or not _DAY.match(day):
            continue
        section = takewhile(lambda block: block.kind != "heading", blocks[place + 1 :])
        told = [block.text for block in section if block.kind == "text"]
        first = _SENTENCE.split(told[0])[0] if told else ""
        if _TO_END.search(first):
            yield from _name_all(first, heading, told, announced=read_promise(day), shutdown=_read_last_day(told))
        elif _ENDED.search(first):
            yield from _name_all(first, heading, told, shutdown=read_promise(day))


def read_sentences(blocks: list[PageBlock]) -> Iterator[EndNotice]:
    """Yields a notice for each name in code of which a sentence says that it ended on a day."""
    heading = PageBlock("heading")
    for block in blocks:
        heading = block if block.kind == "heading" else heading
        sentences = _SENTENCE.split(block.text) if block.kind == "text" else []
        for sentence in sentences:
            verb, last = _ENDED.search(sentence), read_promise(sentence)
            if verb and last.on and last.kind == "exact":
                yield from _name_all(sentence[: verb.start()], heading, sentences, shutdown=last)


def _name_all(
    words: str,
    heading: PageBlock,
    told: Iterable[str],
    announced: Promise | None = None,
    shutdown: Promise | None = None,
) -> Iterator[EndNotice]:
    """Yields a notice for each name in the words, or one of the feature that they tell of."""
    kind = cells.classify_subject(words)
    phrase = re.sub(r"^\W*\w+\s+", "", words).strip(" .*")
    for name in _CODE.findall(words) if kind == "model" else [phrase.replace("`", "")]:
        yield EndNotice(
            name, kind, heading.text, heading.anchor, announced or Promise(), shutdown=shutdown or Promise(),
            replacements=tuple(_read_replacements(told)) if kind == "model" else (),
            behaviour="shutdown" if shutdown and shutdown.on else "unknown",
        )  # fmt: skip


def _read_last_day(told: Iterable[str]) -> Promise:
    """Reads the day in the first sentence that tells of the end."""
    for sentence in (sentence for text in told for sentence in _SENTENCE.split(text)):
        if _LAST_DAY.search(sentence) and (last := read_promise(sentence)).on:
            return last
    return Promise()


def _read_replacements(told: Iterable[str]) -> list[str]:
    """Reads what the first sentence of advice recommends instead."""
    advice = next((found for text in told if (found := _INSTEAD.search(text))), None)
    return cells.split_replacements(_AFTER_NAMES.sub("", advice["names"])) if advice else []
