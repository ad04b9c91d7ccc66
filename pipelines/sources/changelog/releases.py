"""A release of a changelog, its row, and the declaration of a form."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pipelines.contract import Row
from pipelines.http.answers import to_web_link
from pipelines.http.errors import Fatal
from pipelines.markup.dates import PromiseKind
from pipelines.markup.feeds import FeedEntry
from pipelines.text.values import clean_line, format_instant

_PRERELEASE = re.compile(
    r"(?<![\d.])\.*\d[\d.]*(?:-(?!\d+$)[0-9A-Za-z]|[.-]?(?:a|b|c|rc|alpha|beta|dev|pre|preview)\.?\d*$)"
)
_MERE_DATE = re.compile(r"20\d\d-\d\d-\d\d|[A-Z][a-z]+\.?(?: \d{1,2})?,? 20\d\d")
_MARKS = re.compile(r"\[([^\]]{0,500})\]\([^)]{0,500}\)|[*_`#]+")


@dataclass(slots=True)
class Release:
    """One release, or one dated note."""

    id: str
    title: str
    link: str | None
    published_at: datetime | None
    date_kind: PromiseKind = "exact"
    """Precision of the date: `month` if only the month is known; the instant is then its first."""
    anchor: str = ""
    """Fragment of its address, if the page gives one."""
    headline: str = ""
    """The first heading or line below its own."""


@dataclass(frozen=True, slots=True)
class ChangelogFormat:
    """One form of changelog: a page (`read_markdown`, `read_html`), a feed (`read_entry`) or a folder (`read_file`)."""

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
    """Returns whether a version is a pre-release by its name: 1.0.0-rc.1, 2.0b3, 0.1.0-alpha."""
    return _PRERELEASE.search(version.lower().removeprefix("v")) is not None


def make_release_row(release: Release, page: str) -> Row:
    """Makes the row of a release; `page` is its page's address."""
    address = f"{page}#{release.anchor}" if release.anchor else page
    body = {
        "entry_id": clean_line(release.id, 120),
        "title": clean_line(_make_title(release), 160),
        "url": to_web_link(release.link) or to_web_link(address),
        "published_at": format_instant(release.published_at),
        "date_kind": release.date_kind if release.published_at else "unknown",
        "is_prerelease": is_prerelease(release.id) if release.title.startswith("v") else False,
    }
    return Row(clean_line(release.id, 120), None, body)


def _make_title(release: Release) -> str:
    """Makes the title: a mere date is followed by the first words below it, which say what happened."""
    if not release.headline or not _MERE_DATE.fullmatch(release.title):
        return release.title
    first = _MARKS.sub(lambda mark: mark[1] or "", release.headline.partition("\n")[0])
    return f"{release.title} · {clean_line(first.partition('. ')[0], 100)}"


def make_entry_row(entry: FeedEntry) -> Row:
    """Makes the row of a feed's entry."""
    # GitHub's id ends in the tag, which the repository's own list of releases has too.
    is_github = entry.id.startswith("tag:github.com,")
    code = entry.id.rpartition("/")[2] if is_github else (entry.id or entry.link or "")
    if not code:
        raise Fatal("an entry without an id or a link; the feed has changed shape")
    published = entry.published_at or entry.updated_at
    body = {
        "entry_id": clean_line(code, 300),
        "title": entry.title,
        "url": entry.link,
        "published_at": format_instant(published),
        "date_kind": "exact" if published else "unknown",
        "is_prerelease": is_github and is_prerelease(code),
    }
    return Row(clean_line(code, 300), entry.updated_at or entry.published_at, body)
