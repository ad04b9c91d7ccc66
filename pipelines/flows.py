"""The Prefect flows: thin wrappers around the steps of the command line. The ledger, not Prefect, is the record."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from prefect import flow, task
from prefect.artifacts import (
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.client.schemas.objects import State
from prefect.exceptions import TerminationSignal
from prefect.futures import PrefectFuture, as_completed
from prefect.states import Completed, Failed
from prefect.task_runners import ThreadPoolTaskRunner

from pipelines import steps
from pipelines.attempts import AttemptRecord, record_attempt
from pipelines.catalog.entries import Channel
from pipelines.collecting import planning
from pipelines.collecting.clock import settle_clock, take_left_out
from pipelines.collecting.due import read_past_visits, select_due, was_visited_since
from pipelines.collecting.limits import select_limits
from pipelines.collecting.meters import open_meters
from pipelines.collecting.past import check_clock
from pipelines.collecting.queues import PARALLEL, make_queues
from pipelines.collecting.results import ChannelResult
from pipelines.collecting.run import AT_ONCE, CollectingRun, Plan, collect_queue, name_streams, open_run
from pipelines.collecting.turns import FindTurn, make_turns
from pipelines.commands.alerting.watch import tell_afterwards
from pipelines.commands.serving.children import end_with_schedule, enter_schedule_folder
from pipelines.commands.tidying.step import tidy_home
from pipelines.http.budget import DEFAULT_REQUESTS
from warehouse.attempts.entries import AttemptKind, AttemptState
from warehouse.attempts.signals import find_signal
from warehouse.database import WarehouseError
from warehouse.faults import Fault, LandingError
from warehouse.landing import read_last_visits
from warehouse.lock import Locked
from warehouse.settings import Settings, read_settings
from warehouse.wording import count_things

MOST_TASKS = 90
"""Maximum number of tasks per flow run: beyond a hundred, Prefect's bookkeeping outweighs the work."""
NOTHING_DUE = "Nothing due"
"""Name of the state of a run that found nothing to visit."""


@task(name="collect-channels", task_run_name="{first}")
def visit_channels(first: str, channel_ids: list[str], run_number: int) -> list[dict[str, Any]]:
    """Visits channels of one host in turn, in one of `_runs`; returns the rows of the report."""
    run = _runs[run_number]
    chosen = [channel for channel_id in channel_ids for channel in run.plan.channels if channel.id == channel_id]
    return [row for result in collect_queue(chosen, run) for row in _make_report_rows(result)]


def _make_report_rows(result: ChannelResult) -> list[dict[str, Any]]:
    return [
        {
            "channel": result.channel.id, "thing": thing, "state": outcome.state, "rows": outcome.rows,
            "expected": outcome.expected, "requests": outcome.requests, "points": outcome.points,
            "why": _escape_markdown(outcome.error),
        }
        for thing, outcome in result.outcomes.items()
    ]  # fmt: skip


def _escape_markdown(text: str) -> str:
    """Escapes text so that Markdown renders it literally."""
    return "".join(f"\\{char}" if char in "\\`*_{}[]<>()#+!|~$&" else char for char in text)[:300]


_runs: dict[int, CollectingRun] = {}
"""The runs of this process, which their tasks share: Prefect stores and shows parameters, so that these can be but
numbers."""


@flow(name="collect", task_runner=ThreadPoolTaskRunner(max_workers=AT_ONCE + sum(PARALLEL.values())))  # type: ignore[arg-type]
def collect(source: str = "", requests: int = DEFAULT_REQUESTS, due_only: bool = True) -> "State[Any]":
    """Collects every enabled channel that is due, or those of one source, several hosts at a time. The run has failed
    if nothing came."""
    enter_schedule_folder()
    end_with_schedule()
    settings = read_settings()
    catalog = planning.open_catalog_for(settings, AttemptKind.COLLECT)
    plan = planning.make_plan(settings, catalog, requests=requests, source=source)
    planned_at = settings.clock()
    if due_only:
        plan = replace(plan, channels=select_due(plan.channels, read_past_visits(settings), planned_at))
    if not plan.channels:
        return Completed(name=NOTHING_DUE)
    return _collect_plan(plan, settings, source, planned_at if due_only else None)


def _collect_plan(plan: Plan, settings: Settings, source: str, planned_at: datetime | None) -> "State[Any]":
    planned = [(channel, name_streams(channel)) for channel in plan.channels]
    limits = select_limits(settings, plan.channels)
    with record_attempt(settings, AttemptKind.COLLECT, planned, limits=limits) as attempt:
        check_clock(plan, settings)
        run = open_run(
            plan, settings, lambda result: attempt.add_channel(result.channel, result.outcomes, result.seconds)
        )
        meters = open_meters(plan.channels, limits, attempt.read_others_use, attempt.note_use, settings.clock)
        run = replace(run, meters=meters)
        if planned_at:
            run = replace(run, is_due=lambda channel: not was_visited_since(channel, run.zone, planned_at))
        find_turn = make_turns(settings.get_tokens(), plan.flagships, run.zone)
        rows: list[dict[str, Any]] = []
        channels: Sequence[Channel] = plan.channels
        _runs[id(run)] = run
        try:
            while channels:
                lanes = group_channels(channels, find_turn, read_last_visits(run.zone), settings.clock())
                chosen = {channel.id for channel in channels}
                rows = [row for row in rows if row["channel"] not in chosen] + _visit_lanes(lanes, id(run), source)
                channels = take_left_out(run.left_out, run.clock)
        finally:
            del _runs[id(run)]
        settle_clock(run.breaker.hosts, run.zone, run.landed, settings.clock())
        attempt.conclude_collect()
    rows.sort(key=lambda row: (row["channel"], row["thing"]))
    create_table_artifact(rows, key="collect-report", description="Outcome of each channel in this run")
    return make_state(attempt)


def make_state(attempt: AttemptRecord) -> "State[Any]":
    """Makes the final state of a run from how its attempt ended."""
    cause = f": {attempt.fault}" if attempt.fault != Fault.NONE else ""
    words = f"{attempt.result}{cause}"
    if attempt.state == AttemptState.NOTHING:
        return Failed(name="Nothing came", message=words)
    return Completed(name="Partial" if attempt.state == AttemptState.PARTIAL else "Completed", message=words)


def _visit_lanes(lanes: list[list[list[Channel]]], run_number: int, source: str) -> list[dict[str, Any]]:
    """Visits the lanes side by side and returns the rows of the report; a task that fails costs its own channels."""
    # Prefect also types its functions as coroutines, which they are only inside an async flow.
    description = f"channels visited of {source or 'all sources'}"
    progress = cast("UUID", create_progress_artifact(0.0, key="collect-progress", description=description))
    rows: list[dict[str, Any]] = []
    done, total = 0, sum(len(group) for lane in lanes for group in lane)
    running = {_submit_group(lane, run_number): lane for lane in lanes}
    while running:
        future = next(as_completed(list(running)))
        lane, visited = running.pop(future), future.result(raise_on_failure=False)
        rows, done = rows + (visited if isinstance(visited, list) else []), done + len(lane.pop(0))
        if lane:
            running[_submit_group(lane, run_number)] = lane
        update_progress_artifact(progress, 100.0 * done / total)
    return rows


def _submit_group(lane: list[list[Channel]], run_number: int) -> "PrefectFuture[list[dict[str, Any]]]":
    """Starts the first group of a lane, named after its first channel to keep Prefect's UI readable."""
    ids = [channel.id for channel in lane[0]]
    return visit_channels.submit(ids[0], ids, run_number)


def group_channels(
    channels: Sequence[Channel],
    find_turn: FindTurn = lambda _: None,
    last_visits: Mapping[str, datetime] | None = None,
    now: datetime | None = None,
    most: int = MOST_TASKS,
) -> list[list[list[Channel]]]:
    """Splits channels into lanes that may run in parallel, each a sequence of groups that may not, at most `most` in
    all."""
    lanes = make_queues(channels, find_turn, last_visits, now)
    while len(lanes) > most:  # merging the shortest lanes delays the run least
        *lanes, second_shortest, shortest = lanes
        lanes = sorted([*lanes, second_shortest + shortest], key=len, reverse=True)
    size = 1
    while sum(-(-len(lane) // size) for lane in lanes) > most:
        size += 1
    return [[lane[start : start + size] for start in range(0, len(lane), size)] for lane in lanes]


@contextmanager
def heed_signals() -> Iterator[None]:
    """Ends a run that a signal interrupted as Prefect does, without a traceback, whatever a library raised."""
    try:
        yield
    except Exception as error:
        if number := find_signal(error):
            raise TerminationSignal(number) from None
        raise


@task(name="load-build-publish")
@heed_signals()
def bring_up_to_date(full: bool) -> str:
    """Loads, builds and publishes; returns the report as Markdown."""
    settings = read_settings()
    result = steps.refresh_warehouse(settings, planning.open_catalog_for(settings, AttemptKind.LOAD), full)
    back = result.loaded.taken_back
    lines = [
        f"- loaded {count_things(result.loaded.rows, 'row')} from {count_things(result.loaded.files, 'file')}",
        *([f"- took out what a wrong clock had landed: {count_things(back, 'file')}"] if back else []),
        *(f"- rejected: {_escape_markdown(refusal)}" for refusal in result.loaded.refused),
        f"- built {count_things(len(result.report.built), 'table')}; {len(result.report.unchanged)} unchanged",
        f"- published version {result.snapshot.version}"
        if result.snapshot
        else "- nothing to publish: readers already have the last build",
    ]
    return "\n".join(lines)


@task(name="tidy")
@heed_signals()
def tidy_up() -> str:
    """Packs old landed files and removes what is old; returns the report as Markdown. What keeps it from that stops no
    build: the ledger of attempts tells it."""
    try:
        return "\n".join(f"- {_escape_markdown(line)}" for line in tidy_home(read_settings()))
    except (LandingError, Locked, OSError, WarehouseError) as error:
        return f"- not tidied: {_escape_markdown(str(error))}"


@flow(name="build")
def build(full: bool = False) -> None:
    """Loads, builds and publishes the landed files; a full build, as each night, also tidies first."""
    enter_schedule_folder()
    end_with_schedule()
    report = [tidy_up()] if full else []
    report.append(bring_up_to_date(full))
    create_markdown_artifact("\n".join(report), key="build-report", description="Result of the build")


@flow(name="catch-up")
def catch_up() -> None:
    """Builds and publishes what collectors landed, and tells what there is to tell."""
    enter_schedule_folder()
    end_with_schedule()
    with tell_afterwards(read_settings()):
        build.fn()


@flow(name="refresh")
def refresh(source: str = "", requests: int = DEFAULT_REQUESTS, due_only: bool = True) -> "State[Any]":
    """Collects what is due (of one source or all), builds and publishes; ends as the collect did."""
    enter_schedule_folder()
    end_with_schedule()
    with tell_afterwards(read_settings()):
        state = collect.fn(source, requests, due_only)
        if state.name != NOTHING_DUE:
            build.fn()
    return state
