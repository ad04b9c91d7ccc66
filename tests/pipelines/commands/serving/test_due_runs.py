"""When the schedule runs a source next, in how many tasks, and how a run ends."""

from datetime import timedelta
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from pipelines.catalog.entries import Channel
from pipelines.catalog.reader import SHIPPED, read_catalog
from warehouse.attempts.entries import AttemptState
from warehouse.faults import Fault
from warehouse.settings import Settings

pytestmark = [pytest.mark.slow, pytest.mark.rests_on("analytics", "pipelines", "warehouse")]


@pytest.fixture(scope="module")
def flows() -> ModuleType:
    """The flows, imported where they are needed: Prefect takes seconds."""
    from pipelines import flows

    return flows


def test_each_source_starts_a_few_times_within_its_shortest_cadence_and_the_full_build_each_night(
    tmp_path: Path,
) -> None:
    """No channel waits much longer than its cadence."""
    from pipelines import deployments

    own = Settings(HEARTBEAT_HOME=tmp_path, _env_file=None)
    intervals = deployments.find_intervals(own)
    assert (intervals["status"], intervals["packages"]) == (timedelta(minutes=15), timedelta(hours=1))
    listed = {one.name: one for one in deployments.list_deployments(own)}
    assert set(listed) == {*intervals, "nightly"}
    assert listed["status"].parameters == {"source": "status"} and listed["nightly"].parameters == {"full": True}
    assert [one.concurrency_limit for one in listed.values()] == [1] * len(listed)
    (schedule,) = listed["status"].schedules
    assert getattr(schedule.schedule, "interval", None) == intervals["status"]


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
