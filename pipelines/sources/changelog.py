"""Changelogs: what was released when, from Markdown files, GitHub's release feeds and vendors' RSS."""

import re
from collections.abc import Iterator
from html import unescape

from pipelines import changelog_pages
from pipelines.answers import Answer, shown, web_link
from pipelines.changelog_pages import Release
from pipelines.errors import Fatal
from pipelines.feeds import XML, Entry, read_feed
from pipelines.sources import Page, Row, Thing, Visit
from pipelines.text import clean, instant

FORMATS = ("markdown", "atom", "rss")
THINGS = {"entries": Thing(order="whole")}
MARKDOWN = ("text/markdown", "text/x-markdown", "text/plain")


def entries(visit: Visit) -> Iterator[Page]:
    """Every entry the page shows: a whole Markdown file, the ten newest of a GitHub feed, what a vendor's feed holds."""
    is_markdown = visit.channel.format == "markdown"
    known = visit.cursor
    answer = visit.http.get(
        visit.channel.base_url or f"https://{visit.channel.target}",
        accept=MARKDOWN if is_markdown else XML,
        etag=known.get("etag"),
        last_modified=known.get("last_modified"),
    )
    if answer.status == 304:
        yield Page([], known, is_unchanged=True)
        return
    found = _markdown(answer) if is_markdown else [_entry(entry) for entry in read_feed(answer)]
    rows = {row.key: row for row in reversed(found)}  # a feed may give an entry twice: the first, which is the newest, stays
    if not rows:
        raise Fatal(f"{shown(answer.url)}: 200, but no entry found in it; the page has changed shape")
    yield Page(list(rows.values()), {"etag": answer.etag, "last_modified": answer.last_modified}, expected=len(rows))


def _markdown(answer: Answer) -> list[Row]:
    text = answer.content.decode("utf-8-sig", "replace")
    if re.match(r"\s*<(?:!doctype html|html|head|body)\b", text, re.IGNORECASE):
        raise Fatal(f"{shown(answer.url)}: is HTML where Markdown is expected; the page has changed shape")
    return [_release(release, answer.url) for release in changelog_pages.read_changelog(text)]


def _release(release: Release, page: str) -> Row:
    body = {
        "entry_id": clean(release.id, 120),
        "title": clean(release.title, 160),
        "url": web_link(release.link) or web_link(page),
        "published_at": instant(release.published_at),
        "is_prerelease": changelog_pages.is_prerelease(release.id) if release.title.startswith("v") else False,
        "is_breaking": release.is_breaking,
        "features_count": release.counts["features"],
        "fixes_count": release.counts["fixes"],
    }
    return Row(clean(release.id, 120), None, body)


def _entry(entry: Entry) -> Row:
    """An entry of a feed; of GitHub's the tag is the id, as in the repository's own list of releases."""
    is_github = entry.id.startswith("tag:github.com,")
    code = entry.id.rpartition("/")[2] if is_github else (entry.id or entry.link or "")
    lists = {kind: _items(entry.html, kind) for kind in ("Features", "Bug Fixes")} if is_github else {}
    body = {
        "entry_id": clean(code, 300),
        "title": entry.title,
        "url": entry.link,
        "published_at": instant(entry.published_at or entry.updated_at),
        "is_prerelease": is_github and changelog_pages.is_prerelease(code),
        "is_breaking": re.search(r"<h\d>\W*breaking changes", _bare(entry.html), re.IGNORECASE) is not None if is_github else None,
        "features_count": lists.get("Features"),
        "fixes_count": lists.get("Bug Fixes"),
    }
    if not code:
        raise Fatal("an entry of the feed has neither id nor link; the feed has changed shape")
    return Row(clean(code, 300), entry.updated_at or entry.published_at, body)


def _items(html: str, heading: str) -> int:
    """How many items stand under a heading of a release's notes."""
    found = re.search(rf"<h\d>\s*{heading}\s*</h\d>(.*?)(?=<h\d>|\Z)", _bare(html), re.DOTALL | re.IGNORECASE)
    return len(re.findall(r"<li>", found[1])) if found else 0


def _bare(html: str) -> str:
    return unescape(re.sub(r"<(/?\w+)[^>]*>", r"<\1>", html))
