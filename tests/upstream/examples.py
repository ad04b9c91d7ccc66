"""A small catalog for tests of the emulator itself, and ways to ask it things."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest

from pipelines.catalog.entries import Channel
from tests.upstream.emulator import Upstream
from tests.upstream.schema import SchemaMissing, github_schema

SDK, RUNTIME = "example/example-python", "community/runtime"
MODEL = "example/Example-8B"
CHANNELS = (
    Channel(source="github", target=SDK, role="sdk", family="example", staff=("hinted-person",)),
    Channel(source="github", target=RUNTIME, role="runtime", official=False, family="_shared"),
    Channel(source="huggingface", target="example", role="hub", family="example", models=(MODEL, "example/Example-70B")),
    Channel(source="status", target="status.example.com", role="status", format="statuspage", family="example",
        components=("k8w3r06qmzrp", "API*")),
    Channel(source="status", target="status.other.com", role="status", format="incidentio", family="other",
        components=("Responses", "Batch")),
    Channel(source="status", target="status.cloud.com", role="status", format="google", family="other", components=("Cloud AI*",)),
    Channel(
        source="changelog", target="example-python", role="changelog", format="markdown", family="example",
        base_url=f"https://raw.githubusercontent.com/{SDK}/main/CHANGELOG.md",
    ),
    Channel(source="changelog", target="platform", role="changelog", format="markdown", family="example",
        base_url="https://docs.example.com/changelog.md"),
    Channel(source="changelog", target="feed", role="changelog", format="rss", family="example", base_url="https://docs.example.com/feed.xml"),
    Channel(source="changelog", target="releases", role="changelog", format="atom", family="other", base_url=f"https://github.com/{SDK}/releases.atom"),
)  # fmt: skip
ISSUES = """query($o:String!,$n:String!,$first:Int!,$after:String,$since:DateTime,$direction:OrderDirection!){
  rateLimit{cost remaining resetAt limit used nodeCount}
  repository(owner:$o,name:$n){ nameWithOwner databaseId stargazerCount forkCount isArchived hasDiscussionsEnabled
    issues(first:$first,after:$after,orderBy:{field:UPDATED_AT,direction:$direction},filterBy:{since:$since}){
      totalCount pageInfo{hasNextPage endCursor}
      nodes{ id number title url createdAt updatedAt closedAt state stateReason authorAssociation locked bodyText author{__typename login}
        labels(first:10){nodes{name}}
        comments(first:5){totalCount pageInfo{hasNextPage endCursor}
          nodes{id databaseId fullDatabaseId createdAt updatedAt authorAssociation author{__typename login} body url}}
        timelineItems(last:1,itemTypes:[CLOSED_EVENT]){nodes{... on ClosedEvent{createdAt actor{login}}}} }}}}"""


@contextmanager
def upstream(threads: int = 300, seed: int = 1) -> Iterator[Upstream]:
    """The emulator over the example catalog; the test is skipped, with the reason, where GitHub's schema cannot be
    had."""
    try:
        github_schema()
    except SchemaMissing as missing:
        pytest.skip(str(missing))
    with Upstream(CHANNELS, seed=seed, threads=threads) as up:
        yield up


def ask(up: Upstream, query: str, token: str = "t", **variables: Any) -> httpx2.Response:
    """One GraphQL request."""
    headers = {"authorization": f"bearer {token}"} if token else {}
    return httpx2.post(f"{up.base('github')}/graphql", json={"query": query, "variables": variables}, headers=headers)


def data(up: Upstream, query: str, **variables: Any) -> Any:
    """The data of a query that must succeed."""
    answer = ask(up, query, **variables).json()
    assert "errors" not in answer, json.dumps(answer["errors"])[:500]
    return answer["data"]


def pages(
    up: Upstream, size: int = 50, direction: str = "ASC", since: str | None = None, name: str = SDK
) -> Iterator[list[dict[str, Any]]]:
    """The issues of a repository page by page, by update."""
    owner, _, short = name.partition("/")
    after = None
    while True:
        found = data(up, ISSUES, o=owner, n=short, first=size, after=after, since=since, direction=direction)[
            "repository"
        ]["issues"]
        yield found["nodes"]
        if not found["pageInfo"]["hasNextPage"]:
            return
        after = found["pageInfo"]["endCursor"]


def get(up: Upstream, kind: str, path: str, token: str = "t", **headers: str) -> httpx2.Response:
    """One GET."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()} | (
        {"authorization": f"Bearer {token}"} if token else {}
    )
    return httpx2.get(f"{up.base(kind)}{path}", headers=sent)
