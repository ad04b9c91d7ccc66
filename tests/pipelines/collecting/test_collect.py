"""Collecting: every end of a visit becomes an outcome in words, and nothing that came is lost or believed too early."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.collecting.queues import PARALLEL, make_queues
from pipelines.collecting.run import ChannelResult, Plan, collect_plan
from pipelines.contract import Page, Row, Stream, Visit
from pipelines.http.errors import AllowanceSpent, BudgetSpent, Fatal, Retriable, SourceError
from warehouse.landing import list_landed, open_zone, read_landed, read_newest_manifest
from warehouse.settings import Settings

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A source whose one thing, `things`, is whatever the test says."""
    module = ModuleType("toy")
    module.STREAMS = {"things": Stream(resumable=True)}  # type: ignore[attr-defined]
    monkeypatch.setattr(sources, "load_source", lambda name: module)
    return module


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    """Settings of a home of its own, with a clock that stands still."""
    return Settings(HEARTBEAT_HOME=tmp_path, HEARTBEAT_NOW=NOW, GITHUB_TOKEN="", _env_file=None)


def _page(number: int, rows: int = 1) -> Page:
    return Page([Row(f"{number}-{n}", NOW, {"number": number}) for n in range(rows)], {"after": number}, expected=9)


def _run(home: Settings, *targets: str, is_sample: bool = False) -> list[ChannelResult]:
    channels = tuple(Channel(source="toy", target=target, role="sdk", family="fam") for target in targets or ("one",))
    return collect_plan(Plan(channels, NOW, 10, is_sample), home).results


def _cursor(home: Settings) -> object:
    slip = read_newest_manifest(open_zone(home.landing_url), "fam.toy.one")
    return slip.cursors.get("things") if slip else None


def _yields(module: ModuleType, *steps: Page | SourceError) -> None:
    def things(visit: Visit) -> Iterator[Page]:
        for step in steps:
            visit.budget.spend()
            if isinstance(step, SourceError):
                raise step
            yield step

    module.things = things  # type: ignore[attr-defined]


def test_a_visit_that_came_to_its_end_is_complete_and_moves_the_cursor(toy: ModuleType, home: Settings) -> None:
    """What came, what the source said there was, and what it cost, all in the ledger's words."""
    _yields(toy, _page(1, 2), _page(2))
    (result,) = _run(home)
    outcome = result.outcomes["things"]

    assert (outcome.state, outcome.rows, outcome.expected, outcome.requests) == ("complete", 3, 9, 2)
    assert _cursor(home) == {"after": 2}


@pytest.mark.parametrize(
    ("end", "state"),
    [
        (BudgetSpent("the budget is used up"), "partial"),
        (Retriable("503, 4 times"), "failed"),
        (Fatal("401: GITHUB_TOKEN"), "failed"),
    ],
)
def test_what_came_before_the_end_is_kept_and_a_resumable_visit_goes_on_from_there(
    toy: ModuleType, home: Settings, end: SourceError, state: str
) -> None:
    """A token that expires after page one must not cost page one."""
    _yields(toy, _page(1, 2), end)
    (result,) = _run(home)
    zone = open_zone(home.landing_url)

    assert (result.outcomes["things"].state, result.outcomes["things"].error) == (state, str(end))
    assert read_landed(zone, list_landed(zone)[0])[1].num_rows == 2
    assert _cursor(home) == {"after": 1}


def test_a_newest_first_visit_that_broke_off_does_not_move_the_cursor(toy: ModuleType, home: Settings) -> None:
    """Going on from the newest row would leave the hole behind it for ever."""
    toy.STREAMS = {"things": Stream()}  # type: ignore[attr-defined]
    _yields(toy, _page(5), Retriable("broke off"))
    _run(home)

    assert _cursor(home) is None


def test_an_answer_with_nothing_in_it_is_an_error_unless_the_source_says_that_it_is_normal(
    toy: ModuleType, home: Settings
) -> None:
    """200 with an empty page is how a changed layout looks."""
    _yields(toy, Page([], {"after": 1}))
    assert _run(home)[0].outcomes["things"].state == "failed"
    assert _cursor(home) is None

    toy.STREAMS = {"things": Stream(empty_is_normal=True)}  # type: ignore[attr-defined]
    assert _run(home)[0].outcomes["things"].state == "complete"


def test_unchanged_is_a_success_that_lands_no_row(toy: ModuleType, home: Settings) -> None:
    """A 304 moves the as-of time and nothing else."""
    _yields(toy, Page([], {"etag": "x"}, is_unchanged=True))
    (result,) = _run(home)

    assert (result.outcomes["things"].state, result.was_reached, result.rows) == ("unchanged", True, 0)


def test_a_missing_token_is_named_and_nothing_is_asked(toy: ModuleType, home: Settings) -> None:
    """The others go on; the reader learns which variable to set."""
    toy.STREAMS = {"things": Stream(needs=("GITHUB_TOKEN",))}  # type: ignore[attr-defined]
    _yields(toy, Fatal("must not be asked"))
    outcome = _run(home)[0].outcomes["things"]

    assert (outcome.state, outcome.error, outcome.requests) == ("skipped", "needs GITHUB_TOKEN", 0)


def test_a_long_visit_is_landed_part_by_part_and_every_row_counts_once(
    toy: ModuleType, home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A part is whole as soon as it is landed; the run's rows are the sum of its parts."""
    monkeypatch.setattr("warehouse.landing.ROWS_PER_PART", 2)
    _yields(toy, _page(1, 2), _page(2, 2), _page(3, 1))
    (result,) = _run(home)
    assert result.rows == 5
    zone = open_zone(home.landing_url)
    slips = [read_landed(zone, path)[0] for path in list_landed(zone)]

    ends = [slip.outcomes["things"] for slip in slips]
    assert [(slip.part, slip.is_last) for slip in slips] == [(0, False), (1, False), (2, True)]
    assert [(end["state"], end["fault"], end["rows"]) for end in ends] == [
        ("partial", "interrupted", 2), ("partial", "interrupted", 2), ("complete", "none", 1),
    ]  # fmt: skip
    assert [slip.cursors["things"] for slip in slips] == [{"after": 1}, {"after": 2}, {"after": 3}]


def test_rows_of_a_second_thing_land_beside_those_asked_for(toy: ModuleType, home: Settings) -> None:
    """Comments come with their issues; only issues count against what the source expected."""
    rows = [Row("1", NOW, {}), Row("7", NOW, {}, "comments")]
    _yields(toy, Page(rows, {"after": 1}, expected=1))
    (result,) = _run(home)
    zone = open_zone(home.landing_url)

    assert result.outcomes["things"].rows == 1
    assert read_landed(zone, list_landed(zone)[0])[1].column("thing").to_pylist() == ["comments", "things"]


def test_a_bug_in_one_source_is_named_by_its_place_and_the_other_channels_go_on(
    toy: ModuleType, home: Settings
) -> None:
    """What nobody foresaw must be seen, cost only its own channel, and repeat nothing that came from outside."""

    def things(visit: Visit) -> Iterator[Page]:
        if visit.channel.target == "one":
            raise KeyError("CANARY")
        yield _page(1)

    toy.things = things  # type: ignore[attr-defined]
    outcomes = {result.channel.target: result.outcomes["things"] for result in _run(home, "one", "two")}

    assert (outcomes["one"].state, outcomes["two"].state) == ("failed", "complete")
    assert outcomes["one"].error.startswith("KeyError at test_collect.py:")
    assert "CANARY" not in outcomes["one"].error


def test_an_allowance_that_is_used_up_is_not_asked_of_again_in_this_run(toy: ModuleType, home: Settings) -> None:
    """Forty channels of one token must not each ask; what needs no token goes on."""
    asked = []

    def things(visit: Visit) -> Iterator[Page]:
        asked.append(f"things of {visit.channel.target}")
        raise AllowanceSpent("used up until 17:00")
        yield

    def free(visit: Visit) -> Iterator[Page]:
        asked.append(f"free of {visit.channel.target}")
        yield _page(1)

    toy.STREAMS = {"things": Stream(needs=("GITHUB_TOKEN",)), "free": Stream()}  # type: ignore[attr-defined]
    toy.things, toy.free, toy.BASE_URL = things, free, "https://toy.test"  # type: ignore[attr-defined]
    results = _run(home.model_copy(update={"github_token": SecretStr("x")}), "one", "two", "three")

    assert asked == ["things of one", "free of one", "free of two", "free of three"]
    assert {(result.outcomes["things"].state, result.outcomes["things"].error) for result in results} == {
        ("partial", "used up until 17:00")
    }


def test_the_first_thing_does_not_use_up_what_the_others_need(toy: ModuleType, home: Settings) -> None:
    """Ten requests and three things: each has its share of what the ones before it left."""
    spent: dict[str, int] = {}

    def greedy(name: str, most: int) -> Callable[[Visit], Iterator[Page]]:
        def pages(visit: Visit) -> Iterator[Page]:
            for number in range(most):
                visit.budget.spend()
                spent[name] = spent.get(name, 0) + 1
                yield _page(number)

        return pages

    toy.STREAMS = {name: Stream() for name in ("one", "two", "three")}  # type: ignore[attr-defined]
    toy.one, toy.two, toy.three = greedy("one", 99), greedy("two", 1), greedy("three", 99)  # type: ignore[attr-defined]
    (result,) = _run(home)

    assert spent == {"one": 4, "two": 1, "three": 5}
    assert [outcome.state for outcome in result.outcomes.values()] == ["partial", "complete", "partial"]


def test_what_was_cut_short_by_its_share_goes_on_with_what_the_others_left(toy: ModuleType, home: Settings) -> None:
    """Ten requests: one thing needs eight of them, another two; both come to their end, from the kept cursor and not
    again."""

    def needs(most: int) -> Callable[[Visit], Iterator[Page]]:
        def pages(visit: Visit) -> Iterator[Page]:
            for number in range(visit.cursor.get("after", 0), most):
                visit.budget.spend()
                yield Page([Row(str(number), NOW, {})], {"after": number + 1})

        return pages

    toy.STREAMS = {name: Stream(resumable=True, empty_is_normal=True) for name in ("one", "two")}  # type: ignore[attr-defined]
    toy.one, toy.two = needs(8), needs(2)  # type: ignore[attr-defined]
    (result,) = _run(home)
    one, two = result.outcomes["one"], result.outcomes["two"]

    assert [(outcome.state, outcome.rows, outcome.requests, outcome.error) for outcome in (one, two)] == [
        ("complete", 8, 8, ""), ("complete", 2, 2, ""),
    ]  # fmt: skip
    zone = open_zone(home.landing_url)
    assert read_landed(zone, list_landed(zone)[0])[0].outcomes["one"]["rows"] == 8


def test_what_was_passed_over_is_named_and_the_visit_is_complete(toy: ModuleType, home: Settings) -> None:
    """Five by name, and how many more."""
    _yields(toy, Page([Row("1", NOW, {})], {"after": 1}, skipped=tuple(f"issue {n}" for n in range(7))))
    outcome = _run(home)[0].outcomes["things"]

    assert outcome.state == "complete"
    assert outcome.error == (
        "could not be read, so missing from the figures: issue 0, issue 1, issue 2, issue 3, issue 4 and 2 more; "
        "the rest was read"
    )


@given(st.lists(st.tuples(st.sampled_from(["github", "status", "changelog"]), st.integers(0, 40)), max_size=300))
def test_one_host_is_never_in_more_queues_than_it_may_be_asked_at_once(drawn: list[tuple[str, int]]) -> None:
    """Two hundred channels and more: none lost, none twice, the long ones first."""
    channels = [
        Channel(source=source, target=f"{place}/x", role="sdk", family="fam", base_url=f"https://host{host}.test")
        for place, (source, host) in enumerate(drawn)
    ]
    found = make_queues(channels)

    assert sorted(one.id for queue in found for one in queue) == sorted(one.id for one in channels)
    assert [len(queue) for queue in found] == sorted((len(queue) for queue in found), reverse=True)
    for source, host in set(drawn):
        lanes = [
            queue
            for queue in found
            if any((one.source, one.base_url) == (source, f"https://host{host}.test") for one in queue)
        ]
        assert len(lanes) <= PARALLEL.get(source, 1)
