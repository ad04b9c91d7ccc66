"""Changelogs with a heading per day or per month, in Markdown and in HTML."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Literal

from pipelines.markup.dates import strip_footnotes
from pipelines.markup.feeds import MONTHS
from pipelines.markup.page_blocks import PageBlock, make_anchor, read_html_blocks
from pipelines.sources.changelog.releases import Release, count_line, read_kind, split_lines

Precision = Literal["day", "month", "either"]
_LINK = re.compile(r"\[([^\]]{0,500})\]\([^)]{0,500}\)")
_DAY = re.compile(
    r"(?:Date: )?(?:(20\d\d)-(\d\d)-(\d\d)(?:[: ].*)?|([A-Z][a-z]{2})[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? "
    r"(20\d\d))?(?:: .*)?)$"
)
_CHINESE_DAY = re.compile(r"(20\d\d) ?年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?日")
MONTH = re.compile(r"([A-Z][a-z]{2})[a-z]{0,6}\.?,? (20\d\d)$")


@dataclass(frozen=True, slots=True)
class Line:
    """A heading (with its level and anchor) or an item or paragraph (level 1 within a list, else 0)."""

    is_heading: bool
    text: str
    level: int
    anchor: str = ""


@dataclass(slots=True)
class HeadedMonth:
    """The month that the latest heading of a month names."""

    year: int = 0
    month: int = 0
    level: int = 0
    """Level of the month's heading."""


def read_days_of_markdown(text: str) -> list[Release]:
    """Reads a Markdown page that is headed by day."""
    return read_dated(split_markdown(text), "day")


def read_days_of_html(text: str) -> list[Release]:
    """Reads a page of HTML that is headed by day."""
    return read_dated(split_blocks(read_html_blocks(text)), "day")


def read_months_of_markdown(text: str) -> list[Release]:
    """Reads a Markdown page that is headed by month."""
    return read_dated(split_markdown(text), "month")


def read_months_of_html(text: str) -> list[Release]:
    """Reads a page of HTML that is headed by month."""
    return read_dated(split_blocks(read_html_blocks(text)), "month")


def read_days_and_months_of_markdown(text: str) -> list[Release]:
    """Reads a Markdown page whose headings name the day of an entry, or only its month."""
    return read_dated(split_markdown(text), "either")


def split_markdown(text: str) -> Iterator[Line]:
    """Yields the lines of a Markdown page."""
    for is_heading, line, level in split_lines(text):
        yield Line(is_heading, _LINK.sub(r"\1", line) if is_heading else line, level)


def split_blocks(blocks: Iterable[PageBlock]) -> Iterator[Line]:
    """Yields the lines of a page of HTML."""
    for block in blocks:
        if block.kind != "table":
            yield Line(block.kind == "heading", block.text, block.level, block.anchor)


def read_dated(lines: Iterable[Line], precision: Precision) -> list[Release]:
    """Reads one release per heading, in the page's order.

    With `day`, headings that name a day count; with `month`, headings under a month; with `either`, headings that name
    a day or a month. The year may stand in a heading above.
    """
    releases: list[Release] = []
    headed, kind = HeadedMonth(), ""
    for line in lines:
        release = open_release(line, headed, precision) if line.is_heading else None
        if release:
            releases.append(release)
            kind = ""
        elif line.is_heading and releases:
            kind = read_kind(releases[-1], line.text)
        elif releases and not line.is_heading:
            count_line(releases[-1], line.text, kind, line.level)
    number_releases(releases)
    return releases


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
