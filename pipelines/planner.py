"""Plans the runs of the schedule in Prefect: for each source the next one, and no other.

Prefect's own schedules plan days ahead and make up for every run that a sleeping machine missed; here one run is
planned, so that one is late.
"""

import contextlib
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from time import sleep
from typing import Any, cast

from prefect import serve
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy, FlowRun, State, StateType
from prefect.deployments.runner import RunnerDeployment
from prefect.states import Crashed, Scheduled

import pipelines
from pipelines.attempts import describe_failure
from pipelines.catalog.entries import Channel
from pipelines.collecting import planning
from pipelines.collecting.due import find_next_run, read_past_visits
from pipelines.collecting.limits import read_budget_limits
from pipelines.collecting.meters import LEAST_VISIT
from pipelines.flows import build, refresh
from pipelines.pools import COLLECTORS, REST, close_orphans, forget_other_deployments, read_ends
from warehouse.attempts.amounts import UNSPENT, find_shortage
from warehouse.attempts.entries import AttemptKind
from warehouse.attempts.outlook import read_day_use
from warehouse.attempts.reader import read_attempts
from warehouse.attempts.writer import FOLDER, list_files
from warehouse.settings import Settings, read_settings

ONE_AT_A_TIME = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
"""Skips a source's turn while its previous run is still in progress."""
IS_OPEN = FlowRunFilter(
    state=FlowRunFilterState(
        type=FlowRunFilterStateType(
            any_=[StateType.SCHEDULED, StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]
        )
    )
)
SIMPLE: Any = "prefect:simple"
"""Type of a version that is only a text: else Prefect asks git, with this process's tokens, about whatever repository
it was started in. Prefect takes the text for a type that it does not export."""
PLANNED = "planned"
"""Tag of the runs that the planner made; it takes back no run that somebody started by hand."""
NIGHTLY, NIGHTLY_AT = "nightly", time(3, 17, tzinfo=UTC)
CATCH_UP, CATCH_UP_EVERY = "catch-up", timedelta(hours=1)
"""The run that builds what collectors landed, and how often."""
TICK = timedelta(seconds=10)
"""How often the plan is held against the ledger."""
LOOK_AGAIN = timedelta(minutes=10)
"""How often what is due is told anew though no attempt here has changed it."""


def serve_deployments() -> None:
    """Serves `refresh` for each source and a full build each night, until the process is stopped."""
    settings = read_settings()
    common: dict[str, Any] = {
        "tags": ["heartbeat"], "concurrency_limit": ONE_AT_A_TIME, "version": pipelines.VERSION, "version_type": SIMPLE,
    }  # fmt: skip
    sources = sorted({channel.source for channel in _list_channels(settings)})
    deployments = [
        refresh.to_deployment(
            source, parameters={"source": source}, description=f"collect {source}, build, publish", **common
        )
        for source in sources
    ]
    nightly = build.to_deployment(NIGHTLY, parameters={"full": True}, description="build everything anew", **common)
    start_planning(settings)
    serve(
        *cast("list[RunnerDeployment]", [*deployments, nightly]),
        pause_on_shutdown=False,
        print_starting_message=False,
        limit=2,
    )


def start_planning(settings: Settings) -> None:
    """Plans the next runs beside this thread, until the process ends."""
    threading.Thread(target=_keep_planning, args=[settings], daemon=True).start()


def _list_channels(settings: Settings) -> tuple[Channel, ...]:
    return planning.make_plan(settings, planning.open_catalog(settings)).channels


def _keep_planning(settings: Settings) -> None:
    """Plans the next runs again and again, as visits by hand and the clock move them."""
    known, due, trouble = "", dict[str, datetime](), ""
    while True:
        try:
            with get_client(sync_client=True) as client:
                ends = _follow_collectors(client) if settings.pool else {}
                if (state := f"{_describe_ledger(settings)} {sorted(ends.values())[-1:]}") != known:
                    due, known = find_next_runs(settings, settings.clock()), state
                plan_runs(client, due, settings.clock(), ends)
            trouble = ""
        except Exception as error:  # a server that does not answer, or a catalog that is being edited, costs one tick
            if trouble != (trouble := describe_failure(error)):
                print(f"schedule: no run could be planned: {trouble}", flush=True)
        sleep(TICK.total_seconds())


def _follow_collectors(client: SyncPrefectClient) -> dict[str, datetime]:
    """Closes the runs of collectors that are gone, and returns when the last run of each deployment ended, by id."""
    close_orphans(client)
    return read_ends(client)


def _describe_ledger(settings: Settings) -> str:
    """Describes the state of the ledger of attempts; listing what has landed each time would cost more."""
    changed = []
    for _, path in list_files(settings.home / FOLDER):
        with contextlib.suppress(FileNotFoundError):  # as the oldest are removed meanwhile
            changed.append(path.stat().st_mtime_ns)
    # The catalog changes, too, and other machines may land in the same zone.
    return f"{changed} {settings.clock().timestamp() // LOOK_AGAIN.total_seconds()}"


def find_next_runs(settings: Settings, now: datetime) -> dict[str, datetime]:
    """Finds when each deployment runs next, by name."""
    visits, by_source = read_past_visits(settings), dict[str, list[Channel]]()
    for channel in _list_channels(settings):
        by_source.setdefault(channel.source, []).append(channel)
    attempts, limits = read_attempts(settings.home), read_budget_limits(settings)
    spent = read_day_use(attempts, now)
    due = {}
    for source, channels in by_source.items():
        at = find_next_run(channels, visits, now)
        is_short = source in limits and find_shortage(limits[source].day, spent.get(source, UNSPENT), LEAST_VISIT)
        due[source] = max(at, find_midnight(now)) if is_short else at
    builds = [one.beginning for one in attempts if one.beginning.kind == AttemptKind.BUILD]
    last_full = next((begun.started_at for begun in builds if begun.is_full), builds[-1].started_at if builds else now)
    if settings.pool:
        # Others land at any time, and a build of nothing new is soon done.
        due[CATCH_UP] = builds[0].started_at + CATCH_UP_EVERY if builds else now
    return due | {NIGHTLY: find_next_night(min(last_full, now))}


def find_midnight(now: datetime) -> datetime:
    """Finds when the next day (UTC) begins, and its budgets."""
    return datetime.combine(now.astimezone(UTC) + timedelta(days=1), time(tzinfo=UTC))


def find_next_night(last: datetime) -> datetime:
    """Finds when the first night after an instant builds everything anew."""
    at = datetime.combine(last.astimezone(UTC), NIGHTLY_AT)
    return at if at > last else at + timedelta(days=1)


def plan_runs(
    client: SyncPrefectClient, due: Mapping[str, datetime], now: datetime, ends: Mapping[str, datetime] | None = None
) -> None:
    """Has each deployment one planned run, when it is due; none while one is under way, or has just ended."""
    open_runs = client.read_flow_runs(flow_run_filter=IS_OPEN, limit=200)
    for deployment in client.read_deployments():
        runs = [run for run in open_runs if run.deployment_id == deployment.id]
        planned = [run for run in runs if run.state_type == StateType.SCHEDULED and PLANNED in run.tags]
        # A source that the catalog no longer names is not due; what another run visits is due after it.
        run_at = due.get(deployment.name) if len(planned) == len(runs) else None
        if run_at and ends and (ended := ends.get(str(deployment.id))):
            run_at = max(run_at, ended + REST)
        kept = [run for run in planned if run_at and _is_planned_for(run, run_at, now)][:1]
        for run in planned:
            if run not in kept:
                client.delete_flow_run(run.id)
        if run_at and not kept:
            state: State[None] = Scheduled(scheduled_time=run_at)
            client.create_flow_run_from_deployment(deployment.id, state=state, tags=[PLANNED])


def _is_planned_for(run: FlowRun, run_at: datetime, now: datetime) -> bool:
    """Tells whether a planned run starts when it is due; of two instants that have passed, one is as good."""
    at = run.expected_start_time or now
    return abs(at - run_at) < TICK or (at <= now and run_at <= now)


def forget_earlier_schedule(is_shared: bool = False) -> int:
    """Closes the runs that a killed server left open, removes those that it only planned and what schedules of earlier
    versions and of the other kind left, and returns the number of the runs."""
    # Nothing runs yet when the server starts, so every run that looks open is left over, but for those of collectors.
    ended = 0
    with get_client(sync_client=True) as client:
        forget_other_deployments(client, is_shared)
        for deployment in client.read_deployments():
            for schedule in deployment.schedules:
                client.delete_deployment_schedule(deployment.id, schedule.id)
        while runs := _list_left_over(client, is_shared):
            for run in runs:
                if run.state_type == StateType.SCHEDULED:
                    client.delete_flow_run(run.id)
                else:
                    stopped: State[None] = Crashed(message="left open by a server that was stopped")
                    client.set_flow_run_state(run.id, stopped, force=True)
            ended += len(runs)
    return ended


def _list_left_over(client: SyncPrefectClient, is_shared: bool) -> list[FlowRun]:
    """Lists open runs that nobody works on, of at most as many as Prefect gives at once."""
    runs = client.read_flow_runs(flow_run_filter=IS_OPEN, limit=200)
    return [run for run in runs if not (is_shared and _is_worked_on(run))]


def _is_worked_on(run: FlowRun) -> bool:
    return run.work_pool_name == COLLECTORS and run.state_type != StateType.SCHEDULED
