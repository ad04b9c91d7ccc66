"""Repositories that move or vanish, releases, daily snapshots, and what must not be kept."""

import ast
import inspect
import json
from collections.abc import Iterator
from datetime import timedelta
from types import ModuleType

import pytest

from pipelines import number_set, sources
from pipelines.http.errors import Gone, Retriable
from pipelines.sources.github import nodes, position
from tests.pipelines.sources.github.visits import CHANNEL, collect, keys, last
from tests.upstream import NOW, Upstream, faults
from tests.upstream.world.threads import Thread


@pytest.fixture
def up() -> Iterator[Upstream]:
    """A repository of some two hundred issues: five pages of them."""
    with Upstream([CHANNEL], seed=5, threads=200, now=NOW) as upstream:
        yield upstream


@pytest.mark.parametrize("thing", ["issues", "pulls", "releases", "repositories"])
def test_a_renamed_repository_is_followed_and_its_new_place_remembered(up: Upstream, thing: str) -> None:
    """One redirect once; from then on an unchanged repository costs one request again."""
    repo = up.world.repository("acme/kit")
    repo.rename("new-owner/new-kit")
    first = collect(up, thing)
    assert first[-1].rows
    assert 301 in [record.status for record in up.requests]
    up.forget()
    assert collect(up, thing, last(first))[0].is_unchanged
    assert [record.status for record in up.requests] == [304]


def test_a_place_remembered_in_vain_is_forgotten(up: Upstream) -> None:
    """A cursor may name an address that is no more: the catalog's name is asked again."""
    cursor = last(collect(up, "repositories")) | {"url": f"{up.url(CHANNEL)}/repositories/1"}
    assert collect(up, "repositories", cursor)[0].rows[0].body["full_name"] == "acme/kit"


def test_a_repository_gone_or_without_issues_is_gone(up: Upstream) -> None:
    """Gone is a word of its own: not an empty repository. Pull requests do not need issues."""
    repo = up.world.repository("acme/kit")
    repo.has_issues = False
    with pytest.raises(Gone, match="410"):
        collect(up)
    assert collect(up, "pulls")[0].rows
    repo.gone = 451
    for thing in ("issues", "pulls", "releases", "repositories"):
        with pytest.raises(Gone):
            collect(up, thing)


def test_releases_are_read_back_to_the_known_ones(up: Upstream) -> None:
    """A later visit brings the new release; drafts never come."""
    first = collect(up, "releases")
    assert len(keys(first)) > 3
    up.world.advance(24 * 120)
    again = collect(up, "releases", last(first))
    assert set(keys(again)) - set(keys(first))
    assert len(again) == 1


def test_pages_of_releases_that_lead_back_are_not_followed_for_ever(up: Upstream) -> None:
    """A `next` that names its own page: an end with an error, in two requests."""
    up.fail("github", "/releases", faults.next_to_itself())
    with pytest.raises(Retriable, match="points back"):
        collect(up, "releases")
    assert len(up.requests) <= 2


@pytest.mark.parametrize("thing", ["releases", "repositories"])
def test_without_a_token_releases_and_the_snapshot_come_all_the_same(up: Upstream, thing: str) -> None:
    """Sixty requests an hour suffice for these; nothing else may ask without a token."""
    assert keys(collect(up, thing, tokens={}))
    assert "authorization" not in up.requests[0].headers
    assert not sources.get_streams("github")[thing].needs


def test_an_unchanged_repository_still_has_a_row_for_each_day(up: Upstream) -> None:
    """A 304 on another day says that nothing changed; a gap would say that nobody looked."""
    first = collect(up, "repositories")
    tomorrow = up.world.now + timedelta(days=1)
    second = collect(up, "repositories", last(first), now=tomorrow)
    assert up.requests[-1].status == 304
    (row,) = second[0].rows
    assert row.key == f"{row.body['repository_id']}:{tomorrow.date()}"
    assert {**row.body, "day_on": ""} == {**first[0].rows[0].body, "day_on": ""}
    assert collect(up, "repositories", last(second), now=tomorrow)[0].is_unchanged


def test_no_name_and_no_text_of_anybody_is_in_what_is_yielded(up: Upstream) -> None:
    """Over all things and rows of a visit: no login of anybody in this world, no sentence of any body."""
    repo = up.world.repository("acme/kit")
    threads = [Thread(repo, index) for index in range(repo.tracker.size)]
    logins = {thread.author.login for thread in threads if thread.author}
    kept = json.dumps([row.body for thing in ("issues", "pulls") for page in collect(up, thing) for row in page.rows])
    assert len(logins) > 20
    assert not [login for login in logins if f'"{login}"' in kept]
    assert not [one.body for one in threads if len(one.body) > 60 and one.body[:60] in kept]


@pytest.mark.parametrize("module", [nodes, number_set, position])
def test_what_is_kept_between_two_visits_sends_no_request(module: ModuleType) -> None:
    tree = ast.parse(inspect.getsource(module))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not imported & {"pipelines.sources.github.client", "pipelines.http.client"}
