"""Asks each endpoint of the catalog for its first page, through its own collector: the check cannot drift from it. No
row is kept."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.collecting.run import (
    find_host,
    find_refusal,
    list_hosts,
    list_streams,
    make_queues,
    read_tokens,
    user_agent_for,
)
from pipelines.collecting.visit import classify_error, describe_bug
from pipelines.commands.outlines import Outline
from pipelines.contract import Row, Stream, Visit
from pipelines.http.answers import Answer
from pipelines.http.budget import Budget
from pipelines.http.client import Http
from pipelines.http.errors import BudgetSpent, SourceError, Throttled, Unreachable
from pipelines.people import People
from pipelines.text import values
from warehouse.faults import Fault
from warehouse.settings import Settings

AT_ONCE = 16
LONGEST_SECONDS = 300.0
"""A check ends after this time, whatever still hangs."""
REQUEST_SECONDS = 15.0
REQUESTS = 12
"""What the first page of one stream may cost."""
PAGES = 3
"""A first page may be empty where the next one is not."""
RECENT = timedelta(days=7)
"""How far back a stream is asked for that comes oldest-first: near enough to now for its first page to say something of
now."""
LONG_AGO = timedelta(days=730)


@dataclass(slots=True)
class Finding:
    """What one endpoint, a stream of a channel, answered."""

    channel: str
    thing: str
    source: str
    family: str
    host: str
    order: str
    state: str = "ok"
    """ok, failed or skipped."""
    fault: Fault = Fault.NONE
    words: str = ""
    """Why it failed or was skipped."""
    newest_at: str | None = None
    """The newest instant that its rows tell."""
    rows: int = 0
    requests: int = 0
    points: int = 0
    formats: list[str] = field(default_factory=list)
    always: list[str] = field(default_factory=list)
    at_times: list[str] = field(default_factory=list)
    blank: list[str] = field(default_factory=list)
    """Places that were empty, so that nothing can be said of what is in them."""
    skew_seconds: float | None = None
    """How far our clock is ahead of the server's."""
    changes: list[str] = field(default_factory=list)
    is_worse: bool = False
    """Whether a change speaks against the endpoint."""

    @property
    def key(self) -> str:
        """Names the endpoint among those kept."""
        return f"{self.channel}/{self.thing}"

    def end(self, state: str, fault: Fault, words: str) -> None:
        """Notes why the endpoint failed or was not asked."""
        self.state, self.fault, self.words = state, fault, words


class RecordingHttp(Http):
    """The client of all sources; it notes what answers look like, tries once and waits for nobody."""

    def __init__(self, channel: Channel, settings: Settings, budget: Budget) -> None:
        agent = user_agent_for(channel, settings)
        hosts, private = list_hosts(channel), settings.private_hosts
        super().__init__(
            hosts, private, agent, budget, settings.clock, REQUEST_SECONDS, sleep=_refuse_pause, attempts=1
        )
        self.outline, self.formats = Outline(), set[str]()
        self.server_time: datetime | None = None

    def get(self, *asked: Any, **more: Any) -> Answer:
        """As the client does."""
        return self._record(super().get(*asked, **more))

    def post(self, *asked: Any, **more: Any) -> Answer:
        """As the client does."""
        return self._record(super().post(*asked, **more))

    def _record(self, answer: Answer) -> Answer:
        self.outline.add(answer)
        self.formats.add(answer.headers.get("content-type", "").partition(";")[0].strip().lower() or "none")
        self.server_time = values.parse_instant(answer.headers.get("date")) or self.server_time
        return answer


def _refuse_pause(seconds: float) -> None:
    raise Throttled(f"asks for a pause of {seconds:.0f} s, which a check does not sit out")


def probe_all(
    channels: Iterable[Channel],
    settings: Settings,
    last_findings: Mapping[str, Mapping[str, Any]],
    on_finding: Callable[[Finding], None] = lambda _: None,
) -> list[Finding]:
    """Asks every stream of the channels, several hosts at a time; `known`: what was kept of earlier findings, by
    key."""
    lanes = [
        [(channel, *stream) for channel in queue for stream in list_streams(channel)] for queue in make_queues(channels)
    ]
    findings = {
        (channel.id, name): _unanswered_finding(channel, name, stream)
        for lane in lanes
        for channel, name, stream in lane
    }
    unreachable: dict[str, str] = {}

    def probe_lane(lane: list[tuple[Channel, str, Stream]]) -> None:
        for channel, name, stream in lane:
            finding = probe_endpoint(channel, name, stream, settings, unreachable)
            compare_with_last(finding, last_findings.get(finding.key))
            findings[channel.id, name] = finding
            on_finding(finding)

    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        futures = [pool.submit(probe_lane, lane) for lane in lanes]
        done, _ = wait(futures, LONGEST_SECONDS)
        for future in done:
            future.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return sorted(findings.values(), key=lambda finding: (finding.source, finding.channel, finding.thing))


def _new_finding(channel: Channel, name: str, stream: Stream) -> Finding:
    return Finding(channel.id, name, channel.source, channel.family, find_host(channel), stream.order)


def _unanswered_finding(channel: Channel, name: str, stream: Stream) -> Finding:
    """What is said of an endpoint as long as it has not answered."""
    finding = _new_finding(channel, name, stream)
    words = f"no answer within the {LONGEST_SECONDS:.0f} s of a check; ask for it alone (--channel)"
    finding.end("failed", Fault.TIMED_OUT, words)
    return finding


def probe_endpoint(
    channel: Channel, name: str, stream: Stream, settings: Settings, unreachable: dict[str, str]
) -> Finding:
    """Asks one endpoint. Nothing is landed, and its cursor stays where it is."""
    finding, tokens = _new_finding(channel, name, stream), read_tokens(settings)
    missing = [need for need in stream.needs if need not in tokens]
    if words := find_refusal(channel, settings):
        finding.end("skipped", Fault.TERMS, words)
        return finding
    if missing:
        finding.end("skipped", Fault.CREDENTIALS, f"needs {' and '.join(missing)}")
        return finding
    if finding.host in unreachable:
        finding.end("failed", Fault.UNREACHABLE, unreachable[finding.host])
        return finding
    budget, now = Budget(REQUESTS), settings.clock()
    since = now - (RECENT if stream.order == "oldest-first" else LONG_AGO)
    with RecordingHttp(channel, settings, budget) as http:
        # A key for this check only: no row, and so no pseudonym, is kept.
        people = People(b"a check keeps nobody")
        visit = Visit(channel, {}, since, now, http, budget, people, tokens, user_agent_for(channel, settings))
        try:
            _read_first_page(finding, name, stream, visit)
        except BudgetSpent:
            finding.words = f"answers; its first page takes more than {REQUESTS} requests"
        except SourceError as error:
            finding.end("failed", error.fault, str(error))
            if isinstance(error, Unreachable):
                unreachable[finding.host] = f"{finding.host} could not be reached a moment ago"
        except Exception as bug:
            finding.end("failed", classify_error(bug), describe_bug(bug))
        _record_outline(finding, http, now)
    finding.requests, finding.points = budget.requests, budget.points
    return finding


def _read_first_page(finding: Finding, name: str, stream: Stream, visit: Visit) -> None:
    pages = sources.collect_stream(visit.channel.source, name, visit)
    rows: list[Row] = []
    for page in islice(pages, PAGES):
        rows = page.rows
        if rows:
            break
    if not rows and not stream.empty_is_normal:
        finding.end("failed", Fault.EMPTY, "the answer holds nothing; either the page has changed or something broke")
    own = [row for row in rows if row.stream in ("", name)]
    finding.rows, finding.newest_at = len(own), find_newest(own, visit.now)


def find_newest(rows: Iterable[Row], now: datetime) -> str | None:
    """The newest instant that rows tell, no later than tomorrow: of their change, else of any instant or day in
    them."""
    instants = [row.source_time for row in rows if row.source_time is not None]
    for ending in ("_at", "_on"):
        instants = instants or [
            at
            for row in rows
            for name, value in row.body.items()
            if name.endswith(ending) and isinstance(value, str) and (at := values.parse_instant(value))
        ]
    return values.format_instant(max((at for at in instants if at <= now + timedelta(days=1)), default=None))


def _record_outline(finding: Finding, http: RecordingHttp, now: datetime) -> None:
    finding.formats = sorted(http.formats)
    finding.always, finding.at_times = sorted(http.outline.always), sorted(http.outline.at_times)
    finding.skew_seconds = (now - http.server_time).total_seconds() if http.server_time else None
    finding.blank = sorted(http.outline.blank)


def compare_with_last(finding: Finding, before: Mapping[str, Any] | None) -> None:
    """Says what is not as it was when the endpoint last answered well."""
    if before is None or finding.state != "ok":
        return
    worse = []
    if finding.formats != before["formats"]:
        worse.append(f"format: {', '.join(before['formats'])} before, {', '.join(finding.formats)} now")
    if finding.order != "oldest-first" and (finding.newest_at or "") < (before["newest_at"] or ""):
        worse.append(f"newest date: {before['newest_at']} before, {finding.newest_at or 'none'} now")
    if finding.order == "whole" and finding.rows < before["rows"] / 2:
        worse.append(f"rows: {before['rows']} before, {finding.rows} now")
    gone = Outline(set(finding.always), set(finding.at_times), set(finding.blank)).list_missing(set(before["always"]))
    fresh = sorted(set(finding.always) - set(before["always"]) - set(before["at_times"]))
    path_changes = [
        f"{word}: {', '.join(paths[:5])}{' …' if len(paths) > 5 else ''}"
        for word, paths in (("gone", gone), ("new", fresh))
        if paths
    ]
    finding.changes, finding.is_worse = worse + path_changes, bool(worse)


def to_record(finding: Finding, now: datetime) -> dict[str, Any]:
    """What is kept of a good finding, to compare the next one with."""
    names = ("formats", "newest_at", "rows", "always", "at_times")
    return {name: value for name, value in asdict(finding).items() if name in names} | {
        "asked_at": values.format_instant(now)
    }
