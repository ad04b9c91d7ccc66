"""Changelogs written in Markdown: a heading a release (release-please, Keep a Changelog), or a heading a day."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from markdown_it import MarkdownIt

from pipelines.markup.dates import PromiseKind
from pipelines.markup.feeds import MONTHS

_RELEASE = re.compile(r"\[?v?(?P<version>\d+\.\d+(?:\.\d+)*(?:[-.+]?[0-9A-Za-z]+)*)\]?(?:\((?P<link>\S*?)\))?(?:\s|$)")
_ISO_DAY = re.compile(r"\b(20\d\d-\d\d-\d\d)\b")
_DAY = re.compile(r"([A-Za-z]{3})[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (20\d\d))?$")
_MONTH = re.compile(r"[A-Za-z]{3,9},? (20\d\d)$")
_PRERELEASE = re.compile(r"\d[\d.]*(?:-(?!\d+$)[0-9A-Za-z]|[.-]?(?:a|b|c|rc|alpha|beta|dev|pre|preview)\.?\d*$)")
BREAKING = re.compile(r"^\s*(?:⚠\S*\s*)?(?:the )?breaking(?: changes?)?\b", re.IGNORECASE)
_BREAKING_MARK = re.compile(r"\*\*[^*]*\bbreaking!?\b[^*]*\*\*|\(⚠\S* breaking\)|^\w+(?:\([^)]*\))?!:", re.IGNORECASE)
KINDS = {
    "features": "features", "feature": "features", "added": "features",
    "bug fixes": "fixes", "bugfixes": "fixes", "fixed": "fixes", "fix": "fixes",
}  # fmt: skip
"""Headings and labels that say what stands under them."""

_blocks = MarkdownIt("commonmark")
_blocks.core.ruler.enableOnly(
    ["normalize", "block"]
)  # inline text is not needed, and parsing it takes most of the time


@dataclass(slots=True)
class Release:
    """One release, or one dated note."""

    id: str
    title: str
    link: str | None
    published_at: datetime | None
    is_breaking: bool = False
    date_kind: PromiseKind = "exact"
    """How exactly it is dated: `month` where only that is known, its instant is then the first of it."""
    anchor: str = ""
    """What stands behind `#` in its address, where the page names it."""
    counts: dict[str, int] = field(default_factory=lambda: {"features": 0, "fixes": 0})


def is_prerelease(version: str) -> bool:
    """Whether a version's name says that it is none to rely on: 1.0.0-rc.1, 2.0b3, 0.1.0-alpha."""
    return _PRERELEASE.search(version.lower().removeprefix("v")) is not None


def read_changelog(markdown: str) -> list[Release]:
    """Releases in the page's order; empty where no heading names a version or a day."""
    releases: list[Release] = []
    year, kind, days = "", "", dict[str, int]()
    for heading, text, level in lines(markdown):
        if heading and (found := _RELEASE.match(text)):
            releases.append(Release(found["version"], f"v{found['version']}", found["link"], _iso(text)))
            kind = ""
        elif heading and (month := _MONTH.search(text)):
            year = month[1]
        elif heading and (at := _day(text, year)):
            releases.append(Release("", at.date().isoformat(), None, at))
            kind = ""
        elif releases and heading:
            kind = KINDS.get(text.strip().lower(), "")
            releases[-1].is_breaking |= BREAKING.match(text) is not None
        elif releases:
            take(releases[-1], text, kind, level)
    for release in reversed(releases):  # from the oldest, so that a second note of a day does not rename the first
        if not release.id and release.published_at:
            day = release.published_at.date().isoformat()
            days[day] = days.get(day, 0) + 1
            release.id = f"{day}.{days[day]}"
    return releases


def lines(markdown: str) -> Iterator[tuple[bool, str, int]]:
    """Headings, items and paragraphs: (is a heading, its text, its level or else the depth of the list it is in; 0 is outside)."""
    depth, heading = 0, 0
    for token in _blocks.parse(markdown):
        if token.type in ("bullet_list_open", "bullet_list_close", "ordered_list_open", "ordered_list_close"):
            depth += token.nesting
        elif token.type.startswith("heading_"):
            heading = int(token.tag[1:]) if token.nesting > 0 else 0
        elif token.type == "inline":
            yield heading > 0, token.content.strip(), heading or depth


def take(release: Release, text: str, kind: str, depth: int) -> None:
    """Counts an item under its heading, or reads the label line of a dated note (`Feature · Model: x`)."""
    release.is_breaking |= _BREAKING_MARK.search(text) is not None
    if kind and depth == 1:
        release.counts[kind] += 1
        return
    label = re.match(r"([A-Z][a-z]+)(?: · .*)?$", text.partition("\n")[0]) if depth == 0 else None
    if label and (named := KINDS.get(label[1].lower())):
        release.counts[named] += 1


def _iso(text: str) -> datetime | None:
    found = _ISO_DAY.search(text)
    try:
        return datetime.fromisoformat(found[1]).replace(tzinfo=UTC) if found else None
    except ValueError:
        return None


def _day(text: str, year: str) -> datetime | None:
    """The day of `September 22, 2026`, or of `Sep 22` under a heading that names the year; `2026-09-22` too."""
    if re.fullmatch(r"20\d\d-\d\d-\d\d(?::? .*)?", text):
        return _iso(text)
    found = _DAY.match(text)
    if not found or not (found[3] or year):
        return None
    try:
        return datetime(int(found[3] or year), MONTHS.get(found[1], 0), int(found[2]), tzinfo=UTC)
    except ValueError:
        return None
