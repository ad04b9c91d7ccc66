"""The Prefect flows: what the commands run, as tasks. The ledger, not Prefect, is the record."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.exceptions import FailedRun, TerminationSignal
from prefect.states import Completed, Failed

from pipelines import steps
from pipelines.attempts import AttemptRecord
from pipelines.collecting import planning
from pipelines.collecting.run import ChannelResult, CollectReport, Plan, collect_plan
from pipelines.commands.alerting.watch import tell_afterwards
from pipelines.commands.serving.children import end_with_schedule
from pipelines.commands.tidying import tidy_home
from pipelines.refreshing import collect_due, refresh_home
from warehouse.attempts.entries import AttemptKind, AttemptState
from warehouse.attempts.signals import find_signal
from warehouse.database import WarehouseError
from warehouse.faults import Fault, LandingError
from warehouse.lock import Locked
from warehouse.settings import Settings, read_settings

NOTHING_DUE = "Nothing due"
"""Name of the state of a run that found nothing to visit."""


# Prefect logs a traceback of a run whose state already says why it failed.
logging.getLogger("prefect.flow_runs").addFilter(
    lambda record: not (record.exc_info and isinstance(record.exc_info[1], FailedRun))
)


@flow(name="collect")
def collect(source: str) -> "State[Any]":
    """Collects the channels of a source that are due. The run has failed if nothing came."""
    end_with_schedule()
    return make_state(collect_due(read_settings(), source, collect=collect_as_tasks))


def collect_as_tasks(plan: Plan, settings: Settings) -> CollectReport:
    """Collects a plan, each channel as a task."""
    return collect_plan(plan, settings, run_task=run_as_task)


def run_as_task(name: str, visit: Callable[[], ChannelResult]) -> ChannelResult:
    """Runs a visit as a task, of which Prefect keeps no parameter and no result."""
    kept = task(name="collect-channel", task_run_name=name, cache_policy=NO_CACHE, persist_result=False)
    return kept(visit)()


def make_state(attempt: AttemptRecord | None) -> "State[Any]":
    """Makes the final state of a run from how its attempt ended; without one nothing was due."""
    if attempt is None:
        return Completed(name=NOTHING_DUE)
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


@task(name="load-build-publish", persist_result=False)
@heed_signals()
def bring_up_to_date(full: bool) -> None:
    """Loads, builds and publishes."""
    settings = read_settings()
    steps.refresh_warehouse(settings, planning.open_catalog_for(settings, AttemptKind.LOAD), full)


@task(name="tidy")
@heed_signals()
def tidy_up() -> str:
    """Removes what is old. What keeps it from that stops no build: the ledger of attempts has it."""
    try:
        return "\n".join(tidy_home(read_settings()))
    except (LandingError, Locked, OSError, WarehouseError) as error:
        return f"not tidied: {error}"


@flow(name="build")
def build(full: bool = False) -> None:
    """Builds and publishes what has landed, and sends alerts; a full build, as each night, also tidies first."""
    end_with_schedule()
    with tell_afterwards(read_settings()):
        if full:
            tidy_up()
        bring_up_to_date(full)


@flow(name="refresh")
def refresh(source: str) -> "State[Any]":
    """Collects what is due of a source, builds and publishes; ends as the collect did."""
    end_with_schedule()
    with heed_signals():
        attempt, _ = refresh_home(read_settings(), source, collect=collect_as_tasks)
    return make_state(attempt)
