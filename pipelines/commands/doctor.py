"""`heartbeat doctor`: checks this machine, this installation and every endpoint of the catalog."""

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Any

from rich.console import Console

from pipelines.catalog.entries import Channel, describe_evidence
from pipelines.catalog.reader import Catalog
from pipelines.commands.checks import Check, check_clock, check_refusals, run_local_checks
from pipelines.commands.health import check_health
from pipelines.commands.probes import CLOSED, Finding, probe_all, to_record
from pipelines.commands.terminal import say
from warehouse.durable import make_private_folder
from warehouse.faults import NOT_ASKED, Fault, find_cause
from warehouse.settings import Settings
from warehouse.wording import count_things

COUNTED = {"wrong": "wrong", "note": "to note", "ok": "fine"}
"""The states of checks, the gravest first, and the words that count them."""
STYLES = {"WRONG": "red", "note": "yellow", "ok": "green"}
MOST_SIGNS = 400
"""Length from which the words of a check are cut, unless everything is asked for."""
FINDINGS_FILE = "doctor.json"
"""File in HEARTBEAT_HOME that holds the last good finding of each endpoint."""


def examine(
    settings: Settings,
    catalog: Catalog,
    source: str = "",
    family: str = "",
    channel: str = "",
    is_offline: bool = False,
) -> dict[str, Any]:
    """Runs all checks and probes the matching endpoints; keeps good findings so that the next run can report
    changes."""
    chosen = [
        candidate
        for candidate in catalog.channels
        if candidate.enabled and _is_chosen(candidate, source, family, channel)
    ]
    checks = [*run_local_checks(settings, catalog), *check_health(settings, catalog)]
    findings: list[Finding] = []
    if not is_offline:
        last_findings = read_last_findings(settings.home)
        findings = probe_all(chosen, settings, last_findings, flagships=catalog.flagships)
        good = {endpoint.key: to_record(endpoint, settings.clock()) for endpoint in findings if endpoint.state == "ok"}
        checks = check_refusals(checks, findings)
        checks += [*check_clock(findings), *_try_to_write(settings.home, {**last_findings, **good})]
    by_id = {candidate.id: candidate for candidate in chosen}
    is_wrong = any(check.state == "wrong" for check in checks) or any(
        endpoint.state == "failed" or endpoint.is_worse for endpoint in findings
    )
    return {
        "is_wrong": is_wrong,
        "checks": [asdict(check) for check in checks],
        "endpoints": [_endpoint_to_dict(endpoint, by_id[endpoint.channel]) for endpoint in findings],
    }


def _is_chosen(channel: Channel, source: str, family: str, name: str) -> bool:
    return source in ("", channel.source) and family in ("", channel.family) and name in ("", channel.id)


def _endpoint_to_dict(finding: Finding, channel: Channel) -> dict[str, Any]:
    # Outlines run to hundreds of paths and serve only the comparison.
    hidden = ("always", "at_times", "blank", "order")
    return {name: value for name, value in asdict(finding).items() if name not in hidden} | {
        "keys": len(finding.always),
        "evidence": describe_evidence(channel.evidence, channel.seen_on),
        "caution": channel.caution,
    }


def read_last_findings(home: Path) -> dict[str, Any]:
    """Loads the findings of earlier runs; empty if the file is missing or broken."""
    try:
        findings = json.loads((home / FINDINGS_FILE).read_text(encoding="utf-8"))
    except (OSError, RecursionError, ValueError):
        return {}
    return findings if isinstance(findings, dict) else {}


def write_findings(home: Path, findings: Mapping[str, Any]) -> None:
    """Replaces the stored findings atomically."""
    make_private_folder(home)
    # Renamed into place, so that an interrupted run never leaves half a file.
    staging_path = home / f"{FINDINGS_FILE}.{os.getpid()}.tmp"
    staging_path.write_text(json.dumps(findings, sort_keys=True), encoding="utf-8")
    os.replace(staging_path, home / FINDINGS_FILE)


def _try_to_write(home: Path, findings: Mapping[str, Any]) -> list[Check]:
    try:
        write_findings(home, findings)
    except OSError as error:
        return [
            Check(
                "findings",
                "wrong",
                f"{home / FINDINGS_FILE}: not writable ({error.strerror}); the next run cannot report changes",
            )
        ]
    return []


def print_report(console: Console, report: Mapping[str, Any], is_whole: bool = False) -> None:
    """Prints the report of `examine`: a summary, what is wrong, what to note; whole also everything that is fine."""
    states = Counter(check["state"] for check in report["checks"])
    counts = [f"{states[state]} {word}" for state, word in COUNTED.items() if states[state]]
    say(console, f"{len(report['checks'])} checks: {', '.join(counts)}", "red" if report["is_wrong"] else "green")
    for check in sorted(report["checks"], key=lambda check: list(COUNTED).index(check["state"])):
        if is_whole or check["state"] != "ok":
            mark = _format_state(check["state"])
            words = check["words"] if is_whole else _shorten_words(check["words"])
            say(console, f" {check['name']}: {words}", STYLES.get(mark.strip(), ""), mark=mark)
    _print_endpoints(console, report["endpoints"], is_whole)
    if not is_whole:
        say(console, "`heartbeat doctor --all` also lists what is fine")


def _shorten_words(words: str) -> str:
    """Cuts the words of a check between two of them where they fill half a screen: some list every channel."""
    return words if len(words) <= MOST_SIGNS else f"{words[:MOST_SIGNS].rpartition(' ')[0]} … (the rest with --all)"


def _print_endpoints(console: Console, endpoints: Sequence[Mapping[str, Any]], is_whole: bool) -> None:
    """Prints how many endpoints answer, and by source those that do not, or all."""
    states = Counter(endpoint["state"] for endpoint in endpoints)
    if states:
        counts = f"{states['ok']} ok, {states['failed']} failed, {states['skipped']} skipped"
        say(console, f"endpoints: {counts}", "red" if states["failed"] else "green")
    if not is_whole and (words := _describe_lost_network(endpoints)):
        say(console, f" {words}", STYLES["WRONG"], indent=2, mark="WRONG")
        return
    shown = [endpoint for endpoint in endpoints if is_whole or endpoint["is_worse"] or endpoint["state"] == "failed"]
    for source, own in groupby(shown, key=lambda endpoint: str(endpoint["source"])):
        say(console, f"{source}:", "bold")
        for endpoint, others in _group_endpoints(own, is_whole):
            mark = _format_state("wrong" if endpoint["is_worse"] else endpoint["state"])
            more = f" and {others:,} more" if others else ""
            words = f" {endpoint['channel']} {endpoint['thing']}{more}: {_describe_endpoint(endpoint)}"
            say(console, words, STYLES.get(mark.strip(), ""), indent=2, mark=mark)


def _describe_lost_network(endpoints: Sequence[Mapping[str, Any]]) -> str:
    """Says in one sentence that no host could be reached; empty where one could, or where there is one host only."""
    asked = [endpoint for endpoint in endpoints if endpoint["state"] != "skipped"]
    hosts = {endpoint["host"] for endpoint in asked}
    if len(hosts) < 2 or any(endpoint["fault"] != Fault.UNREACHABLE for endpoint in asked):
        return ""
    # The one that met the cause, not one that was not asked because of it.
    first = min(asked, key=lambda one: bool(one["words"].endswith(CLOSED)))
    return f"none of {len(hosts):,} hosts could be reached: {first['words']}; --all lists them"


def _group_endpoints(endpoints: Iterable[Mapping[str, Any]], is_whole: bool) -> list[tuple[Mapping[str, Any], int]]:
    """Lists endpoints, and with each how many more were stopped by the same cause; whole, each by itself."""
    groups: dict[object, list[Mapping[str, Any]]] = {}
    for number, endpoint in enumerate(endpoints):
        has_cause = endpoint["state"] == "failed" and not is_whole
        groups.setdefault(find_cause(endpoint["words"]) if has_cause else number, []).append(endpoint)
    # The one that met the cause comes before those that were not asked because of it.
    return [(min(own, key=lambda one: NOT_ASKED in one["words"]), len(own) - 1) for own in groups.values()]


def _format_state(state: str) -> str:
    return {"ok": "ok   ", "note": "note ", "skipped": "-    "}.get(state, "WRONG")


def _describe_endpoint(endpoint: Mapping[str, Any]) -> str:
    beside = [endpoint["evidence"], endpoint["caution"]]
    if endpoint["state"] != "ok":
        return "; ".join(part for part in (f"{endpoint['fault']}: {endpoint['words']}", *beside) if part)
    points = f", {count_things(endpoint['points'], 'point')}" if endpoint["points"] else ""
    cost = count_things(endpoint["requests"], "request") + points
    newest = f"newest {endpoint['newest_at'][:16]}" if endpoint["newest_at"] else "no date"
    parts = [
        newest,
        count_things(endpoint["rows"], "row"),
        cost,
        ", ".join(endpoint["formats"]),
        endpoint["words"],
        *(f"CHANGED {change}" for change in endpoint["changes"]),
        *beside,
    ]
    return "; ".join(part for part in parts if part)
