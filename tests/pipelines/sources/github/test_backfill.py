"""The backfill: newest first, bounded by since, resumed wherever a visit stopped, and nothing lost whatever moves
meanwhile."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines import sources
from pipelines.contract import Page
from pipelines.http.budget import Budget
from pipelines.http.errors import BudgetSpent, Fatal
from tests.pipelines.sources.github.visits import CHANNEL, GRAPHQL, TOKENS, collect, held, keys, last, passed, truth
from tests.upstream import NOW, Upstream, faults
from tests.upstream.world.repositories import Repository
from tests.upstream.world.threads import Thread
from tests.worlds.visits import make_visit

THINGS = ("issues", "pulls")
thing_of = pytest.mark.parametrize("thing", THINGS)


@pytest.fixture
def up() -> Iterator[Upstream]:
    """A repository of some three hundred issues and more than a hundred pull requests: several pages of each."""
    with Upstream([CHANNEL], seed=5, threads=300, now=NOW) as upstream:
        yield upstream


def _cut_short(
    up: Upstream, thing: str, cursor: Any, requests: int, since: datetime | None = None
) -> tuple[list[Page], bool]:
    """One visit with so many requests: its pages, and whether it came to its end."""
    channel = CHANNEL.model_copy(update={"base_url": up.url(CHANNEL)})
    options: dict[str, Any] = {"since": since} if since else {}
    visit, kept = (
        make_visit(channel, cursor, tokens=TOKENS, budget=Budget(requests), now=up.world.now, **options),
        list[Page](),
    )
    try:
        for page in sources.collect_stream("github", thing, visit):
            kept.append(page)
    except BudgetSpent:
        return kept, False
    return kept, True


def _resumed(up: Upstream, thing: str, budgets: list[int], between: Any = lambda: None) -> list[Page]:
    """Visits one after another, each from the last kept cursor, and at last one without a limit."""
    kept: list[Page] = []
    for requests in [*budgets, 10_000]:
        pages, _ = _cut_short(up, thing, last(kept) if kept else None, requests)
        kept += pages
        between()
    return kept


def _numbers(pages: list[Page]) -> list[int]:
    return [int(key) for key in keys(pages)]


def _pulls(repo: Repository) -> dict[int, str]:
    """Every pull request that is there, with its title."""
    threads = [Thread(repo, index) for index in range(repo.tracker.size) if index not in repo.tracker.deleted]
    return {one.number: one.title for one in threads if one.is_pull}


def _agree(pages: list[Page], thing: str, repo: Repository) -> None:
    """What the warehouse would hold, newest wins, is what there is; what was deleted meanwhile may still be held."""
    if thing == "issues":
        found, there = held(pages), truth(repo)
        assert {number: found[number][0] for number in there} == {
            number: changed for number, (changed, _) in there.items()
        }
        assert all(found[number][1] >= comments for number, (_, comments) in there.items())
        return
    newest: dict[int, Any] = {}
    for row in (row for page in pages for row in page.rows):
        if int(row.key) not in newest or row.source_time >= newest[int(row.key)].source_time:
            newest[int(row.key)] = row
    assert {number: newest[number].body["title"] for number in _pulls(repo)} == _pulls(repo)


@thing_of
def test_a_visit_that_ends_early_has_the_newest_whole_and_the_next_goes_on_below_them(up: Upstream, thing: str) -> None:
    """A small budget brings what is asked now, not what was asked years ago."""
    first, _ = _cut_short(up, thing, None, 3)
    everything = sorted(_numbers(collect(up, thing)), reverse=True)
    second, _ = _cut_short(up, thing, last(first), 3)

    assert _numbers(first) == everything[: len(_numbers(first))]
    assert _numbers(first)[-1] > _numbers(second)[0]
    assert set(_numbers(first)) | set(_numbers(second)) == set(
        everything[: len(_numbers(first)) + len(_numbers(second))]
    )


@thing_of
def test_since_bounds_the_way_back_and_an_earlier_one_leads_it_on(up: Upstream, thing: str) -> None:
    """Two years at first; somebody who wants ten gets the other eight, without the two again."""
    repo, middle = up.world.repository("acme/kit"), up.world.now - timedelta(days=200)
    opened = {Thread(repo, n - 1).number: Thread(repo, n - 1).created for n in _numbers(collect(up, thing))}
    recent, rest = ({n for n, at in opened.items() if (at >= middle.timestamp()) == is_new} for is_new in (True, False))
    first, _ = _cut_short(up, thing, None, 1000, middle)
    second, _ = _cut_short(up, thing, last(first), 1000, datetime(2020, 1, 1, tzinfo=UTC))

    assert set(_numbers(first)) == recent and rest
    assert (first[-1].expected, first[-1].waiting, first[-1].older) == (len(recent), 0, len(rest))
    assert first[-1].total == len(opened) and first[-1].reach_at == middle.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert rest <= set(_numbers(second)) and len(_numbers(second)) <= len(rest) + 74


@thing_of
def test_each_page_says_how_much_still_waits(up: Upstream, thing: str) -> None:
    """So that a part is known as a part: over several visits, not only within one."""
    pages, total = _resumed(up, thing, [3, 4]), len(_numbers(collect(up, thing)))
    read = 0
    for page in pages:
        read += len(page.rows if thing == "pulls" else [row for row in page.rows if not row.stream])
        if page.rows:
            assert (page.expected, page.waiting) == (total, total - read)
    assert read == total


@thing_of
def test_a_visit_that_leaves_older_threads_unread_knows_the_changes_of_the_others(up: Upstream, thing: str) -> None:
    """Also if nothing changed since; while changes are still to be read, up to the last one that is."""
    pages, known, ends = list[Page](), list[str](), list[bool]()
    for hours in (0, 24, 0):
        up.world.advance(hours)
        more, is_whole = _cut_short(up, thing, last(pages) if pages else None, 3)
        pages += more
        ends.append(is_whole)
        known.append(pages[-1].known_until)
        assert known[-1] == up.world.now.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert not ends[0] and known[0] < known[1] == known[2]
    assert all(page.known_until <= known[-1] for page in pages)


@thing_of
def test_a_position_that_is_refused_starts_the_way_back_again(up: Upstream, thing: str) -> None:
    """GitHub gives no promise for positions: what was read stays, the rest is read all the same."""
    first, _ = _cut_short(up, thing, None, 3)
    cursor = last(first) | {"after": "bm90IGEgcG9zaXRpb24="}
    second, is_done = _cut_short(up, thing, cursor, 1000)

    assert is_done and set(_numbers(first)) | set(_numbers(second)) == set(_numbers(collect(up, thing)))
    assert second[-1].waiting == 0


def test_an_incremental_walk_of_pull_requests_that_was_cut_short_goes_on_or_starts_again(up: Upstream) -> None:
    """Each visit brings some changes; a refused position only costs reading them again."""
    repo, first = up.world.repository("acme/kit"), collect(up, "pulls")
    for place in (False, True):
        up.world.advance(1)
        for number in list(_pulls(repo)):
            repo.touch(number, f"Touched {place}")
        for _ in range(90):
            repo.open_thread(is_pull=True)
        part, is_done = _cut_short(up, "pulls", last(first), 2)
        assert (is_done, len(part)) == (False, 1)
        cursor = last(part) | ({"top_after": "bm90IGEgcG9zaXRpb24="} if place else {})
        rest, is_done = _cut_short(up, "pulls", cursor, 1000)
        assert is_done
        first += part + rest
        _agree(first, "pulls", repo)
    up.world.advance(0.01)
    first += collect(up, "pulls", last(first))
    assert collect(up, "pulls", last(first))[0].is_unchanged


@thing_of
def test_a_thread_that_cannot_be_read_does_not_stop_the_incremental_read_either(up: Upstream, thing: str) -> None:
    """It changes, and others after it."""
    first, repo = collect(up, thing), up.world.repository("acme/kit")
    numbers = sorted(_numbers(first))[:3]
    for number in numbers:
        up.world.advance(1)
        repo.touch(number, "Touched")
    rule = _poison(up, numbers[1])
    second = collect(up, thing, last(first))
    assert {int(row.key) for page in second for row in page.rows if row.body.get("title") == "Touched"} == {
        numbers[0],
        numbers[2],
    }
    assert passed(second) == [str(numbers[1])]
    rule.stop()


def test_comments_that_cannot_be_read_leave_the_issue_and_the_others(up: Upstream) -> None:
    """The issue comes with the comments at hand, is named, and counts as not read so that it is asked for again."""
    repo = up.world.repository("acme/kit")
    number = sorted(truth(repo))[-1]
    for _ in range(70):
        repo.comment(number, body="One more.")
    up.fail("github", faults.When(path=GRAPHQL, body=r"\$id0"), faults.status(502))
    pages = collect(up)

    assert held(pages)[number][1] == 50
    long = {str(one) for one, (_, comments) in truth(repo).items() if comments > 50}
    assert str(number) in long and set(passed(pages)) == long
    assert set(held(pages)) == set(truth(repo))


def _poison(up: Upstream, number: int) -> faults.Rule:
    """Every page that would hold this thread breaks off."""

    def answer(request: Any, real: Any) -> Any:
        response = real()
        is_page = b"issueFields" in request.body or b"pullFields" in request.body
        return (
            faults.status(502)
            if is_page and f'"number":{number},'.encode() in response.body.replace(b" ", b"")
            else response
        )

    return up.fail("github", GRAPHQL, answer)


def test_a_question_that_is_refused_for_another_reason_is_no_lost_position(up: Upstream) -> None:
    """Starting again for ever would hide that the interface has changed."""
    up.fail(
        "github",
        faults.When(path=GRAPHQL, body="issueFields"),
        faults.graphql_error("INVALID_CURSOR_ARGUMENTS", "no such position"),
    )
    with pytest.raises(Fatal, match="no such position"):
        collect(up)
    assert len(up.requests) <= 4


ACTS = st.lists(
    st.tuples(st.sampled_from(["open", "comment", "touch", "delete", "close", "wait"]), st.integers(0, 10**6)),
    max_size=8,
)


def _act(up: Upstream, repo: Repository, what: str, draw: int, is_pull: bool) -> None:
    """Something happens to a thread of the world."""
    there = [index + 1 for index in range(repo.tracker.size) if index not in repo.tracker.deleted]
    number = there[draw % len(there)]
    if what == "open":
        repo.open_thread(f"Opened {draw}", is_pull=is_pull)
    elif what == "comment":
        repo.comment(number, body="Meanwhile")
    elif what == "touch":
        repo.touch(number, f"Touched {draw}")
    elif what == "close":
        repo.close(number)
    elif what == "delete" and len(there) > 150:
        repo.delete_thread(number)
    elif what == "wait":
        up.world.advance(draw % 50 / 10)


@pytest.fixture(scope="module")
def shared() -> Iterator[Upstream]:
    """One world for all examples: they start wherever the last one left it."""
    with Upstream([CHANNEL], seed=9, threads=200, now=NOW) as upstream:
        yield upstream


QUICK = settings(max_examples=12, suppress_health_check=list(HealthCheck))


@pytest.mark.slow
@thing_of
@QUICK
@given(budgets=st.lists(st.integers(1, 7), max_size=6), acts=st.lists(ACTS, min_size=7, max_size=7))
def test_any_row_of_budgets_and_changes_converges_to_what_is_there(
    shared: Upstream, thing: str, budgets: list[int], acts: list[list[tuple[str, int]]]
) -> None:
    """Interrupted anywhere, with the world moving between the visits."""
    repo, turns = shared.world.repository("acme/kit"), iter(acts)

    def between() -> None:
        for what, draw in next(turns, []):
            _act(shared, repo, what, draw, thing == "pulls")

    pages = _resumed(shared, thing, budgets, between)
    pages += collect(shared, thing, last(pages) if pages else None)
    _agree(pages, thing, repo)


@pytest.mark.slow
@thing_of
@QUICK
@given(acts=st.lists(ACTS, min_size=1, max_size=6), cut=st.integers(2, 30))
def test_what_moves_between_any_two_pages_is_not_lost(
    shared: Upstream, thing: str, acts: list[list[tuple[str, int]]], cut: int
) -> None:
    """Threads change while two visits page through them: the third one holds all."""
    repo, turns = shared.world.repository("acme/kit"), iter(acts * 2)

    def drift() -> None:
        shared.world.advance(1 / 3600)
        for what, draw in next(turns, []):
            _act(shared, repo, what, draw, thing == "pulls")

    rule = shared.fail("github", GRAPHQL, faults.meanwhile(drift))
    pages, _ = _cut_short(shared, thing, None, cut)
    pages += collect(shared, thing, last(pages) if pages else None)
    rule.stop()
    shared.world.advance(1 / 3600)
    pages += collect(shared, thing, last(pages))
    _agree(pages, thing, repo)
