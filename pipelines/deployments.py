"""The deployments of the schedule: one for each source, and a full build each night. Prefect starts their runs."""

from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from prefect import serve
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy, State, StateType
from prefect.deployments.runner import RunnerDeployment
from prefect.states import Crashed

import pipelines
from pipelines.collecting import planning
from pipelines.flows import build, refresh
from warehouse.attempts.entries import AttemptKind
from warehouse.attempts.reader import read_attempts
from warehouse.settings import Settings

ONE_AT_A_TIME = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
"""Skips a source's turn while its previous run is still in progress."""
SIMPLE: Any = "prefect:simple"
"""Type of a version that is only a text. Otherwise Prefect asks git about the repository it was started in, with this
process's tokens. Prefect does not export the type."""
IS_OPEN = FlowRunFilter(
    state=FlowRunFilterState(
        type=FlowRunFilterStateType(
            any_=[StateType.SCHEDULED, StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]
        )
    )
)
NIGHTLY, NIGHTLY_AT = "nightly", "17 3 * * *"
LONGEST_WAIT = timedelta(hours=1)
STARTS = 4
"""Runs of a source within its shortest cadence: a run collects only what is due, so a channel is at most a quarter of
its cadence late."""
AT_ONCE = 2


def serve_deployments(settings: Settings, deployments: list[RunnerDeployment]) -> None:
    """Serves `refresh` for each source and a full build each night, until the process is stopped."""
    _start_anew(deployments, is_night_missed(settings))
    serve(*deployments, pause_on_shutdown=False, print_starting_message=False, limit=AT_ONCE)


def list_deployments(settings: Settings) -> list[RunnerDeployment]:
    """Lists the deployments, each with its schedule."""
    common: dict[str, Any] = {
        "tags": ["heartbeat"], "concurrency_limit": ONE_AT_A_TIME, "version": pipelines.VERSION, "version_type": SIMPLE,
    }  # fmt: skip
    deployments = [
        refresh.to_deployment(
            source, parameters={"source": source}, description=f"collect {source}, build, publish", interval=interval,
            **common,
        )
        for source, interval in find_intervals(settings).items()
    ]  # fmt: skip
    nightly = build.to_deployment(
        NIGHTLY, parameters={"full": True}, description="build everything again", cron=NIGHTLY_AT, **common
    )
    return cast("list[RunnerDeployment]", [*deployments, nightly])


def find_intervals(settings: Settings) -> dict[str, timedelta]:
    """Finds how often a run of each source starts."""
    hours: dict[str, float] = {}
    for channel in planning.make_plan(settings, planning.open_catalog(settings)).channels:
        hours[channel.source] = min(channel.cadence_hours, hours.get(channel.source, channel.cadence_hours))
    return {source: min(LONGEST_WAIT, timedelta(hours=hours[source]) / STARTS) for source in sorted(hours)}


def is_night_missed(settings: Settings) -> bool:
    """Says whether a day passed without a full build, as on a machine that is off at night."""
    builds = [one.beginning for one in read_attempts(settings.home, AttemptKind.BUILD)]
    last = next((begun for begun in builds if begun.is_full), builds[-1] if builds else None)
    return last is not None and settings.clock() - last.started_at > timedelta(days=1)


def _start_anew(deployments: list[RunnerDeployment], is_full_due: bool) -> None:
    """Registers the deployments, removes others, and starts a run of each source now: it may be due."""
    with get_client(sync_client=True) as client:
        names = {deployment.name for deployment in deployments}
        for known in client.read_deployments():
            if known.name not in names:
                client.delete_deployment(known.id)
        close_open_runs(client)
        for deployment in deployments:
            # Prefect also types it as a coroutine, which it is only inside an async flow.
            deployment_id = cast("UUID", deployment.apply())
            if deployment.name != NIGHTLY or is_full_due:
                client.create_flow_run_from_deployment(deployment_id)


def close_open_runs(client: SyncPrefectClient) -> None:
    """Closes the runs that a killed schedule left open, which would hold their places, and removes planned ones."""
    # Nothing runs yet when the schedule starts.
    while runs := client.read_flow_runs(flow_run_filter=IS_OPEN, limit=200):
        for run in runs:
            if run.state_type == StateType.SCHEDULED:
                client.delete_flow_run(run.id)
            else:
                stopped: State[None] = Crashed(message="left open by a schedule that was stopped")
                client.set_flow_run_state(run.id, stopped, force=True)
