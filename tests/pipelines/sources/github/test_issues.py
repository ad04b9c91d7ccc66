"""What visits to GitHub bring, what they cost, and that nothing is lost between them."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from pipelines.http.budget import Budget
from tests.pipelines.sources.github.visits import CHANNEL, GRAPHQL, TOKEN, collect, held, keys, last, truth
from tests.upstream import NOW, Upstream, faults
from tests.upstream.world.threads import Thread


@pytest.fixture
def up() -> Iterator[Upstream]:
    """A repository of some two hundred issues: five pages of them."""
    with Upstream([CHANNEL], seed=5, threads=200, now=NOW) as upstream:
        yield upstream


def test_a_first_visit_brings_every_issue_and_every_comment_once(up: Upstream) -> None:
    """No item missing, none twice, and the source's own count agrees."""
    pages = collect(up)
    assert held(pages) == truth(up.world.repository("acme/kit"))
    assert len(keys(pages)) == len(set(keys(pages))) == pages[0].expected
    assert len(keys(pages, "comments")) == len(set(keys(pages, "comments"))) > 200


def test_a_first_visit_costs_a_request_and_a_point_for_each_49_issues(up: Upstream) -> None:
    """Traps 1 and 2: no hidden request for an item but one that counts them, and PyGithub's own waits are not sat
    out."""
    budget = Budget(1000)
    pages = collect(up, budget=budget)
    asked = up.requests_to("github", "/graphql")
    long_threads = [one for one in asked if b"$id0" in one.body]
    assert len(asked) - len(long_threads) <= 1 + 1 + (len(keys(pages)) - 1) // 49
    assert (len(up.requests) - len(asked), len(long_threads) <= len(pages)) == (1, True)
    assert up.points == len(asked)
    assert (budget.requests, budget.points) == (len(up.requests), up.points)
    assert min(later.at - sooner.at for sooner, later in pairwise(asked)) < 0.9, "a wait would be in each gap"


@pytest.mark.parametrize("thing", ["issues", "pulls", "releases", "repositories"])
def test_nothing_changed_costs_one_request_and_no_point(up: Upstream, thing: str) -> None:
    """Trap 4: `since` is inclusive, so only the ETag can tell that nothing is new; a 304 is not charged."""
    first = collect(up, thing)
    up.forget()
    again = collect(up, thing, last(first))
    assert [(len(page.rows), page.is_unchanged) for page in again] == [(0, True)]
    assert [record.status for record in up.requests] == [304]
    assert up.points == 0
    assert [(page.is_unchanged, len(up.requests)) for page in collect(up, thing, last(again))] == [(True, 2)]


@pytest.mark.parametrize(("thing", "most"), [("issues", 3), ("pulls", 2)])
def test_one_in_a_hundred_changed_costs_two_or_three_requests(up: Upstream, thing: str, most: int) -> None:
    """What is paid for is what changed, not what there is."""
    first = collect(up, thing)
    up.world.advance(1 / 60)
    assert up.world.change(0.01)
    up.forget()
    again = collect(up, thing, last(first))
    assert len(up.requests) <= most
    if thing == "issues":
        assert held(first, again) == truth(up.world.repository("acme/kit"))
        assert len(keys(again)) <= 12


def test_the_requests_are_pinned_named_and_sorted(up: Upstream) -> None:
    """The interface's version is pinned, we say who we are, and the address that the ETag is for never varies."""
    pages = collect(up)
    collect(up, cursor=last(pages))
    first = up.requests[0]
    assert first.headers["x-github-api-version"] == "2022-11-28"
    assert first.headers["user-agent"] == "heartbeat/test"
    assert first.path == up.requests[-1].path
    assert all(record.headers["authorization"].endswith(TOKEN) for record in up.requests)


def test_all_comments_of_a_long_thread_come(up: Upstream) -> None:
    """Fifty fit into a page; the rest of several long threads is asked for in one question."""
    repo = up.world.repository("acme/kit")
    numbers = [number for number in truth(repo) if number % 2][:3]
    for number in numbers:
        for _ in range(160):
            repo.comment(number, body="One more.")
    up.forget()
    pages = collect(up)
    assert held(pages) == truth(repo)
    assert len([one for one in up.requests if b"$id0" in one.body]) < 3 * len(pages)


def test_a_pull_request_that_moves_ahead_of_the_reader_comes_next_time(up: Upstream) -> None:
    """What is touched before its page comes jumps over the reader."""
    repo = up.world.repository("acme/kit")
    pulls = [index + 1 for index in range(repo.tracker.size) if Thread(repo, index).is_pull]
    oldest = min(pulls, key=lambda number: Thread(repo, number - 1).updated)
    up.world.advance(1 / 3600)
    up.fail("github", faults.When(path=GRAPHQL, nth={1}), faults.meanwhile(lambda: repo.touch(oldest, "Touched")))
    first = collect(up, "pulls")
    up.world.advance(1 / 60)
    second = collect(up, "pulls", last(first))
    titles = {row.key: row.body["title"] for page in first + second for row in page.rows}
    assert set(titles) == {str(number) for number in pulls}
    assert titles[str(oldest)] == "Touched"


def test_more_issues_in_one_second_than_fit_on_a_page_are_all_read(up: Upstream) -> None:
    """A bot relabels a hundred and fifty at once: the instant alone does not lead on."""
    repo = up.world.repository("acme/kit")
    up.world.advance(1)
    for number in list(truth(repo))[:150]:
        repo.touch(number)
    up.world.advance(1 / 60)
    repo.open_thread("After them")
    pages = collect(up)
    assert held(pages) == truth(repo)
    middle = next(page.cursor for page in pages if page.cursor["updated_at"] == pages[-2].cursor["updated_at"])
    assert held(pages, collect(up, cursor=middle)) == truth(repo)


@pytest.mark.parametrize(
    "cursor",
    [
        {"v": 1, "updated_at": "2031-01-01T00:00:00Z"},
        {"v": 1, "updated_at": "soon"},
        {"v": 1},
        {"v": 99, "updated_at": "2026-11-24T15:00:00Z"},
        {"updated_at": 3},
        {"anything": ["else"]},
    ],
)
@pytest.mark.parametrize("thing", ["issues", "pulls"])
def test_a_cursor_that_cannot_be_trusted_starts_the_visit_again(
    up: Upstream, cursor: dict[str, Any], thing: str
) -> None:
    """From a skewed clock, another version or a broken file: better read twice than skipped."""
    assert keys(collect(up, thing, cursor)) == keys(collect(up, thing))


def test_no_cursor_ever_lies_ahead_of_our_clock(up: Upstream) -> None:
    """Our clock two hours behind GitHub's: the next visit reads a little twice and skips nothing."""
    repo, behind = up.world.repository("acme/kit"), up.world.now - timedelta(hours=2)
    repo.touch(1)
    for thing in ("issues", "pulls"):
        assert all(
            page.cursor["updated_at"] <= behind.strftime("%Y-%m-%dT%H:%M:%SZ")
            for page in collect(up, thing, now=behind)
        )
    first = collect(up, now=behind)
    up.world.advance(0.1)
    repo.comment(1)
    assert held(first, collect(up, cursor=last(first), now=behind)) == truth(repo)


@pytest.mark.parametrize("thing", ["issues", "pulls"])
def test_what_changes_in_the_very_second_of_the_cursor_is_read(up: Upstream, thing: str) -> None:
    """Two changes in one second, the visit between them."""
    repo = up.world.repository("acme/kit")
    one, other = [index + 1 for index in range(repo.tracker.size) if Thread(repo, index).is_pull == (thing == "pulls")][
        :2
    ]
    repo.touch(one, "First")
    first = collect(up, thing)
    repo.touch(other, "Second")
    titles = {
        row.key: row.body.get("title")
        for page in collect(up, thing, last(first))
        for row in page.rows
        if not row.stream
    }
    assert titles == {str(one): "First", str(other): "Second"}


def test_what_lies_before_the_window_is_counted_later_if_it_could_not_be_at_first(up: Upstream) -> None:
    """Else it would look lost for ever: the list is whole, and the source holds more."""
    since = up.world.now - timedelta(days=200)
    rule = up.fail("github", faults.When(path=GRAPHQL, body="issueCount"), faults.status(502))
    first = collect(up, since=since)
    assert first[-1].older is None and first[-1].total
    rule.stop()
    second = collect(up, cursor=last(first), since=since)
    assert second[-1].is_unchanged and second[-1].older == first[-1].total - len(keys(first)) > 0
    assert collect(up, cursor=last(second), since=since)[-1].is_unchanged


def test_a_page_that_is_empty_though_the_list_is_not_is_asked_again(up: Upstream) -> None:
    """Taken at its word it would make the list whole, with nothing read."""

    def empty(content: Any) -> Any:
        content["data"]["repository"]["issues"]["nodes"] = []
        return content

    rule = up.fail("github", faults.When(path=GRAPHQL, body=r"issues\(first", nth={1}), faults.edited(empty))
    assert keys(collect(up)) and rule.fitted > 1
