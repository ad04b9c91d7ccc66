"""A tracker read without a token: its newest threads come whole, unknown stays unknown, and a token's rows prevail."""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

import duckdb
import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from pipelines import sources
from pipelines.contract import Page, Row
from pipelines.http.errors import Retriable, TokenWanted
from tests.pipelines.sources.damaged_visits import change_value
from tests.pipelines.sources.github.visits import CHANNEL, TOKENS, held, last, passed, truth
from tests.upstream import NOW, Upstream, faults
from tests.upstream.messages import Request, Response
from tests.upstream.world.clock import iso
from tests.upstream.world.threads import Thread
from tests.worlds.visits import make_visit
from tests.worlds.warehouse_rows import build_tables, empty_warehouse, fill, select_models

MODELS = select_models("github__issues", "github__comments")
UNKNOWN = ("closed_by_role", "first_closed_at", "reopened_at", "fixed_at", "fixed_by", "fixed_by_role", "fix_url")


@pytest.fixture
def up() -> Iterator[Upstream]:
    """A repository of some two hundred issues and as many pull requests."""
    with Upstream([CHANNEL], seed=5, threads=400, now=NOW) as upstream:
        yield upstream


def collect(up: Upstream, cursor: Any = None, tokens: dict[str, str] | None = None) -> list[Page]:
    """One visit without a token, unless one is given: all its pages, even if it ends early."""
    channel = CHANNEL.model_copy(update={"base_url": up.url(CHANNEL)})
    visit = make_visit(channel, cursor, tokens=tokens or {}, now=up.world.now)
    pages = []
    with suppress(TokenWanted):
        for page in sources.collect_stream("github", "issues", visit):
            pages.append(page)  # noqa: PERF402 (what came before the end counts)
    return pages


def _rows(pages: Sequence[Page], stream: str = "") -> list[Row]:
    return [row for page in pages for row in page.rows if row.stream == stream]


def test_a_first_visit_costs_two_requests_and_knows_every_thread_since_its_reach(up: Upstream) -> None:
    """Answered or not: keeping only threads without comments beside them would select by the outcome."""
    (page,) = pages = collect(up)
    assert [record.path.split("?")[0] for record in up.requests] == [
        "/rate_limit",
        "/repos/acme/kit/issues",
        "/repos/acme/kit/issues/comments",
    ]
    repo = up.world.repository("acme/kit")
    whole = {
        number: stated
        for number, stated in truth(repo).items()
        if iso(Thread(repo, number - 1).created) >= page.reach_at
    }
    assert whole and any(count for _, count in whole.values()) and any(not count for _, count in whole.values())
    assert {number: stated for number, stated in held(pages).items() if number in whole} == whole


def test_its_rows_are_those_of_graphql_but_for_what_rest_does_not_tell(up: Upstream) -> None:
    """Names, roles, texts and labels are read the same; what is not stated is empty, never false or zero."""
    anonymous, whole = collect(up), collect(up, tokens=TOKENS)
    known = {(row.stream, row.key): row for page in whole for row in page.rows}
    rows = [row for page in anonymous for row in page.rows]
    assert len({row.stream for row in rows}) == 2
    for row in rows:
        twin = known[row.stream, row.key]
        unknown = UNKNOWN if not row.stream else ("is_hidden", "hidden_reason")
        assert row.source_time == twin.source_time and row.body["has_all_fields"] is False
        assert {row.body[name] for name in unknown} == {None}
        assert {**row.body, **{name: twin.body[name] for name in unknown}} == {**twin.body, "has_all_fields": False}


def test_its_coverage_is_the_share_of_the_numbers_that_were_read(up: Upstream) -> None:
    """Issues and pull requests are numbered together."""
    (page,) = collect(up)
    size = up.world.repository("acme/kit").tracker.size
    assert (page.expected, page.waiting) == (size, size - 100)


def test_later_visits_read_what_changed_and_resume_where_they_stopped(up: Upstream) -> None:
    """A page each time, oldest change first: nothing between two visits is lost."""
    pages = collect(up)
    reach, visits = pages[0].reach_at, [pages]
    for number in range(8):
        up.world.advance(12)
        up.world.change(0.1 if number < 4 else 0.0)
        visits.append(collect(up, last(visits[-1])))
    assert max(len(_rows(pages)) for pages in visits[1:]) > 3
    repo = up.world.repository("acme/kit")
    whole = {n: stated for n, stated in truth(repo).items() if iso(Thread(repo, n - 1).created) >= reach}
    assert {number: stated for number, stated in held(*visits).items() if number in whole} == whole


def test_it_is_read_twice_a_day_and_never_in_half(up: Upstream) -> None:
    """Issues without their comments would all look unanswered."""
    pages = collect(up)
    up.forget()
    assert collect(up, last(pages)) == [] and not up.requests
    up.github_quota.exhaust("")
    channel = CHANNEL.model_copy(update={"base_url": up.url(CHANNEL)})
    visit = make_visit(channel, now=up.world.now)
    with pytest.raises(TokenWanted, match=r"needs GITHUB_TOKEN, or waits until the hour ends at \d\d:\d\d"):
        list(sources.collect_stream("github", "issues", visit))
    assert [record.path for record in up.requests] == ["/rate_limit"]


def test_a_refused_request_says_what_to_wait_for(up: Upstream) -> None:
    """Another program of this address may spend the hour's requests meanwhile."""
    up.fail("github", "/rate_limit", faults.status(404))
    up.github_quota.exhaust("")
    channel = CHANNEL.model_copy(update={"base_url": up.url(CHANNEL)})
    visit = make_visit(channel, now=up.world.now)
    for stream in ("issues", "repositories"):
        with pytest.raises(TokenWanted, match=r"the hour ends at \d\d:\d\d"):
            list(sources.collect_stream("github", stream, visit))
    assert [record.status for record in up.requests] == [404, 403]


def test_a_visit_that_breaks_off_keeps_nothing_and_the_next_begins_anew(up: Upstream) -> None:
    """Issues whose comments did not come are not landed; what was landed twice is there once."""
    rule = up.fail("github", "/repos/acme/kit/issues/comments", faults.status(503))
    with pytest.raises(Retriable):
        collect(up)
    rule.stop()
    pages, connection, twice = collect(up), empty_warehouse(), empty_warehouse()
    for warehouse, times in ((connection, 1), (twice, 2)):
        for _ in range(times):
            _land(warehouse, pages, up)
    assert _read(connection) == _read(twice) and _read(twice)[0]


@pytest.mark.slow
@given(steps=st.lists(st.sampled_from(["anonymous", "token", "change"]), min_size=1, max_size=4))
@settings(max_examples=5, phases=[Phase.explicit, Phase.generate])
@example(["token", "change", "anonymous"])
def test_whatever_came_without_a_token_a_later_visit_with_one_leaves_its_own_rows(steps: list[str]) -> None:
    """In any order; a visit without a token that finds nothing new takes nothing away."""
    with Upstream([CHANNEL], seed=6, threads=120, now=NOW) as up:
        connection, cursor = empty_warehouse(), None
        for step in steps:
            up.world.advance(12)
            if step == "change":
                up.world.change(0.2)
            else:
                cursor = _visit(up, connection, cursor, TOKENS if step == "token" else {})
        up.world.advance(12)
        cursor = _visit(up, connection, cursor, TOKENS)
        _visit(up, connection, cursor, {})
        alone = empty_warehouse()
        _visit(up, alone, None, TOKENS)
    assert _read(connection) == _read(alone)


def _visit(up: Upstream, connection: duckdb.DuckDBPyConnection, cursor: Any, tokens: dict[str, str]) -> Any:
    up.forgive()
    pages = collect(up, cursor, tokens)
    _land(connection, pages, up)
    return last(pages) if pages else cursor


def _land(connection: duckdb.DuckDBPyConnection, pages: Sequence[Page], up: Upstream) -> None:
    seen = up.world.now.replace(tzinfo=None)
    for stream in ("issues", "comments"):
        rows = _rows(pages, "" if stream == "issues" else stream)
        fill(
            connection,
            f"github__{stream}",
            [
                (CHANNEL.id, row.key, row.source_time and row.source_time.replace(tzinfo=None), seen, row.body)
                for row in rows
            ],
        )
    build_tables(connection, MODELS)


def _read(connection: duckdb.DuckDBPyConnection) -> tuple[list[Any], list[Any]]:
    names = "* exclude (seen_at, first_seen_at)"
    tables = (f"select {names} from staging.github__{stream} order by all" for stream in ("issues", "comments"))
    issues, comments = (connection.execute(query).fetchall() for query in tables)
    return issues, comments


ODD: dict[str, tuple[str, tuple[Any, ...], Any]] = {
    "an issue without a number": ("/issues\\?", (3, "number"), None),
    "an issue from the future": ("/issues\\?", (3, "updated_at"), "9999-12-31T23:59:59Z"),
    "an issue without a time": ("/issues\\?", (3, "created_at"), 1.5),
    "labels of another shape": ("/issues\\?", (3, "labels"), 7),
    "a comment without an ID": ("/issues/comments", (0, "node_id"), [None]),
    "a comment without an issue": ("/issues/comments", (0, "issue_url"), ""),
    "a comment without a time": ("/issues/comments", (0, "created_at"), {}),
}


@pytest.mark.parametrize("name", ODD)
def test_one_broken_entry_is_passed_over_named_and_comes_later(name: str) -> None:
    """Its neighbours come at once, and nothing of what the page claims to hold stays away."""
    path, place, value = ODD[name]

    def spoil(request: Request, real: faults.Real) -> Response:
        # A hundred entries of issues and pull requests: the first of an issue is spoiled.
        items = json.loads((response := real()).body)
        issues = [item for item in items if "/pull/" not in item["html_url"]]
        index = items.index(issues[0])
        assert change_value(items, (index, *place[1:]), value)
        return response.but(body=json.dumps(items).encode())

    with Upstream([CHANNEL], seed=7, threads=30, now=NOW) as up:
        rule = up.fail("github", path, spoil)
        pages = collect(up)
        rule.stop()
        visits, reach = [pages], pages[0].reach_at
        assert len(passed(pages)) == 1 and len(_rows(pages)) > 10
        for _ in range(3):
            up.world.advance(24)
            visits.append(collect(up, last(visits[-1])))
        assert passed(visits[-1]) == []
        repo = up.world.repository("acme/kit")
        whole = {n: stated for n, stated in truth(repo).items() if iso(Thread(repo, n - 1).created) >= reach}
        assert {number: stated for number, stated in held(*visits).items() if number in whole} == whole


def test_an_issue_that_always_fails_costs_two_requests_with_growing_pauses(up: Upstream) -> None:
    """The visit goes on, and says which one is missing; another program's requests are left to it."""
    (page,) = collect(up)
    number = min(int(row.key) for row in page.rows if not row.stream)
    cursor = {**last([page]), "passed_over": {str(number): [1, 0, "unexpected shape"]}}
    up.fail("github", rf"/issues/{number}$", faults.status(500))
    for asked in (True, True, False):
        up.world.advance(12)
        up.forget()
        pages = collect(up, cursor)
        cursor = last(pages)
        assert passed(pages) == [str(number)]
        assert any(record.path.endswith(f"/issues/{number}") for record in up.requests) is asked
    assert pages[-1].passed_over and "1 issue is missing" in pages[-1].passed_over.describe()
