"""Deadlines: a host that hangs costs a run two time-outs, and a run that takes too long leaves the rest to the next."""

import io
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import ModuleType

import pytest
from rich.console import Console

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.collecting import planning
from pipelines.collecting import run as collecting
from pipelines.collecting.run import Plan, collect_plan
from pipelines.commands.progress import collect_with_progress
from pipelines.contract import Page, Row, Stream, Visit
from pipelines.http.client import Http
from tests.upstream.emulator import NOW, Upstream
from tests.upstream.faults import hang
from warehouse.faults import Fault
from warehouse.landing import list_landed, open_zone
from warehouse.settings import Settings

GITHUB = tuple(Channel(source="github", target=f"acme/kit{n}", role="sdk", family="kit") for n in range(19))
PACKAGE = Channel(source="packages", target="kit", role="packages", family="kit")


def test_a_host_that_hangs_costs_a_run_two_time_outs_and_the_next_run_reads_it_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nineteen channels used to wait ten time-outs each, half an hour in all; here 30 s are half a second."""
    monkeypatch.setattr(collecting, "Http", partial(Http, deadline_seconds=0.5))
    with Upstream([*GITHUB, PACKAGE], seed=3, threads=60) as up:
        settings = Settings(
            HEARTBEAT_HOME=tmp_path / "home", HEARTBEAT_CATALOG=up.catalog(tmp_path / "catalog"), HEARTBEAT_NOW=NOW,
            HEARTBEAT_CATALOG_ONLY=True, HEARTBEAT_ALLOW_PRIVATE_HOSTS="127.0.0.1", GITHUB_TOKEN="good", _env_file=None,
        )  # fmt: skip
        plan = planning.make_plan(settings, planning.open_catalog(settings))
        rule, began = up.fail("github", None, hang()), time.monotonic()
        first = collect_plan(plan, settings).results
        seconds, requests = time.monotonic() - began, rule.fitted
        rule.stop()
        monkeypatch.setattr(collecting, "Http", Http)
        second = collect_plan(plan, settings).results
    hung = [outcome for result in first for outcome in result.outcomes.values() if result.channel.source == "github"]

    # Two time-outs, and the pause between them; with time-outs of 30 s that is a minute.
    assert (requests, seconds < 10) == (2, True)
    assert {outcome.state for outcome in hung} == {"failed"}
    assert {outcome.fault for outcome in hung} == {Fault.TIMED_OUT, Fault.UNREACHABLE}
    assert [result.was_reached for result in first] == [result.channel.source == "packages" for result in first]
    # The packages were read today, and are not asked again.
    assert all(result.outcomes["issues"].rows for result in second if result.channel.source == "github")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The targets of a source that takes a tenth of a second for each channel, in the order of their visits."""
    seen: list[str] = []

    def things(visit: Visit) -> Iterator[Page]:
        seen.append(visit.channel.target)
        time.sleep(0.1)
        yield Page([Row("1", NOW, {})], {"after": 1})

    module = ModuleType("toy")
    module.STREAMS = {"things": Stream(resumable=True)}  # type: ignore[attr-defined]
    module.things, module.BASE_URL = things, "https://toy.test"  # type: ignore[attr-defined]
    monkeypatch.setattr(sources, "load_source", lambda name: module)
    return seen


def test_a_run_past_its_deadline_names_who_was_not_visited_and_the_next_begins_with_them(
    asked: list[str], tmp_path: Path
) -> None:
    """What landed stays; no channel is skipped twice."""
    targets = [f"t{n}" for n in range(6)]
    channels = tuple(Channel(source="toy", target=target, role="sdk", family="fam") for target in targets)
    settings = Settings(HEARTBEAT_HOME=tmp_path, HEARTBEAT_NOW=NOW, HEARTBEAT_RUN_MINUTES=0.15 / 60, _env_file=None)
    console = Console(file=io.StringIO(), width=400)
    collect_with_progress(console, Plan(channels, NOW, 10), settings)
    visited, said = list(asked), console.file.getvalue()  # type: ignore[attr-defined]
    left = targets[len(visited) :]
    asked.clear()
    collect_plan(Plan(channels, NOW, 10), settings.model_copy(update={"run_minutes": 1}))

    assert visited == targets[: len(visited)] and 1 <= len(visited) < 6
    assert "not visited, as the run's 0.0025 minutes (HEARTBEAT_RUN_MINUTES) were over; the next run begins" in said
    assert f"things of {left[0]}" in said and f"{len(left)} skipped" in said
    assert len(list_landed(open_zone(settings.landing_url))) == len(visited) + 6
    assert asked == left + visited


def test_a_visit_that_outlasts_its_run_ends_with_it_and_the_next_resumes(
    asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each page renewed its patience, so that one channel could hold a run for hours; what landed stays."""

    def things(visit: Visit) -> Iterator[Page]:
        for number in range(visit.cursor.get("after", 0) + 1, 1000):
            visit.http.patience.limit(30)
            asked.append(str(number))
            time.sleep(0.05)
            yield Page([Row(str(number), NOW, {})], {"after": number})

    monkeypatch.setattr(sources.load_source("toy"), "things", things)
    plan = Plan((Channel(source="toy", target="one", role="sdk", family="fam"),), NOW, 10)
    settings = Settings(HEARTBEAT_HOME=tmp_path, HEARTBEAT_NOW=NOW, HEARTBEAT_RUN_MINUTES=0.3 / 60, _env_file=None)
    (first,), (second,) = collect_plan(plan, settings).results, collect_plan(plan, settings).results
    rows = [result.outcomes["things"].rows for result in (first, second)]

    assert {(end.state, end.fault) for result in (first, second) for end in result.outcomes.values()} == {
        ("partial", Fault.TIMED_OUT)
    }
    assert "the run's 0.005 minutes (HEARTBEAT_RUN_MINUTES) are over" in first.outcomes["things"].error
    assert all(1 <= number <= 8 for number in rows) and asked == [str(number + 1) for number in range(sum(rows))]
