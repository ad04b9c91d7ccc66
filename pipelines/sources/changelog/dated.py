"""Changelogs that vendors head by day or by month, in Markdown, in HTML and in Mintlify's `<Update>` blocks."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Literal

from pipelines.markup.dates import PromiseKind, strip_footnotes
from pipelines.markup.feeds import MONTHS
from pipelines.markup.page_blocks import PageBlock, make_anchor
from pipelines.sources.changelog.pages import BREAKING, KINDS, Release, lines, take

_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_DAY = re.compile(
    r"(?:Date: )?(?:(20\d\d)-(\d\d)-(\d\d)(?:[: ].*)?|([A-Z][a-z]{2})[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (20\d\d))?(?:: .*)?)$"
)
_MONTH = re.compile(r"([A-Z][a-z]{2})[a-z]{0,6},? (20\d\d)$")
_UPDATE = re.compile(r"^[ \t]*<Update\b(?P<told>[^>]*)>[ \t]*$")
_END = re.compile(r"^[ \t]*</Update>")
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_ATTRIBUTE = re.compile(r"\b(label|description)=(?:\"([^\"]*)\"|'([^']*)'|\{[\"'`]([^\"'`]*)[\"'`]\})")


@dataclass(frozen=True, slots=True)
class Line:
    """A heading (with its level and anchor) or an item or paragraph (level 1 within a list, else 0)."""

    is_heading: bool
    text: str
    level: int
    anchor: str = ""


@dataclass(slots=True)
class _When:
    """The day or month that the headings so far have said."""

    year: int = 0
    month: int = 0
    level: int = 0
    """Level of the month's heading."""


def from_markdown(text: str) -> Iterator[Line]:
    """The lines of a Markdown page."""
    for is_heading, line, level in lines(text):
        yield Line(is_heading, _LINK.sub(r"\1", line) if is_heading else line, level)


def from_blocks(blocks: Iterable[PageBlock]) -> Iterator[Line]:
    """The lines of a page of HTML."""
    return (
        Line(block.kind == "heading", block.text, block.level, block.anchor)
        for block in blocks
        if block.kind != "table"
    )


def read_dated(page: Iterable[Line], precision: Literal["day", "month"]) -> list[Release]:
    """A release a heading: of `day` those that name a day, of `month` those that stand under a month. In the page's order.

    The year may stand in a heading above. A day that comes twice is two releases, numbered from the oldest.
    """
    releases: list[Release] = []
    when, kind = _When(), ""
    for line in page:
        found = _heading(line, when, precision) if line.is_heading else None
        if found:
            releases.append(found)
            kind = ""
        elif line.is_heading and releases:
            kind = KINDS.get(line.text.strip().lower(), "")
            releases[-1].is_breaking |= BREAKING.match(line.text) is not None
        elif releases and not line.is_heading:
            take(releases[-1], line.text, kind, line.level)
    return _named(releases)


def _heading(line: Line, when: _When, precision: str) -> Release | None:
    """The release that a heading opens, if it opens one."""
    text = strip_footnotes(line.text)
    if month := _MONTH.match(text):
        if number := MONTHS.get(month[1]):
            when.year, when.month, when.level = int(month[2]), number, line.level
        return None
    if precision == "month":
        if not when.month or line.level <= when.level:
            return None
        first = _at(date(when.year, when.month, 1))
        return Release(
            f"{first:%Y-%m}.{make_anchor(text)[:80]}", text, None, first, date_kind="month", anchor=line.anchor
        )
    day = _day(text, when.year)
    return Release("", day.isoformat(), None, _at(day), anchor=line.anchor) if day else None


def _day(text: str, year: int) -> date | None:
    found = _DAY.match(text)
    if not found or not (found[1] or found[6] or year):
        return None
    try:
        if found[1]:
            return date(int(found[1]), int(found[2]), int(found[3]))
        return date(int(found[6] or year), MONTHS.get(found[4], 0), int(found[5]))
    except ValueError:
        return None


def _at(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _named(releases: list[Release]) -> list[Release]:
    """Names by day and number, from the oldest, so that a second note of a day does not rename the first; twins of a month are numbered."""
    seen = dict[str, int]()
    for release in reversed(releases):
        base = release.id or (release.title if release.date_kind == "exact" else "")
        seen[base] = seen.get(base, 0) + 1
        if not release.id or seen[base] > 1:
            release.id = f"{base}.{seen[base]}"
    return releases


def read_updates(text: str) -> list[Release]:
    """The `<Update label="…">` blocks of a Mintlify page: a day, or a month only; the year may stand in a heading above.

    What stands in fenced code is no block. A label that names no time keeps the block, without a date.
    """
    releases: list[Release] = []
    when = _When()
    for told, inside in _updates(text, when):
        release = _update(told, when)
        kind = ""
        for is_heading, line, level in lines(inside):
            if is_heading:
                kind = KINDS.get(line.strip().lower(), "")
                release.is_breaking |= BREAKING.match(line) is not None
            else:
                take(release, line, kind, level)
        releases.append(release)
    return _named(releases)


def _updates(text: str, when: _When) -> Iterator[tuple[dict[str, str], str]]:
    told: dict[str, str] | None = None
    inside: list[str] = []
    is_code = False
    for line in text.splitlines():
        is_code ^= _FENCE.match(line) is not None
        opened = None if is_code else _UPDATE.match(line)
        if opened:
            told, inside = {name: a or b or c for name, a, b, c in _ATTRIBUTE.findall(opened["told"])}, []
        elif told is not None and not is_code and _END.match(line):
            yield told, "\n".join(inside)
            told = None
        elif told is not None:
            inside.append(line.removeprefix("  "))
        elif line.startswith("#") and not is_code:
            _heading(Line(True, line.strip("# "), 1), when, "day")


def _update(told: dict[str, str], when: _When) -> Release:
    label, more = strip_footnotes(told.get("label", "")), told.get("description", "")
    title = f"{label} · {more}" if more else label
    day, month = _day(label, when.year), _MONTH.match(label)
    kind: PromiseKind = "unknown"
    base, at = make_anchor(label) or "update", None
    if day:
        base, at, kind = day.isoformat(), _at(day), "exact"
    elif month and month[1] in MONTHS:
        at, kind = _at(date(int(month[2]), MONTHS[month[1]], 1)), "month"
        base = f"{at:%Y-%m}"
    release = Release("", title, None, at, date_kind=kind)
    release.id = base
    return release
