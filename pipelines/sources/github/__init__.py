"""GitHub: issues and discussions with all that was said, pull requests, commits, releases, and daily snapshots of the repository.

Issues and pull requests have two ends: each visit reads what changed since the last one, and then goes on with the way back, newest
first, until `since` is reached; both may be cut short anywhere. Releases come newest-first and count once they have come to the end.
A kept ETag answers "nothing changed" with one request and without points.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any, cast

from github import Auth
from github.Requester import Requester

from pipelines.contract import Forecast, Page, Stream, Visit
from pipelines.http.errors import Retriable
from pipelines.sources.github import commit_reader as github_commits
from pipelines.sources.github import discussion_reader as github_discussions
from pipelines.sources.github import gap_reader as github_gaps
from pipelines.sources.github import issue_reader as github_issues
from pipelines.sources.github import pull_reader as github_pulls
from pipelines.sources.github.backfill import counts
from pipelines.sources.github.client import Client, Connection
from pipelines.sources.github.cursors import first, listed, mark, second, trusted
from pipelines.sources.github.rows import release_row, repository_body
from pipelines.sources.github.snapshots import PROFILE, community_body, snapshot
from pipelines.text import values

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
        reads=github_gaps.READS,
    ),
}


def issues(visit: Visit) -> Iterator[Page]:
    """Issues with all their comments: what changed, and the way back to `since`."""
    return github_issues.pages(visit, _client(visit))


def pulls(visit: Visit) -> Iterator[Page]:
    """Pull requests: what changed, and the way back to `since`."""
    return github_pulls.pages(visit, _client(visit))


def discussions(visit: Visit) -> Iterator[Page]:
    """Discussions with all comments and replies, the newest change first, back to the cursor."""
    return github_discussions.pages(visit, _client(visit))


def commits(visit: Visit) -> Iterator[Page]:
    """Commits of the default branch: those that the newest one known did not have."""
    return github_commits.pages(visit, _client(visit))


def gaps(visit: Visit) -> Iterator[Page]:
    """Numbers that none of the things above has read: what they are, and the issues and pull requests among them."""
    return github_gaps.pages(visit, _client(visit))


def releases(visit: Visit) -> Iterator[Page]:
    """Releases, newest first, back to the newest one known."""
    client, cursor = _client(visit), trusted(visit)
    reply = first(client, cursor, "/releases?per_page=100")
    if reply.data is None:
        yield Page([], cursor, is_unchanged=True)
        return
    floor, newest, probe, visited = cursor.get("updated_at") or second(visit.since), "", reply, {reply.url}
    read = kept = 0
    while True:
        found = [one for one in listed(reply) if not one.get("draft")]
        times = [second(values.parse_instant(one.get("created_at"))) for one in found]
        newest = max([newest, *times])
        is_last = reply.next_url is None or min(times, default=floor) < floor
        # What is on the page anyway is brought again: a release may have been edited.
        rows = [release_row(visit, one) for one, time in zip(found, times, strict=True) if time >= second(visit.since)]
        read, kept = read + len(found), kept + len(rows)
        total, older = (read, read - kept) if reply.next_url is None else (None, None)
        yield Page(rows, mark(visit, newest or floor, probe) if is_last else {}, total=total, older=older)
        if is_last or reply.next_url is None:
            return
        if reply.next_url in visited:
            raise Retriable(f"{visit.channel.target}: a page of releases points back to an earlier one")
        visited.add(reply.next_url)
        reply = client.get(reply.next_url)


def repositories(visit: Visit) -> Iterator[Page]:
    """The repository as it is today; an unchanged one is as it was."""
    return snapshot(visit, _client(visit), "", repository_body, key="repository_id")


def communities(visit: Visit) -> Iterator[Page]:
    """The repository's community profile as it is today."""
    return snapshot(visit, _client(visit), PROFILE, community_body)


def forecast(visit: Visit) -> Forecast:
    """How many issues and pull requests were opened since `since`, and what reading them costs."""
    found = counts(_client(visit), second(visit.since))
    issues, pulls = found["issues"][1], found["pullRequests"][1]
    pages = -(-issues // github_issues.ISSUES.most) - (-pulls // github_pulls.PULLS.most)
    allowance = visit.budget.allowance
    return Forecast(issues + pulls, pages, pages, allowance.most if allowance else None)


def _client(visit: Visit) -> Client:
    """PyGithub, speaking through the visit's guarded client."""

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
