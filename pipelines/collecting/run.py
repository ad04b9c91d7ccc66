"""Collecting: each channel is visited, stream by stream, and what comes is landed. No database is opened here."""

import os
import secrets
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import pipelines
from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.catalog.mention_rules import list_mention_rules
from pipelines.catalog.reader import SHARED, Catalog
from pipelines.collecting.visit import CircuitBreaker, PageProgress, Task, run_rounds
from pipelines.contract import Stream, Visit
from pipelines.http.budget import Budget
from pipelines.http.client import Http
from pipelines.people import People
from pipelines.text.mentions import Mentions
from warehouse.landing import Outcome, Zone, open_writer, open_zone, remove_stale
from warehouse.settings import Settings

AT_ONCE = 8
"""Hosts visited at the same time; one host is never asked twice at once, but for those of `PARALLEL`."""
PARALLEL = {"github": 3, "huggingface": 2}


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run of the collectors is to do."""

    channels: tuple[Channel, ...]
    since: datetime
    requests_per_channel: int
    is_sample: bool = False
    mentions: Callable[[str], list[str]] = lambda _: []
    """Families that a text of a shared channel mentions."""


@dataclass(slots=True)
class ChannelResult:
    """What one channel came to, stream by stream."""

    channel: Channel
    outcomes: dict[str, Outcome] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Rows landed for all its streams."""
        return sum(outcome.rows for outcome in self.outcomes.values())

    @property
    def was_reached(self) -> bool:
        """Whether the upstream answered anything of use."""
        return any(outcome.state in ("complete", "unchanged") or outcome.rows for outcome in self.outcomes.values())


@dataclass(frozen=True, slots=True)
class CollectingRun:
    """What all channels of one run share."""

    plan: Plan
    settings: Settings
    zone: Zone
    people: People
    on_channel: Callable[[ChannelResult], None] = lambda _: None
    on_page: Callable[[PageProgress], None] = lambda _: None
    breaker: CircuitBreaker = field(default_factory=CircuitBreaker)


def make_plan(
    catalog: Catalog,
    since: datetime,
    requests: int,
    source: str = "",
    family: str = "",
    channel: str = "",
    is_sample: bool = False,
) -> Plan:
    """The enabled channels that match; an empty word matches all."""
    chosen = (
        candidate
        for candidate in catalog.channels
        if candidate.enabled
        and source in ("", candidate.source)
        and family in ("", candidate.family)
        and channel in ("", candidate.id)
    )
    return Plan(tuple(chosen), since, requests, is_sample, Mentions(list_mention_rules(catalog.families)))


def collect_plan(
    plan: Plan,
    settings: Settings,
    on_channel: Callable[[ChannelResult], None] = lambda _: None,
    on_page: Callable[[PageProgress], None] = lambda _: None,
) -> list[ChannelResult]:
    """Visits all channels of the plan, several hosts at a time; `done` hears of each as it ends, `heard` of each page,
    from any thread."""
    run = open_run(plan, settings, on_channel, on_page)
    pool = ThreadPoolExecutor(AT_ONCE + sum(PARALLEL.values()))
    try:
        work = [pool.submit(_collect_queue, queue, run) for queue in make_queues(plan.channels)]
        results = [result for future in as_completed(work) for result in future.result()]
    finally:
        # Whoever interrupts us does not wait for slow hosts: what is landed is kept, and the rest is asked for again.
        pool.shutdown(wait=False, cancel_futures=True)
    return sorted(results, key=lambda result: result.channel.id)


def open_run(
    plan: Plan,
    settings: Settings,
    on_channel: Callable[[ChannelResult], None] = lambda _: None,
    on_page: Callable[[PageProgress], None] = lambda _: None,
) -> CollectingRun:
    """Opens the landing zone for a run."""
    zone = open_zone(settings.landing_url)
    remove_stale(zone)
    return CollectingRun(plan, settings, zone, People(read_people_key(settings)), on_channel, on_page)


def make_queues(channels: Iterable[Channel]) -> list[list[Channel]]:
    """Channels that must be visited one after another, since they share a host; the longest queue first, since it takes
    longest."""
    by_host: dict[tuple[str, str], list[Channel]] = {}
    for channel in channels:
        by_host.setdefault((channel.source, find_host(channel)), []).append(channel)
    lanes = [
        same[lane :: PARALLEL.get(source, 1)]
        for (source, _), same in by_host.items()
        for lane in range(PARALLEL.get(source, 1))
    ]
    return sorted((lane for lane in lanes if lane), key=len, reverse=True)


def _collect_queue(queue: list[Channel], run: CollectingRun) -> list[ChannelResult]:
    results = []
    for channel in queue:
        results.append(collect_channel(channel, run))
        run.on_channel(results[-1])
    return results


def collect_channel(channel: Channel, run: CollectingRun) -> ChannelResult:
    """Visits every stream of one channel and lands one file (or several parts), also when nothing came."""
    settings, budget = run.settings, Budget(run.plan.requests_per_channel)
    tokens, agent = read_tokens(settings), user_agent_for(channel, settings)
    with Http(list_hosts(channel), settings.private_hosts, agent, budget, settings.clock) as http:
        writer = open_writer(run.zone, channel.id, channel.source, settings.clock(), run.plan.is_sample)
        visit = Visit(channel, {}, run.plan.since, settings.clock(), http, budget, run.people, tokens, agent)
        visit = replace(visit, mentions=run.plan.mentions) if channel.family == SHARED else visit
        host, streams = find_host(channel), list_streams(channel)
        tasks = [Task(name, stream, visit, host, writer, run.breaker, run.on_page) for name, stream in streams]
        run_rounds(tasks, settings.clock, find_refusal(channel, settings))
        writer.finish(settings.clock())
    return ChannelResult(channel, {task.name: task.outcome for task in tasks})


def list_streams(channel: Channel) -> list[tuple[str, Stream]]:
    """What is collected of a channel, in order: what is soon done, then what may take several visits, then what reads
    their cursors."""
    chosen = [
        (name, stream)
        for name, stream in sources.get_streams(channel.source).items()
        if not channel.things or name in channel.things
    ]
    return sorted(chosen, key=lambda entry: (bool(entry[1].reads), entry[1].resumable))


def list_hosts(channel: Channel) -> frozenset[str]:
    """The hosts that a visit to the channel may speak to, without ports: some sources have a further one, e.g. for
    tokens."""
    further = () if channel.base_url else getattr(sources.load_source(channel.source), "HOSTS", ())
    return frozenset({find_host(channel).partition(":")[0], *further})


def user_agent_for(channel: Channel, settings: Settings) -> str:
    """How we name ourselves to a channel; a source whose upstream wants a form of its own says so."""
    user_agent: str = getattr(sources.load_source(channel.source), "user_agent", pipelines.user_agent)(settings.contact)
    return user_agent


def read_tokens(settings: Settings) -> dict[str, str]:
    """What is set of the settings that sources may read, by name. Never log or store the values."""
    return settings.tokens() | ({"HEARTBEAT_STATUS_API": "1"} if settings.status_api else {})


def find_terms(channel: Channel) -> str:
    """Address of the terms that must be accepted before a channel is asked: its own, else those of all its source;
    empty: none."""
    return channel.terms or str(getattr(sources.load_source(channel.source), "TERMS", ""))


def find_refusal(channel: Channel, settings: Settings) -> str:
    """Why a channel must not be asked: its owner's terms want somebody's consent first. Empty: it may be."""
    names = {channel.source, channel.target.lower()}
    terms = find_terms(channel)
    if not terms or names & settings.accepted_terms:
        return ""
    name = channel.target.lower() if channel.terms else channel.source
    return f"not asked: read {terms}, and put {name} into HEARTBEAT_TERMS if you accept"


def find_host(channel: Channel) -> str:
    """The host (and port) that a channel's requests go to, as the catalog or else its source says."""
    default = getattr(sources.load_source(channel.source), "BASE_URL", f"https://{channel.target}")
    return urlsplit(channel.base_url or default).netloc.rpartition("@")[2]


def read_people_key(settings: Settings) -> bytes:
    """The key of the pseudonyms: HEARTBEAT_PEOPLE_KEY, else a file of the home that only its owner may read."""
    given = settings.people_key.get_secret_value()
    return given.encode() if given else _read_or_create_key(settings.home / "people.key")


def _read_or_create_key(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Several processes, and several threads of each, may start at once: everybody writes a file of their own.
    own_file = path.with_suffix(f".{os.getpid()}-{secrets.token_hex(8)}.tmp")
    descriptor = os.open(own_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32))
    try:
        # The first of them wins, and all read what it wrote.
        os.link(own_file, path)
    except FileExistsError:
        pass
    finally:
        own_file.unlink()
    return path.read_bytes().strip()
