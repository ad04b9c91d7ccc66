"""The emulator's discussions, reviews and commits behave as GitHub's do; else a collector would pass here and fail
there."""

from collections.abc import Iterator
from typing import Any

import pytest

from pipelines.sources.github.client import load_queries
from tests.upstream import Upstream
from tests.upstream.examples import SDK, ask, data, get, upstream
from tests.upstream.sites.forum import Forum
from tests.upstream.world.history import History

OWNER, NAME = SDK.split("/")
FULL = load_queries("discussions", "discussion", "discussion_comments", "discussion_replies")


@pytest.fixture
def up() -> Iterator[Upstream]:
    with upstream() as started:
        started.world.repository(SDK).has_discussions = True
        yield started


def forum_of(up: Upstream) -> Forum:
    return up.world.repository(SDK).forum


def history_of(up: Upstream) -> History:
    return up.world.repository(SDK).history


def discussions(up: Upstream, size: int) -> Iterator[list[dict[str, Any]]]:
    """Pages, newest update first."""
    after = None
    while True:
        found = data(up, FULL, owner=OWNER, name=NAME, first=size, after=after)["repository"]["discussions"]
        yield found["nodes"]
        if not found["pageInfo"]["hasNextPage"]:
            return
        after = found["pageInfo"]["endCursor"]


def test_pages_bring_every_discussion_once_newest_first(up: Upstream) -> None:
    """What the world holds is what the pages bring."""
    nodes = [node for page in discussions(up, 3) for node in page]
    assert [node["number"] for node in nodes] == [talk.number for _, talk in forum_of(up).newest_first()]
    assert [node["updatedAt"] for node in nodes] == sorted((node["updatedAt"] for node in nodes), reverse=True)
    assert len(nodes) > 6


def test_the_quick_way_answers_as_graphql_core_does(up: Upstream) -> None:
    """Discussions with comments and replies, and pull requests with their reviews and who merged them."""
    pulls = {"first": 50, "after": None, "order": {"field": "CREATED_AT", "direction": "DESC"}}
    asked: tuple[tuple[str, dict[str, Any]], ...] = (
        (FULL, {"first": 24, "after": None}), (load_queries("discussions_probe"), {}),
        (load_queries("pulls", "pull"), pulls),
    )  # fmt: skip
    quick = [ask(up, query, owner=OWNER, name=NAME, **more).json()["data"]["repository"] for query, more in asked]
    up.graphql.is_quick = False
    assert [
        ask(up, query, owner=OWNER, name=NAME, **more).json()["data"]["repository"] for query, more in asked
    ] == quick


def test_an_answer_may_be_chosen_only_where_the_category_takes_one(up: Upstream) -> None:
    """Elsewhere `isAnswered` is null, as the schema says."""
    nodes = [node for page in discussions(up, 50) for node in page]
    assert {node["category"]["isAnswerable"] for node in nodes if node["isAnswered"] is None} <= {False}
    for node in nodes:
        said = [one for comment in node["comments"]["nodes"] for one in (comment, *comment["replies"]["nodes"])]
        assert sum(one["isAnswer"] for one in said) <= bool(node["isAnswered"])
        assert bool(node["answerChosenAt"]) == bool(node["isAnswered"])


def test_discussions_switched_off_are_an_empty_list(up: Upstream) -> None:
    """No error: a flag and nothing."""
    up.world.repository(SDK).has_discussions = False
    found = data(up, load_queries("discussions_probe"), owner=OWNER, name=NAME)["repository"]
    assert (found["hasDiscussionsEnabled"], found["discussions"]["totalCount"]) == (False, 0)


@pytest.mark.parametrize(
    "asked", ["last:3", "first:3,answered:true", "first:3,orderBy:{field:UPDATED_AT,direction:ASC}"]
)
def test_an_order_that_the_emulator_lacks_is_refused(up: Upstream, asked: str) -> None:
    """A wrong page would look like the truth."""
    query = f'{{repository(owner:"{OWNER}",name:"{NAME}"){{discussions({asked}){{nodes{{number}}}}}}}}'
    assert "newest first only" in ask(up, query).text


def commits(up: Upstream, path: str) -> Any:
    return get(up, "github", f"/repos/{SDK}{path}").json()


def test_commits_are_listed_by_hash_and_date_in_numbered_pages(up: Upstream) -> None:
    """Newest first, from any hash, since any day; pages of one tell how many there are."""
    history = history_of(up)
    log = [one.sha for one in history.log(history.head or "")]
    assert [one["sha"] for one in commits(up, "/commits?per_page=100")] == log[:100]
    assert [one["sha"] for one in commits(up, f"/commits?per_page=1&sha={log[3]}")] == [log[3]]
    assert f'page={len(log)}>; rel="last"' in get(up, "github", f"/repos/{SDK}/commits?per_page=1").headers["link"]
    assert get(up, "github", f"/repos/{SDK}/commits?sha={'0' * 40}").status_code == 404


def test_a_comparison_gives_what_one_hash_has_and_the_other_lacks(up: Upstream) -> None:
    """Oldest first, with counts for both sides; a rewritten branch has diverged."""
    history = history_of(up)
    old = history.head or ""
    merged = history.merge_old(days=200)
    ahead = commits(up, f"/compare/{old}...{history.head}?per_page=100")
    assert [one["sha"] for one in ahead["commits"]] == [one.sha for one in merged]
    assert (ahead["status"], ahead["ahead_by"], ahead["behind_by"], ahead["total_commits"]) == ("ahead", 4, 0, 4)
    assert commits(up, f"/compare/{old}...{old}")["status"] == "identical"
    before = history.head or ""
    history.rewrite(drop=2)
    apart = commits(up, f"/compare/{before}...{history.head}")
    assert apart["status"] == "diverged" and apart["behind_by"] >= 2 and apart["ahead_by"] == 1
    history.rewrite(drop=1, forget=True)
    assert get(up, "github", f"/repos/{SDK}/compare/{apart['commits'][0]['sha']}...{history.head}").status_code == 404
