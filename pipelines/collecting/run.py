"""The collector: visits channels stream by stream, lands their rows and records the run, without a database."""

import contextlib
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from pipelines import sources
from pipelines.attempts import AttemptRecord, record_attempt
from pipelines.catalog.entries import Channel
from pipelines.catalog.reader import SHARED
from pipelines.collecting.access import find_refusal, list_hosts, user_agent_for
from pipelines.collecting.people_key import open_people
from pipelines.collecting.queues import (
    MOST_RESERVED,
    PARALLEL,
    TOKEN,
    TRACKER_REQUESTS,
    find_host,
    find_turn,
    make_queues,
)
from pipelines.collecting.visit import CircuitBreaker, Task, run_rounds
from pipelines.contract import Stream, Visit
from pipelines.http.budget import Budget
from pipelines.http.client import Http
from pipelines.http.clock import ClockWatch
from pipelines.http.errors import WrongClock, classify_error, describe_error
from pipelines.http.patience import Patience
from pipelines.people import People
from warehouse.attempts.entries import AttemptKind
from warehouse.faults import Fault
from warehouse.forgetting.register import read_forgotten
from warehouse.landing import Writer, Zone, open_writer, open_zone, read_last_visits
from warehouse.lock import Locked, hold_lock
from warehouse.manifest import Outcome
from warehouse.settings import Settings, SettingsError

WHOLE_CHANNEL = "all"
"""The one stream of a channel whose source cannot be loaded."""
CLOCK_REMEDY = "set the clock, or unset HEARTBEAT_NOW, and run it again"
VISITS = "visits"
"""Folder of the locks of channels under visit, in the home."""
AT_ONCE = 8
"""Maximum number of hosts visited at once; requests to one host never overlap, except for sources in `PARALLEL`."""


@dataclass(slots=True)
class ChannelResult:
    """The outcomes of one channel, by stream."""

    channel: Channel
    outcomes: dict[str, Outcome] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Rows landed by all its streams."""
        return sum(outcome.rows for outcome in self.outcomes.values())

    @property
    def was_reached(self) -> bool:
        """True when the upstream returned anything usable; an empty list beside one that failed is nothing."""
        states = {outcome.state for outcome in self.outcomes.values()} - {"skipped"}
        is_unchanged = any(outcome.state == "unchanged" and outcome.requests for outcome in self.outcomes.values())
        return self.rows > 0 or is_unchanged or states == {"complete"}


RunTask = Callable[[str, Callable[[], ChannelResult]], ChannelResult]
"""Runs a visit under a name, as a task of Prefect or at once."""
OnChannel = Callable[[ChannelResult], None]


class ClockError(SettingsError):
    """A clock too wrong to collect by; the message names both times and what to do."""

    fault = Fault.CLOCK


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of one collecting run."""

    channels: tuple[Channel, ...]
    since: datetime
    requests_per_channel: int
    is_sample: bool = False
    mentions: Callable[[str], list[str]] = lambda _: []
    """Returns the families that a text of a shared channel mentions."""
    flagships: tuple[str, ...] = ()
    """IDs of the channels that are each a family's flagship."""


@dataclass(frozen=True, slots=True)
class CollectReport:
    """What came of a collect."""

    results: list[ChannelResult]
    attempt: AttemptRecord


@dataclass(frozen=True, slots=True)
class CollectingRun:
    """State shared by all channels of one run."""

    plan: Plan
    settings: Settings
    zone: Zone
    people: People
    until: float
    """When no further channel is started and no further request made, by the monotonic clock."""
    on_channel: OnChannel = lambda _: None
    breaker: CircuitBreaker = field(default_factory=CircuitBreaker)

    @property
    def clock(self) -> ClockWatch:
        """What the hosts say of this machine's clock."""
        return self.breaker.hosts.clock or ClockWatch()


def collect_plan(
    plan: Plan,
    settings: Settings,
    on_channel: OnChannel = lambda _: None,
    run_task: RunTask = lambda _, visit: visit(),
) -> CollectReport:
    """Visits all channels of a plan and records it in the ledger of attempts: what the command and the schedule run.

    Calls back per channel from any thread. `run_task` runs the visit of one channel. Raises ClockError if this
    machine's clock is wrong.
    """
    planned = [(channel, name_streams(channel)) for channel in plan.channels]
    with record_attempt(settings, AttemptKind.COLLECT, planned) as attempt:

        def finish_channel(result: ChannelResult) -> None:
            attempt.add_channel(result.channel, result.outcomes)
            on_channel(result)

        run = open_run(plan, settings, finish_channel)
        results = _collect_channels(run, run_task)
        attempt.conclude_collect()
    return CollectReport(results, attempt)


def _collect_channels(run: CollectingRun, run_task: RunTask) -> list[ChannelResult]:
    """Visits all channels of a run, several hosts at a time. Raises ClockError."""
    plan, settings = run.plan, run.settings

    def visit_queue(queue: Sequence[Channel]) -> list[ChannelResult]:
        return [run_task(channel.id, partial(_take_turn, channel, run)) for channel in queue]

    pool = ThreadPoolExecutor(AT_ONCE + sum(PARALLEL.values()))
    try:
        in_turns = partial(find_turn, flagships=plan.flagships, zone=run.zone)
        has_token = TOKEN in settings.get_tokens()
        queues = make_queues(plan.channels, (lambda _: None) if has_token else in_turns, read_last_visits(run.zone))
        # Prefect finds the flow of a task in the context.
        work = [pool.submit(copy_context().run, visit_queue, queue) for queue in queues]
        results = [result for future in as_completed(work) for result in future.result()]
    finally:
        # An interrupt must not wait for slow hosts: landed rows are kept, and the next run fetches the rest.
        pool.shutdown(wait=False, cancel_futures=True)
    if run.clock.is_wrong:
        raise ClockError(f"{run.clock.trouble}: nothing was landed from then on; {CLOCK_REMEDY}")
    return sorted(results, key=lambda result: result.channel.id)


def open_run(
    plan: Plan,
    settings: Settings,
    on_channel: OnChannel = lambda _: None,
) -> CollectingRun:
    """Opens a run on the landing zone."""
    zone = open_zone(settings.landing_url)
    people, until = open_people(settings), time.monotonic() + 60 * settings.run_minutes
    run = CollectingRun(plan, settings, zone, people, until, on_channel)
    if TOKEN not in settings.get_tokens():
        flagships = {channel.id for channel in plan.channels} & set(plan.flagships)
        run.breaker.anonymous.reserved = min(TRACKER_REQUESTS * len(flagships), MOST_RESERVED)
    return run


def _take_turn(channel: Channel, run: CollectingRun) -> ChannelResult:
    """Visits a channel, or once the run is over returns outcomes that say why it did not."""
    why = _explain_leaving(run)
    result = _skip_channel(channel, *why) if why else collect_channel(channel, run)
    with contextlib.suppress(Exception):  # anyone who watches costs no channel
        run.on_channel(result)
    return result


def _explain_leaving(run: CollectingRun) -> tuple[str, Fault] | None:
    """Explains why the channels that are left wait for the next run; None while it goes on."""
    if run.clock.is_settled:
        return f"not visited, as nothing is kept under a wrong clock: {run.clock.trouble}", Fault.CLOCK
    if time.monotonic() >= run.until:
        minutes = f"{run.settings.run_minutes:g} minutes (HEARTBEAT_RUN_MINUTES)"
        return f"not visited, as the run's {minutes} were over; the next run begins with it", Fault.TIMED_OUT
    return None


def _skip_channel(channel: Channel, why: str, fault: Fault) -> ChannelResult:
    """Returns the outcomes of a channel that a run does not visit; nothing of it is landed."""
    return ChannelResult(channel, {name: Outcome("skipped", error=why, fault=fault) for name in name_streams(channel)})


def collect_channel(channel: Channel, run: CollectingRun) -> ChannelResult:
    """Visits every stream of one channel and lands one file or several parts, even when there are no rows.

    Whatever raises costs this channel only: each of its streams gets an outcome.
    """
    tasks: list[Task] = []
    try:
        # Its cursors are read and landed by one visit at a time, whichever process makes it.
        with hold_lock(run.settings.home / VISITS, f"visiting {channel.id}", 0, channel.id):
            _visit_streams(channel, run, tasks)
        outcomes = {task.name: task.outcome for task in tasks}
    except Locked as error:
        return _skip_channel(channel, f"another run is visiting it: {error}", Fault.LOCKED)
    except Exception as error:
        # Nothing more is landed; the ledger of attempts has them.
        outcomes = _fail_streams(name_streams(channel), tasks, error)
    return ChannelResult(channel, outcomes)


def _fail_streams(names: Sequence[str], tasks: Sequence[Task], error: Exception) -> dict[str, Outcome]:
    """Returns the outcomes of a channel that an error ended: what had not landed by then has failed."""
    outcomes = {task.name: task.outcome for task in tasks} or {name: Outcome() for name in names}
    landed = {task.name: task.rows_landed for task in tasks}
    unlanded = set(tasks[0].writer.manifest.outcomes) if tasks else set()
    for name, outcome in outcomes.items():
        if name in unlanded:
            outcome.rows = landed[name]
        is_explained = outcome.state in ("failed", "skipped") and outcome.fault != Fault.NONE
        if not is_explained and (name in unlanded or outcome.state == "failed"):
            outcome.state, outcome.error, outcome.fault = "failed", describe_error(error), classify_error(error)
    return outcomes


def _open_writer(channel: Channel, run: CollectingRun) -> Writer:
    now = run.settings.clock()
    forgotten = read_forgotten(run.zone, run.people.key)
    return open_writer(run.zone, channel.id, channel.source, now, run.plan.is_sample, run.people.key_id, forgotten)


def _visit_streams(channel: Channel, run: CollectingRun, tasks: list[Task]) -> None:
    """Visits the streams of a channel, each as one of `tasks`, and lands what they brought."""
    budget = Budget(run.plan.requests_per_channel)
    host, streams, settings = find_host(channel), list_streams(channel), run.settings
    tokens, agent = settings.get_tokens(), user_agent_for(channel, settings)
    allowance, is_flagship = run.breaker.anonymous, channel.id in run.plan.flagships
    if is_flagship and TOKEN not in tokens:
        allowance.release(TRACKER_REQUESTS)
    patience = Patience(settings.channel_minutes, end=run.until, run_minutes=settings.run_minutes)
    with Http(
        list_hosts(channel), settings.private_hosts, agent, budget, settings.clock, allowance=allowance,
        hosts=run.breaker.hosts, patience=patience,
    ) as http:  # fmt: skip
        writer = _open_writer(channel, run)
        visit = Visit(channel, {}, run.plan.since, settings.clock(), http, budget, run.people, tokens, agent)
        visit = replace(visit, is_flagship=is_flagship)
        visit = replace(visit, mentions=run.plan.mentions) if channel.family == SHARED else visit
        # Without a token the tracker comes first: its few requests are kept for it.
        streams.sort(key=lambda entry: not entry[1].is_sample(tokens, is_flagship))
        tasks += [Task(name, stream, visit, host, writer, run.breaker) for name, stream in streams]
        run_rounds(tasks, settings.clock, find_refusal(channel, settings))
        if run.clock.is_wrong:
            raise WrongClock(f"nothing is kept under a wrong clock: {run.clock.trouble}")
        writer.finish(settings.clock())


def list_streams(channel: Channel) -> list[tuple[str, Stream]]:
    """Returns a channel's streams in visiting order: short ones, then resumable ones."""
    chosen = [
        (name, stream)
        for name, stream in sources.get_streams(channel.source).items()
        if not channel.things or name in channel.things
    ]
    return sorted(chosen, key=lambda entry: entry[1].resumable)


def name_streams(channel: Channel) -> list[str]:
    """Names a channel's streams, or all of them at once if its source cannot be loaded."""
    try:
        return [name for name, _ in list_streams(channel)]
    except Exception:
        return [WHOLE_CHANNEL]
