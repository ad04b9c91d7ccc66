"""GitHub: issues and discussions with all comments, pull requests, releases, and daily repository snapshots.

Each visit to issues and pull requests first reads the changes since the last one and then resumes the backfill, newest
first, down to `since`; both may stop anywhere. Releases are read newest first, and the cursor moves only once all are
read. An unchanged repository costs one request and no points, as long as GitHub still knows the kept ETag.
"""

from collections.abc import Iterator

from pipelines.contract import Page, Stream, Visit
from pipelines.sources.github.anonymous import read_newest_issues
from pipelines.sources.github.client import BASE_URL as BASE_URL
from pipelines.sources.github.client import Client
from pipelines.sources.github.discussions import read_discussions
from pipelines.sources.github.issues_and_pulls import read_issues, read_pulls
from pipelines.sources.github.releases import read_release_feed, read_releases
from pipelines.sources.github.repositories import is_read_today, read_snapshot

SISTER_HOSTS = {"api.github.com": ("github.com",)}
"""Hosts that a channel's visits contact too, by its own host: the feeds of releases are on GitHub's pages."""
STREAMS = {
    "issues": Stream(
        resumable=True,
        also=("comments",),
        needs=("GITHUB_TOKEN",),
        samples_flagship=True,
        empty_is_normal=True,
    ),
    "pulls": Stream(resumable=True, needs=("GITHUB_TOKEN",), empty_is_normal=True),
    "discussions": Stream(resumable=True, also=("discussion_comments",), needs=("GITHUB_TOKEN",), empty_is_normal=True),
    "releases": Stream(empty_is_normal=True),
    "repositories": Stream(),
}


def issues(visit: Visit) -> Iterator[Page]:
    """Yields issues with all their comments: recent changes, then the backfill down to `since`.

    Without a token it yields the newest issues of a family's flagship.
    """
    client = Client(visit)
    return read_issues(visit, client) if "GITHUB_TOKEN" in visit.tokens else read_newest_issues(visit, client)


def pulls(visit: Visit) -> Iterator[Page]:
    """Yields pull requests: recent changes, then the backfill down to `since`."""
    return read_pulls(visit, Client(visit))


def discussions(visit: Visit) -> Iterator[Page]:
    """Yields discussions with all comments and replies, latest change first, back to the cursor."""
    return read_discussions(visit, Client(visit))


def releases(visit: Visit) -> Iterator[Page]:
    """Yields releases, newest first, back to the newest one already read; without a token, the repository's feed."""
    return read_releases(visit, Client(visit)) if "GITHUB_TOKEN" in visit.tokens else read_release_feed(visit)


def repositories(visit: Visit) -> Iterator[Page]:
    """Yields today's snapshot of the repository; without a token it is requested once a day."""
    if "GITHUB_TOKEN" not in visit.tokens and is_read_today(visit):
        return iter([Page([], visit.cursor, is_unchanged=True)])
    return read_snapshot(visit, Client(visit))
