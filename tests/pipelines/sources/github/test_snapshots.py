"""The community profile: a row a day, free while nothing changes, and only what GitHub says of files."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from pipelines.http.errors import Fatal, Gone
from pipelines.sources.github.snapshots import make_community_body
from tests.pipelines.sources.github.visits import CHANNEL, collect, last
from tests.upstream import NOW, Upstream
from tests.upstream.github.bodies import profile_body
from tests.worlds.visits import make_visit


@pytest.fixture
def up() -> Iterator[Upstream]:
    with Upstream([CHANNEL], seed=5, threads=50, now=NOW) as upstream:
        yield upstream


def test_a_profile_is_a_row_a_day_and_an_unchanged_one_is_free(up: Upstream) -> None:
    """One request the first time, a 304 from then on; another day has a row of its own."""
    first = collect(up, "communities")
    (row,) = first[0].rows
    true = profile_body("", up.world.repository("acme/kit"))
    assert row.body["health_percentage"] == true["health_percentage"]
    assert row.body["has_issue_template"] == bool(true["files"]["issue_template"])
    assert (row.body["has_readme"], row.key) == (True, str(up.world.now.date()))
    up.forget()
    assert collect(up, "communities", last(first))[0].is_unchanged
    tomorrow = up.world.now + timedelta(days=1)
    (again,) = collect(up, "communities", last(first), now=tomorrow)[0].rows
    assert {**again.body, "day_on": ""} == {**row.body, "day_on": ""} and again.key != row.key
    assert [record.status for record in up.requests] == [304, 304]


def test_a_renamed_repository_is_followed_and_a_vanished_one_is_gone(up: Upstream) -> None:
    """Its new place is remembered: one redirect once."""
    repo = up.world.repository("acme/kit")
    repo.rename("new-owner/new-kit")
    first = collect(up, "communities")
    up.forget()
    assert collect(up, "communities", last(first))[0].is_unchanged
    assert [record.status for record in up.requests] == [304]
    repo.gone = 404
    with pytest.raises(Gone):
        collect(up, "communities")


FILES = dict.fromkeys(
    ("code_of_conduct", "code_of_conduct_file", "contributing", "issue_template", "pull_request_template", "license")
)


@pytest.mark.parametrize(("files", "flag"), [
    ({"code_of_conduct": {"key": "x"}}, "has_code_of_conduct"),
    ({"code_of_conduct_file": {"url": "x"}}, "has_code_of_conduct"),
    ({"contributing": {"url": "x"}}, "has_contributing"), ({"issue_template": {"url": "x"}}, "has_issue_template"),
    ({"pull_request_template": {"url": "x"}}, "has_pull_request_template"),
    ({"license": {"key": "mit"}}, "has_licence"),
    ({"readme": {"url": "x"}}, "has_readme"),
])  # fmt: skip
def test_each_file_is_a_flag_of_its_own(files: dict[str, Any], flag: str) -> None:
    """Whatever GitHub lists is there; null is not."""
    node = {
        "health_percentage": 42,
        "description": None,
        "documentation": None,
        "files": {**FILES, "readme": None, **files},
    }
    body = make_community_body(make_visit(CHANNEL), node)
    assert [name for name, value in body.items() if value is True] == [flag]


@pytest.mark.parametrize("node", [{}, {"health_percentage": 3}, {"health_percentage": None, "files": {}}, [], "x"])
def test_a_profile_of_another_shape_is_an_error_in_words(node: Any) -> None:
    """Named, not a row of falsehoods."""
    with pytest.raises(Fatal, match="unexpected shape"):
        make_community_body(make_visit(CHANNEL), node)
