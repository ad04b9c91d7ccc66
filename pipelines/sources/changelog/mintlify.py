"""Mintlify's `<Update label="…">` blocks: a day, or a month only; the year may be in a heading above."""

import re
from collections.abc import Iterator
from datetime import date

from pipelines.markup.dates import strip_footnotes
from pipelines.markup.feeds import MONTHS
from pipelines.markup.page_blocks import make_anchor
from pipelines.sources.changelog.dated import (
    MONTH,
    HeadedMonth,
    Line,
    get_midnight,
    number_releases,
    open_release,
    read_day,
    read_headed_markdown,
    split_lines,
)
from pipelines.sources.changelog.releases import Release

_UPDATE = re.compile(r"^[ \t]*<Update\b(?P<attributes>[^>]*)>[ \t]*$")
_END = re.compile(r"^[ \t]*</Update>")
_BOLD_DAY = re.compile(r"^[ \t]*\*\*(20\d\d-\d\d-\d\d)\*\*[ \t]*$", re.MULTILINE)
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_ATTRIBUTE = re.compile(r"\b(label|description)=(?:\"([^\"]*)\"|'([^']*)'|\{[\"'`]([^\"'`]*)[\"'`]\})")


def read_updates(text: str) -> list[Release]:
    """Reads the blocks in the page's order; a block whose label names no time has no date."""
    releases: list[Release] = []
    headed = HeadedMonth()
    for attributes, markdown in _split_updates(text, headed):
        release = _open_update(attributes, headed)
        release.headline = next((line.text for line in split_lines(markdown) if line.text), "")
        releases.append(release)
    number_releases(releases)
    return releases


def read_bold_days(text: str) -> list[Release]:
    """Reads a page with a day in bold letters above each entry."""
    return read_headed_markdown(_BOLD_DAY.sub(r"# \1", text), "day")


def _split_updates(text: str, headed: HeadedMonth) -> Iterator[tuple[dict[str, str], str]]:
    """Yields attributes and Markdown of each block; headings of months between the blocks update `headed`."""
    attributes: dict[str, str] | None = None
    inside: list[str] = []
    is_code = False
    for line in text.splitlines():
        # Fenced code may show a block as an example.
        is_code ^= _FENCE.match(line) is not None
        opening = None if is_code else _UPDATE.match(line)
        if opening:
            attributes, inside = {name: a or b or c for name, a, b, c in _ATTRIBUTE.findall(opening["attributes"])}, []
        elif attributes is not None and not is_code and _END.match(line):
            yield attributes, "\n".join(inside)
            attributes = None
        elif attributes is not None:
            inside.append(line.removeprefix("  "))
        elif line.startswith("#") and not is_code:
            open_release(Line(True, line.strip("# "), 1), headed, "day")


def _open_update(attributes: dict[str, str], headed: HeadedMonth) -> Release:
    """Makes the release of a block, dated by the day or the month in its label."""
    label, description = strip_footnotes(attributes.get("label", "")), attributes.get("description", "")
    title = f"{label} · {description}" if description else label
    if day := read_day(label, headed.year):
        return Release(day.isoformat(), title, None, get_midnight(day))
    month = MONTH.match(label)
    if month and month[1] in MONTHS:
        first = get_midnight(date(int(month[2]), MONTHS[month[1]], 1))
        return Release(f"{first:%Y-%m}", title, None, first, date_kind="month")
    return Release(make_anchor(label) or "update", title, None, None, date_kind="unknown")
