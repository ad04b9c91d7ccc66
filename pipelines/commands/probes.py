"""Probes of `heartbeat doctor`: read the first page of each endpoint through its own collector and keep no rows."""

from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.collecting.access import find_refusal, user_agent_for
from pipelines.collecting.queues import find_host, make_queues
from pipelines.collecting.run import list_streams
from pipelines.collecting.turns import make_turns
from pipelines.commands.outlines import Outline, RecordingHttp
from pipelines.contract import Row, Stream, Visit
from pipelines.http.anonymous import AnonymousAllowance
from pipelines.http.budget import Budget
from pipelines.http.errors import (
    BudgetSpent,
    SourceError,
    TokenRefused,
    TokenWanted,
    classify_error,
    describe_bug,
)
from pipelines.http.hosts import HostStates
from pipelines.people import People
from pipelines.text import values
from warehouse.faults import Fault
from warehouse.settings import Settings

AT_ONCE = 16
LONGEST_SECONDS = 300.0
"""Time limit of the whole check, even if some endpoints still hang."""
REQUESTS = 12
"""Request budget for the first page of one stream."""
ANONYMOUS_REQUESTS = 6
"""Requests to GitHub without a token in the whole check: enough for one endpoint of each kind."""
PAGES = 3
"""Maximum number of pages to read: the first may be empty while the next is not."""
RECENT = timedelta(days=7)
"""Start of an oldest-first stream, recent enough for its first page to reflect its current state."""
CLOSED = "was unreachable a moment ago"
"""Comes behind the name of a host that is not asked any more."""
LONG_AGO = timedelta(days=730)


@dataclass(slots=True)
class Finding:
    """The result of probing one endpoint, that is, one stream of a channel."""

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
    """The reason why it failed or was skipped."""
    newest_at: str | None = None
    """The newest instant in its rows."""
    rows: int = 0
    requests: int = 0
    points: int = 0
    formats: list[str] = field(default_factory=list)
    always: list[str] = field(default_factory=list)
    at_times: list[str] = field(default_factory=list)
    blank: list[str] = field(default_factory=list)
    """Paths that were empty, so that their content is unknown."""
    skew_seconds: float | None = None
    """Lead of this machine's clock over the server's."""
    changes: list[str] = field(default_factory=list)
    is_worse: bool = False
    """True when a change suggests a fault of the endpoint."""
    refused: list[str] = field(default_factory=list)
    """Variables of the token that its host refused."""

    @property
    def key(self) -> str:
        """The endpoint's key among the stored findings."""
        return f"{self.channel}/{self.thing}"

    def set_state(self, state: str, fault: Fault, words: str) -> None:
        """Records why the endpoint failed or was skipped."""
        self.state, self.fault, self.words = state, fault, words


def probe_all(
    channels: Iterable[Channel],
    settings: Settings,
    last_findings: Mapping[str, Mapping[str, Any]],
    on_finding: Callable[[Finding], None] = lambda _: None,
    flagships: Collection[str] = (),
) -> list[Finding]:
    """Probes every stream of the channels, several hosts at a time; `last_findings` maps keys to stored findings."""
    lanes = _list_lanes(channels, settings, flagships)
    # The rest of the hour's requests is left to collecting.
    allowance = AnonymousAllowance(ANONYMOUS_REQUESTS)
    findings = {
        (channel.id, name): _unanswered_finding(channel, name, stream)
        for lane in lanes
        for channel, name, stream in lane
    }
    hosts = HostStates()

    def probe_lane(lane: list[tuple[Channel, str, Stream]]) -> None:
        for channel, name, stream in lane:
            is_flagship = channel.id in flagships
            finding = probe_endpoint(channel, name, stream, settings, hosts, allowance, is_flagship)
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


def _list_lanes(
    channels: Iterable[Channel], settings: Settings, flagships: Collection[str]
) -> list[list[tuple[Channel, str, Stream]]]:
    """Lists the streams of each queue of channels, in the order of their visits."""
    queues = make_queues(channels, make_turns(settings.get_tokens(), flagships, None))
    return [[(channel, *stream) for channel in queue for stream in list_streams(channel)] for queue in queues]


def _new_finding(channel: Channel, name: str, stream: Stream) -> Finding:
    return Finding(channel.id, name, channel.source, channel.family, find_host(channel), stream.order)


def _unanswered_finding(channel: Channel, name: str, stream: Stream) -> Finding:
    """Returns the finding of an endpoint that has not answered yet."""
    finding = _new_finding(channel, name, stream)
    words = f"no answer within {LONGEST_SECONDS:.0f} s; check it alone with --channel {channel.id}"
    finding.set_state("failed", Fault.TIMED_OUT, words)
    return finding


def probe_endpoint(
    channel: Channel,
    name: str,
    stream: Stream,
    settings: Settings,
    hosts: HostStates,
    allowance: AnonymousAllowance,
    is_flagship: bool,
) -> Finding:
    """Probes one endpoint; nothing is landed and its cursor does not move. `hosts` holds what others met."""
    finding, tokens = _new_finding(channel, name, stream), settings.get_tokens()
    missing = [] if stream.is_sample(tokens, is_flagship) else stream.list_missing(tokens)
    if words := find_refusal(channel, settings):
        finding.set_state("skipped", Fault.TERMS, words)
        return finding
    if missing:
        finding.set_state("skipped", Fault.CREDENTIALS, f"needs {' and '.join(missing)}")
        return finding
    if finding.host in hosts.closed:
        finding.set_state("failed", Fault.UNREACHABLE, f"{finding.host} {CLOSED}")
        return finding
    budget, now = Budget(REQUESTS), settings.clock()
    since = now - (RECENT if stream.order == "oldest-first" else LONG_AGO)
    with RecordingHttp(channel, settings, budget, allowance, hosts) as http:
        # A key for this check only: no row, and so no pseudonym, is kept.
        people = People(b"a check keeps no rows")
        visit = Visit(channel, {}, since, now, http, budget, people, tokens, user_agent_for(channel, settings))
        try:
            _try_first_page(finding, name, stream, visit)
        except TokenRefused:
            finding.refused = _find_refused(visit)
            _try_without_token(finding, name, stream, visit)
        _record_outline(finding, http, now)
    finding.requests, finding.points = budget.requests, budget.points
    return finding


def _find_refused(visit: Visit) -> list[str]:
    """Finds the variables of the token that a source refused: it sends one wherever it has it."""
    source = visit.channel.source
    needs = {need for stream in sources.get_streams(source).values() for need in stream.needs}
    return sorted((needs | set(sources.list_optional_tokens(source))) & visit.tokens.keys())


def _try_without_token(finding: Finding, name: str, stream: Stream, visit: Visit) -> None:
    """Reads without a refused token what may be read so; everything else is left out, as the token's own check says
    why."""
    why, optional = f"its host refused {' and '.join(finding.refused)}", sources.list_optional_tokens(finding.source)
    if not optional:
        finding.set_state("skipped", Fault.DENIED, f"not checked, as {why}")
        return
    tokens = {key: value for key, value in visit.tokens.items() if key not in optional}
    _try_first_page(finding, name, stream, replace(visit, tokens=tokens))
    finding.words = "; ".join(filter(None, (finding.words, f"read without a token, as {why}")))


def _try_first_page(finding: Finding, name: str, stream: Stream, visit: Visit) -> None:
    """Reads the first page and records how that ended. Raises TokenRefused."""
    try:
        _read_first_page(finding, name, stream, visit)
    except TokenRefused:
        raise
    except TokenWanted:
        words = f"not checked: without a token a check makes at most {ANONYMOUS_REQUESTS} requests to GitHub"
        finding.set_state("skipped", Fault.CREDENTIALS, words)
    except BudgetSpent:
        finding.words = f"answers, but its first page takes more than {REQUESTS} requests"
    except SourceError as error:
        finding.set_state("failed", error.fault, str(error))
    except Exception as bug:
        finding.set_state("failed", classify_error(bug), describe_bug(bug))


def _read_first_page(finding: Finding, name: str, stream: Stream, visit: Visit) -> None:
    pages = sources.collect_stream(visit.channel.source, name, visit)
    rows: list[Row] = []
    for page in islice(pages, PAGES):
        rows = page.rows
        if rows:
            break
    if not rows and not stream.empty_is_normal:
        finding.set_state("failed", Fault.EMPTY, "the answer is empty; the page has changed or is broken")
    own = [row for row in rows if row.stream in ("", name)]
    finding.rows, finding.newest_at = len(own), find_newest(own, visit.now)


def find_newest(rows: Iterable[Row], now: datetime) -> str | None:
    """Returns the newest instant in the rows: the time of their last change, or else any instant or day in them."""
    instants = [row.source_time for row in rows if row.source_time is not None]
    for ending in ("_at", "_on"):
        instants = instants or [
            at
            for row in rows
            for name, value in row.body.items()
            if name.endswith(ending) and isinstance(value, str) and (at := values.parse_instant(value))
        ]
    # Announced dates may lie in the future and say nothing about freshness.
    return values.format_instant(max((at for at in instants if at <= now + timedelta(days=1)), default=None))


def _record_outline(finding: Finding, http: RecordingHttp, now: datetime) -> None:
    finding.formats = sorted(http.formats)
    finding.always, finding.at_times = sorted(http.outline.always), sorted(http.outline.at_times)
    finding.skew_seconds = (now - http.server_time).total_seconds() if http.server_time else None
    finding.blank = sorted(http.outline.blank)


def compare_with_last(finding: Finding, before: Mapping[str, Any] | None) -> None:
    """Records what has changed since the endpoint's last good answer."""
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
    """Returns the part of a good finding that the next run compares with."""
    names = ("formats", "newest_at", "rows", "always", "at_times")
    return {name: value for name, value in asdict(finding).items() if name in names} | {
        "asked_at": values.format_instant(now)
    }
