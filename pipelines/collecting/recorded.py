"""A collecting run as an attempt of the ledger: what the command runs, and what the schedule runs."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from pipelines.attempts import AttemptRecord, record_attempt
from pipelines.collecting.due import was_visited_since
from pipelines.collecting.limits import select_limits
from pipelines.collecting.meters import SourceMeter, open_meters
from pipelines.collecting.results import ChannelResult
from pipelines.collecting.run import Plan, RunTask, collect_channels, name_streams, open_run
from pipelines.collecting.visit import CircuitBreaker, PageProgress
from warehouse.attempts.entries import AttemptKind
from warehouse.settings import Settings


@dataclass(frozen=True, slots=True)
class CollectReport:
    """What came of a collect."""

    results: list[ChannelResult]
    attempt: AttemptRecord


@dataclass(frozen=True, slots=True)
class RunStart:
    """What a run knows before its first visit."""

    breaker: CircuitBreaker
    meters: Mapping[str, SourceMeter]


OnChannel = Callable[[ChannelResult], None]
OnPage = Callable[[PageProgress], None]
Watch = Callable[[RunStart], AbstractContextManager[tuple[OnChannel, OnPage]]]
"""Follows a run: gives the callbacks for a finished channel and for a page, called from any thread."""


@contextmanager
def _watch_nothing(start: RunStart) -> Iterator[tuple[OnChannel, OnPage]]:
    yield lambda _: None, lambda _: None


def collect_recorded(
    plan: Plan,
    settings: Settings,
    watch: Watch = _watch_nothing,
    run_task: RunTask = lambda _, visit: visit(),
    most_tasks: int = 0,
    planned_at: datetime | None = None,
) -> CollectReport:
    """Collects a plan and records it. With `planned_at`, channels that another run has visited since are skipped.
    Raises ClockError if this machine's clock is wrong."""
    planned = [(channel, name_streams(channel)) for channel in plan.channels]
    limits = select_limits(settings, plan.channels)
    with record_attempt(settings, AttemptKind.COLLECT, planned, limits=limits) as attempt:
        meters = open_meters(plan.channels, limits, attempt.read_others_use, attempt.note_use, settings.clock)
        start = RunStart(CircuitBreaker(), meters)
        with watch(start) as (on_channel, on_page):

            def finish_channel(result: ChannelResult) -> None:
                attempt.add_channel(result.channel, result.outcomes, result.seconds)
                on_channel(result)

            run = replace(open_run(plan, settings, finish_channel, on_page, start.breaker), meters=meters)
            if planned_at:
                run = replace(run, is_due=lambda channel: not was_visited_since(channel, run.zone, planned_at))
            results = collect_channels(run, run_task, most_tasks)
        attempt.conclude_collect()
    return CollectReport(results, attempt)
