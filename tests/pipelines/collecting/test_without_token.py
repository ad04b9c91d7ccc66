"""A first run without a token: GitHub's 60 requests bring a figure for every family with a tracker, and no more."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pipelines.catalog.entries import Channel
from pipelines.catalog.reader import SHIPPED, Catalog, read_catalog
from pipelines.collecting import planning
from pipelines.collecting.queues import MOST_RESERVED, TRACKER_REQUESTS, find_turn, make_queues
from pipelines.collecting.run import ChannelResult, collect_plan
from tests.upstream import NOW, Upstream
from tests.upstream.catalogs import families_of
from warehouse.faults import Fault
from warehouse.landing import open_zone
from warehouse.settings import Settings

SOURCES = ("github", "changelog", "deprecations")


def _is_api(path: str) -> bool:
    return path.startswith(("/repos/", "/repositories/"))


def _count_api(up: Upstream) -> int:
    return sum(_is_api(record.path) for record in up.requests_to("github"))


def _settings(home: Path, folder: Path, **more: Any) -> Settings:
    values = {
        "HEARTBEAT_HOME": home, "HEARTBEAT_CATALOG": folder, "HEARTBEAT_CATALOG_ONLY": True, "HEARTBEAT_NOW": NOW,
        "HEARTBEAT_ALLOW_PRIVATE_HOSTS": "127.0.0.1", "GITHUB_TOKEN": "",
    }  # fmt: skip
    return Settings(**{**values, **more}, _env_file=None)


@pytest.fixture(scope="module")
def shipped() -> Catalog:
    """The shipped families, with what asks GitHub only."""
    catalog = read_catalog([SHIPPED])
    return Catalog(catalog.families, tuple(channel for channel in catalog.channels if channel.source in SOURCES))


@pytest.fixture(scope="module")
def up(shipped: Catalog) -> Iterator[Upstream]:
    with Upstream(shipped, seed=1, threads=4000) as running:
        yield running


@pytest.fixture(scope="module")
def home(up: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("without-token")
    return _settings(folder / "home", up.catalog(folder / "catalog"))


@pytest.fixture(scope="module")
def first(up: Upstream, home: Settings) -> list[ChannelResult]:
    """The first run, with the whole shipped catalog."""
    catalog = planning.open_catalog(home)
    return collect_plan(planning.make_plan(home, catalog), home).results


def _states(results: list[ChannelResult], thing: str) -> Counter[str]:
    return Counter(result.outcomes[thing].state for result in results if thing in result.outcomes)


def _list_read(results: list[ChannelResult], thing: str) -> set[str]:
    return {one.channel.id for one in results if thing in one.outcomes and one.outcomes[thing].rows}


def test_a_first_run_spends_sixty_requests_and_is_never_refused(up: Upstream, first: list[ChannelResult]) -> None:
    """Every release and every file comes beside them."""
    asked = [record for record in up.requests_to("github") if _is_api(record.path)]
    assert len(asked) == 60 and {record.status for record in asked} == {200}
    trackers = sum(result.channel.source == "github" for result in first)
    assert _states(first, "releases") == {"complete": trackers}
    assert not any("/git/blobs/" in record.path for record in asked)
    assert {fault for result in first for fault in (one.fault for one in result.outcomes.values())} <= {
        Fault.NONE, Fault.CREDENTIALS, Fault.BUDGET,
    }  # fmt: skip


def test_each_family_has_its_flagship_read_and_says_what_is_left_out(
    home: Settings, first: list[ChannelResult]
) -> None:
    """The first tracker of its file, in the order of the catalog as far as an hour goes."""
    flagships = planning.open_catalog(home).flagships
    in_time = min(len(flagships), MOST_RESERVED // TRACKER_REQUESTS)
    assert _list_read(first, "issues") == set(flagships[:in_time]) and in_time > 20
    assert {one.split(".")[0] for one in flagships[:8]} >= {"gpt", "claude", "gemini", "mistral-api"}
    outcome = next(one.outcomes["issues"] for one in first if one.channel.id in flagships)
    assert outcome.fault is Fault.CREDENTIALS and "needs GITHUB_TOKEN" in outcome.error


@pytest.mark.slow
def test_the_next_hours_bring_the_repositories_each_in_turn(
    up: Upstream, home: Settings, first: list[ChannelResult]
) -> None:
    """Trackers are read twice a day; what has waited longest comes first, flagships before all others."""
    flagships, issues = set(planning.open_catalog(home).flagships), _list_read(first, "issues")
    read = {
        one.channel.id for one in first if one.outcomes.get("repositories", None) and one.outcomes["repositories"].rows
    }
    for hour in range(4):
        up.world.advance(1)
        up.forget()
        later = home.model_copy(update={"now": up.world.clock.at()})
        results = collect_plan(planning.make_plan(later, planning.open_catalog(later), source="github"), later).results
        assert _count_api(up) <= 60
        read |= _list_read(results, "repositories")
        issues |= _list_read(results, "issues")
        assert hour or issues == flagships
    assert read == {result.channel.id for result in first if result.channel.source == "github"}


def test_what_answers_without_a_token_starts_first(home: Settings, tmp_path: Path) -> None:
    """GitHub's requests are spent by one queue, the last; with a token they are spread over three."""
    trackers = [Channel(source="github", target=f"o/r{number}", role="sdk", family="gpt") for number in range(9)]
    tag = Channel(source="stackexchange", target="stackoverflow", role="tag", family="gpt", sections=("openai",))
    catalog = families_of((*trackers, tag))
    zone = open_zone(str(tmp_path / "landing"))
    *others, last = make_queues(catalog.channels, partial(find_turn, flagships=["gpt.github.o-r4"], zone=zone))
    assert [queue[0].source for queue in others] == ["stackexchange"] and last[0].target == "o/r4" and len(last) == 9
    assert len(make_queues(catalog.channels)) == 4
