"""Changelogs with a heading per version, day or month, in Markdown and in HTML."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Literal

from markdown_it import MarkdownIt

from pipelines.markup.dates import strip_footnotes
from pipelines.markup.feeds import MONTHS
from pipelines.markup.page_blocks import make_anchor, read_html_blocks
from pipelines.sources.changelog.releases import Release

Precision = Literal["day", "month", "either"]
_LINK = re.compile(r"\[([^\]]{0,500})\]\([^)]{0,500}\)")
_VERSION = re.compile(r"\[?v?(?P<version>\d+\.\d[0-9A-Za-z]*(?:[-.+][0-9A-Za-z]+)*)\]?(?:\((?P<link>\S*?)\))?(?:\s|$)")
_ISO_DAY = re.compile(r"\b(20\d\d-\d\d-\d\d)\b")
_DAY = re.compile(
    r"(?:Date: )?(?:(20\d\d)-(\d\d)-(\d\d)(?:[: ].*)?|([A-Z][a-z]{2})[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? "
    r"(20\d\d))?(?:: .*)?)$"
)
_CHINESE_DAY = re.compile(r"(20\d\d) ?年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?日")
MONTH = re.compile(r"([A-Z][a-z]{2})[a-z]{0,6}\.?,? (20\d\d)$")
_blocks = MarkdownIt("commonmark")
# Parsing inline text takes most of the time, and nothing here needs it.
_blocks.core.ruler.enableOnly(["normalize", "block"])


@dataclass(frozen=True, slots=True)
class Line:
    """A heading, with its level and anchor, or an item or paragraph."""

    is_heading: bool
    text: str
    level: int = 0
    anchor: str = ""


@dataclass(slots=True)
class HeadedMonth:
    """The month that the latest heading of a month names."""

    year: int = 0
    month: int = 0
    level: int = 0
    """Level of the month's heading."""


def read_headed_markdown(text: str, precision: Precision) -> list[Release]:
    """Reads a Markdown page with a heading per day or month.

    With `day`, headings that name a day count; with `month`, headings under a month; with `either`, headings that name
    a day or a month. The year may be in a heading above.
    """
    lines = (Line(one.is_heading, _LINK.sub(r"\1", one.text), one.level) for one in split_lines(text))
    return _read_headed(lines, precision)


def read_headed_html(text: str, precision: Precision) -> list[Release]:
    """Reads a page of HTML in the same way."""
    blocks = (block for block in read_html_blocks(text) if block.kind != "table")
    lines = (Line(block.kind == "heading", block.text, block.level, block.anchor) for block in blocks)
    return _read_headed(lines, precision)


def read_versions(text: str) -> list[Release]:
    """Reads a Markdown page with a heading per version (release-please, Keep a Changelog) or per day."""
    headed = HeadedMonth()

    def open_either(line: Line) -> Release | None:
        if version := _VERSION.match(line.text):
            return Release(version["version"], f"v{version['version']}", version["link"], _read_iso_day(line.text))
        return open_release(line, headed, "day")

    releases = _split_releases(split_lines(text), open_either)
    number_releases([release for release in releases if not release.id])
    return releases


def split_lines(markdown: str) -> Iterator[Line]:
    """Yields the headings, items and paragraphs of a Markdown text."""
    level = 0
    for token in _blocks.parse(markdown):
        if token.type.startswith("heading_"):
            level = int(token.tag[1:]) if token.nesting > 0 else 0
        elif token.type == "inline":
            yield Line(level > 0, token.content.strip(), level)


def open_release(line: Line, headed: HeadedMonth, precision: Precision) -> Release | None:
    """Makes the release that a heading opens, if any. A heading that names a month updates `headed` instead."""
    text = strip_footnotes(line.text)
    if month := MONTH.match(text):
        if number := MONTHS.get(month[1]):
            headed.year, headed.month, headed.level = int(month[2]), number, line.level
        if precision != "either" or not number:
            return None
        first = get_midnight(date(headed.year, headed.month, 1))
        return Release(f"{first:%Y-%m}", text, None, first, date_kind="month", anchor=line.anchor)
    if precision == "month":
        # A heading above or beside the month's belongs to no month.
        if not headed.month or line.level <= headed.level:
            return None
        first = get_midnight(date(headed.year, headed.month, 1))
        return Release(
            f"{first:%Y-%m}.{make_anchor(text)[:80]}", text, None, first, date_kind="month", anchor=line.anchor
        )
    day = read_day(text, headed.year)
    return Release("", day.isoformat(), None, get_midnight(day), anchor=line.anchor) if day else None


def read_day(text: str, year: int) -> date | None:
    """Reads the day at the start of a text; `year` is the year in a heading above, 0 without one."""
    match = _CHINESE_DAY.match(text) or _DAY.match(text)
    if not match or not (match[1] or match[6] or year):
        return None
    try:
        if match[1]:
            return date(int(match[1]), int(match[2]), int(match[3]))
        return date(int(match[6] or year), MONTHS.get(match[4], 0), int(match[5]))
    except ValueError:
        return None


def get_midnight(day: date) -> datetime:
    """Returns the first instant of a day in UTC."""
    return datetime.combine(day, time(), UTC)


def number_releases(releases: list[Release]) -> None:
    """Names releases by day and number; only later twins of a month get a number."""
    notes = Counter[str]()
    # From the oldest, at the end of the page: a second note on a day must not rename the first.
    for release in reversed(releases):
        base = release.id or (release.title if release.date_kind == "exact" else "")
        notes[base] += 1
        if not release.id or notes[base] > 1:
            release.id = f"{base}.{notes[base]}"


def _read_headed(lines: Iterable[Line], precision: Precision) -> list[Release]:
    headed = HeadedMonth()
    releases = _split_releases(lines, lambda line: open_release(line, headed, precision))
    number_releases(releases)
    return releases


def _split_releases(lines: Iterable[Line], open_one: Callable[[Line], Release | None]) -> list[Release]:
    """Splits a page into releases, in its order; the first line below a release becomes its headline."""
    releases: list[Release] = []
    for line in lines:
        release = open_one(line) if line.is_heading else None
        if release:
            releases.append(release)
        elif releases:
            releases[-1].headline = releases[-1].headline or line.text
    return releases


def _read_iso_day(text: str) -> datetime | None:
    day = _ISO_DAY.search(text)
    try:
        return datetime.fromisoformat(day[1]).replace(tzinfo=UTC) if day else None
    except ValueError:
        return None
