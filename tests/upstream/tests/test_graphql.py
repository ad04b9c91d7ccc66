"""The emulator's GraphQL refuses, charges, pages and fails as GitHub does; else a collector would pass here and fail
there."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from github import Auth, Github

from tests.upstream import Upstream
from tests.upstream.examples import ISSUES, RUNTIME, SDK, ask, data, pages, upstream
from tests.upstream.world.clock import iso

OWNER, NAME = SDK.split("/")
FIRST = 'query($n:Int){repository(owner:"example",name:"example-python"){issues(first:$n){nodes{number %s}}}}'


@pytest.fixture
def up() -> Iterator[Upstream]:
    with upstream() as started:
        yield started


def errors(answer: httpx2.Response) -> list[str]:
    """Type or message of each error of an answer."""
    return [error.get("type") or error["message"] for error in answer.json()["errors"]]


def test_a_query_that_the_published_schema_does_not_know_is_refused(up: Upstream) -> None:
    """A field that GitHub has dropped must fail in our tests first."""
    answer = ask(up, '{ repository(owner:"example",name:"example-python"){ starCount } }')
    assert answer.status_code == 200 and "data" not in answer.json()
    assert "Cannot query field 'starCount'" in answer.text
    assert up.points == 0


def test_a_field_that_the_emulator_lacks_is_refused_and_not_null(up: Upstream) -> None:
    """A silent null would look like the truth."""
    answer = ask(up, '{ repository(owner:"example",name:"example-python"){ pushedAt } }')
    assert "the emulator has no Repository.pushedAt" in answer.text


@pytest.mark.parametrize(("query", "points"), [
    (FIRST % "", 1),
    (FIRST % (
        "labels(first:10){nodes{name}} comments(first:10){totalCount} "
        "timelineItems(last:1,itemTypes:[CLOSED_EVENT]){totalCount}"
    ), 3),
    ("{rateLimit{cost}}", 1),
    ("{repository(owner:\"example\",name:\"example-python\"){issues(first:49){nodes{labels(first:9){nodes{name}} "
     "comments(first:9){totalCount} timelineItems(last:1,itemTypes:[CLOSED_EVENT]){totalCount}}}}}", 1),
    ("{repository(owner:\"example\",name:\"example-python\"){issues(first:50){nodes{labels(first:9){nodes{name}} "
     "comments(first:9){totalCount} timelineItems(last:1,itemTypes:[CLOSED_EVENT]){totalCount}}}}}", 2),
])  # fmt: skip
def test_points_are_a_hundredth_of_the_connections_asked_for(up: Upstream, query: str, points: int) -> None:
    """301 connections are three points, 148 are one, 151 are two."""
    assert ask(up, query, n=100).status_code == 200
    assert up.requests[-1].points == points == up.points


@pytest.mark.parametrize(("query", "kind"), [
    (FIRST % "comments{totalCount}", "MISSING_PAGINATION_BOUNDARIES"),
    (FIRST % "comments(first:101){totalCount}", "EXCESSIVE_PAGINATION"),
    (FIRST % (
        "labels(first:100){nodes{name}} "
        "comments(first:100){nodes{issue{comments(first:100){nodes{id}}}}}"
    ), "MAX_NODE_LIMIT_EXCEEDED"),
])  # fmt: skip
def test_too_much_at_once_is_refused_by_type(up: Upstream, query: str, kind: str) -> None:
    """100 a connection and 500,000 nodes a query."""
    assert errors(ask(up, query, n=100)) == [kind]


@pytest.mark.parametrize("token", ["", "expired"])
def test_without_a_valid_token_there_is_nothing(up: Upstream, token: str) -> None:
    """GraphQL is not for the nameless."""
    assert ask(up, "{rateLimit{cost}}", token=token).status_code == 401


def test_paging_by_update_brings_every_issue_once_and_no_pull_request(up: Upstream) -> None:
    """What the arrays hold is what the pages bring."""
    numbers = [node["number"] for page in pages(up, 40) for node in page]
    is_pull = up.world.repository(SDK).tracker.threads["is_pull"]
    expected = [index + 1 for index in range(up.world.repository(SDK).tracker.size) if not is_pull[index]]
    assert sorted(numbers) == expected and len(expected) > 100


def test_an_issue_that_changes_while_paging_oldest_first_comes_again_and_none_is_lost(up: Upstream) -> None:
    """Its place in the order moves to the end, past the cursor."""
    seen, moved = [], 0
    for page in pages(up, 40):
        seen += [node["number"] for node in page]
        if not moved:
            moved = page[0]["number"]
            up.world.repository(SDK).comment(moved)
    assert seen.count(moved) == 2 and len(set(seen)) == len(seen) - 1


def test_an_issue_that_changes_while_paging_newest_first_moves_out_of_sight(up: Upstream) -> None:
    """Ahead of the cursor: only the next visit sees it."""
    repository, seen = up.world.repository(SDK), []
    last = [node["number"] for page in pages(up, 100, "DESC") for node in page][-1]
    for page in pages(up, 40, "DESC"):
        seen += [node["number"] for node in page]
        if len(seen) == 40:
            repository.touch(last)
    assert last not in seen
    assert next(pages(up, 1, "DESC"))[0]["number"] == last


def test_since_takes_in_the_instant_itself(up: Upstream) -> None:
    """A run with nothing new finds the newest item again."""
    newest = next(pages(up, 1, "DESC"))[0]
    assert newest["number"] in [node["number"] for page in pages(up, since=newest["updatedAt"]) for node in page]


def test_long_threads_are_paged_to_their_end(up: Upstream) -> None:
    """A hundred comments are not all."""
    repository = up.world.repository(SDK)
    number = repository.open_thread("Long")
    ids = [repository.comment(number, author=index) for index in range(130)]
    query = """query($a:String){repository(owner:"example",name:"example-python"){
        newest:issues(first:1,orderBy:{field:UPDATED_AT,direction:DESC}){nodes{
          number comments(first:100,after:$a){totalCount pageInfo{hasNextPage endCursor} nodes{databaseId}}}}}}"""
    found, after = [], None
    for _ in range(2):
        node = data(up, query, a=after)["repository"]["newest"]["nodes"][0]
        assert node["number"] == number and node["comments"]["totalCount"] == 130
        found += [one["databaseId"] for one in node["comments"]["nodes"]]
        after = node["comments"]["pageInfo"]["endCursor"]
    assert found == ids and min(ids) > 2**31


def test_an_account_that_is_gone_leaves_no_author(up: Upstream) -> None:
    """`author: null`, in the thread and in its answers."""
    repository = up.world.repository(SDK)
    number = repository.open_thread("Who?", author=7)
    repository.comment(number, author=7)
    up.world.people.leave(7)
    node = next(pages(up, 1, "DESC"))[0]
    assert node["author"] is None and node["comments"]["nodes"][0]["author"] is None


def test_closing_and_reopening_shows_in_state_reason_and_closer(up: Upstream) -> None:
    """By hand as by life."""
    repository = up.world.repository(SDK)
    number = repository.open_thread("Close me")
    repository.close(number, by=int(repository.cast.maintainers[0]), reason="1")
    closed = next(pages(up, 1, "DESC"))[0]
    assert (closed["state"], closed["stateReason"], closed["closedAt"]) == (
        "CLOSED",
        "NOT_PLANNED",
        iso(up.world.clock.now),
    )
    assert closed["timelineItems"]["nodes"][0]["actor"]["login"]
    up.world.advance(1)
    repository.reopen(number)
    reopened = next(node for page in pages(up, 100, "DESC") for node in page if node["number"] == number)
    assert (reopened["state"], reopened["stateReason"], reopened["closedAt"]) == ("OPEN", "REOPENED", None)


def test_a_spent_allowance_is_told_inside_a_200(up: Upstream) -> None:
    """GitHub's primary limit of GraphQL is no status."""
    up.graphql_quota.exhaust("t")
    answer = ask(up, "{rateLimit{cost}}")
    assert answer.status_code == 200 and errors(answer) == ["RATE_LIMITED"]
    assert (
        answer.headers["x-ratelimit-remaining"] == "0" and int(answer.headers["x-ratelimit-reset"]) > up.world.clock.now
    )
    up.world.advance(1)
    assert data(up, "{rateLimit{remaining}}")["rateLimit"]["remaining"] == 4999


def test_a_page_that_is_too_heavy_fails_and_costs_more_until_it_is_smaller(up: Upstream) -> None:
    """So that a page size can learn."""
    up.graphql.heavy_nodes = 120
    variables = {"o": OWNER, "n": NAME, "direction": "ASC"}
    heavy = ask(up, ISSUES, first=100, **variables)
    assert heavy.status_code == 502 and "Something went wrong" in heavy.text
    assert up.points == 3 + up.graphql.heavy_extra_points
    assert ask(up, ISSUES, first=10, **variables).status_code == 200


QUERIES: list[tuple[str, dict[str, Any]]] = [
    (ISSUES, {"o": OWNER, "n": NAME, "first": 50, "direction": "ASC"}),
    ("""query($n:Int!){ a: repository(owner:"example",name:"example-python"){ ...Facts }
        b: repository(owner:"community",name:"runtime"){ ...Facts releases(first:3){nodes{tagName publishedAt isPrerelease}} } }
        fragment Facts on Repository { id nameWithOwner pullRequests(first:$n,orderBy:{field:UPDATED_AT,direction:DESC}){ totalCount
          nodes{ number title url createdAt updatedAt closedAt mergedAt isDraft state author{__typename login} authorAssociation
            closingIssuesReferences(first:5){nodes{number}} } edges{cursor} } }""", {"n": 30}),
    ("""{ repository(owner:"none",name:"there"){ id } rateLimit{limit} }""", {}),
    ("""query($ids:[ID!]!){ nodes(ids:$ids){ __typename ... on Issue{number} } }""", {"ids": ["I_kwDONTAwMDAwMDAxLjM", "I_nothing"]}),
]  # fmt: skip


@pytest.mark.parametrize(("query", "variables"), QUERIES)
def test_the_quick_way_gives_what_graphql_core_gives(up: Upstream, query: str, variables: dict[str, Any]) -> None:
    """The yardstick is the library that knows the specification."""
    quick = ask(up, query, **variables).json()
    up.graphql.is_quick = False
    up.graphql_quota.forgive()
    assert ask(up, query, **variables).json() == quick


def test_ordinary_queries_do_go_the_quick_way(up: Upstream, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise two hundred thousand threads take an hour."""
    monkeypatch.setattr("tests.upstream.github.graphql.execute", None)
    assert len(data(up, ISSUES, o=OWNER, n=NAME, first=20, direction="ASC")["repository"]["issues"]["nodes"]) == 20


def test_nodes_are_found_again_by_their_global_id_and_missing_ones_are_null(up: Upstream) -> None:
    """Comments beyond a first page are fetched this way."""
    node = next(node for page in pages(up) for node in page if node["comments"]["nodes"])
    ids = [node["id"], node["comments"]["nodes"][0]["id"], "IC_kwDOnone"]
    query = (
        "query($ids:[ID!]!){nodes(ids:$ids){__typename ... on Issue{number} ... on IssueComment{databaseId "
        "issue{number}}}}"
    )
    answer = ask(up, query, ids=ids).json()
    number = {"number": node["number"]}
    comment = {"__typename": "IssueComment", "databaseId": node["comments"]["nodes"][0]["databaseId"], "issue": number}
    assert answer["data"]["nodes"] == [{"__typename": "Issue", **number}, comment, None]
    assert answer["errors"][0]["type"] == "NOT_FOUND" and answer["errors"][0]["path"] == ["nodes", 2]


def test_a_deleted_thread_is_in_no_list_and_under_no_id(up: Upstream) -> None:
    """It leaves no trace, as on GitHub."""
    node = next(pages(up, 1))[0]
    up.world.repository(SDK).delete_thread(node["number"])
    assert node["number"] not in [one["number"] for page in pages(up) for one in page]
    assert ask(up, "query($i:ID!){node(id:$i){id}}", i=node["id"]).json()["data"] == {"node": None}


def test_pygithub_asks_it_as_it_asks_github(up: Upstream) -> None:
    """The client of the source is the client of the test."""
    client = Github(
        auth=Auth.Token("t"),
        base_url=up.base("github"),
        seconds_between_requests=0,
        seconds_between_writes=0,
        retry=None,
    )
    owner, name = RUNTIME.split("/")
    headers, body = client.requester.graphql_query(ISSUES, {"o": owner, "n": name, "first": 5, "direction": "DESC"})
    assert headers["x-ratelimit-resource"] == "graphql"
    assert len(body["data"]["repository"]["issues"]["nodes"]) == 5
