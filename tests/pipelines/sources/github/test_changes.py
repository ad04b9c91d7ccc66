"""What a visit brings of pull requests beyond their dates: first answers, reviews, who merged; and what that costs."""

from collections.abc import Iterator
from typing import Any

import pytest

from pipelines.text import values
from tests.pipelines.sources.github.visits import CHANNEL, collect
from tests.upstream import NOW, Upstream
from tests.upstream.world.people import BOTS, HINTED
from tests.upstream.world.threads import Thread


@pytest.fixture
def up() -> Iterator[Upstream]:
    """A repository with some four hundred pull requests."""
    with Upstream([CHANNEL], seed=5, threads=900, now=NOW) as upstream:
        yield upstream


def _instants(thread: Thread) -> dict[str, Any]:
    """By the world itself: what others than the author did first, programs left out, and how much there is."""
    author = thread.author.code if thread.author else None

    def is_another(code: int | None) -> bool:
        return code is None or ((code < BOTS or code >= HINTED) and code != author)

    people = thread.repository.people
    reviews = [at for at, code, _ in thread.reviews if is_another(None if people.is_gone(code) else code)]
    said = [one.created for one in thread.replies() if is_another(one.author.code if one.author else None)]
    return {
        "review": min(reviews, default=None),
        "reply": min(reviews + said, default=None),
        "all": len(thread.replies()) <= 10,
    }


def test_first_answers_to_changes_are_those_of_the_world(up: Upstream) -> None:
    """Each pull request, checked against what really happened; where more than ten comments are there, nothing is
    claimed."""
    repo = up.world.repository("acme/kit")
    rows = {row.body["number"]: row.body for page in collect(up, "pulls") for row in page.rows}
    threads = {index + 1: Thread(repo, index) for index in range(repo.tracker.size) if Thread(repo, index).is_pull}
    assert set(rows) == set(threads) and len(rows) > 200
    for number, thread in threads.items():
        body, true = rows[number], _instants(thread)
        assert body["has_all_answers"] == true["all"]
        if true["all"]:
            assert (body["first_review_at"], body["first_reply_at"]) == (
                values.format_instant(true["review"]),
                values.format_instant(true["reply"]),
            ), number
        assert (body["merged_by_role"] is None) == (thread.merged is None)
        assert (body["comments"], body["reviews"]) == (len(thread.comments), len(thread.reviews))
    assert {body["first_review_role"] for body in rows.values()} >= {None, "staff"}
    assert {body["merged_by_role"] for body in rows.values()} & {"staff", "maintainer", "asker"}


def test_a_page_of_74_changes_with_their_first_answers_costs_one_point(up: Upstream) -> None:
    """1 + 2 · 74 connections are 149 units: one more pull request a page would double the price."""
    pages = collect(up, "pulls")
    asked = up.requests_to("github", "/graphql")
    assert [one.points for one in asked] == [1] * len(asked)
    asked_for_pages = [one for one in asked if b"pullRequests(first: $first" in one.body]
    assert len(asked_for_pages) == -(-sum(len(page.rows) for page in pages) // 74) >= len(asked) - 1
