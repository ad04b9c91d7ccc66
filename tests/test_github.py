"""GitHub's source against a world that answers, limits, moves and fails as the real one does."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from pipelines import sources
from pipelines.catalog import Channel
from pipelines.errors import BudgetSpent, Denied, Fatal, Gone, Retriable, Unreachable
from pipelines.github_client import PageSize
from pipelines.http import Budget
from pipelines.sources import Page
from tests.upstream import NOW, Upstream, faults
from tests.upstream.repositories import Repository
from tests.upstream.threads import Thread
from tests.visits import make_visit

CHANNEL = Channel(source="github", target="acme/kit", role="sdk", family="acme")
TOKEN = "ghp_canary0123456789"
TOKENS = {"GITHUB_TOKEN": TOKEN}
GRAPHQL = "^/graphql"
Truth = dict[int, tuple[str, int]]


@pytest.fixture
def up() -> Iterator[Upstream]:
    """A repository of some two hundred issues: five pages of them."""
    with Upstream([CHANNEL], seed=5, threads=200, now=NOW) as upstream:
        yield upstream


def collect(up: Upstream, thing: str = "issues", cursor: Any = None, **more: Any) -> list[Page]:
    """One visit: all its pages."""
    channel = CHANNEL.model_copy(update={"base_url": up.url(CHANNEL)})
    given: dict[str, Any] = {"tokens": TOKENS, "now": up.world.now} | more
    return list(sources.visit("github", thing, make_visit(channel, cursor, **given)))


def keys(pages: list[Page], thing: str = "") -> list[str]:
    return [row.key for page in pages for row in page.rows if row.thing == thing]


def held(*visits: list[Page]) -> Truth:
    """What a warehouse would hold: by number, when it changed last and how many comments it has; the newest wins."""
    issues: dict[int, str] = {}
    comments: dict[int, set[str]] = {}
    for row in (row for pages in visits for page in pages for row in page.rows):
        number = row.body["number"]
        if row.thing == "comments":
            comments.setdefault(number, set()).add(row.key)
        else:
            issues[number] = max(issues.get(number, ""), row.body["updated_at"])
    return {number: (changed, len(comments.get(number, ()))) for number, changed in issues.items()}


def truth(repo: Repository) -> Truth:
    """What the world holds now."""
    threads = [Thread(repo, index) for index in range(repo.tracker.size) if index not in repo.tracker.deleted]
    issues = [thread for thread in threads if not thread.is_pull]
    return {one.number: (_instant(one.updated), len(repo.tracker.comments(one.index))) for one in issues}


def _instant(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.000000Z")


def last(pages: list[Page]) -> Any:
    """The cursor as the landing zone would give it back."""
    return json.loads(json.dumps(pages[-1].cursor))


# --- what a visit brings, and what it costs ---


def test_a_first_visit_brings_every_issue_and_every_comment_once(up: Upstream) -> None:
    """No item missing, none twice, and the source's own count agrees."""
    pages = collect(up)
    assert held(pages) == truth(up.world.repository("acme/kit"))
    assert len(keys(pages)) == len(set(keys(pages))) == pages[0].expected
    assert len(keys(pages, "comments")) == len(set(keys(pages, "comments"))) > 200


def test_a_first_visit_costs_a_request_and_a_point_for_each_49_issues(up: Upstream) -> None:
    """Traps 1 and 2: no hidden request for an item, and PyGithub's own waits are not sat out."""
    budget = Budget(1000)
    pages = collect(up, budget=budget)
    asked = up.requests_to("github", "/graphql")
    long_threads = [one for one in asked if b"$id0" in one.body]
    assert len(asked) - len(long_threads) <= 1 + (len(keys(pages)) - 1) // 48
    assert (len(up.requests) - len(asked), len(long_threads) <= len(pages)) == (1, True)
    assert up.points == len(asked)
    assert (budget.requests, budget.points) == (len(up.requests), up.points)
    gaps = [later.at - sooner.at for sooner, later in pairwise(asked)]
    assert sorted(gaps)[len(gaps) // 2] < 0.9


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


# --- cursors ---


def test_a_visit_cut_short_after_any_page_goes_on_from_there(up: Upstream) -> None:
    """Oldest first, and at the newest instant seen: whatever page was the last one kept, nothing is lost."""
    pages = collect(up)
    everything = truth(up.world.repository("acme/kit"))
    for kept in range(1, len(pages)):
        rest = collect(up, cursor=last(pages[:kept]))
        assert held(pages[:kept], rest) == everything
        assert not rest[0].is_unchanged


def test_what_changes_while_it_is_read_is_not_lost(up: Upstream) -> None:
    """Pages drift: issues are touched, opened and deleted between any two of them."""
    repo = up.world.repository("acme/kit")
    steps = iter(range(1000))

    def drift() -> None:
        up.world.advance(1 / 3600)
        step = next(steps)
        numbers = sorted(truth(repo))
        for number in numbers[step * 7 : step * 7 + 7]:
            repo.comment(number, body="Meanwhile")
        repo.touch(numbers[-1 - step])
        repo.open_thread("Meanwhile")
        repo.delete_thread(numbers[step * 3 + 2])

    rule = up.fail("github", GRAPHQL, faults.meanwhile(drift))
    first = collect(up)
    assert next(steps) > 2
    rule.stop()
    up.world.advance(1 / 3600)
    found, there = held(first, collect(up, cursor=last(first))), truth(repo)
    assert {number: found.get(number) for number in there} == there


def test_a_pull_request_that_moves_ahead_of_the_reader_comes_next_time(up: Upstream) -> None:
    """Newest first: what is touched while its page is still to come jumps over the reader, and must be there in the next visit."""
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
def test_a_cursor_that_cannot_be_trusted_starts_the_visit_again(up: Upstream, cursor: dict[str, Any], thing: str) -> None:
    """From a skewed clock, another version or a broken file: better read twice than skipped."""
    assert keys(collect(up, thing, cursor)) == keys(collect(up, thing))


def test_no_cursor_ever_lies_ahead_of_our_clock(up: Upstream) -> None:
    """Our clock two hours behind GitHub's: the next visit reads a little twice and skips nothing."""
    repo, behind = up.world.repository("acme/kit"), up.world.now - timedelta(hours=2)
    repo.touch(1)
    for thing in ("issues", "pulls"):
        assert all(page.cursor.get("updated_at", "") <= behind.strftime("%Y-%m-%dT%H:%M:%SZ") for page in collect(up, thing, now=behind))
    first = collect(up, now=behind)
    up.world.advance(0.1)
    repo.comment(1)
    assert held(first, collect(up, cursor=last(first), now=behind)) == truth(repo)


@pytest.mark.parametrize("thing", ["issues", "pulls"])
def test_what_changes_in_the_very_second_of_the_cursor_is_read(up: Upstream, thing: str) -> None:
    """Two changes in one second, the visit between them: going on after the cursor would lose the later one for ever."""
    repo = up.world.repository("acme/kit")
    one, other = [index + 1 for index in range(repo.tracker.size) if Thread(repo, index).is_pull == (thing == "pulls")][:2]
    repo.touch(one, "First")
    first = collect(up, thing)
    repo.touch(other, "Second")
    titles = {row.key: row.body.get("title") for page in collect(up, thing, last(first)) for row in page.rows if not row.thing}
    assert titles == {str(one): "First", str(other): "Second"}


# --- limits ---


def test_a_budget_that_ends_in_the_middle_keeps_what_came_and_goes_on(up: Upstream) -> None:
    """A run may make only so many requests; a row of such runs still comes to the end."""
    kept: list[Page] = []
    for _ in range(30):
        channel = CHANNEL.model_copy(update={"base_url": up.url(CHANNEL)})
        visit = make_visit(channel, last(kept) if kept else None, tokens=TOKENS, budget=Budget(4), now=up.world.now)
        try:
            kept.extend(sources.visit("github", "issues", visit))
            break
        except BudgetSpent:
            assert visit.budget.requests == 4
    assert held(kept) == truth(up.world.repository("acme/kit"))
    assert kept[-1].cursor["etag"]


def test_our_owner_s_other_work_is_left_a_tenth_of_the_allowance(up: Upstream) -> None:
    """Stops before the token is dry, and says until when."""
    up.graphql_quota._used["ghp_canary0123456789", up.graphql_quota.resets()] = 4502
    with pytest.raises(BudgetSpent, match=r"only 49\d of GITHUB_TOKEN's 5000 points are left until 2026-"):
        collect(up)
    assert len(up.requests_to("github", "/graphql")) <= 2


def test_rate_limited_inside_a_200_stops_the_visit_and_says_until_when(up: Upstream) -> None:
    """GraphQL says it without a status of its own; to go on asking would be rude, and to call it an empty answer a lie."""
    up.graphql_quota.exhaust(TOKEN)
    waited: list[float] = []
    with pytest.raises(BudgetSpent, match="used up until 2026-11-24T17:00") as stop:
        collect(up, waits=waited)
    assert TOKEN not in str(stop.value)
    assert waited == []
    assert len(up.requests_to("github", "/graphql")) == 1


def test_a_short_wait_is_sat_out(up: Upstream) -> None:
    """A secondary limit with Retry-After, and RATE_LIMITED that ends within the minute: wait, then go on."""
    waited: list[float] = []
    up.fail("github", faults.When(path=GRAPHQL, nth={1}), faults.secondary("7"))
    reset = int(up.world.now.timestamp()) + 20
    limited = faults.graphql_error("RATE_LIMITED", "API rate limit already exceeded").plus(
        x_ratelimit_remaining="0", x_ratelimit_reset=str(reset), date=up.world.now.strftime("%a, %d %b %Y %H:%M:%S GMT")
    )
    up.fail("github", faults.When(path=GRAPHQL, nth={3}), limited)
    assert held(collect(up, waits=waited)) == truth(up.world.repository("acme/kit"))
    assert waited[0] == 7
    assert 15 <= waited[1] <= 22


def test_a_long_wait_is_not(up: Upstream) -> None:
    """An hour of sleep would hold a run and its connection; the next run goes on instead."""
    up.fail("github", GRAPHQL, faults.secondary("3600"))
    with pytest.raises(BudgetSpent, match="3600 s"):
        collect(up)


# --- faults ---


def test_a_page_too_heavy_for_github_is_asked_for_in_smaller_ones(up: Upstream) -> None:
    """The real service gives up after ten seconds: halve, and grow again once it goes well."""
    up.graphql.heavy_nodes = 120
    waited: list[float] = []
    pages = collect(up, waits=waited)
    assert held(pages) == truth(up.world.repository("acme/kit"))
    sizes = [json.loads(one.body)["variables"].get("first", 0) for one in up.requests_to("github", "/graphql")]
    assert sizes[0] == 49
    assert min(size for size in sizes if size) < 25
    assert waited


def test_the_size_of_a_page_halves_and_recovers() -> None:
    """Down to one and no further, and up to where it began."""
    size = PageSize(49)
    assert [(size.halve(), size.now) for _ in range(7)][-2:] == [(False, 1), (False, 1)]
    grown = []
    for _ in range(30):
        size.succeed()
        grown.append(size.now)
    assert (grown[1], grown[2], grown[5], grown[-1]) == (1, 2, 4, 49)


@pytest.mark.parametrize(
    "fault",
    [
        faults.status(502), faults.status(504), faults.html(502), faults.html(200), faults.truncated(),
        faults.truncated(is_length_told=False), faults.reset(),
        faults.partial(["repository", "issues", "nodes", 0, "comments"]), faults.partial(["repository", "issues"]),
        faults.graphql_error("RESOURCE_LIMITS_EXCEEDED", "too much"),
        faults.invalid_utf8(), faults.empty(500),
    ],
)  # fmt: skip
def test_a_fault_that_passes_leaves_no_trace(up: Upstream, fault: Any) -> None:
    """Two bad answers in the middle: the visit comes to the same rows as one without faults."""
    up.fail("github", faults.When(path=GRAPHQL, nth={2, 3}), fault)
    pages = collect(up)
    assert len(keys(pages)) == len(set(keys(pages)))
    assert held(pages) == truth(up.world.repository("acme/kit"))


@pytest.mark.parametrize("thing", ["issues", "pulls"])
def test_a_page_that_comes_again_and_again_ends_the_visit(up: Upstream, thing: str) -> None:
    """A cache in between that is stuck: an error in a few requests, not a visit without end."""
    up.fail("github", GRAPHQL, faults.repeats())
    for _ in range(120):
        up.world.repository("acme/kit").open_thread(is_pull=thing == "pulls")
    with pytest.raises(Retriable, match="again and again"):
        collect(up, thing)
    assert len(up.requests) < 8


def test_a_fault_that_stays_is_given_up_in_few_requests(up: Upstream) -> None:
    """Half by half down to a single issue, and no further; what came before it is kept."""
    up.fail("github", faults.When(path=GRAPHQL, nth=range(3, 10**6)), faults.status(502))
    kept: list[Page] = []
    channel = CHANNEL.model_copy(update={"base_url": up.url(CHANNEL)})
    with pytest.raises(Retriable, match="single item"):
        kept.extend(sources.visit("github", "issues", make_visit(channel, tokens=TOKENS, now=up.world.now)))
    assert len(up.requests_to("github", "/graphql")) <= 2 + 6


@pytest.mark.parametrize(
    ("code", "error"), [(401, Denied), (403, Denied), (404, Gone), (410, Gone), (451, Gone), (500, Retriable), (422, Fatal), (202, Fatal)]
)
@pytest.mark.parametrize("thing", ["issues", "releases", "repositories"])
def test_each_refusal_has_the_name_of_what_can_be_done(up: Upstream, code: int, error: type[Exception], thing: str) -> None:
    """Which kind of error decides what is told and whether it is tried again; no token is ever in it."""
    up.fail("github", None, faults.status(code))
    with pytest.raises(error) as refusal:
        collect(up, thing)
    assert TOKEN not in f"{refusal.value!r} {refusal.value.__cause__!r}"
    assert ("GITHUB_TOKEN" in str(refusal.value)) == (error is Denied)
    assert len(up.requests) <= 4


def test_a_token_that_expires_on_the_way_is_named_and_what_came_is_kept(up: Upstream) -> None:
    """After the third page GitHub says 401: say which variable to renew."""
    up.fail("github", faults.When(path=GRAPHQL, nth=range(3, 10**6)), faults.status(401, "Bad credentials"))
    kept: list[Page] = []
    channel = CHANNEL.model_copy(update={"base_url": up.url(CHANNEL)})
    with pytest.raises(Denied, match="GITHUB_TOKEN"):
        kept.extend(sources.visit("github", "issues", make_visit(channel, tokens=TOKENS, now=up.world.now)))
    assert len(kept) >= 1


@pytest.mark.parametrize("kind", ["FORBIDDEN", "INSUFFICIENT_SCOPES", "NOT_FOUND", "undefinedField"])
def test_graphql_s_own_refusals_are_told_apart(up: Upstream, kind: str) -> None:
    """All of them come with status 200."""
    up.fail("github", GRAPHQL, faults.graphql_error(kind, "no"))
    with pytest.raises({"NOT_FOUND": Gone, "undefinedField": Fatal}.get(kind, Denied)):
        collect(up)


def test_a_host_that_is_not_there_is_unreachable() -> None:
    """Nothing listens: no rows, and no long wait."""
    channel = CHANNEL.model_copy(update={"base_url": "http://127.0.0.1:9"})
    with pytest.raises(Unreachable):
        list(sources.visit("github", "issues", make_visit(channel, tokens=TOKENS)))


@pytest.mark.parametrize("to", ["http://localhost:9/x", "https://evil.example/x", "http://169.254.169.254/x", "file:///etc/passwd"])
def test_a_redirect_leads_to_no_other_host_and_takes_no_token_there(up: Upstream, to: str) -> None:
    """Wherever it points: refused or without an answer, never followed with the token."""
    up.fail("github", None, faults.redirect(to, 301))
    with pytest.raises((Fatal, Unreachable)) as refusal:
        collect(up, "repositories")
    assert TOKEN not in str(refusal.value)
    assert len(up.requests) == 1


# --- renaming, releases, snapshots ---


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
    assert [name for name, one in sources.things("github").items() if one.needs] == ["issues", "pulls"]


def test_an_unchanged_repository_still_has_a_row_for_each_day(up: Upstream) -> None:
    """A 304 on another day says that it is as it was; a gap would say that nobody looked."""
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
