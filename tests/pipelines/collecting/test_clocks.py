"""Wrong clocks: a run under one lands nothing, what one has landed is not loaded, and no zone changes anything."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import http_date

from pipelines import steps
from pipelines.catalog.entries import Channel
from pipelines.collecting import planning
from pipelines.collecting import run as collecting
from pipelines.collecting.due import PastVisits, find_due_time
from pipelines.collecting.run import ClockError, collect_plan
from pipelines.http.clock import TOLERANCE, ClockWatch
from pipelines.http.errors import WrongClock
from tests.upstream.emulator import NOW, Upstream
from tests.upstream.faults import Real
from tests.upstream.messages import Request, Response
from warehouse.faults import Fault
from warehouse.landing import list_landed, open_zone, read_last_visits
from warehouse.settings import Settings

CHANNELS = (
    Channel(source="github", target="acme/kit", role="sdk", family="kit"),
    Channel(source="packages", target="kit", role="packages", family="kit"),
    Channel(source="huggingface", target="acme", role="hub", family="kit", models=("acme/Kit-7B",)),
)
AHEAD = datetime(2031, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def up() -> Iterator[Upstream]:
    """A small world."""
    with Upstream(CHANNELS, seed=3, threads=60) as running:
        yield running


@pytest.fixture(scope="module")
def catalog(up: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return up.catalog(tmp_path_factory.mktemp("catalog"))


def _settings(home: Path, catalog: Path, now: datetime) -> Settings:
    return Settings(
        HEARTBEAT_HOME=home, HEARTBEAT_CATALOG=catalog, HEARTBEAT_CATALOG_ONLY=True, HEARTBEAT_NOW=now,
        HEARTBEAT_ALLOW_PRIVATE_HOSTS="127.0.0.1", GITHUB_TOKEN="good", HEARTBEAT_PEOPLE_KEY="the same for both homes",
        _env_file=None,
    )  # fmt: skip


def _collect(settings: Settings) -> None:
    """Collects as the command does."""
    collect_plan(planning.make_plan(settings, planning.open_catalog(settings)), settings)


def _without_date(request: Request, real: Real) -> Response:
    return real().plus(date="")


@pytest.mark.parametrize("off", [timedelta(days=1500), timedelta(days=-3000), timedelta(hours=3), timedelta(hours=-3)])
def test_a_run_under_a_wrong_clock_lands_nothing_and_names_both_times(
    up: Upstream, catalog: Path, tmp_path: Path, off: timedelta
) -> None:
    """Ahead or behind, by years or hours."""
    settings = _settings(tmp_path, catalog, NOW + off)
    with pytest.raises(ClockError) as refusal:
        _collect(settings)

    assert f"says {NOW + off:%Y-%m-%d %H:%M} UTC" in str(refusal.value)
    assert f"says {NOW:%Y-%m-%d %H:%M} UTC: nothing was landed" in str(refusal.value)
    assert list_landed(open_zone(settings.landing_url)) == []


def test_a_host_with_another_time_that_answers_first_costs_its_own_channels_only(
    up: Upstream, catalog: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of thirty channels seventeen were not visited; one host at a time, the others were none."""
    monkeypatch.setattr(collecting, "AT_ONCE", 1)
    monkeypatch.setattr(collecting, "PARALLEL", {})
    rule = up.fail("github", None, lambda _, real: real().plus(date=http_date(AHEAD)))
    settings = _settings(tmp_path, catalog, NOW)
    results = collect_plan(planning.make_plan(settings, planning.open_catalog(settings)), settings).results
    rule.stop()
    ends = {result.channel.source: list(result.outcomes.values()) for result in results}

    assert {end.fault for end in ends["github"]} == {Fault.CLOCK} and not any(end.rows for end in ends["github"])
    for source in ("packages", "huggingface"):
        assert {end.state for end in ends[source]} <= {"complete", "skipped"}, source
        assert any(end.rows for end in ends[source]) and Fault.CLOCK not in {end.fault for end in ends[source]}
    landed = {path.partition("/")[0] for path in list_landed(open_zone(settings.landing_url))}
    assert landed == {result.channel.id for result in results if result.channel.source != "github"}


@pytest.mark.parametrize(("hosts", "is_settled"), [(1, False), (2, False), (3, True)])
def test_several_hosts_settle_that_the_clock_is_wrong_and_one_that_agrees_unsettles_it(
    hosts: int, is_settled: bool
) -> None:
    """From then on no further channel is visited."""
    clock = ClockWatch()
    for number in range(hosts):
        with pytest.raises(WrongClock):
            clock.judge(f"host{number}.example", {"date": http_date(AHEAD)}, NOW)
    assert (clock.is_wrong, clock.is_settled) == (True, is_settled)
    clock.judge("good.example", {"date": http_date(NOW)}, NOW)
    assert not clock.is_wrong and not clock.is_settled


def test_what_landed_ahead_of_time_is_refused_by_name_and_the_figures_are_as_if_it_had_never_been(
    up: Upstream, catalog: Path, tmp_path: Path
) -> None:
    """Only hosts that state no time let a run go on under a wrong clock. The next run visits its channels again."""
    _collect(_settings(tmp_path, catalog, NOW))
    rule = up.fail("*", None, _without_date)
    _collect(_settings(tmp_path, catalog, AHEAD))
    rule.stop()
    settings = _settings(tmp_path, catalog, NOW)
    zone, read = open_zone(settings.landing_url), planning.open_catalog(settings)
    ahead = [path for path in list_landed(zone) if "-2031" in path]
    result = steps.refresh_warehouse(settings, read)
    connection = duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True)

    assert len(ahead) == len(CHANNELS) and len(result.loaded.refused) == len(ahead)
    assert all("set this machine's clock, or delete the file" in words for words in result.loaded.refused)
    assert connection.sql("select max(seen_at) from raw.packages__downloads").fetchall() == [
        (NOW.replace(tzinfo=None),)
    ]
    visits = PastVisits(read_last_visits(zone))
    assert [find_due_time(channel, visits, NOW) for channel in read.channels] == [NOW] * len(CHANNELS)


@given(st.integers(-10_000_000, 10_000_000), st.integers(0, 100_000), st.booleans())
def test_a_clock_is_wrong_by_an_hour_or_not_at_all(off: int, age: int, is_late: bool) -> None:
    """An answer from a cache is as old as it says; once one host agrees, the others are wrong."""
    clock, stated = ClockWatch(), NOW - timedelta(seconds=off + age)
    headers = {"date": http_date(stated), "age": str(age)}
    if is_late:
        clock.judge("good.example", {"date": http_date(NOW)}, NOW)
    is_refused = abs(timedelta(seconds=off)) > TOLERANCE and not is_late
    try:
        clock.judge("odd.example", headers, NOW)
    except WrongClock:
        assert is_refused
    else:
        assert not is_refused
    assert clock.is_wrong == is_refused
