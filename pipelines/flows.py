"""The Prefect flows: thin, so that the same steps run from the command line. Prefect schedules and shows; our ledger is the truth."""

from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from prefect import flow, serve, task
from prefect.artifacts import create_markdown_artifact, create_progress_artifact, create_table_artifact, update_progress_artifact
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import StateType
from prefect.deployments.runner import RunnerDeployment
from prefect.states import Crashed

from pipelines import steps
from pipelines.catalog import Channel
from pipelines.collect import Collected, collect_channel, people_key, plan
from pipelines.people import People
from warehouse.landing import open_zone
from warehouse.settings import read_settings

LEFT_OVER = [StateType.SCHEDULED, StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]


@task(name="collect-channel", task_run_name="{channel_id}")
def visit(channel_id: str, requests: int) -> list[dict[str, Any]]:
    """Visits one channel; gives a row a thing for the run report. Secrets are read here, never passed."""
    settings = read_settings()
    todo = plan(steps.open_catalog(settings), settings.clock() - steps.FIRST_SINCE, requests, channel=channel_id)
    results = [
        collect_channel(channel, todo, settings, open_zone(settings.landing_url), People(people_key(settings))) for channel in todo.channels
    ]
    return [row for result in results for row in _report_rows(result)]


def _report_rows(result: Collected) -> list[dict[str, Any]]:
    return [
        {
            "channel": result.channel.id, "thing": thing, "state": outcome.state, "rows": outcome.rows, "expected": outcome.expected,
            "requests": outcome.requests, "points": outcome.points, "why": _plain(outcome.error),
        }
        for thing, outcome in result.outcomes.items()
    ]  # fmt: skip


def _plain(text: str) -> str:
    """Text that Markdown takes as nothing but text."""
    return "".join(f"\\{char}" if char in "\\`*_{}[]<>()#+!|~$&" else char for char in text)[:300]


@flow(name="collect")
def collect(source: str = "", requests: int = steps.DEFAULT_REQUESTS) -> int:
    """Collects every enabled channel, or those of one source, a task a channel; gives the number of rows."""
    channels = _channels(source)
    # Prefect's functions are typed as coroutines too, which they are only inside an async flow.
    what = f"channels visited of {source or 'all sources'}"
    progress = cast("UUID", create_progress_artifact(0.0, key="collect-progress", description=what))
    rows: list[dict[str, Any]] = []
    for number, channel in enumerate(channels, 1):
        rows += visit(channel.id, requests)
        update_progress_artifact(progress, 100.0 * number / len(channels))
    create_table_artifact(rows, key="collect-report", description="What each channel came to in this run")
    return sum(row["rows"] for row in rows)


def _channels(source: str) -> tuple[Channel, ...]:
    settings = read_settings()
    return plan(steps.open_catalog(settings), settings.clock(), 1, source).channels


@task(name="load-build-publish")
def bring_up_to_date(full: bool) -> str:
    """Loads, builds and publishes; gives the report as Markdown."""
    settings = read_settings()
    result = steps.refresh(settings, steps.open_catalog(settings), full)
    lines = [
        f"- loaded {result.loaded.rows} rows from {result.loaded.files} files",
        *(f"- refused: {_plain(refusal)}" for refusal in result.loaded.refused),
        f"- built {len(result.report.built)} tables; {len(result.report.unchanged)} had not changed",
        f"- published version {result.snapshot.version}" if result.snapshot else "- readers have the last build already",
    ]
    return "\n".join(lines)


@flow(name="build")
def build(full: bool = False) -> None:
    """Loads, builds and publishes what was landed."""
    create_markdown_artifact(bring_up_to_date(full), key="build-report", description="What the build came to")


@flow(name="refresh")
def refresh(source: str = "", requests: int = steps.DEFAULT_REQUESTS) -> None:
    """Collects (one source or all), builds and publishes."""
    collect.fn(source, requests)
    build.fn()


async def forget_left_over_runs() -> int:
    """Ends what a killed server left open: nothing runs yet when ours starts, so whatever looks open is not."""
    ended = 0
    async with get_client() as client:
        state = FlowRunFilterState(type=FlowRunFilterStateType(any_=LEFT_OVER))
        while runs := await client.read_flow_runs(flow_run_filter=FlowRunFilter(state=state), limit=200):
            for run in runs:
                await client.set_flow_run_state(run.id, Crashed(message="left open by a server that was ended"), force=True)
            ended += len(runs)
    return ended


def serve_deployments() -> None:
    """Serves `refresh` once a source at its own cadence, and a full build each night, until the process is told to end."""
    cadence: dict[str, float] = {}
    for channel in _channels(""):
        cadence[channel.source] = min(channel.cadence_hours, cadence.get(channel.source, channel.cadence_hours))
    deployments = [
        refresh.to_deployment(
            source,
            interval=timedelta(hours=hours),
            parameters={"source": source},
            tags=["heartbeat"],
            description=f"collect {source}, build, publish",
        )
        for source, hours in sorted(cadence.items())
    ]
    nightly = build.to_deployment("nightly", cron="17 3 * * *", parameters={"full": True}, tags=["heartbeat"])
    serve(*cast("list[RunnerDeployment]", [*deployments, nightly]), pause_on_shutdown=False, print_starting_message=False, limit=2)
