"""When the schedule runs a source next, in how many tasks, and how a run ends."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from pipelines.catalog.entries import Channel
from pipelines.catalog.reader import SHIPPED, read_catalog
from warehouse.attempts.entries import AttemptState
from warehouse.faults import Fault
from warehouse.landing import open_writer, open_zone

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)
pytestmark = [pytest.mark.slow, pytest.mark.rests_on("analytics", "pipelines", "warehouse")]


@pytest.fixture(scope="module")
def flows() -> ModuleType:
    """The flows, imported where they are needed: Prefect takes seconds."""
    from pipelines import flows

    return flows


def test_a_restart_puts_no_source_off(flows: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that was restarted more often than the cadence never collected: each start began the wait anew."""
    monkeypatch.setenv("HEARTBEAT_HOME", str(tmp_path))
    monkeypatch.delenv("HEARTBEAT_LANDING", raising=False)
    served: list[Any] = []
    now, zone = datetime.now(UTC), open_zone(str(tmp_path / "landing"))
    for channel_id, hours in (("gpt.github.acme-kit", 30), ("gpt.packages.kit", 5), ("gpt.packages.kit-cli", 2)):
        open_writer(zone, channel_id, channel_id.split(".")[1], now - timedelta(hours=hours)).finish(now)
    monkeypatch.setattr(flows, "serve", lambda *deployments, **_: served.extend(deployments))
    flows.serve_deployments()
    plans = {deployment.name: deployment.schedules[0].schedule for deployment in served}
    waits = {name: plan.anchor_date - now for name, plan in plans.items() if name != "nightly"}
    rest = plans["packages"].interval - timedelta(hours=2)

    assert abs(waits.pop("packages") - rest) < timedelta(seconds=30)
    assert waits and all(timedelta() < wait < timedelta(minutes=2) for wait in waits.values())


@pytest.mark.parametrize(
    ("state", "type_", "name"),
    [
        (AttemptState.NOTHING, "FAILED", "Nothing came"),
        (AttemptState.PARTIAL, "COMPLETED", "Partial"),
        (AttemptState.DONE, "COMPLETED", "Completed"),
    ],
)
def test_a_run_in_which_nothing_came_has_failed_in_prefect_too(
    flows: ModuleType, state: AttemptState, type_: str, name: str
) -> None:
    """One in which every channel was refused was "Completed"."""
    attempt = SimpleNamespace(state=state, fault=Fault.DENIED, result="0 of 4 channels came whole")
    made = flows.make_state(attempt)

    assert (made.type.value, made.name, made.message) == (type_, name, "0 of 4 channels came whole: denied")


@pytest.mark.parametrize(
    ("last_visit", "minutes"), [(None, 1), (-600, 1), (-359, 1), (-100, 260), (0, 360), (10_000, 360)]
)
def test_a_source_is_due_a_cadence_after_its_last_visit_at_the_latest(
    flows: ModuleType, last_visit: int | None, minutes: int
) -> None:
    """Overdue or never visited, at once; a visit of the future puts nothing off beyond a cadence."""
    visited = None if last_visit is None else NOW + timedelta(minutes=last_visit)

    assert flows.find_next_run(timedelta(hours=6), visited, NOW) == NOW + timedelta(minutes=minutes)


def _channels_of(hosts: dict[str, int]) -> list[Channel]:
    return [
        Channel(source="github", target=f"{host}/kit{n}", role="sdk", family="fam", base_url=f"https://{host}.example")
        for host, count in hosts.items()
        for n in range(count)
    ]


@pytest.mark.parametrize(
    ("hosts", "tasks"),
    [
        ({"a": 5}, 5),
        ({"a": 200}, 90),
        ({"a": 60, **{f"s{n}": 1 for n in range(60)}}, 90),
        ({f"s{n}": 1 for n in range(150)}, 90),
    ],
)
def test_a_flow_run_has_a_task_a_channel_as_long_as_these_are_not_too_many(
    flows: ModuleType, hosts: dict[str, int], tasks: int
) -> None:
    """Beyond a hundred they are grouped: none lost, none twice, and no host in more lanes than it may be asked at
    once."""
    channels = _channels_of(hosts)
    lanes = flows.group_channels(channels)
    visited = [channel for lane in lanes for group in lane for channel in group]

    assert sorted(one.id for one in visited) == sorted(one.id for one in channels)
    assert tasks // 2 < sum(len(lane) for lane in lanes) <= tasks
    for host in hosts:
        assert (
            sum(any(one.base_url == f"https://{host}.example" for group in lane for one in group) for lane in lanes)
            <= 3
        )


def test_the_whole_catalog_is_collected_in_fewer_than_a_hundred_tasks_with_a_row_a_channel_and_thing(
    flows: ModuleType,
) -> None:
    """As it is shipped."""
    channels = [one for one in read_catalog([SHIPPED]).channels if one.enabled]
    assert sum(len(lane) for lane in flows.group_channels(channels)) <= flows.MOST_TASKS < 100
