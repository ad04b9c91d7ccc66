"""When the schedule runs a source next, in how many tasks, and how a run ends."""

from datetime import timedelta
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from pipelines.attempts import record_attempt
from pipelines.catalog.entries import Channel
from pipelines.catalog.reader import SHIPPED, read_catalog
from warehouse.attempts.amounts import Use
from warehouse.attempts.entries import AttemptKind, AttemptState
from warehouse.faults import Fault
from warehouse.landing import open_writer, open_zone
from warehouse.settings import Settings

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def flows() -> ModuleType:
    """The flows, imported where they are needed: Prefect takes seconds."""
    from pipelines import flows

    return flows


def test_each_source_runs_when_its_first_channel_is_due_and_the_full_build_once_a_night(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that was restarted more often than the cadence never collected: each start began the wait anew."""
    from pipelines import planner

    own = Settings(HEARTBEAT_HOME=tmp_path, _env_file=None)
    zone, now = open_zone(own.landing_url), own.clock()
    due = planner.find_next_runs(own, now)
    assert set(due.values()) - {due["nightly"]} == {now}
    for channel in (one for one in read_catalog([SHIPPED]).channels if one.source == "packages"):
        open_writer(zone, channel.id, "packages", now - timedelta(hours=22)).finish(now)
    waits = {name: at - now for name, at in planner.find_next_runs(own, now).items()}

    # A cadence of 24 hours, and its jitter: from 72 to 144 minutes.
    assert timedelta(hours=3) < waits["packages"] < timedelta(hours=4)
    assert {waits[name] for name in ("github", "status", "reddit")} == {timedelta()}
    short = own.model_copy(update={"budgets": "status.day.requests=25"})
    with record_attempt(own, AttemptKind.COLLECT) as attempt:
        attempt.note_use("fam.status.page", Use(6))
    midnight = planner.find_next_runs(short, now)["status"]
    assert timedelta() < midnight - now <= timedelta(days=1) and (midnight.hour, midnight.minute) == (0, 0)
    with record_attempt(own, AttemptKind.BUILD, is_full=True):
        pass
    with record_attempt(own, AttemptKind.BUILD):
        pass
    night = planner.find_next_runs(own, now + timedelta(days=3))["nightly"]
    assert timedelta() < night - now <= timedelta(days=1), "what was missed is made up for once"
    assert (night.hour, night.minute) == (3, 17)


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
