"""GitHub: issues and discussions with all comments, pull requests, releases, and daily repository snapshots.

Each visit to issues and pull requests first reads the changes since the last one and then resumes the backfill, newest
first, down to `since`; both may stop anywhere. Releases are read newest first, and the cursor moves only once all are
read. An unchanged repository costs one request and no points, as long as GitHub still knows the kept ETag.
"""

from collections.abc import Iterator
from typing import Any

from pipelines.contract import Page, Stream, Visit
from pipelines.http.errors import Fatal, Retriable
from pipelines.passed_over import PassedOver
from pipelines.sources.github.anonymous.release_feed import read_release_feed
from pipelines.sources.github.anonymous.tracker import read_newest_issues
from pipelines.sources.github.client import Client
from pipelines.sources.github.cursors import load_trusted_cursor, make_cursor, to_github_time
from pipelines.sources.github.discussion_reader import read_discussions
from pipelines.sources.github.issue_reader import read_issues
from pipelines.sources.github.keys import RELEASES
from pipelines.sources.github.nodes import get_time, parse_time
from pipelines.sources.github.pull_reader import read_pulls
from pipelines.sources.github.rest import get_first_page, list_items, make_rows, read_with_passed
from pipelines.sources.github.rows import make_release_row
from pipelines.sources.github.snapshots import is_read_today, read_snapshot
from pipelines.sources.github.transport.requester import LateRequester
from warehouse.faults import Fault

BASE_URL = "https://api.github.com"
SISTER_HOSTS = {"api.github.com": ("github.com",)}
"""Hosts that a channel's visits contact too, by its own host: the feeds of releases are on GitHub's pages."""
STREAMS = {
    "issues": Stream(
        "newest-first",
        resumable=True,
        also=("comments",),
        needs=("GITHUB_TOKEN",),
        samples_flagship=True,
        empty_is_normal=True,
    ),
    "pulls": Stream("newest-first", resumable=True, needs=("GITHUB_TOKEN",), empty_is_normal=True),
    "discussions": Stream(
        "newest-first", resumable=True, also=("discussion_comments",), needs=("GITHUB_TOKEN",), empty_is_normal=True
    ),
    "releases": Stream("newest-first", empty_is_normal=True),
    "repositories": Stream("whole"),
}


def issues(visit: Visit) -> Iterator[Page]:
    """Yields issues with all their comments: recent changes, then the backfill down to `since`.

    Without a token it yields the newest issues of a family's flagship.
    """
    client = _make_client(visit)
    return read_issues(visit, client) if "GITHUB_TOKEN" in visit.tokens else read_newest_issues(visit, client)


def pulls(visit: Visit) -> Iterator[Page]:
    """Yields pull requests: recent changes, then the backfill down to `since`."""
    return read_pulls(visit, _make_client(visit))


def discussions(visit: Visit) -> Iterator[Page]:
    """Yields discussions with all comments and replies, latest change first, back to the cursor."""
    return read_discussions(visit, _make_client(visit))


def releases(visit: Visit) -> Iterator[Page]:
    """Yields releases, newest first, back to the newest one already read; without a token, the repository's feed."""
    if "GITHUB_TOKEN" not in visit.tokens:
        yield from read_release_feed(visit)
        return
    client = _make_client(visit)
    passed = PassedOver.load(load_trusted_cursor(visit), visit.now, "release")
    pages = _read_releases(visit, client, passed)
    yield from read_with_passed(client, "/releases", make_release_row, passed, pages)


def _read_releases(visit: Visit, client: Client, passed: PassedOver) -> Iterator[Page]:
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
        # Known releases on the page are landed again, since they may have been edited; undated ones are passed over.
        recent = [item for item in published if item not in dated or get_time(item, "created_at") >= since]
        rows = make_rows(recent, "id", make_release_row, passed)
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
    """Tells whether an entry is a draft; one that was published is none, whatever its flag says."""
    return isinstance(item, dict) and item.get("draft") is True and not item.get("published_at")


def repositories(visit: Visit) -> Iterator[Page]:
    """Yields today's snapshot of the repository; without a token it is requested once a day."""
    if "GITHUB_TOKEN" not in visit.tokens and is_read_today(visit):
        return iter([Page([], visit.cursor, is_unchanged=True)])
    return read_snapshot(visit, _make_client(visit))


def _make_client(visit: Visit) -> Client:
    """Makes a client that sends its requests through the visit's guarded client."""
    base_url = (visit.channel.base_url or BASE_URL).rstrip("/")
    return Client(LateRequester(visit.http, base_url, visit.tokens.get("GITHUB_TOKEN"), visit.user_agent), visit)
