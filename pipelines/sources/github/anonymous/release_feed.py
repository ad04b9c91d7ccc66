"""Reads a repository's feed of releases, which costs none of the requests that GitHub answers without a token.

The feed holds the ten newest entries and does not tell pre-releases from others; a tag without a release may stand in
it too. The repository's own list, read with a token, replaces what was read here.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from pipelines.catalog.entries import Channel
from pipelines.contract import Page, Row, Visit
from pipelines.http.answers import redact_url
from pipelines.http.errors import Fatal
from pipelines.markup.feeds import XML, FeedEntry, read_feed
from pipelines.sources.github.cursors import to_github_time
from pipelines.text import values

MOST_ENTRIES = 10
"""Entries of a feed that may have more behind them."""
_ID = re.compile(r"tag:[^,]+,\d{4}:Repository/\d+/(?P<tag>.+)")


def read_release_feed(visit: Visit) -> Iterator[Page]:
    """Yields the newest releases; a cursor of the repository's own list is kept, but for what says "unchanged"."""
    known = visit.cursor.get("feed") or {}
    url = f"{find_web_url(visit.channel)}/{visit.channel.target}/releases.atom"
    answer = visit.http.get(url, accept=XML, etag=known.get("etag"), last_modified=known.get("last_modified"))
    if answer.status == 304:
        yield Page([], visit.cursor, is_unchanged=True)
        return
    since = to_github_time(visit.since)
    entries = read_feed(answer)
    times = [to_github_time(entry.updated_at or entry.published_at) for entry in entries]
    where = redact_url(answer.url)
    rows = [_make_row(entry, where) for entry, time in zip(entries, times, strict=True) if time >= since]
    is_cut = len(entries) >= MOST_ENTRIES
    kept = {name: visit.cursor[name] for name in ("v", "updated_at") if name in visit.cursor}
    # An empty feed may be one that lost its entries: the next visit reads it anew.
    tag = {"etag": answer.etag, "last_modified": answer.last_modified} if entries else {}
    cursor = kept | {"feed": tag}
    yield Page(rows, cursor, reach_at=max(since, min(times)) if is_cut else since)


def find_web_url(channel: Channel) -> str:
    """Returns the address of GitHub's pages: github.com, or the host of an Enterprise server."""
    parts = urlsplit(channel.base_url)
    if parts.hostname in (None, "api.github.com"):
        return "https://github.com"
    return f"{parts.scheme}://{parts.netloc}"


def _make_row(entry: FeedEntry, where: str) -> Row:
    named = _ID.fullmatch(entry.id)
    if not named:
        raise Fatal(f"{where}: an entry names no release; the feed has changed shape")
    tag = values.clean_line(named["tag"], 100)
    body: dict[str, Any] = {
        "release_id": None,
        "version": tag,
        "title": values.clean_line(entry.title) or tag,
        "url": entry.link,
        "released_at": values.format_instant(entry.updated_at or entry.published_at),
        "is_prerelease": None,
    }
    # Without an instant of its own the row yields to the repository's own list, whichever comes first.
    return Row(f"feed:{tag}", None, body)
