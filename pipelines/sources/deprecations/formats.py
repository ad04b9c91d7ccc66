"""How each vendor writes down that its models will end: one entry of `FORMATS` a vendor, one reader for all their tables."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from pipelines.http.errors import Fatal
from pipelines.markup.dates import UNKNOWN, Promise, read_promise
from pipelines.markup.page_blocks import PageBlock
from pipelines.sources.deprecations import cells
from pipelines.sources.deprecations.tables import Notice, Place, is_of_models, read_item, read_table
from warehouse.faults import Fault

_DATED = re.compile(r"^\W*(20\d\d-\d\d-\d\d|[A-Z][a-z]{2,8}\.? \d{1,2}(?:st|nd|rd|th)?,? 20\d\d)\b")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_TOLD = re.compile(
    r"\bon (?P<day>[^,.]*?\d{1,2}(?:st|nd|rd|th)?,? 20\d\d),? we (?:\w+ )?(?:emailed|announced|notified|informed|told)",
    re.IGNORECASE,
)
_ENDS = re.compile(r"\beffective\b|\bretir|\bshut|\bremov|\bdecommission|\bno longer\b", re.IGNORECASE)
_LEAD = re.compile(r"\b(?:deprecat|retir)\w*\b[^.]*:$", re.IGNORECASE)
_GONE = re.compile(r"\bno longer available\b|\bshut ?down\b|\bretired\b|\bremoved\b|\bsunset\b", re.IGNORECASE)
_ALL_FLOORS = re.compile(r"dates?\b.{0,60}\bearliest possible\b", re.IGNORECASE)
_TARGET = re.compile(r"\b(?:to|by|with)\s+(?:the\s+)?`([^`]+)`")
_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Format:
    """What a vendor's page says outside its tables."""

    heading: Literal["", "announced", "shutdown"] = ""
    """What a date that opens a heading means: OpenAI heads with the day of announcement, Groq with the last day."""
    has_prose_announced: bool = False
    """The announcement is told in a sentence ("on June 17, 2026, we emailed"), at least where no heading dates it."""
    has_prose_shutdown: bool = False
    """Tables have no dates: the last day stands in the title or in a sentence."""
    has_lists: bool = False
    """Some announcements have no table but lists ("Deprecated models:")."""
    is_folder: bool = False
    """No page, but a folder of files in a repository."""


FORMATS: dict[str, Format] = {
    "openai": Format(heading="announced", has_prose_announced=True),
    "anthropic": Format(heading="announced"),
    "cohere": Format(heading="announced", has_lists=True),
    "gemini": Format(),
    "vertex": Format(),
    "xai": Format(has_prose_shutdown=True),
    "groq": Format(heading="shutdown", has_prose_announced=True),
    "together": Format(),
    "bedrock": Format(),
    "azure": Format(),
    "mistral": Format(is_folder=True),
}


def read_page(blocks: Iterable[PageBlock], form: Format) -> tuple[list[Notice], tuple[str, ...]]:
    """Every notice of a page, sorted by key, and the tables that had to be passed over, in words.

    Of two rows of one key the later end stays: it is the vendor's last word. Raises Fatal where no table could be read but some should.
    """
    listed = list(blocks)
    texts = [block.text for block in listed if block.kind == "text"]
    is_floor = any(_ALL_FLOORS.search(text) for text in texts)
    redirects = dict(pair for text in texts for pair in _redirects(text))
    found: dict[str, Notice] = {}
    skipped: list[str] = []
    for table, place in _places(listed, form):
        try:
            for notice in _told(table, replace(place, is_floor=is_floor, redirects=redirects), form):
                found[notice.key] = max(found.get(notice.key, notice), notice, key=_rank)
        except Fatal as refused:
            skipped.append(str(refused))
    if skipped and not found:
        raise Fatal(skipped[0])
    return [found[key] for key in sorted(found)], tuple(skipped)


def _told(table: PageBlock, place: Place, form: Format) -> list[Notice]:
    """All that a table or an item of a list tells, or nothing of it."""
    if table.kind == "text":
        return list(read_item(table.text, place))
    has_prose_date = form.has_prose_shutdown and place.shutdown.on is not None
    return list(read_table(table, place)) if is_of_models(table, has_prose_date) else []


def _rank(notice: Notice) -> tuple[str, str]:
    """Later ends first; the rest only settles the choice, whatever order the rows came in."""
    return notice.shutdown.on or "", json.dumps(body(notice), sort_keys=True)


def _places(blocks: list[PageBlock], form: Format) -> Iterator[tuple[PageBlock, Place]]:
    """Each table (and item of a list of ends) with the headings above it, and the dates that they and the texts of their sections give."""
    path: list[PageBlock] = []
    prose: list[tuple[int, str]] = []
    lead = ""
    for block in blocks:
        if block.kind == "heading":
            path = [*(one for one in path if one.level < block.level), block]
            # What was said under a heading beside this one is of another announcement.
            prose = [(level, text) for level, text in prose if level < block.level]
            lead = ""
        elif block.kind == "table" or (form.has_lists and block.level and _LEAD.search(lead)):
            yield block, replace(_place(path, [text for _, text in reversed(prose)], form), lead=lead)
        else:
            lead = lead if block.level else block.text
            prose.append((path[-1].level if path else 0, block.text))


def _place(path: list[PageBlock], prose: list[str], form: Format) -> Place:
    titles = [one.text for one in path]
    dated = next((read_promise(found[1]) for title in reversed(titles) if (found := _DATED.match(title))), UNKNOWN)
    announced = dated if form.heading == "announced" else UNKNOWN
    if announced == UNKNOWN and form.has_prose_announced:
        announced = _announced(prose)
    shutdown = dated if form.heading == "shutdown" else UNKNOWN
    if form.has_prose_shutdown or form.has_lists:
        shutdown = _last_day([*prose, *titles], _ENDS if form.has_prose_shutdown else _GONE)
    nearest = path[-1] if path else PageBlock("heading")
    return Place(
        nearest.text, nearest.anchor, " / ".join(titles), replace(announced, drift=""), replace(shutdown, drift="")
    )


def _announced(prose: list[str]) -> Promise:
    """The day of the nearest sentence that tells of an announcement."""
    told = next((found["day"] for text in prose if (found := _TOLD.search(text))), "")
    return read_promise(told)


def _last_day(texts: Iterable[str], tells: re.Pattern[str]) -> Promise:
    """The day of the first sentence that tells of an end and names one."""
    for text in texts:
        for sentence in _SENTENCE.split(text):
            if tells.search(sentence) and (promise := read_promise(sentence)).on:
                return promise
    return UNKNOWN


def _redirects(text: str) -> Iterator[tuple[str, str]]:
    """Names that go on answering as another model, and that model: what a sentence says outside the tables."""
    for sentence in _SENTENCE.split(text):
        verb = cells.REDIRECT.search(sentence)
        target = _TARGET.search(sentence, verb.start()) if verb else None
        if target:
            yield from ((name, target[1]) for name in _CODE.findall(sentence[: target.start()]))


def body(notice: Notice) -> dict[str, object]:
    """A notice as a row carries it, its place on the page left out."""
    return {
        "notice_code": notice.key,
        "model": notice.model,
        "subject_kind": notice.subject_kind,
        "announced_on": notice.announced.on,
        "announced_kind": notice.announced.kind,
        "deprecated_on": notice.deprecated.on,
        "shutdown_on": notice.shutdown.on,
        "shutdown_kind": notice.shutdown.kind,
        "replacements": list(notice.replacements),
        "behaviour": notice.behaviour,
        "stage": notice.stage or None,
        "region": notice.region or None,
        "drift": list(notice.drift),
    }


def of_format(name: str) -> Format:
    """The format that a channel names. Raises Fatal for one that we do not know."""
    if name not in FORMATS:
        raise Fatal(f"no format {name!r} of deprecations is known", Fault.MISCONFIGURED)
    return FORMATS[name]
