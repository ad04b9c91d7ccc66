"""Common ground of the changelog formats: a release, the counts of its items, and the declaration of a format."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from markdown_it import MarkdownIt

from pipelines.contract import Row
from pipelines.markup.dates import PromiseKind
from pipelines.markup.feeds import FeedEntry

_PRERELEASE = re.compile(
    r"(?<![\d.])\.*\d[\d.]*(?:-(?!\d+$)[0-9A-Za-z]|[.-]?(?:a|b|c|rc|alpha|beta|dev|pre|preview)\.?\d*$)"
)
BREAKING = re.compile(r"^\s*(?:⚠\S*\s*)?(?:the )?breaking(?: changes?)?\b", re.IGNORECASE)
_BREAKING_MARK = re.compile(
    r"\*\*(?=[^*]*\*\*)[^*]*\bbreaking!?\b|\(⚠\S{0,3} breaking\)|^\w+(?:\([^)]*\))?!:", re.IGNORECASE
)
KINDS = {
    "features": "features", "feature": "features", "added": "features",
    "bug fixes": "fixes", "bugfixes": "fixes", "fixed": "fixes", "fix": "fixes",
}  # fmt: skip
"""Headings and labels that announce items of a kind."""

_blocks = MarkdownIt("commonmark")
# Parsing inline text takes most of the time, and nothing here needs it.
_blocks.core.ruler.enableOnly(["normalize", "block"])


@dataclass(slots=True)
class Release:
    """One release, or one dated note."""

    id: str
    title: str
    link: str | None
    published_at: datetime | None
    is_breaking: bool = False
    date_kind: PromiseKind = "exact"
    """Precision of the date: `month` if only the month is known; the instant is then its first."""
    anchor: str = ""
    """Fragment of its address, if the page gives one."""
    headline: str = ""
    """The first heading or line below its own."""
    counts: dict[str, int] = field(default_factory=lambda: {"features": 0, "fixes": 0})


@dataclass(frozen=True, slots=True)
class ChangelogFormat:
    """One form of changelog: a page (`read_markdown`, `read_html`), a feed (`read_entry`) or a folder of files
    (`read_file`)."""

    read_markdown: Callable[[str], list[Release]] | None = None
    """Reads the releases of a page, in its order."""
    read_html: Callable[[str], list[Release]] | None = None
    """Reads the releases of an HTML page; None: HTML is refused."""
    read_entry: Callable[[FeedEntry], Row] | None = None
    """Makes the row of a feed's entry."""
    read_file: Callable[[str, str], Release | None] | None = None
    """Reads the release in a file, by name and text; None if there is none."""
    endings: tuple[str, ...] = ()
    """Endings of the folder's files that are read."""


def is_prerelease(version: str) -> bool:
    """Tells whether a version is a pre-release by its name: 1.0.0-rc.1, 2.0b3, 0.1.0-alpha."""
    return _PRERELEASE.search(version.lower().removeprefix("v")) is not None


def split_lines(markdown: str) -> Iterator[tuple[bool, str, int]]:
    """Yields headings, items and paragraphs: (is it a heading, text, level of the heading or depth of the list)."""
    depth, heading = 0, 0
    for token in _blocks.parse(markdown):
        if token.type in ("bullet_list_open", "bullet_list_close", "ordered_list_open", "ordered_list_close"):
            depth += token.nesting
        elif token.type.startswith("heading_"):
            heading = int(token.tag[1:]) if token.nesting > 0 else 0
        elif token.type == "inline":
            yield heading > 0, token.content.strip(), heading or depth


def count_line(release: Release, text: str, kind: str, depth: int) -> None:
    """Counts an item under its heading, or reads the label line of a dated note (`Feature · Model: x`)."""
    release.headline = release.headline or text
    release.is_breaking |= _BREAKING_MARK.search(text) is not None
    if kind and depth == 1:
        release.counts[kind] += 1
        return
    label = re.match(r"([A-Z][a-z]+)(?: · .*)?$", text.partition("\n")[0]) if depth == 0 else None
    if label and (labelled := KINDS.get(label[1].lower())):
        release.counts[labelled] += 1


def read_kind(release: Release, heading: str) -> str:
    """Reads the kind of items that a heading announces (`features`, `fixes` or none), and marks a breaking change."""
    release.headline = release.headline or heading
    release.is_breaking |= BREAKING.match(heading) is not None
    return KINDS.get(heading.strip().lower(), "")
