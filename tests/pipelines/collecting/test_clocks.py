"""Wrong clocks: a run under one lands nothing, what one has landed can be taken back, and no zone changes anything."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import http_date

from pipelines import sources, steps
from pipelines.catalog.entries import Channel
from pipelines.collecting import planning
from pipelines.collecting import run as collecting
from pipelines.collecting.clock import ClockError, is_doubted, void_outcomes
from pipelines.collecting.past import check_clock
from pipelines.collecting.run import Plan, collect_plan
from pipelines.contract import Page, Row, Stream, Visit
from pipelines.http.clock import TOLERANCE, ClockWatch
from pipelines.http.errors import WrongClock
from tests.faults.disk import Disk
from tests.upstream.emulator import NOW, Upstream
from tests.upstream.faults import Real, When, slow
from tests.upstream.messages import Request, Response
from warehouse.export import export_metrics
from warehouse.faults import Fault
from warehouse.landing import list_landed, open_zone, read_last_visits, read_newest_manifest
from warehouse.manifest import Outcome
from warehouse.settings import Settings
from warehouse.snapshot import read_current
from warehouse.withdrawn.names import read_taken_back, take_back

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


def _collect(settings: Settings) -> list[str]:
    """Collects as the command does; returns what was taken back."""
    plan = planning.make_plan(settings, planning.open_catalog(settings))
    taken_back = check_clock(plan, settings)
    collect_plan(plan, settings)
    return taken_back


def _export(settings: Settings) -> dict[str, bytes]:
    """Builds and publishes; returns the exports by name."""
    steps.refresh_warehouse(settings, planning.open_catalog(settings))
    snapshot = read_current(settings.home)
    assert snapshot is not None
    return {path.name: path.read_bytes() for path in export_metrics(snapshot, ["all"], settings.home / "out")}


def _without_date(request: Request, real: Real) -> Response:
    return real().plus(date="")


@pytest.mark.parametrize("keeps_names", [True, False])
def test_a_power_cut_leaves_a_whole_list_of_what_was_taken_back_or_none(tmp_path: Path, keeps_names: bool) -> None:
    """Its name could reach the disk before its content, and an empty list stopped every collect and build."""
    disk = Disk(tmp_path / "landing")
    with disk.watch():
        zone = open_zone(str(disk.root))
        take_back(zone.files, zone.root, ["kit.github.sdk/00000/00000000.parquet"], NOW)
    disk.leave(tmp_path / "left", keeps_names)

    assert read_taken_back(zone.files, str(tmp_path / "left")) == {"kit.github.sdk/00000/00000000.parquet"}


@pytest.mark.parametrize("off", [timedelta(days=1500), timedelta(days=-3000), timedelta(hours=3), timedelta(hours=-3)])
def test_a_run_under_a_wrong_clock_lands_nothing_and_names_both_times(
    up: Upstream, catalog: Path, tmp_path: Path, off: timedelta
) -> None:
    """Ahead or behind, by years or hours; also what landed before the first host stated the time does not count."""
    settings = _settings(tmp_path, catalog, NOW + off)
    rule = up.fail("packages", None, _without_date)
    with pytest.raises(ClockError) as refusal:
        _collect(settings)
    rule.stop()

    assert f"says {NOW + off:%Y-%m-%d %H:%M} UTC" in str(refusal.value)
    assert f"says {NOW:%Y-%m-%d %H:%M} UTC: nothing was landed; set the clock, or unset" in str(refusal.value)
    assert list_landed(open_zone(settings.landing_url)) == []


def test_a_host_with_another_time_that_answers_first_costs_its_own_channels_only(
    up: Upstream, catalog: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of thirty channels seventeen were not visited; one host at a time, the others were none."""
    monkeypatch.setattr(collecting, "AT_ONCE", 1)
    monkeypatch.setattr(collecting, "PARALLEL", {})
    rule = up.fail("github", None, lambda _, real: real().plus(date=http_date(AHEAD)))
    settings = _settings(tmp_path, catalog, NOW)
    results = collect_plan(planning.make_plan(settings, planning.open_catalog(settings)), settings)
    rule.stop()
    ends = {result.channel.source: list(result.outcomes.values()) for result in results}

    assert {end.fault for end in ends["github"]} == {Fault.CLOCK} and not any(end.rows for end in ends["github"])
    for source in ("packages", "huggingface"):
        assert {end.state for end in ends[source]} <= {"complete", "skipped"}, source
        assert any(end.rows for end in ends[source]) and Fault.CLOCK not in {end.fault for end in ends[source]}
    landed = {path.partition("/")[0] for path in list_landed(open_zone(settings.landing_url))}
    assert landed == {result.channel.id for result in results if result.channel.source != "github"}


def test_who_was_left_out_while_the_clock_was_in_doubt_is_visited_once_it_proves_right(tmp_path: Path) -> None:
    """One odd answer of a host must not cost all its channels a run; a visit that met the odd answer has failed."""
    packages = [Channel(source="packages", target=f"kit{n}", role="packages", family="kit") for n in range(5)]
    told: list[str] = []
    with Upstream([*packages, CHANNELS[2]], seed=3, threads=60) as up:
        settings = _settings(tmp_path / "home", up.catalog(tmp_path / "catalog"), NOW)
        up.fail("packages", When(nth=range(1, 2)), lambda _, real: real().plus(date=http_date(AHEAD)))
        up.fail("hub", None, slow(1.5))
        plan = planning.make_plan(settings, planning.open_catalog(settings))
        results = collect_plan(plan, settings, lambda result: told.append(result.channel.id))
    ends = [result.outcomes["downloads"] for result in results if result.channel.source == "packages"]
    odd = [(end.state, end.fault) for end in ends if end.state != "complete"]

    assert len(results) == 6 and odd == [("failed", Fault.CLOCK)]
    assert len(told) == 10 and set(told) == {result.channel.id for result in results}
    landed = {path.partition("/")[0] for path in list_landed(open_zone(settings.landing_url))}
    assert len(landed) == 5


@pytest.mark.parametrize(("hosts", "is_settled"), [(1, False), (2, False), (3, True)])
def test_several_hosts_settle_that_the_clock_is_wrong_and_one_that_agrees_unsettles_it(
    hosts: int, is_settled: bool
) -> None:
    """Until then only channels of hosts that stated another time are left out."""
    clock = ClockWatch()
    for number in range(hosts):
        with pytest.raises(WrongClock):
            clock.judge(f"host{number}.example", {"date": http_date(AHEAD)}, NOW)
    channels = [Channel(source="discourse", target=f"{name}.example", role="forum") for name in ("host0", "other")]
    assert (clock.is_wrong, clock.is_settled) == (True, is_settled)
    assert [is_doubted(clock, channel) for channel in channels] == [True, is_settled]
    clock.judge("good.example", {"date": http_date(NOW)}, NOW)
    assert not clock.is_wrong and not any(is_doubted(clock, channel) for channel in channels)


def test_what_a_visit_read_while_the_clock_was_in_doubt_is_not_told_as_kept() -> None:
    """Its file is discarded, so its rows do not count; what failed by itself keeps its reason."""
    read, failed = Outcome("complete", rows=5), Outcome("failed", error="404", fault=Fault.GONE)
    void_outcomes([read, failed], ClockWatch(trouble="this machine's clock says other"))
    assert (read.state, read.rows, read.fault) == ("failed", 0, Fault.CLOCK) and "clock says other" in read.error
    assert (failed.error, failed.fault) == ("404", Fault.GONE)


def test_a_run_behind_the_last_one_is_refused_before_anything_is_asked_for(
    up: Upstream, catalog: Path, tmp_path: Path
) -> None:
    """By the hosts' time where one states it; where none does, nobody knows who is right, and nothing moves."""
    _collect(_settings(tmp_path, catalog, NOW))
    behind = _settings(tmp_path, catalog, NOW - timedelta(days=365))
    landed = list_landed(open_zone(behind.landing_url))
    with pytest.raises(ClockError, match=r"the last run was at 2026-11-24 16:00 UTC, but .* says 2026-11-24 16:00 UTC"):
        _collect(behind)
    rule = up.fail("*", None, _without_date)
    with pytest.raises(ClockError, match="says 2025-11-24 16:00 UTC, and no host could be asked for the time: nothing"):
        _collect(behind)
    rule.stop()

    assert list_landed(open_zone(behind.landing_url)) == landed


def test_a_run_that_was_ahead_is_taken_back_by_name_and_the_figures_are_as_if_it_had_never_been(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Collected and built in 2031, in a process at the other end of the world, then under the right clock again."""
    with Upstream(CHANNELS, seed=5, threads=60) as up:
        folder = up.catalog(tmp_path / "catalog")
        homes = {name: tmp_path / name for name in ("undisturbed", "disturbed")}
        for home in homes.values():
            _collect(_settings(home, folder, NOW))
            up.forgive()
        monkeypatch.setenv("TZ", "Pacific/Apia")
        time.tzset()
        try:
            future = _settings(homes["disturbed"], folder, AHEAD)
            rule = up.fail("*", None, _without_date)
            _collect(future)
            rule.stop()
            spoilt = _export(future)
            up.forgive()
            up.world.advance(7)
            later = {name: _settings(home, folder, up.world.now) for name, home in homes.items()}
            taken_back = _collect(later["disturbed"])
            figures = {"disturbed": _export(later["disturbed"])}
        finally:
            monkeypatch.undo()
            time.tzset()
        up.forgive()
        assert _collect(later["undisturbed"]) == []
        figures["undisturbed"] = _export(later["undisturbed"])
    zone = open_zone(later["disturbed"].landing_url)

    assert len(taken_back) == len(CHANNELS) and all(
        (homes["disturbed"] / "landing" / path).exists() for path in taken_back
    )
    assert max(read_last_visits(zone).values()) == up.world.now and spoilt != figures["disturbed"]
    assert figures["disturbed"] == figures["undisturbed"]
    assert _collect(later["disturbed"]) == []


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


@pytest.mark.parametrize("headers", [{}, {"date": ""}, {"date": "yesterday"}, {"age": "5"}])
def test_a_host_that_states_no_time_says_nothing_about_the_clock(headers: dict[str, str]) -> None:
    """Nothing is refused on a guess."""
    clock = ClockWatch()
    clock.judge("plain.example", headers, AHEAD)
    assert (clock.is_wrong, clock.is_vouched) == (False, False)


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Apia", "Asia/Kolkata", "America/New_York"])
def test_neither_the_zone_of_the_process_nor_a_step_of_the_clock_changes_what_is_landed(
    zone: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock is set back by ten minutes in the middle of a run, in the hour that New York has twice."""
    moments = iter(datetime(2026, 11, 1, 6, 5, tzinfo=UTC) - timedelta(minutes=10 * step) for step in range(100))
    monkeypatch.setattr(Settings, "clock", lambda self: next(moments))

    def things(visit: Visit) -> Iterator[Page]:
        yield Page([Row("1", visit.now, {})], {"after": 1})

    module = ModuleType("toy")
    module.STREAMS = {"things": Stream("oldest-first", resumable=True)}  # type: ignore[attr-defined]
    module.things, module.BASE_URL = things, "https://toy.test"  # type: ignore[attr-defined]
    monkeypatch.setattr(sources, "load_source", lambda name: module)
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        channel = Channel(source="toy", target="one", role="sdk", family="fam")
        settings = Settings(HEARTBEAT_HOME=tmp_path, _env_file=None)
        (result,) = collect_plan(Plan((channel,), NOW, 10), settings)
        manifest = read_newest_manifest(open_zone(settings.landing_url), channel.id)
    finally:
        monkeypatch.undo()
        time.tzset()

    assert result.outcomes["things"].state == "complete" and manifest is not None
    assert (manifest.started_at, manifest.run_id[:16]) == ("2026-11-01T05:55:00+00:00", "20261101T055500Z")
