"""Collecting: each channel is visited, thing by thing, and what comes is landed. No database is opened here."""

import json
import os
import secrets
import traceback
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import pipelines
from pipelines import sources
from pipelines.catalog import Catalog, Channel
from pipelines.errors import BudgetSpent, Fatal, SourceError, Unreachable
from pipelines.http import Budget, Http
from pipelines.people import People
from pipelines.sources import Page, Thing, Visit
from warehouse.landing import Outcome, Writer, Zone, begin, open_zone, sweep
from warehouse.settings import Settings

AT_ONCE = 4
"""Hosts visited at the same time; one host is never asked twice at once, but for those of `PARALLEL`."""
PARALLEL = {"github": 3, "huggingface": 2}


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run of the collectors is to do."""

    channels: tuple[Channel, ...]
    since: datetime
    requests_per_channel: int
    is_sample: bool = False


@dataclass(slots=True)
class Collected:
    """What one channel came to, thing by thing."""

    channel: Channel
    outcomes: dict[str, Outcome] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Rows landed for all its things."""
        return sum(outcome.rows for outcome in self.outcomes.values())

    @property
    def was_reached(self) -> bool:
        """Whether the upstream answered anything of use."""
        return any(outcome.state in ("complete", "unchanged") or outcome.rows for outcome in self.outcomes.values())


def plan(
    catalog: Catalog, since: datetime, requests: int, source: str = "", family: str = "", channel: str = "", is_sample: bool = False
) -> Plan:
    """The enabled channels that match; an empty word matches all."""
    chosen = (
        one
        for one in catalog.channels
        if one.enabled and source in ("", one.source) and family in ("", one.family) and channel in ("", one.id)
    )
    return Plan(tuple(chosen), since, requests, is_sample)


def collect(todo: Plan, settings: Settings, done: Callable[[Collected], None] = lambda _: None) -> list[Collected]:
    """Visits all channels of the plan, several hosts at a time; `done` hears of each as it ends, from whichever thread."""
    zone, people = open_zone(settings.landing_url), People(people_key(settings))
    sweep(zone)
    unreachable: set[str] = set()
    pool = ThreadPoolExecutor(AT_ONCE + sum(PARALLEL.values()))
    try:
        work = [pool.submit(_queue, queue, todo, settings, zone, people, unreachable, done) for queue in _queues(todo.channels)]
        results = [result for future in as_completed(work) for result in future.result()]
    finally:
        # Whoever interrupts us does not wait for slow hosts: what is landed is kept, and the rest is asked for again.
        pool.shutdown(wait=False, cancel_futures=True)
    return sorted(results, key=lambda result: result.channel.id)


def _queues(channels: Iterable[Channel]) -> list[list[Channel]]:
    """Channels that must be visited one after another, since they share a host."""
    queues: dict[tuple[str, str, int], list[Channel]] = {}
    for number, channel in enumerate(channels):
        lane = number % PARALLEL.get(channel.source, 1)
        queues.setdefault((channel.source, host_of(channel), lane), []).append(channel)
    return list(queues.values())


def _queue(
    queue: list[Channel],
    todo: Plan,
    settings: Settings,
    zone: Zone,
    people: People,
    unreachable: set[str],
    done: Callable[[Collected], None],
) -> list[Collected]:
    results = []
    for channel in queue:
        results.append(collect_channel(channel, todo, settings, zone, people, unreachable))
        done(results[-1])
    return results


def collect_channel(
    channel: Channel, todo: Plan, settings: Settings, zone: Zone, people: People, unreachable: set[str] | None = None
) -> Collected:
    """Visits every thing of one channel and lands one file (or several parts), also when nothing came."""
    unreachable = set() if unreachable is None else unreachable
    budget = Budget(todo.requests_per_channel)
    tokens, agent = tokens_of(settings), pipelines.user_agent(settings.contact)
    result, unasked = Collected(channel), refusal(channel, settings)
    with Http(hosts_of(channel), settings.private_hosts, agent, budget, settings.clock) as http:
        writer = begin(zone, channel.id, channel.source, settings.clock(), todo.is_sample)
        for name, thing in sources.things(channel.source).items():
            if channel.things and name not in channel.things:
                continue
            cursor = writer.slip.cursors.get(name, {})
            visit = Visit(channel, cursor, todo.since, settings.clock(), http, budget, people, tokens, agent)
            result.outcomes[name] = Outcome("skipped", error=unasked) if unasked else _visit(name, thing, visit, writer, unreachable)
            writer.slip.outcomes[name] = asdict(result.outcomes[name])
        writer.finish(settings.clock())
    return result


def hosts_of(channel: Channel) -> frozenset[str]:
    """The hosts that a visit to the channel may speak to, without ports."""
    return frozenset({host_of(channel).partition(":")[0]})


def tokens_of(settings: Settings) -> dict[str, str]:
    """What is set of the settings that sources may read, by name. Never log or store the values."""
    return settings.tokens() | ({"HEARTBEAT_STATUS_API": "1"} if settings.status_api else {})


def refusal(channel: Channel, settings: Settings) -> str:
    """Why a channel must not be asked: its owner's terms want somebody's consent first. Empty: it may be."""
    names = {channel.source, channel.target.lower()}
    if not channel.terms or names & settings.accepted_terms:
        return ""
    return f"not asked: read {channel.terms}, and put {channel.target.lower()} (or {channel.source}) into HEARTBEAT_TERMS if you accept"


def _visit(name: str, thing: Thing, visit: Visit, writer: Writer, unreachable: set[str]) -> Outcome:
    """One visit to one thing, with every end it may have turned into an outcome."""
    outcome = Outcome()
    missing = [need for need in thing.needs if need not in visit.tokens]
    if missing:
        outcome.state, outcome.error = "skipped", f"needs {' and '.join(missing)}"
        return outcome
    host = host_of(visit.channel)
    spent = (visit.budget.requests, visit.budget.points)
    try:
        if host in unreachable:
            raise Unreachable(f"{host} could not be reached a moment ago")
        _keep_pages(name, thing, visit, writer, outcome)
    except BudgetSpent as stop:
        outcome.state, outcome.error = "partial", str(stop)
    except SourceError as error:
        outcome.state, outcome.error = "failed", str(error)
        if isinstance(error, Unreachable):
            unreachable.add(host)
    except Exception as bug:
        # One source's bug must not cost the others their run.
        outcome.state, outcome.error = "failed", place_of(bug)
    outcome.requests, outcome.points = visit.budget.requests - spent[0], visit.budget.points - spent[1]
    return outcome


def place_of(bug: Exception) -> str:
    """Where a fault of our own happened. Its text is not repeated: it may hold what came from outside."""
    last = traceback.extract_tb(bug.__traceback__)[-1]
    return f"{type(bug).__name__} at {Path(last.filename).name}:{last.lineno}: a fault of Heartbeat's own"


def _keep_pages(name: str, thing: Thing, visit: Visit, writer: Writer, outcome: Outcome) -> None:
    cursor, came = None, False
    for page in sources.visit(visit.channel.source, name, visit):
        _keep_page(name, page, visit, writer, outcome)
        came = came or bool(page.rows) or page.is_unchanged
        cursor = page.cursor or cursor
        if thing.resumable and cursor is not None and page.rows:
            writer.slip.cursors[name] = dict(cursor)
            if writer.is_full:
                writer.slip.outcomes[name] = asdict(outcome) | {"state": "partial"}
                writer.turn(visit.now)
                outcome.rows = 0
        if page.is_unchanged:
            outcome.state = "unchanged"
    if not came and not thing.empty_is_normal:
        raise Fatal(f"{name} of {visit.channel.target}: the answer holds nothing; either the page has changed or something broke")
    # A cursor that is not safe to go on from counts only once the visit came to its end.
    if cursor is not None:
        writer.slip.cursors[name] = dict(cursor)
    if outcome.state != "unchanged":
        outcome.state = "complete"


def _keep_page(name: str, page: Page, visit: Visit, writer: Writer, outcome: Outcome) -> None:
    outcome.expected = page.expected if page.expected is not None else outcome.expected
    outcome.total = page.total if page.total is not None else outcome.total
    if not page.rows:
        return
    writer.keep(
        ((row.thing or name, row.key, row.source_time, json.dumps(row.body, ensure_ascii=False, sort_keys=True)) for row in page.rows),
        visit.now,
    )
    outcome.rows += sum(row.thing in ("", name) for row in page.rows)


def host_of(channel: Channel) -> str:
    """The host (and port) that a channel's requests go to, as the catalog or else its source says."""
    default = getattr(sources.module(channel.source), "BASE_URL", f"https://{channel.target}")
    return urlsplit(channel.base_url or default).netloc.rpartition("@")[2]


def people_key(settings: Settings) -> bytes:
    """The key of the pseudonyms: HEARTBEAT_PEOPLE_KEY, else a file of the home that only its owner may read."""
    given = settings.people_key.get_secret_value()
    return given.encode() if given else _key_file(settings.home / "people.key")


def _key_file(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(f".{os.getpid()}.tmp")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32))
    try:
        # The first of several starting processes wins, and all read what it wrote.
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
    return path.read_bytes().strip()
