"""Reads a repository's releases: with a token its own list, newest first, without one its feed."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from pipelines.catalog.entries import Channel
from pipelines.contract import Page, Row, Visit
from pipelines.http.answers import redact_url
from pipelines.http.errors import Fatal, Gone, Retriable
from pipelines.http.keys import ItemKeys
from pipelines.http.shapes import raises_on_unexpected_shape
from pipelines.markup.feeds import XML, FeedEntry, read_feed
from pipelines.passed_over import KEY, PassedOver
from pipelines.sources.github.client import Client, get_first_page, list_items
from pipelines.sources.github.nodes import Node, get_time, load_trusted_cursor, make_cursor, parse_time, to_github_time
from pipelines.text import values
from warehouse.faults import Fault

RELEASES = ItemKeys(
    "releases", "",
    {
        "name": str | None, "body": str | None, "html_url": str, "draft": bool, "prerelease": bool, "created_at": str,
        "published_at": str | None,
    },
)  # fmt: skip
MOST_ENTRIES = 10
"""Entries of a feed that may have more behind them."""
_ID = re.compile(r"tag:[^,]+,\d{4}:Repository/\d+/(?P<tag>.+)")
_NUMBER = re.compile(r"[1-9]\d{0,17}", re.ASCII)


def read_releases(visit: Visit, client: Client) -> Iterator[Page]:
    """Yields releases, newest first, back to the newest known one; those skipped before come first."""
    passed = PassedOver.load(load_trusted_cursor(visit), visit.now, "release")
    rows: list[Row] = []
    for key in passed.list_due():
        with passed.attempt(key), suppress(Gone):
            rows.append(_read_release(client, key))
    if rows:
        yield Page(rows, passed_over=passed)
    for page in _read_list(visit, client, passed):
        cursor = {name: value for name, value in page.cursor.items() if name != KEY}
        yield replace(page, cursor=cursor | passed.to_cursor() if cursor else cursor, passed_over=passed)


def _read_release(client: Client, key: str) -> Row:
    """Reads one release. Raises Fatal for another one than was asked for, which would leave this one out for good."""
    reply = client.get(client.get_url(f"/releases/{key}"))
    row = make_release_row(reply.data)
    if row.key != key:
        raise Fatal(f"{reply.url}: GitHub answers with another item", Fault.UNEXPECTED_SHAPE)
    return row


def _read_list(visit: Visit, client: Client, passed: PassedOver) -> Iterator[Page]:
    cursor = load_trusted_cursor(visit)
    reply = get_first_page(client, cursor, "/releases?per_page=100")
    if reply.data is None:
        yield Page([], cursor, is_unchanged=True)
        return
    since = to_github_time(visit.since)
    floor, newest, tag, read_urls = cursor.get("updated_at") or since, "", reply.tag, {reply.url}
    seen = in_window = 0
    while True:
        listed = visit.keys.check(list_items(reply), RELEASES)
        if not listed and len(read_urls) > 1:
            passed.add_unnamed(Fatal("a further page of releases is empty", Fault.EMPTY))
        published = [item for item in listed if not _is_draft(item)]
        dated = [item for item in published if isinstance(item, dict) and parse_time(item.get("created_at"))]
        times = [get_time(release, "created_at") for release in dated]
        newest = max([newest, *times])
        is_last = reply.next_url is None or min(times, default=floor) < floor
        # Known releases on the page are landed again, since they may have been edited; undated ones are skipped.
        recent = [item for item in published if item not in dated or get_time(item, "created_at") >= since]
        rows = _make_rows(recent, passed)
        seen, in_window = seen + len(published), in_window + len(recent)
        total, older = (seen, seen - in_window) if reply.next_url is None else (None, None)
        # With an entry that names no release, the next visit reads the same ones again.
        reached = make_cursor(visit, floor) if passed.must_repeat() else make_cursor(visit, newest or floor) | tag
        if is_last:
            passed.settle_unnamed()
        yield Page(rows, reached if is_last else {}, total=total, older=older)
        if is_last or reply.next_url is None:
            return
        if reply.next_url in read_urls:
            raise Retriable(f"{visit.channel.target}: a page of releases points back to an earlier one")
        read_urls.add(reply.next_url)
        reply = client.get(reply.next_url)


def _is_draft(item: Any) -> bool:
    """Returns whether an entry is a draft; one that was published is none, whatever its flag says."""
    return isinstance(item, dict) and item.get("draft") is True and not item.get("published_at")


def _make_rows(items: Iterable[Any], passed: PassedOver) -> list[Row]:
    """Makes rows of releases; skips a broken one under its number."""
    rows: list[Row] = []
    for item in items:
        key = str(item.get("id")) if isinstance(item, dict) else ""
        if not _NUMBER.fullmatch(key):
            passed.add_unnamed(Fatal("an entry of GitHub's list names no item"))
            continue
        with passed.attempt(key, is_asked=False):
            rows.append(make_release_row(item))
    return rows


@raises_on_unexpected_shape("a release of GitHub")
def make_release_row(node: Node) -> Row:
    """Makes the row of a release, with a flag if its notes mention a breaking change."""
    published = node.get("published_at") or node.get("created_at")
    if node.get("draft") not in (False, None):
        raise ValueError("neither a draft nor published")
    body = {
        "release_id": node["id"],
        "version": values.clean_line(node["tag_name"], 100),
        "title": values.clean_line(node.get("name")) or values.clean_line(node["tag_name"]),
        "url": values.clean_line(node.get("html_url"), 500),
        "released_at": values.format_instant(published),
        "is_prerelease": bool(node.get("prerelease")),
    }
    return Row(str(node["id"]), values.parse_instant(published), body)


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
    rows = [_make_feed_row(entry, where) for entry, time in zip(entries, times, strict=True) if time >= since]
    is_cut = len(entries) >= MOST_ENTRIES
    kept = {name: visit.cursor[name] for name in ("v", "updated_at") if name in visit.cursor}
    # An empty feed may be one that lost its entries: the next visit reads it again.
    tag = {"etag": answer.etag, "last_modified": answer.last_modified} if entries else {}
    cursor = kept | {"feed": tag}
    yield Page(rows, cursor, reach_at=max(since, min(times)) if is_cut else since)


def find_web_url(channel: Channel) -> str:
    """Returns the address of GitHub's pages: github.com, or the host of an Enterprise server."""
    parts = urlsplit(channel.base_url)
    if parts.hostname in (None, "api.github.com"):
        return "https://github.com"
    return f"{parts.scheme}://{parts.netloc}"


def _make_feed_row(entry: FeedEntry, where: str) -> Row:
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
