"""GitHub: issues and discussions with all that was said, pull requests, commits, releases, and daily snapshots of the
repository.

Issues and pull requests have two ends: each visit reads what changed since the last one, and then goes on with the
backfill, newest first, until `since` is reached; both may be cut short anywhere. Releases come newest-first and count
once they have come to the end. A kept ETag answers "nothing changed" with one request and without points.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any, cast

from github import Auth
from github.Requester import Requester

from pipelines.contract import Forecast, Page, Stream, Visit
from pipelines.http.errors import Retriable
from pipelines.sources.github.backfill import count_items
from pipelines.sources.github.client import Client, Connection
from pipelines.sources.github.commit_reader import read_commits
from pipelines.sources.github.cursors import load_trusted_cursor, make_cursor, to_github_time
from pipelines.sources.github.discussion_reader import read_discussions
from pipelines.sources.github.gap_reader import READS, read_gaps
from pipelines.sources.github.issue_reader import ISSUES, read_issues
from pipelines.sources.github.nodes import get_time
from pipelines.sources.github.pull_reader import PULLS, read_pulls
from pipelines.sources.github.rest import get_first_page, items_of
from pipelines.sources.github.rows import release_row, repository_body
from pipelines.sources.github.snapshots import PROFILE, community_body, read_snapshot

BASE_URL = "https://api.github.com"
FORECAST_NEEDS = ("GITHUB_TOKEN",)
API_VERSION = "2022-11-28"
STREAMS = {
    "issues": Stream("newest-first", resumable=True, also=("comments",), needs=("GITHUB_TOKEN",), empty_is_normal=True),
    "pulls": Stream("newest-first", resumable=True, needs=("GITHUB_TOKEN",), empty_is_normal=True),
    "discussions": Stream(
        "newest-first", resumable=True, also=("discussion_comments",), needs=("GITHUB_TOKEN",), empty_is_normal=True
    ),
    "commits": Stream("newest-first", resumable=True, needs=("GITHUB_TOKEN",), empty_is_normal=True),
    "releases": Stream("newest-first", empty_is_normal=True),
    "repositories": Stream("whole"),
    "communities": Stream("whole"),
    "gaps": Stream(
        "oldest-first",
        resumable=True,
        also=("issues", "comments", "pulls"),
        needs=("GITHUB_TOKEN",),
        empty_is_normal=True,
        reads=READS,
    ),
}


def issues(visit: Visit) -> Iterator[Page]:
    """Yields issues with all their comments: what changed, and the backfill down to `since`."""
    return read_issues(visit, _make_client(visit))


def pulls(visit: Visit) -> Iterator[Page]:
    """Yields pull requests: what changed, and the backfill down to `since`."""
    return read_pulls(visit, _make_client(visit))


def discussions(visit: Visit) -> Iterator[Page]:
    """Yields discussions with all comments and replies, the newest change first, back to the cursor."""
    return read_discussions(visit, _make_client(visit))


def commits(visit: Visit) -> Iterator[Page]:
    """Yields commits of the default branch: those that the last visit's newest one did not have."""
    return read_commits(visit, _make_client(visit))


def gaps(visit: Visit) -> Iterator[Page]:
    """Yields what the numbers are that no stream above has read, and the issues and pull requests among them."""
    return read_gaps(visit, _make_client(visit))


def releases(visit: Visit) -> Iterator[Page]:
    """Yields releases, newest first, back to the newest one already read."""
    client, cursor = _make_client(visit), load_trusted_cursor(visit)
    reply = get_first_page(client, cursor, "/releases?per_page=100")
    if reply.data is None:
        yield Page([], cursor, is_unchanged=True)
        return
    since = to_github_time(visit.since)
    floor, newest, tag, visited = cursor.get("updated_at") or since, "", reply.tag, {reply.url}
    seen = in_window = 0
    while True:
        published = [release for release in items_of(reply) if not release.get("draft")]
        times = [get_time(release, "created_at") for release in published]
        newest = max([newest, *times])
        is_last = reply.next_url is None or min(times, default=floor) < floor
        # What is on the page anyway is brought again: a release may have been edited.
        rows = [release_row(visit, release) for release, time in zip(published, times, strict=True) if time >= since]
        seen, in_window = seen + len(published), in_window + len(rows)
        total, older = (seen, seen - in_window) if reply.next_url is None else (None, None)
        yield Page(rows, make_cursor(visit, newest or floor) | tag if is_last else {}, total=total, older=older)
        if is_last or reply.next_url is None:
            return
        if reply.next_url in visited:
            raise Retriable(f"{visit.channel.target}: a page of releases points back to an earlier one")
        visited.add(reply.next_url)
        reply = client.get(reply.next_url)


def repositories(visit: Visit) -> Iterator[Page]:
    """Yields the repository as it is today; an unchanged one is as it was."""
    return read_snapshot(visit, _make_client(visit), "", repository_body, key="repository_id")


def communities(visit: Visit) -> Iterator[Page]:
    """Yields the repository's community profile as it is today."""
    return read_snapshot(visit, _make_client(visit), PROFILE, community_body)


def forecast(visit: Visit) -> Forecast:
    """Counts the issues and pull requests opened since `since`, and what reading them costs."""
    counts = count_items(_make_client(visit), to_github_time(visit.since))
    issues, pulls = counts["issues"][1], counts["pullRequests"][1]
    pages = -(-issues // ISSUES.most) - (-pulls // PULLS.most)
    allowance = visit.budget.allowance
    return Forecast(issues + pulls, pages, pages, allowance.most if allowance else None)


def _make_client(visit: Visit) -> Client:
    """Makes a client of PyGithub that speaks through the visit's guarded client."""

    class Guarded(Requester):
        pass

    # PyGithub keeps them as attributes of the class, where a bare partial will one day become a method.
    by_scheme = [cast("Any", staticmethod(partial(Connection, visit.http, scheme))) for scheme in ("http", "https")]
    Guarded.injectConnectionClasses(*by_scheme)
    token = visit.tokens.get("GITHUB_TOKEN")
    requester = Guarded(
        auth=Auth.Token(token) if token else None,
        base_url=(visit.channel.base_url or BASE_URL).rstrip("/"),
        timeout=30,
        user_agent=visit.user_agent,
        per_page=100,
        verify=True,
        retry=None,
        pool_size=None,
        # By default PyGithub waits a quarter of a second, and a whole one before each question to GraphQL.
        seconds_between_requests=0.02,
        seconds_between_writes=0.02,
        lazy=True,
        api_version=API_VERSION,
    )
    return Client(requester, visit)
