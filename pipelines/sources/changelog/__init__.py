"""Changelogs: what was released when, from Markdown files, GitHub's release feeds, vendors' RSS and vendors' dated pages."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Literal
from urllib.parse import urlsplit

from pipelines.contract import Page, Row, Stream, Visit
from pipelines.http.answers import Answer, redact_url, to_web_link
from pipelines.http.errors import Fatal
from pipelines.markup import page_blocks
from pipelines.markup.feeds import XML, FeedEntry, read_feed
from pipelines.sources.changelog import dated, files, pages
from pipelines.sources.changelog.pages import Release
from pipelines.text.values import clean_line, format_instant

FEEDS = ("atom", "rss")
DATED: dict[str, Literal["day", "month"]] = {
    "openai": "day",
    "gemini": "day",
    "groq": "day",
    "deepseek": "day",
    "xai": "month",
}
"""Vendors' pages that are headed by time, and how exactly."""
FORMATS = ("markdown", *FEEDS, *DATED, "mintlify", "mistral")
STREAMS = {"entries": Stream(order="whole", resumable=True)}
MARKDOWN = ("text/markdown", "text/x-markdown", "text/plain")
HTML = ("text/html",)


def entries(visit: Visit) -> Iterator[Page]:
    """Every entry the page shows: a whole file or page, the ten newest of a GitHub feed, what a vendor's feed holds; of a folder
    those whose files are new or changed."""
    form = visit.channel.format
    if form == "mistral":
        yield from files.entries(visit, _release)
        return
    known = visit.cursor
    answer = visit.http.get(
        visit.channel.base_url or f"https://{visit.channel.target}",
        accept=XML if form in FEEDS else (*MARKDOWN, *HTML) if _may_be_html(visit) else MARKDOWN,
        etag=known.get("etag"),
        last_modified=known.get("last_modified"),
    )
    if answer.status == 304:
        yield Page([], known, is_unchanged=True)
        return
    found = (
        [_entry(entry) for entry in read_feed(answer)] if form in FEEDS else _page(answer, form, _may_be_html(visit))
    )
    rows = {
        row.key: row for row in reversed(found)
    }  # a feed may give an entry twice: the first, which is the newest, stays
    if not rows:
        raise Fatal(f"{redact_url(answer.url)}: 200, but no entry found in it; the page has changed shape")
    total = None if form in FEEDS else len(rows)  # a page tells of all its entries, a feed of the newest only
    yield Page(
        list(rows.values()),
        {"etag": answer.etag, "last_modified": answer.last_modified},
        expected=len(rows),
        total=total,
    )


def _may_be_html(visit: Visit) -> bool:
    """Only dated pages are read as HTML too, and not at an address that promises Markdown."""
    return visit.channel.format in DATED and not urlsplit(visit.channel.base_url).path.endswith((".md", ".txt", ".mdx"))


def _page(answer: Answer, form: str, may_be_html: bool) -> list[Row]:
    text = answer.content.decode("utf-8-sig", "replace")
    is_html = page_blocks.is_html(text)
    if is_html and not may_be_html:
        raise Fatal(f"{redact_url(answer.url)}: is HTML where Markdown is expected; the page has changed shape")
    return [_release(release, redact_url(answer.url)) for release in _read(text, form, is_html)]


def _read(text: str, form: str, is_html: bool) -> list[Release]:
    if form == "markdown":
        return pages.read_changelog(text)
    if form == "mintlify":
        return dated.read_updates(text)
    lines = dated.from_blocks(page_blocks.read_html_blocks(text)) if is_html else dated.from_markdown(text)
    return dated.read_dated(lines, DATED[form])


def _release(release: Release, page: str) -> Row:
    where = f"{page}#{release.anchor}" if release.anchor else page
    body = {
        "entry_id": clean_line(release.id, 120),
        "title": clean_line(release.title, 160),
        "url": to_web_link(release.link) or to_web_link(where),
        "published_at": format_instant(release.published_at),
        "date_kind": release.date_kind if release.published_at else "unknown",
        "is_prerelease": pages.is_prerelease(release.id) if release.title.startswith("v") else False,
        "is_breaking": release.is_breaking,
        "features_count": release.counts["features"],
        "fixes_count": release.counts["fixes"],
    }
    return Row(clean_line(release.id, 120), None, body)


def _entry(entry: FeedEntry) -> Row:
    """An entry of a feed; of GitHub's the tag is the id, as in the repository's own list of releases."""
    is_github = entry.id.startswith("tag:github.com,")
    code = entry.id.rpartition("/")[2] if is_github else (entry.id or entry.link or "")
    lists = {kind: _items(entry.html, kind) for kind in ("Features", "Bug Fixes")} if is_github else {}
    body = {
        "entry_id": clean_line(code, 300),
        "title": entry.title,
        "url": entry.link,
        "published_at": format_instant(entry.published_at or entry.updated_at),
        "date_kind": "exact" if entry.published_at or entry.updated_at else "unknown",
        "is_prerelease": is_github and pages.is_prerelease(code),
        "is_breaking": re.search(r"<h\d>\W*breaking changes", _bare(entry.html), re.IGNORECASE) is not None
        if is_github
        else None,
        "features_count": lists.get("Features"),
        "fixes_count": lists.get("Bug Fixes"),
    }
    if not code:
        raise Fatal("an entry of the feed has neither id nor link; the feed has changed shape")
    return Row(clean_line(code, 300), entry.updated_at or entry.published_at, body)


def _items(html: str, heading: str) -> int:
    """How many items stand under a heading of a release's notes."""
    found = re.search(rf"<h\d>\s*{heading}\s*</h\d>(.*?)(?=<h\d>|\Z)", _bare(html), re.DOTALL | re.IGNORECASE)
    return len(re.findall(r"<li>", found[1])) if found else 0


def _bare(html: str) -> str:
    return unescape(re.sub(r"<(/?\w+)[^>]*>", r"<\1>", html))
