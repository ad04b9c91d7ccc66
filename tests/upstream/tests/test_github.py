"""The emulator's GitHub knows no more than GitHub's own descriptions, and its quick way of answering is right."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import httpx2
import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from pipelines.catalog.entries import Channel
from tests.upstream import Upstream
from tests.upstream.schema import OPENAPI, SchemaMissing, fetched, github_schema

NAME = "example/example-python"
ISSUES = """query($first:Int!){ rateLimit{cost remaining limit used nodeCount}
  repository(owner:"example",name:"example-python"){ nameWithOwner databaseId stargazerCount hasDiscussionsEnabled
    issues(first:$first,orderBy:{field:UPDATED_AT,direction:ASC}){ totalCount pageInfo{hasNextPage endCursor}
      nodes{ id number title createdAt updatedAt closedAt state stateReason authorAssociation bodyText author{__typename login}
        labels(first:10){nodes{name}}
        comments(first:5){totalCount nodes{id databaseId fullDatabaseId createdAt authorAssociation author{login} body}}
        timelineItems(last:1,itemTypes:[CLOSED_EVENT]){nodes{... on ClosedEvent{createdAt actor{login}}}} }}}}"""
CHANGES = """query($first:Int!){ a: repository(owner:"example",name:"example-python"){ ...Facts }
  fragment_free: repository(owner:"example",name:"example-python"){ releases(first:3){nodes{tagName publishedAt}} } }
  fragment Facts on Repository { id pullRequests(first:$first,orderBy:{field:UPDATED_AT,direction:DESC}){ totalCount
    nodes{ number createdAt closedAt mergedAt isDraft state closingIssuesReferences(first:5){nodes{number}} } edges{cursor} } }"""
NOWHERE = """{ repository(owner:"none",name:"there"){ id } rateLimit{limit} }"""
NODES = """{ nodes(ids:["I_kwDONTAwMDAwMDAxLjM","I_nothing"]){ __typename ... on Issue{number} } }"""


@pytest.fixture
def up() -> Iterator[Upstream]:
    """One repository; skipped, with the reason, if GitHub's schema cannot be had."""
    try:
        github_schema()
    except SchemaMissing as missing:
        pytest.skip(str(missing))
    with Upstream(
        (Channel(source="github", target=NAME, role="sdk", family="example"),), seed=1, threads=300
    ) as started:
        yield started


def ask(up: Upstream, query: str, **variables: Any) -> Any:
    """Returns the answer to a GraphQL request."""
    body = {"query": query, "variables": variables}
    return httpx2.post(f"{up.base('github')}/graphql", json=body, headers={"authorization": "bearer t"}).json()


@pytest.mark.parametrize(
    ("field", "refusal"),
    [("starCount", "Cannot query field 'starCount'"), ("pushedAt", "the emulator has no Repository.pushedAt")],
)
def test_a_field_that_github_or_the_emulator_lacks_is_refused_and_not_null(
    up: Upstream, field: str, refusal: str
) -> None:
    """A silent null would look like the truth."""
    answer = ask(up, f'{{ repository(owner:"example",name:"example-python"){{ {field} }} }}')
    assert refusal in json.dumps(answer)


@pytest.mark.parametrize("query", [ISSUES, CHANGES, NOWHERE, NODES])
def test_the_quick_way_gives_what_graphql_core_gives(up: Upstream, query: str) -> None:
    """The yardstick is the library that knows the specification."""
    quick = ask(up, query, first=50)
    up.graphql.is_quick = False
    up.graphql_quota.forgive()
    assert ask(up, query, first=50) == quick


@cache
def _describe() -> dict[str, Any]:
    """Reads the published description; the test is skipped, with the reason, if it cannot be had."""
    try:
        found: dict[str, Any] = _modernize(json.loads(fetched(*OPENAPI).read_text(encoding="utf-8")))
    except SchemaMissing as missing:
        pytest.skip(str(missing))
    return found


def _modernize(value: Any) -> Any:
    """OpenAPI 3.0 says `nullable` if JSON Schema has a second type."""
    if isinstance(value, list):
        return [_modernize(one) for one in value]
    if not isinstance(value, dict):
        return value
    plain = {name: _modernize(one) for name, one in value.items() if name != "nullable" or one is not True}
    return {"anyOf": [plain, {"type": "null"}]} if value.get("nullable") is True else plain


def _check(path: str, body: Any) -> list[str]:
    """Lists what the description of a GET of a path forbids in a body."""
    whole = Resource.from_contents(_describe(), default_specification=DRAFT202012)
    pointer = path.replace("~", "~0").replace("/", "~1")
    reference = f"urn:github#/paths/{pointer}/get/responses/200/content/application~1json/schema"
    validator = Draft202012Validator({"$ref": reference}, registry=Registry().with_resource("urn:github", whole))
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(body)]


@pytest.mark.parametrize("path", [
    "/repos/{owner}/{repo}", "/repos/{owner}/{repo}/issues", "/repos/{owner}/{repo}/issues/comments",
    "/repos/{owner}/{repo}/releases", "/repos/{owner}/{repo}/commits", "/rate_limit",
])  # fmt: skip
def test_a_body_passes_the_published_description(up: Upstream, path: str) -> None:
    """Every field that GitHub promises is there, of its type; the check can fail."""
    address = path.replace("{owner}/{repo}", NAME)
    answer = httpx2.get(f"{up.base('github')}{address}?state=all", headers={"authorization": "Bearer t"})
    assert answer.json() and _check(path, answer.json()) == []
    assert _check("/repos/{owner}/{repo}", {"id": "one"})
