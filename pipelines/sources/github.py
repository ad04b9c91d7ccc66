"""GitHub: issues with their comments, pull requests, releases, and a daily snapshot of the repository.

Issues come oldest-first and may be resumed anywhere; pull requests and releases come newest-first and count once they have
come to the end. A kept ETag answers "nothing changed" with one request and without points.
"""

from collections.abc import Iterator
from datetime import UTC
from functools import partial
from typing import Any, cast

from github import Auth
from github.Requester import Requester

from pipelines import text
from pipelines.errors import Gone, Retriable
from pipelines.github_client import Client, Connection, PageSize, Reply, question
from pipelines.github_cursors import first as _first
from pipelines.github_cursors import listed as _listed
from pipelines.github_cursors import mark as _mark
from pipelines.github_cursors import onward as _onward
from pipelines.github_cursors import second as _second
from pipelines.github_cursors import trusted as _cursor
from pipelines.github_rows import comment_row, issue_row, pull_row, release_row, repository_body
from pipelines.sources import Page, Row, Thing, Visit

BASE_URL = "https://api.github.com"
API_VERSION = "2022-11-28"
THINGS = {
    "issues": Thing("oldest-first", resumable=True, also=("comments",), needs=("GITHUB_TOKEN",), empty_is_normal=True),
    "pulls": Thing("newest-first", needs=("GITHUB_TOKEN",), empty_is_normal=True),
    "releases": Thing("newest-first", empty_is_normal=True),
    "repositories": Thing("whole"),
}
ISSUES = 49
"""Issues a page: 1 + 3 connections each are 148 of GitHub's units, which round to one point; fifty would round to two."""
PULLS = 74
"""Pull requests a page: 1 + 2 connections each are 149 units and still one point; one more would round to two."""
THREADS = 20
"""Long threads whose further comments are read by one question."""
_NEWEST = "/issues?state=all&sort=updated&direction=desc&per_page=1"
"""What changed last among issues and pull requests alike; its ETag tells whether anything did."""


def issues(visit: Visit) -> Iterator[Page]:
    """Issues since the cursor (at it, not after it) with all their comments."""
    client, cursor = _client(visit), _cursor(visit)
    probe = _first(client, cursor, _NEWEST)
    if probe.data is None:
        yield Page([], cursor, is_unchanged=True)
        return
    since, after, expected = cursor.get("updated_at") or _second(visit.since), cast("str | None", None), None
    size, seen = PageSize(ISSUES), dict[int, str]()
    while True:
        data = client.page(question("issues", "comments"), size, {"since": since, "after": after})
        found = data["repository"]["issues"]
        expected = found["totalCount"] if expected is None else expected
        nodes = [node for node in found["nodes"] if node and seen.get(node["number"]) != node["updatedAt"]]
        seen.update((node["number"], node["updatedAt"]) for node in nodes)
        newest = max((_second(text.moment(node["updatedAt"])) for node in nodes), default=since)
        is_last = not found["pageInfo"]["hasNextPage"]
        yield Page(_threads(visit, client, nodes), _mark(visit, newest, probe if is_last else None), expected)
        if is_last:
            return
        client.stop_when_spent(data)
        # Starting again at the newest instant, and not after a position, loses nothing whatever moves between two pages.
        # Only where one second fills a whole page does the position lead on.
        since, after = (newest, None) if newest > since else (since, _onward(found, after))


def pulls(visit: Visit) -> Iterator[Page]:
    """Pull requests, the newest change first, back to the cursor."""
    client, cursor = _client(visit), _cursor(visit)
    try:
        probe = _first(client, cursor, _NEWEST)
    except Gone:  # also where issues are disabled, and then pull requests may be there all the same
        probe = Reply(None, None, "", None)
    if probe.data is None and probe.etag:
        yield Page([], cursor, is_unchanged=True)
        return
    floor, after, newest = cursor.get("updated_at") or _second(visit.since), None, ""
    size = PageSize(PULLS)
    while True:
        data = client.page(question("pulls"), size, {"after": after})
        found = data["repository"]["pullRequests"]
        nodes = [node for node in found["nodes"] if node]
        fresh = [node for node in nodes if _second(text.moment(node["updatedAt"])) >= floor]
        newest = max([newest, *(_second(text.moment(node["updatedAt"])) for node in nodes)])
        is_last = len(fresh) < len(nodes) or not found["pageInfo"]["hasNextPage"]
        yield Page([pull_row(visit, node) for node in fresh], _mark(visit, newest or floor, probe) if is_last else {})
        if is_last:
            return
        client.stop_when_spent(data)
        after = _onward(found, after)


def releases(visit: Visit) -> Iterator[Page]:
    """Releases, newest first, back to the newest one known."""
    client, cursor = _client(visit), _cursor(visit)
    reply = _first(client, cursor, "/releases?per_page=100")
    if reply.data is None:
        yield Page([], cursor, is_unchanged=True)
        return
    floor, newest, first, visited = cursor.get("updated_at") or _second(visit.since), "", reply, {reply.url}
    while True:
        found = [one for one in _listed(reply) if not one.get("draft")]
        times = [_second(text.moment(one.get("created_at"))) for one in found]
        newest = max([newest, *times])
        is_last = reply.next_url is None or min(times, default=floor) < floor
        # What is on the page anyway is brought again: a release may have been edited.
        rows = [release_row(visit, one) for one, time in zip(found, times, strict=True) if time >= _second(visit.since)]
        yield Page(rows, _mark(visit, newest or floor, first) if is_last else {})
        if is_last or reply.next_url is None:
            return
        if reply.next_url in visited:
            raise Retriable(f"{visit.channel.target}: a page of releases points back to an earlier one")
        visited.add(reply.next_url)
        reply = client.get(reply.next_url)


def repositories(visit: Visit) -> Iterator[Page]:
    """The repository as it is today; an unchanged one is as it was."""
    client, cursor, day = _client(visit), _cursor(visit), visit.now.astimezone(UTC).date().isoformat()
    last = cursor.get("body")
    reply = _first(client, cursor if last else {}, "")
    if reply.data is None and cursor.get("day") == day:
        yield Page([], cursor, is_unchanged=True)
        return
    body = {**(last if reply.data is None and last else repository_body(visit, reply.data)), "day_on": day}
    kept = _mark(visit, _second(visit.now), reply) | {"day": day, "body": body}
    yield Page([Row(f"{body['repository_id']}:{day}", None, body)], kept, 1)


def _threads(visit: Visit, client: Client, nodes: list[dict[str, Any]]) -> list[Row]:
    """Rows of issues and of all their comments; comments that did not fit are fetched, several long threads in one question."""
    by_id = {node["id"]: node for node in nodes}
    waiting = {node["id"]: node["comments"]["pageInfo"] for node in nodes if node["comments"]["pageInfo"]["hasNextPage"]}
    size = PageSize(THREADS)
    while waiting:
        data = client.comments({one: info["endCursor"] for one, info in waiting.items()}, size)
        for place, one in enumerate(list(waiting)):
            if f"i{place}" in data:
                found = data[f"i{place}"]["comments"]
                by_id[one]["comments"]["nodes"].extend(found["nodes"])
                if found["pageInfo"]["hasNextPage"]:
                    _onward(found, waiting[one]["endCursor"])
                    waiting[one] = found["pageInfo"]
                else:
                    del waiting[one]
    rows = [issue_row(visit, node) for node in nodes]
    return rows + [comment_row(visit, node, comment) for node in nodes for comment in node["comments"]["nodes"] if comment]


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
