"""The emulator's GitHub answers no field that GitHub lacks, and none that it does not know."""

from collections.abc import Iterator

import httpx2
import pytest

from pipelines.catalog.entries import Channel
from tests.upstream import Upstream
from tests.upstream.schema import SchemaMissing, github_schema

NAME = "example/example-python"


@pytest.fixture
def up() -> Iterator[Upstream]:
    """One repository; skipped, with the reason, without GitHub's schema."""
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
