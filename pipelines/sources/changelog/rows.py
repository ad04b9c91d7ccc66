"""Rows of a changelog, made from a release on a page or an entry of a feed."""

import re
from html import unescape

from pipelines.contract import Row
from pipelines.http.answers import to_web_link
from pipelines.http.errors import Fatal
from pipelines.markup.feeds import FeedEntry
from pipelines.sources.changelog.releases import Release, is_prerelease
from pipelines.text.values import clean_line, format_instant

_BREAKING_HEADING = re.compile(r"<h\d>\W*breaking changes", re.IGNORECASE)
_MERE_DATE = re.compile(r"20\d\d-\d\d-\d\d|[A-Z][a-z]+\.?(?: \d{1,2})?,? 20\d\d")
_MARKS = re.compile(r"\[([^\]]{0,500})\]\([^)]{0,500}\)|[*_`#]+")


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
        "is_breaking": release.is_breaking,
        "features_count": release.counts["features"],
        "fixes_count": release.counts["fixes"],
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
    html = unescape(re.sub(r"<(/?\w+)[^<>]*>", r"<\1>", entry.html))
    published = entry.published_at or entry.updated_at
    body = {
        "entry_id": clean_line(code, 300),
        "title": entry.title,
        "url": entry.link,
        "published_at": format_instant(published),
        "date_kind": "exact" if published else "unknown",
        "is_prerelease": is_github and is_prerelease(code),
        "is_breaking": _BREAKING_HEADING.search(html) is not None if is_github else None,
        "features_count": _count_items(html, "Features") if is_github else None,
        "fixes_count": _count_items(html, "Bug Fixes") if is_github else None,
    }
    return Row(clean_line(code, 300), entry.updated_at or entry.published_at, body)


def _count_items(html: str, heading: str) -> int:
    """Counts the items under a heading of a release's notes."""
    section = re.search(rf"<h\d>\s*{heading}\s*</h\d>(.*?)(?=<h\d>|\Z)", html, re.DOTALL | re.IGNORECASE)
    return len(re.findall(r"<li>", section[1])) if section else 0
