"""The cost model: what `DECISIONS.md` says of a month is what it computes today, and what was seen agrees with it."""

import re

import pytest

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.catalog.reader import SHIPPED, Catalog, read_catalog
from tests.tools.costs import growth, visits
from tests.tools.costs.__main__ import DOCUMENT, TABLE, make_table, print_number
from tests.tools.costs.fleets import ASSUMED, make_fleets
from tests.tools.costs.limits import find_shares
from tests.tools.costs.months import add_costs, cost_build, cost_month
from tests.tools.costs.visits import MEASURED, VisitCost, cost_repository, cost_visit, count_pages
from tests.upstream.catalogs import few

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
TURNS, SEEN_REQUESTS, SEEN_BYTES, SEEN_ROWS = 14, 2_227, 3.3e6, 48_698 / 12
SEEN_COLLECT, SEEN_BUILD = 3.6, 15.5
"""Month 12 of the simulated year: 34 channels, all visited in each turn, in a world of a hundred threads. The rows are
the year's mean, CPU is in seconds a turn."""
SINCE = {"anthropics/anthropic-sdk-go", "anthropics/anthropic-sdk-java", "anthropics/claude-agent-sdk-python"}
"""Repositories that the catalog has had since that year was simulated."""


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """The shipped one."""
    return read_catalog([SHIPPED])


@pytest.fixture
def year(catalog: Catalog) -> tuple[Channel, ...]:
    """The channels of the simulated year."""
    channels = tuple(one for one in few(catalog, "gemma", "claude").channels if one.target not in SINCE)
    assert len(channels) == 34
    return channels


@pytest.fixture
def quiet_turn(year: tuple[Channel, ...], monkeypatch: pytest.MonkeyPatch) -> VisitCost:
    """One visit of each channel of the simulated year, where hardly anybody writes."""
    monkeypatch.setitem(visits.GUESSED, "threads_a_day", dict.fromkeys(ASSUMED["assumed"]["threads_a_day"], 0.1))
    monkeypatch.setitem(visits.GUESSED, "threads_a_visit", {})
    return add_costs(cost_visit(channel) for channel in year if channel.enabled)


def test_the_table_in_the_decisions_is_still_true(catalog: Catalog) -> None:
    """Within a quarter, so that a family more asks for no change of it; `python -m tests.tools.costs --write` renews
    it."""
    (found,) = TABLE.findall(DOCUMENT.read_text(encoding="utf-8"))
    today = make_table(make_fleets(catalog))

    assert NUMBER.sub("", found) == NUMBER.sub("", today)
    assert _read_numbers(found) == pytest.approx(_read_numbers(today), rel=0.25)


def test_the_plan_for_growth_is_what_is_extrapolated_today() -> None:
    """`python -m tests.tools.costs.growth --write` renews it."""
    (found,) = growth.TABLE.findall(DOCUMENT.read_text(encoding="utf-8"))

    assert found == growth.make_table()


def test_measured_sizes_are_extrapolated_to_themselves() -> None:
    """And what doubles with the threads doubles beyond."""
    for what in ("build_cpu", "warehouse_gigabytes"):
        told = [growth.extrapolate(what, threads) for threads in growth.GROWTH["threads"]]
        assert told == pytest.approx(growth.GROWTH[what])
    assert growth.extrapolate("build_cpu", 2e6) == pytest.approx(2 * 1020, rel=0.02)


def _read_numbers(table: str) -> list[float]:
    return [float(number.replace(",", "")) for number in NUMBER.findall(table)]


def test_requests_of_the_simulated_year_are_foretold(quiet_turn: VisitCost) -> None:
    """Within a tenth: each thing of each channel asks once, and each model twice."""
    assert TURNS * quiet_turn.requests == pytest.approx(SEEN_REQUESTS, rel=0.1)


def test_cpu_and_landed_bytes_of_the_simulated_year_are_foretold(
    year: tuple[Channel, ...], quiet_turn: VisitCost
) -> None:
    """Within a third."""
    cpu = MEASURED["collect_cpu_a_run"] + quiet_turn.requests * MEASURED["collect_cpu_a_request"]
    files = sum(MEASURED["bytes_a_visit"][channel.source] for channel in year)

    assert cpu == pytest.approx(SEEN_COLLECT, rel=1 / 3)
    assert cost_build(2, 600) == pytest.approx(SEEN_BUILD, rel=1 / 3)
    assert TURNS * files + SEEN_ROWS * MEASURED["bytes_a_row"] == pytest.approx(SEEN_BYTES, rel=1 / 3)


def test_a_quiet_repository_costs_a_request_a_thing_and_a_point() -> None:
    """As the table of sources measures it."""
    quiet = cost_repository(0.25, 0.0)

    assert quiet.requests == len(sources.get_streams("github")) - 1
    assert quiet.points == 1
    assert count_pages(0, 49) == 0
    assert count_pages(490, 49) == pytest.approx(11)


def test_every_channel_has_its_costs(catalog: Catalog) -> None:
    """A further source or role needs its line in `assumed.toml`."""
    for channel in catalog.channels:
        assert cost_visit(channel).requests >= 1
        assert MEASURED["bytes_a_visit"][channel.source] > 0


def test_the_hub_meets_the_budget_of_a_run_memory_and_disk_before_the_limit_of_the_hub(catalog: Catalog) -> None:
    """What stands in the way of a list of all models is ours."""
    *_, listed, each = make_fleets(catalog)
    taken = {one.limit for one in find_shares(listed, cost_month(listed)) if one.share > 1}
    beyond = {one.limit for one in find_shares(each, cost_month(each)) if one.share > 1}

    assert taken == {
        "our budget of a channel and run", "40 GB of disk, after a year", "4 GB of memory for one list",
    }  # fmt: skip
    assert beyond - taken == {
        "our budget of a day (huggingface)", "what the Hub answers in a day with HF_TOKEN",
        "what the Hub answers in a day without HF_TOKEN",
    }  # fmt: skip


def test_three_hundred_families_cost_what_they_add(catalog: Catalog) -> None:
    """Hosts and shared channels stay."""
    today, many, *_ = make_fleets(catalog)
    shared = {channel.id for channel, count in many.channels if count == 1.0}

    assert {channel.family for channel, _ in many.channels if channel.id in shared} == {"_shared"} | {
        one.id for one in catalog.families if one.side == "host" and one.channels
    }
    growth = ASSUMED["assumed"]["families"] / sum(one.side != "host" for one in catalog.families)
    assert 0.7 * growth < cost_month(many).total.points / cost_month(today).total.points < growth


def test_numbers_have_two_digits() -> None:
    """The model knows no more."""
    assert [print_number(one) for one in (123_456, 0.0567, 2.0, 9.96)] == ["120,000", "0.06", "2", "10"]
