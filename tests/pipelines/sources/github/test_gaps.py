"""Holes in the numbers: each is filled or told once, and costs nothing any more."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from pipelines import sources
from pipelines.contract import Page
from pipelines.number_set import NumberSet
from pipelines.sources.github.gap_reader import find_holes
from tests.pipelines.sources.github.visits import CHANNEL, GRAPHQL, TOKENS, collect, held, keys, last, passed, truth
from tests.upstream import NOW, Upstream, faults
from tests.upstream.messages import json_answer
from tests.worlds.visits import make_visit

Siblings = dict[str, dict[str, Any]]


@pytest.fixture
def up() -> Iterator[Upstream]:
    """A repository of some two hundred issues and seventy pull requests."""
    with Upstream([CHANNEL], seed=5, threads=200, now=NOW) as upstream:
        yield upstream


def _siblings(up: Upstream) -> Siblings:
    return {thing: last(collect(up, thing)) for thing in ("issues", "pulls")}


def _without(siblings: Siblings, *numbers: int) -> Siblings:
    """As if these had never been read."""
    left: Siblings = {}
    for thing, cursor in siblings.items():
        kept = NumberSet.unpack(cursor["numbers"])
        left[thing] = cursor | {
            "numbers": NumberSet(n for n in range(1, kept.highest + 1) if n in kept and n not in numbers).pack()
        }
    return left


def _gaps(up: Upstream, siblings: Siblings, cursor: Any = None) -> list[Page]:
    channel = CHANNEL.model_copy(update={"base_url": up.url(CHANNEL)})
    visit = make_visit(channel, cursor, tokens=TOKENS, now=up.world.now)
    return list(sources.collect_stream("github", "gaps", replace(visit, siblings=siblings)))


def _kinds(pages: list[Page]) -> dict[int, str]:
    return {row.body["number"]: row.body["kind"] for page in pages for row in page.rows if row.stream == ""}


def test_without_a_hole_nothing_is_asked(up: Upstream) -> None:
    """All numbers of a repository are issues and pull requests that were read."""
    siblings = _siblings(up)
    up.forget()

    assert [(page.rows, page.is_unchanged) for page in _gaps(up, siblings)] == [([], True)]
    assert up.requests == []


def test_a_deleted_number_is_told_once_for_one_point(up: Upstream) -> None:
    """A hundred numbers a question, and no second question for any of them."""
    repo = up.world.repository("acme/kit")
    gone = [7, 100, 101, 200]
    for number in gone:
        repo.delete_thread(number)
    siblings = _siblings(up)
    up.forget()
    first = _gaps(up, siblings)

    assert _kinds(first) == dict.fromkeys(gone, "gone")
    assert (len(up.requests), up.points) == (1, 1)
    assert _gaps(up, siblings, last(first))[0].is_unchanged
    assert len(up.requests) == 1


def test_issues_and_pull_requests_that_were_missed_are_read(up: Upstream) -> None:
    """With all their comments, as if the list had brought them."""
    siblings, everything = _siblings(up), truth(up.world.repository("acme/kit"))
    issues = [number for number in everything if number < 60]
    pulls = [int(key) for key in keys(collect(up, "pulls"))][:5]
    pages = _gaps(up, _without(siblings, *issues, *pulls))
    rows = [row for page in pages for row in page.rows]
    found = held(
        [
            Page(
                [replace(row, stream="") for row in rows if row.stream == "issues"]
                + [r for r in rows if r.stream == "comments"]
            )
        ]
    )

    assert found == {number: everything[number] for number in issues}
    assert sorted(int(row.key) for row in rows if row.stream == "pulls") == sorted(pulls)
    assert _kinds(pages) == dict.fromkeys(issues, "issue") | dict.fromkeys(pulls, "pull")


def test_what_answers_elsewhere_has_moved_and_a_discussion_is_one(up: Upstream) -> None:
    """GitHub leads on from some transferred issues; a discussion has a number of the same sequence."""
    node = {"__typename": "Issue", "number": 3, "repository": {"nameWithOwner": "acme/other"}}
    answer = {
        "data": {
            "repository": {"nameWithOwner": "acme/kit", "n9": node, "d9": None, "n12": None, "d12": {"number": 12}}
        },
        "errors": [{"type": "NOT_FOUND", "path": ["repository", "n12"], "message": "no such thread"}],
    }
    up.fail("github", faults.When(path=GRAPHQL, body="issueOrPullRequest"), json_answer(answer))

    assert _kinds(_gaps(up, _without(_siblings(up), 9, 12))) == {9: "moved", 12: "discussion"}


@pytest.mark.parametrize("odd", [0, "", [], {}, {"number": True}, {"number": 9, "repository": {"nameWithOwner": "?"}}])
def test_an_answer_of_another_shape_settles_no_number(up: Upstream, odd: object) -> None:
    """It says neither that the issue is gone nor that it moved: it is passed over, and read once it is whole."""
    siblings = _without(_siblings(up), 20, 21)
    rule = up.fail("github", faults.When(path=GRAPHQL, body="issueOrPullRequest"), faults.edited(_put_node("n21", odd)))
    pages = _gaps(up, siblings)
    assert (_kinds(pages), passed(pages)) == ({20: "issue"}, ["21"])
    rule.stop()
    up.world.advance(24)
    assert set(_kinds(_gaps(up, siblings, last(pages)))) == {21}


def _put_node(name: str, node: object) -> Callable[[Any], Any]:
    def change(content: Any) -> Any:
        content["data"]["repository"][name] = node
        return content

    return change


def test_a_discussion_read_elsewhere_is_no_hole(up: Upstream) -> None:
    """What the thing `discussions` has read is known."""
    siblings = _without(_siblings(up), 9)
    assert find_holes(siblings) == [9]
    assert find_holes(siblings | {"discussions": {"numbers": NumberSet([9]).pack()}}) == []


def test_what_cannot_be_read_is_asked_again_with_growing_pauses_and_holds_up_nothing(up: Upstream) -> None:
    """An issue on which GitHub itself breaks down: named and missing until it answers, and never given up."""
    siblings = _without(_siblings(up), 20, 21, 22)
    rule = up.fail("github", faults.When(path=GRAPHQL, body=r"n21: issue\(|n21: pullRequest\("), faults.status(502))
    cursor, asked = None, []
    for hours in (0.5, 1, 3, 2, 30, 0):
        up.forget()
        pages = _gaps(up, siblings, cursor)
        cursor = last(pages)
        asked.append(len(up.requests) > 0)
        assert passed(pages) == ["21"]
        if len(asked) == 1:
            assert {row.key for page in pages for row in page.rows if row.stream in ("issues", "pulls")} == {"20", "22"}
        up.world.advance(hours)
    assert asked == [True, False, True, False, True, True]
    rule.stop()
    up.world.advance(24 * 8)
    pages = _gaps(up, siblings, cursor)
    assert passed(pages) == []
    assert {row.key for page in pages for row in page.rows if row.stream in ("issues", "pulls")} == {"21"}
    assert _gaps(up, siblings, last(pages))[0].is_unchanged


@pytest.mark.parametrize(
    ("issues", "pulls", "expected"),
    [
        ({}, {"numbers": [5, 9], "reach": 5, "is_whole": True}, []),
        ({"numbers": [4, 7], "reach": 4, "is_whole": True}, {"numbers": [5, 9], "reach": 5, "is_whole": True}, [6, 8]),
        ({"numbers": [4, 7], "reach": 4, "is_whole": True}, {"numbers": [9], "reach": 9, "is_whole": False}, []),
        ({"numbers": [4, 7], "reach": 4, "is_whole": True}, {"numbers": [7, 9], "reach": 7, "is_whole": False}, [8]),
        ({"numbers": [2, 4, 7], "reach": 4, "is_whole": True}, {"numbers": [], "reach": 0, "is_whole": True}, [5, 6]),
        ({"numbers": [4, 7], "reach": 4, "is_whole": True}, {"numbers": [], "reach": 0, "is_whole": False}, []),
    ],
)
def test_only_what_all_lists_must_have_brought_is_a_hole(
    issues: dict[str, Any], pulls: dict[str, Any], expected: list[int]
) -> None:
    """Below the oldest thread collected, and where a list has not come yet, nothing is missing."""
    siblings = {
        name: cursor | {"numbers": NumberSet(cursor["numbers"]).pack()} if cursor else {}
        for name, cursor in (("issues", issues), ("pulls", pulls))
    }
    assert find_holes(siblings) == expected
