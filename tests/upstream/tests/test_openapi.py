"""The bodies of the emulator's REST answers pass GitHub's own published description."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.upstream import Upstream
from tests.upstream.examples import SDK, get, upstream
from tests.upstream.schema import OPENAPI, SchemaMissing, fetched


@cache
def description() -> dict[str, Any]:
    """The description; the test is skipped, with the reason, where it cannot be had."""
    try:
        found: dict[str, Any] = modern(json.loads(fetched(*OPENAPI).read_text(encoding="utf-8")))
    except SchemaMissing as missing:
        pytest.skip(str(missing))
    return found


def modern(value: Any) -> Any:
    """OpenAPI 3.0 says `nullable` where JSON Schema has a second type."""
    if isinstance(value, list):
        return [modern(one) for one in value]
    if not isinstance(value, dict):
        return value
    plain = {name: modern(one) for name, one in value.items() if name != "nullable" or one is not True}
    return {"anyOf": [plain, {"type": "null"}]} if value.get("nullable") is True else plain


@cache
def validator(path: str) -> Draft202012Validator:
    """Checks the 200 of a GET of a path."""
    whole = description()
    registry = Registry().with_resource("urn:github", Resource.from_contents(whole, default_specification=DRAFT202012))
    pointer = f"urn:github#/paths/{path.replace('~', '~0').replace('/', '~1')}/get/responses/200/content/application~1json/schema"
    return Draft202012Validator({"$ref": pointer}, registry=registry)


@pytest.fixture
def up() -> Iterator[Upstream]:
    with upstream() as started:
        yield started


@pytest.mark.parametrize("path", [
    "/repos/{owner}/{repo}", "/repos/{owner}/{repo}/issues", "/repos/{owner}/{repo}/issues/comments",
    "/repos/{owner}/{repo}/releases",
    "/repos/{owner}/{repo}/issues/{issue_number}", "/repos/{owner}/{repo}/issues/{issue_number}/comments",
    "/repos/{owner}/{repo}/commits",
    "/repos/{owner}/{repo}/compare/{basehead}",
    "/rate_limit",
])  # fmt: skip
def test_a_body_passes_the_published_description(up: Upstream, path: str) -> None:
    """Every field that GitHub promises is there, of its type."""
    owner, name = SDK.split("/")
    check = validator(path)
    newest, *_, oldest = up.world.repository(SDK).history.log(up.world.repository(SDK).history.head or "")
    filled = path.format(owner=owner, repo=name, issue_number=2, basehead=f"{oldest.sha}...{newest.sha}")
    body = get(up, "github", f"{filled}?state=all&per_page=100").json()
    assert body and [f"{error.json_path}: {error.message[:200]}" for error in check.iter_errors(body)] == []


def test_the_description_can_refuse() -> None:
    """A check that cannot fail proves nothing."""
    assert list(validator("/repos/{owner}/{repo}").iter_errors({"id": "one"}))
