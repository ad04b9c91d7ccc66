"""The emulator's closings and re-openings behave as GitHub's do: what closed an issue, in which order, and what is
refused."""

from collections.abc import Iterator
from typing import Any

import pytest

from pipelines.sources.github.client import load_queries
from tests.upstream import Upstream
from tests.upstream.examples import SDK, ask, data, upstream
from tests.upstream.world.clock import iso
from tests.upstream.world.repositories import Repository
from tests.upstream.world.threads import Thread

OWNER, NAME = SDK.split("/")
ISSUES = load_queries("issues", "issue", "comments")
ORDER = {"field": "CREATED_AT", "direction": "ASC"}
SINGLE = """query($owner:String!,$name:String!,$n:Int!,$last:Int!,$kinds:[IssueTimelineItemsItemType!]){
  repository(owner:$owner,name:$name){issue(number:$n){
    timelineItems(last:$last,itemTypes:$kinds){ totalCount pageInfo{hasPreviousPage}
    nodes{ __typename
    ... on ReopenedEvent{createdAt actor{login}}
    ... on ClosedEvent{createdAt actor{login} closer{__typename ... on PullRequest{number mergedAt} ... on Commit{oid author{user{login}}}}}
  }}}}}"""
BOTH = ["CLOSED_EVENT", "REOPENED_EVENT"]


@pytest.fixture
def up() -> Iterator[Upstream]:
    with upstream() as started:
        yield started


@pytest.fixture
def repo(up: Upstream) -> Repository:
    return up.world.repository(SDK)


def page(up: Upstream, first: int = 100) -> list[Any]:
    """The oldest issues, with the collector's own question."""
    found: list[Any] = data(up, ISSUES, owner=OWNER, name=NAME, first=first, order=ORDER)["repository"]["issues"][
        "nodes"
    ]
    return found


def turns(up: Upstream, number: int, last: int = 10, kinds: list[str] | None = None) -> Any:
    return data(up, SINGLE, owner=OWNER, name=NAME, n=number, last=last, kinds=kinds or BOTH)["repository"]["issue"][
        "timelineItems"
    ]


def test_the_quick_way_answers_as_graphql_core_does(up: Upstream) -> None:
    """Pull requests and commits as closers, both of which are members of a union."""
    quick = page(up)
    closers = [one["closer"] for node in quick for one in node["timelineItems"]["nodes"] if one.get("closer")]
    assert {one["__typename"] for one in closers} == {"PullRequest", "Commit"}
    up.graphql.is_quick = False
    assert page(up) == quick


def test_whatever_closed_an_issue_was_merged_before_it(up: Upstream, repo: Repository) -> None:
    """A change is there before it closes anything; what is closed as not planned has none, what was opened again keeps
    its closing."""
    for node in page(up):
        events, kinds = node["timelineItems"]["nodes"], [one["__typename"] for one in node["timelineItems"]["nodes"]]
        assert kinds == ["ClosedEvent", "ReopenedEvent", "ClosedEvent"][: len(kinds)]
        assert [one["createdAt"] for one in events] == sorted(one["createdAt"] for one in events)
        for one in events:
            made = one.get("closer")
            assert not made or node["stateReason"] in ("COMPLETED", "REOPENED")
            assert not made or made["__typename"] == "Commit" or made["mergedAt"] <= one["createdAt"]


def test_a_later_world_tells_the_same_of_the_past(up: Upstream) -> None:
    """Time goes by and new threads come in between: what closed an issue stays what it was."""
    before = {node["number"]: node["timelineItems"]["nodes"] for node in page(up)}
    up.world.advance(40)
    after = {node["number"]: node["timelineItems"]["nodes"] for node in page(up)}
    assert all(after[number][: len(events)] == events for number, events in before.items())


def test_the_last_events_of_the_asked_kinds_come_oldest_first(up: Upstream, repo: Repository) -> None:
    """`last: 2` of three says that there are earlier ones; a kind that was not asked for does not count."""
    number, keeper = repo.open_thread("Close me"), int(repo.cast.maintainers[0])
    times = []
    for act in (repo.close, repo.reopen, repo.close):
        up.world.advance(1)
        act(number, keeper)
        times.append(iso(up.world.clock.now))
    assert [one["createdAt"] for one in turns(up, number)["nodes"]] == times
    short = turns(up, number, last=2)
    assert [one["createdAt"] for one in short["nodes"]] == times[1:] and short["pageInfo"]["hasPreviousPage"]
    closings = turns(up, number, kinds=["CLOSED_EVENT"])
    assert [one["createdAt"] for one in closings["nodes"]] == times[::2] and not closings["pageInfo"]["hasPreviousPage"]


def test_a_closing_by_hand_has_no_closer_and_one_by_a_change_has(up: Upstream, repo: Repository) -> None:
    """A pull request by its number; a commit by its hash, and no user where the address is a bot's or nobody's."""
    by_hand, fixed, pushed = (repo.open_thread("It fails") for _ in range(3))
    change = repo.open_thread("Fix", is_pull=True)
    repo.merge(change)
    repo.close(by_hand)
    repo.close(fixed, change=Thread(repo, change - 1))
    commits = [repo.history.push(code) for code in (None, 5)]
    repo.close(pushed, change=commits[0])
    assert turns(up, by_hand)["nodes"][0]["closer"] is None
    assert turns(up, fixed)["nodes"][0]["closer"] == {
        "__typename": "PullRequest", "number": change, "mergedAt": iso(up.world.clock.now),
    }  # fmt: skip
    assert turns(up, pushed)["nodes"][0]["closer"] == {
        "__typename": "Commit",
        "oid": commits[0].sha,
        "author": {"user": None},
    }
    up.world.advance(1)
    repo.close(pushed, change=commits[1])
    person = repo.history.person(5)
    assert person and turns(up, pushed)["nodes"][1]["closer"]["author"]["user"] == {"login": person.login}


@pytest.mark.parametrize("kinds", [["CLOSED_EVENT", "LABELED_EVENT"], []])
def test_other_events_are_refused_and_never_an_empty_list(up: Upstream, kinds: list[str]) -> None:
    """What the emulator does not know must not look like nothing."""
    answer = ask(
        up, SINGLE, owner=OWNER, name=NAME, n=next(node["number"] for node in page(up)), last=5, kinds=kinds
    ).json()
    assert "the emulator's timeline has" in answer["errors"][0]["message"]
