"""The emulator's GitHub knows no more than GitHub's own descriptions."""

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


@pytest.mark.parametrize(
    ("field", "refusal"),
    [("starCount", "Cannot query field 'starCount'"), ("pushedAt", "the emulator has no Repository.pushedAt")],
)
def test_a_field_that_github_or_the_emulator_lacks_is_refused_and_not_null(
    up: Upstream, field: str, refusal: str
) -> None:
    """A silent null would look like the truth."""
    query = f'{{ repository(owner:"example",name:"example-python"){{ {field} }} }}'
    answer = httpx2.post(f"{up.base('github')}/graphql", json={"query": query}, headers={"authorization": "bearer t"})
    assert refusal in answer.text


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
    "/repos/{owner}/{repo}/releases", "/rate_limit",
])  # fmt: skip
def test_a_body_passes_the_published_description(up: Upstream, path: str) -> None:
    """Every field that GitHub promises is there, of its type; the check can fail."""
    address = path.replace("{owner}/{repo}", NAME)
    answer = httpx2.get(f"{up.base('github')}{address}?state=all", headers={"authorization": "Bearer t"})
    assert answer.json() and _check(path, answer.json()) == []
    assert _check("/repos/{owner}/{repo}", {"id": "one"})
