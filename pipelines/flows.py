"""The Prefect flows: what the commands run, with tasks and reports. The ledger, not Prefect, is the record."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.exceptions import TerminationSignal
from prefect.states import Completed, Failed

from pipelines import steps
from pipelines.attempts import AttemptRecord
from pipelines.collecting import planning
from pipelines.collecting.due import read_past_visits, select_due
from pipelines.collecting.run import ChannelResult, collect_plan
from pipelines.commands.alerting.watch import tell_afterwards
from pipelines.commands.serving.children import end_with_schedule
from pipelines.commands.tidying import tidy_home
from pipelines.http.budget import DEFAULT_REQUESTS
from warehouse.attempts.entries import AttemptKind, AttemptState
from warehouse.attempts.signals import find_signal
from warehouse.database import WarehouseError
from warehouse.faults import Fault, LandingError
from warehouse.lock import Locked
from warehouse.settings import read_settings
from warehouse.wording import count_things

MOST_TASKS = 90
"""About how many tasks a flow run has at most: beyond a hundred, Prefect's bookkeeping outweighs the work."""
NOTHING_DUE = "Nothing due"
"""Name of the state of a run that found nothing to visit."""


@flow(name="collect")
def collect(source: str = "", requests: int = DEFAULT_REQUESTS, due_only: bool = True) -> "State[Any]":
    """Collects every enabled channel that is due, or those of one source. The run has failed if nothing came."""
    end_with_schedule()
    settings = read_settings()
    catalog = planning.open_catalog_for(settings, AttemptKind.COLLECT)
    plan = planning.make_plan(settings, catalog, requests=requests, source=source)
    planned_at = settings.clock()
    if due_only:
        plan = replace(plan, channels=select_due(plan.channels, read_past_visits(settings), planned_at))
    if not plan.channels:
        return Completed(name=NOTHING_DUE)
    report = collect_plan(
        plan, settings, run_task=run_as_task, most_tasks=MOST_TASKS, planned_at=planned_at if due_only else None
    )
    rows = [row for result in report.results for row in _make_report_rows(result)]
    create_table_artifact(rows, key="collect-report", description="Outcome of each channel in this run")
    return make_state(report.attempt)


def run_as_task(name: str, visit: Callable[[], list[ChannelResult]]) -> list[ChannelResult]:
    """Runs visits as a task, of which Prefect keeps no parameter and no result."""
    kept = task(name="collect-channels", task_run_name=name, cache_policy=NO_CACHE, persist_result=False)
    return kept(visit)()


def _make_report_rows(result: ChannelResult) -> list[dict[str, Any]]:
    return [
        {
            "channel": result.channel.id, "thing": thing, "state": outcome.state, "rows": outcome.rows,
            "expected": outcome.expected, "requests": outcome.requests, "points": outcome.points,
            "why": _escape_markdown(outcome.error),
        }
        for thing, outcome in sorted(result.outcomes.items())
    ]  # fmt: skip


def _escape_markdown(text: str) -> str:
    """Escapes text so that Markdown renders it literally."""
    return "".join(f"\\{char}" if char in "\\`*_{}[]<>()#+!|~$&" else char for char in text)[:300]


def make_state(attempt: AttemptRecord) -> "State[Any]":
    """Makes the final state of a run from how its attempt ended."""
    cause = f": {attempt.fault}" if attempt.fault != Fault.NONE else ""
    words = f"{attempt.result}{cause}"
    if attempt.state == AttemptState.NOTHING:
        return Failed(name="Nothing came", message=words)
    return Completed(name="Partial" if attempt.state == AttemptState.PARTIAL else "Completed", message=words)


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
    lines = [
        f"- loaded {count_things(result.loaded.rows, 'row')} from {count_things(result.loaded.files, 'file')}",
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
    """Removes what is old; returns the report as Markdown. What keeps it from that stops no
    build: the ledger of attempts tells it."""
    try:
        return "\n".join(f"- {_escape_markdown(line)}" for line in tidy_home(read_settings()))
    except (LandingError, Locked, OSError, WarehouseError) as error:
        return f"- not tidied: {_escape_markdown(str(error))}"


@flow(name="build")
def build(full: bool = False) -> None:
    """Builds and publishes what has landed, and sends alerts; a full build, as each night, also tidies first."""
    end_with_schedule()
    with tell_afterwards(read_settings()):
        _build(full)


def _build(full: bool = False) -> None:
    report = [tidy_up()] if full else []
    report.append(bring_up_to_date(full))
    create_markdown_artifact("\n".join(report), key="build-report", description="Result of the build")


@flow(name="refresh")
def refresh(source: str = "", requests: int = DEFAULT_REQUESTS, due_only: bool = True) -> "State[Any]":
    """Collects what is due (of one source or all), builds and publishes; ends as the collect did."""
    end_with_schedule()
    with tell_afterwards(read_settings()):
        state = collect.fn(source, requests, due_only)
        if state.name != NOTHING_DUE:
            _build()
    return state
