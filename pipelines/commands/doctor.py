"""`heartbeat doctor`: runs the checks, and reads the first page of each endpoint without keeping its rows."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from itertools import groupby, islice
from typing import Any

from rich.console import Console

from pipelines import sources
from pipelines.catalog.entries import Channel, describe_evidence
from pipelines.catalog.reader import Catalog
from pipelines.collecting.access import find_refusal, list_hosts, user_agent_for
from pipelines.collecting.queues import find_host, make_queues
from pipelines.collecting.run import list_streams
from pipelines.collecting.turns import make_turns
from pipelines.commands.checks import Check, run_checks
from pipelines.commands.terminal import say
from pipelines.contract import Row, Stream, Visit
from pipelines.http.anonymous import AnonymousAllowance
from pipelines.http.budget import Budget
from pipelines.http.client import Http
from pipelines.http.clock import ClockWatch
from pipelines.http.errors import (
    BudgetSpent,
    SourceError,
    Throttled,
    TokenRefused,
    TokenWanted,
    classify_error,
    describe_bug,
)
from pipelines.http.hosts import HostStates
from pipelines.people import People
from pipelines.text import values
from warehouse.faults import NOT_ASKED, Fault, find_cause
from warehouse.settings import Settings
from warehouse.wording import count_things

COUNTED = {"wrong": "wrong", "note": "to note", "ok": "fine"}
"""The states of checks, the gravest first, and the words that count them."""
MARKS = {"ok": "ok   ", "note": "note ", "skipped": "-    "}
STYLES = {"ok": "green", "note": "yellow", "skipped": ""}
AT_ONCE = 16
LONGEST_SECONDS = 300.0
"""Time limit of the whole check, even if some endpoints still hang."""
REQUEST_SECONDS = 15.0
REQUESTS = 12
"""Request budget for the first page of one stream."""
ANONYMOUS_REQUESTS = 6
"""Requests to GitHub without a token in the whole check; the rest of the hour's requests is left to collecting."""
PAGES = 3
"""Maximum number of pages to read: the first may be empty while the next is not."""
RECENT = timedelta(days=7)
"""Start of an oldest-first stream, recent enough for its first page to reflect its current state."""
LONG_AGO = timedelta(days=730)


@dataclass(slots=True)
class Finding:
    """The result of probing one endpoint, that is, one stream of a channel."""

    channel: str
    thing: str
    source: str
    host: str
    evidence: str
    caution: str
    state: str = "failed"
    """ok, failed or skipped."""
    fault: Fault = Fault.NONE
    words: str = ""
    """Why it failed or was skipped."""
    newest_at: str | None = None
    """The newest instant in its rows."""
    rows: int = 0
    requests: int = 0
    points: int = 0
    refused: list[str] = field(default_factory=list)
    """Variables of the token that its host refused."""

    def end(self, state: str, fault: Fault, words: str) -> None:
        """Records how the probe ended."""
        self.state, self.fault, self.words = state, fault, words


@dataclass(frozen=True, slots=True)
class Examination:
    """What the probes of one check share."""

    settings: Settings
    flagships: Collection[str]
    hosts: HostStates = field(default_factory=lambda: HostStates(clock=ClockWatch()))
    allowance: AnonymousAllowance = field(default_factory=lambda: AnonymousAllowance(ANONYMOUS_REQUESTS))


def examine(
    settings: Settings,
    catalog: Catalog,
    source: str = "",
    family: str = "",
    channel: str = "",
    is_offline: bool = False,
) -> dict[str, Any]:
    """Runs all checks and probes the matching endpoints."""
    checks, findings = run_checks(settings, catalog), list[Finding]()
    if not is_offline:
        chosen = [
            one
            for one in catalog.channels
            if one.enabled and source in ("", one.source) and family in ("", one.family) and channel in ("", one.id)
        ]
        examination = Examination(settings, catalog.flagships)
        findings = probe_all(chosen, examination)
        checks = [*_name_refusals(checks, findings), *_check_clock(examination.hosts.clock)]
    return {
        "is_wrong": any(check.state == "wrong" for check in checks) or any(one.state == "failed" for one in findings),
        "checks": [asdict(check) for check in checks],
        "endpoints": [asdict(finding) for finding in findings],
    }


def _name_refusals(checks: Iterable[Check], findings: Iterable[Finding]) -> list[Check]:
    """Corrects the checks of tokens that a host refused."""
    hosts: dict[str, set[str]] = {}
    for finding in findings:
        for name in finding.refused:
            hosts.setdefault(name, set()).add(finding.host)
    words = {name: f"set, but refused by {', '.join(sorted(own))}; make a new one" for name, own in hosts.items()}
    return [Check(check.name, "wrong", words[check.name]) if check.name in words else check for check in checks]


def _check_clock(clock: ClockWatch | None) -> list[Check]:
    """Compares this machine's clock with the hosts' clocks, if any stated the time."""
    if clock is None or not (clock.is_vouched or clock.is_wrong):
        return []
    if clock.is_wrong:
        return [Check("clock", "wrong", f"{clock.trouble}; set this machine's clock")]
    return [Check("clock", "ok", "agrees with the hosts' clocks")]


def probe_all(channels: Iterable[Channel], examination: Examination) -> list[Finding]:
    """Probes every stream of the channels, several hosts at a time."""
    queues = make_queues(channels, make_turns(examination.settings.get_tokens(), examination.flagships, None))
    lanes = [
        [(channel, stream, _open_finding(channel, name)) for channel in queue for name, stream in list_streams(channel)]
        for queue in queues
    ]

    def probe_lane(lane: list[tuple[Channel, Stream, Finding]]) -> None:
        for channel, stream, finding in lane:
            probe_endpoint(channel, stream, finding, examination)

    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        done, _ = wait([pool.submit(probe_lane, lane) for lane in lanes], LONGEST_SECONDS)
        for future in done:
            future.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    findings = [finding for lane in lanes for *_, finding in lane]
    return sorted(findings, key=lambda finding: (finding.source, finding.channel, finding.thing))


def _open_finding(channel: Channel, name: str) -> Finding:
    """Makes the finding of an endpoint that has not answered yet."""
    late = f"no answer within {LONGEST_SECONDS:.0f} s; check it alone with --channel {channel.id}"
    evidence = describe_evidence(channel.evidence, channel.seen_on)
    finding = Finding(channel.id, name, channel.source, find_host(channel), evidence, channel.caution)
    finding.end("failed", Fault.TIMED_OUT, late)
    return finding


def probe_endpoint(channel: Channel, stream: Stream, finding: Finding, examination: Examination) -> None:
    """Probes one endpoint; no row is landed and no cursor moves."""
    settings, tokens = examination.settings, examination.settings.get_tokens()
    missing = [] if stream.is_sample(tokens, channel.id in examination.flagships) else stream.list_missing(tokens)
    if words := find_refusal(channel, settings):
        return finding.end("skipped", Fault.TERMS, words)
    if missing:
        return finding.end("skipped", Fault.CREDENTIALS, f"needs {' and '.join(missing)}")
    budget, now, agent = Budget(REQUESTS), settings.clock(), user_agent_for(channel, settings)
    since = now - (RECENT if stream.order == "oldest-first" else LONG_AGO)
    with Http(
        list_hosts(channel), settings.private_hosts, agent, budget, settings.clock, REQUEST_SECONDS,
        sleep=_refuse_pause, attempts=1, allowance=examination.allowance, hosts=examination.hosts,
    ) as http:  # fmt: skip
        # A key for this check only: no row, and so no pseudonym, is kept.
        people = People(b"a check keeps no rows")
        _try_first_page(finding, stream, Visit(channel, {}, since, now, http, budget, people, tokens, agent))
    finding.requests, finding.points = budget.requests, budget.points
    return None


def _refuse_pause(seconds: float) -> None:
    raise Throttled(f"rate limited: asks for a pause of {seconds:.0f} s, longer than a check waits")


def _try_first_page(finding: Finding, stream: Stream, visit: Visit) -> None:
    """Reads the first page and records how that ended."""
    try:
        _read_first_page(finding, stream, visit)
    except TokenRefused:
        finding.refused = _list_sent_tokens(visit)
        finding.end("skipped", Fault.DENIED, f"not checked: its host refused {' and '.join(finding.refused)}")
    except TokenWanted:
        words = f"not checked: without a token a check makes at most {ANONYMOUS_REQUESTS} requests to GitHub"
        finding.end("skipped", Fault.CREDENTIALS, words)
    except BudgetSpent:
        finding.end("ok", Fault.NONE, f"answers, but its first page takes more than {REQUESTS} requests")
    except SourceError as error:
        finding.end("failed", error.fault, str(error))
    except Exception as bug:
        finding.end("failed", classify_error(bug), describe_bug(bug))


def _list_sent_tokens(visit: Visit) -> list[str]:
    """Lists the variables of the tokens that a source sends."""
    source = visit.channel.source
    needs = {need for stream in sources.get_streams(source).values() for need in stream.needs}
    return sorted((needs | set(sources.list_optional_tokens(source))) & visit.tokens.keys())


def _read_first_page(finding: Finding, stream: Stream, visit: Visit) -> None:
    pages = islice(sources.collect_stream(visit.channel.source, finding.thing, visit), PAGES)
    rows = next((page.rows for page in pages if page.rows), [])
    own = [row for row in rows if row.stream in ("", finding.thing)]
    finding.rows, finding.newest_at = len(own), find_newest(own, visit.now)
    if rows or stream.empty_is_normal:
        finding.end("ok", Fault.NONE, "")
    else:
        finding.end("failed", Fault.EMPTY, "the answer is empty; the page has changed or is broken")


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


def print_report(console: Console, report: Mapping[str, Any], is_whole: bool = False) -> None:
    """Prints the report of `examine`: a summary, what is wrong, what to note; with `is_whole` also what is fine."""
    states = Counter(check["state"] for check in report["checks"])
    counts = [f"{states[state]} {word}" for state, word in COUNTED.items() if states[state]]
    say(console, f"{len(report['checks'])} checks: {', '.join(counts)}", "red" if report["is_wrong"] else "green")
    for check in sorted(report["checks"], key=lambda check: list(COUNTED).index(check["state"])):
        if is_whole or check["state"] != "ok":
            _say_state(console, check["state"], f"{check['name']}: {check['words']}")
    _print_endpoints(console, report["endpoints"], is_whole)
    if not is_whole:
        say(console, "`heartbeat doctor --all` also lists what is fine")


def _say_state(console: Console, state: str, words: str, indent: int = 0) -> None:
    say(console, f" {words}", STYLES.get(state, "red"), indent=indent, mark=MARKS.get(state, "WRONG"))


def _print_endpoints(console: Console, endpoints: Sequence[Mapping[str, Any]], is_whole: bool) -> None:
    """Prints how many endpoints answer, and by source those that do not, or all."""
    states = Counter(endpoint["state"] for endpoint in endpoints)
    if states:
        counts = f"{states['ok']} ok, {states['failed']} failed, {states['skipped']} skipped"
        say(console, f"endpoints: {counts}", "red" if states["failed"] else "green")
    if not is_whole and (words := _describe_lost_network(endpoints)):
        return _say_state(console, "failed", words, indent=2)
    shown = [endpoint for endpoint in endpoints if is_whole or endpoint["state"] == "failed"]
    for source, own in groupby(shown, key=lambda endpoint: str(endpoint["source"])):
        say(console, f"{source}:", "bold")
        for endpoint, others in _group_endpoints(own, is_whole):
            more = f" and {others:,} more" if others else ""
            words = f"{endpoint['channel']} {endpoint['thing']}{more}: {_describe_endpoint(endpoint)}"
            _say_state(console, endpoint["state"], words, indent=2)
    return None


def _describe_lost_network(endpoints: Sequence[Mapping[str, Any]]) -> str:
    """Says in one sentence that no host could be reached; empty if one could, or if there is only one host."""
    asked = [endpoint for endpoint in endpoints if endpoint["state"] != "skipped"]
    hosts = {endpoint["host"] for endpoint in asked}
    if len(hosts) < 2 or any(endpoint["fault"] != Fault.UNREACHABLE for endpoint in asked):
        return ""
    return f"none of {len(hosts):,} hosts could be reached: {find_cause(asked[0]['words'])}; --all lists them"


def _group_endpoints(endpoints: Iterable[Mapping[str, Any]], is_whole: bool) -> list[tuple[Mapping[str, Any], int]]:
    """Lists endpoints, and with each how many more were stopped by the same cause; whole, each by itself."""
    groups: dict[object, list[Mapping[str, Any]]] = {}
    for number, endpoint in enumerate(endpoints):
        has_cause = endpoint["state"] == "failed" and not is_whole
        groups.setdefault(find_cause(endpoint["words"]) if has_cause else number, []).append(endpoint)
    # The one that met the cause comes before those that were not asked because of it.
    return [(min(own, key=lambda one: NOT_ASKED in one["words"]), len(own) - 1) for own in groups.values()]


def _describe_endpoint(endpoint: Mapping[str, Any]) -> str:
    if endpoint["state"] != "ok":
        parts = [f"{endpoint['fault']}: {endpoint['words']}"]
    else:
        points = f", {count_things(endpoint['points'], 'point')}" if endpoint["points"] else ""
        parts = [
            f"newest {endpoint['newest_at'][:16]}" if endpoint["newest_at"] else "no date",
            count_things(endpoint["rows"], "row"),
            count_things(endpoint["requests"], "request") + points,
            endpoint["words"],
        ]
    return "; ".join(part for part in (*parts, endpoint["evidence"], endpoint["caution"]) if part)
