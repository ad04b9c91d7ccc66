"""GitHub's limits and faults: waited out, given up or reported by name, and never a trace in the rows."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from pipelines import sources
from pipelines.contract import Page
from pipelines.http.budget import Budget
from pipelines.http.errors import BudgetSpent, Denied, Fatal, Gone, Retriable
from pipelines.sources.github.client import PageSize
from tests.pipelines.sources.github.visits import (
    CHANNEL,
    GRAPHQL,
    TOKEN,
    TOKENS,
    collect,
    held,
    keys,
    truth,
)
from tests.upstream import NOW, Upstream, faults
from tests.worlds.visits import make_visit


@pytest.fixture
def up() -> Iterator[Upstream]:
    """A repository of some two hundred issues: five pages of them."""
    with Upstream([CHANNEL], seed=5, threads=200, now=NOW) as upstream:
        yield upstream


def test_our_owner_s_other_work_is_left_a_tenth_of_the_allowance(up: Upstream) -> None:
    """Stops before the token is dry, and says until when."""
    up.graphql_quota._used["ghp_canary0123456789", up.graphql_quota.resets()] = 4502
    with pytest.raises(BudgetSpent, match=r"only 49\d of GITHUB_TOKEN's 5000 points are left until 2026-"):
        collect(up)
    assert len(up.requests_to("github", "/graphql")) <= 2


@pytest.mark.parametrize(("said", "counted"), [(1_000_000, 1_000), (-1_000_000, 0)])
def test_no_answer_spends_the_budget_of_a_day_or_gives_points_back(up: Upstream, said: int, counted: int) -> None:
    """One million stopped GitHub until midnight, and a negative cost switched the budget off."""

    def change(answer: Any) -> Any:
        answer["data"]["rateLimit"]["cost"] = said
        return answer

    up.fail("github", GRAPHQL, faults.edited(change))
    budget = Budget(100)
    collect(up, budget=budget)

    assert budget.points == counted * len(up.requests_to("github", "/graphql")) and budget.requests > 1


def test_rate_limited_inside_a_200_stops_the_visit_and_says_until_when(up: Upstream) -> None:
    """GraphQL has no status of its own for it."""
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


def test_a_page_too_heavy_for_github_is_asked_for_in_smaller_ones(up: Upstream) -> None:
    """The real service gives up after ten seconds: halve, and grow again once it goes well."""
    up.graphql.heavy_nodes = 120
    waited: list[float] = []
    pages = collect(up, waits=waited)
    assert held(pages) == truth(up.world.repository("acme/kit"))
    sizes = [json.loads(one.body)["variables"].get("first", 0) for one in up.requests_to("github", "/graphql")]
    assert sizes[1] == 49
    assert min(size for size in sizes if size) < 25
    assert waited


def test_the_size_of_a_page_halves_and_recovers() -> None:
    size = PageSize(49)
    assert [(size.halve(), size.now) for _ in range(7)][-2:] == [(False, 1), (False, 1)]
    grown = []
    for _ in range(30):
        size.count_success()
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
    up.fail("github", faults.When(path=GRAPHQL, body="issueFields|pullFields"), faults.repeats())
    for _ in range(120):
        up.world.repository("acme/kit").open_thread(is_pull=thing == "pulls")
    with pytest.raises(Retriable, match="keeps returning the same page"):
        collect(up, thing)
    assert len(up.requests) < 8


def test_a_fault_that_stays_is_given_up_in_few_requests(up: Upstream) -> None:
    """Halved down to a single issue, then one check whether anything answers."""
    up.fail("github", faults.When(path=GRAPHQL, nth=range(3, 10**6)), faults.status(502))
    kept: list[Page] = []
    channel = CHANNEL.model_copy(update={"base_url": up.url(CHANNEL)})
    with pytest.raises(Retriable, match="single item"):
        kept.extend(sources.collect_stream("github", "issues", make_visit(channel, tokens=TOKENS, now=up.world.now)))
    assert len(up.requests_to("github", "/graphql")) <= 2 + 6 + 1


@pytest.mark.parametrize(
    ("code", "error"),
    [(401, Denied), (403, Denied), (404, Gone), (410, Gone), (451, Gone), (500, Retriable), (422, Fatal), (202, Fatal)],
)
@pytest.mark.parametrize("thing", ["issues", "releases", "repositories"])
def test_each_refusal_has_the_name_of_what_can_be_done(
    up: Upstream, code: int, error: type[Exception], thing: str
) -> None:
    """The kind of error decides the message and whether to retry; no token is ever in it."""
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
        kept.extend(sources.collect_stream("github", "issues", make_visit(channel, tokens=TOKENS, now=up.world.now)))
    assert len(kept) >= 1


@pytest.mark.parametrize("kind", ["FORBIDDEN", "INSUFFICIENT_SCOPES", "NOT_FOUND", "undefinedField", TOKEN])
def test_graphql_s_own_refusals_are_told_apart(up: Upstream, kind: str) -> None:
    """All of them come with status 200; no token is shown, even if GitHub repeats it."""
    up.fail("github", GRAPHQL, faults.graphql_error(kind, f"no, not with {TOKEN}"))
    with pytest.raises({"NOT_FOUND": Gone, "undefinedField": Fatal, TOKEN: Fatal}.get(kind, Denied)) as refusal:
        collect(up)
    assert TOKEN not in str(refusal.value)
