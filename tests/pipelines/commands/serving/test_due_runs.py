"""When the schedule runs a source next, in how many tasks, and how a run ends."""

from datetime import timedelta
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from pipelines.attempts import record_attempt
from warehouse.attempts.entries import AttemptKind, AttemptState
from warehouse.faults import Fault
from warehouse.settings import Settings

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def flows() -> ModuleType:
    """The flows, imported if they are needed: Prefect takes seconds."""
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
    schedules = listed["status"].schedules
    assert schedules and getattr(schedules[0].schedule, "interval", None) == intervals["status"]


def test_a_machine_that_is_off_at_night_builds_everything_when_it_starts(tmp_path: Path) -> None:
    """The night is made up for once."""
    from pipelines import deployments

    own = Settings(HEARTBEAT_HOME=tmp_path, _env_file=None)
    tomorrow = own.model_copy(update={"now": own.clock() + timedelta(hours=25)})
    assert not deployments.is_night_missed(tomorrow), "nothing was built yet"
    with record_attempt(own, AttemptKind.BUILD):
        pass
    assert (deployments.is_night_missed(own), deployments.is_night_missed(tomorrow)) == (False, True)
    with record_attempt(tomorrow, AttemptKind.BUILD, is_full=True):
        pass
    assert not deployments.is_night_missed(tomorrow)


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
