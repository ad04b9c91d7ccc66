"""What is wrong with an installation, judged once for every command, message and page: each cause once, the worst
first."""

import json
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Any, Literal

from warehouse.attempts.entries import Attempt, AttemptKind, AttemptState
from warehouse.attempts.failures import Failure, group_failures
from warehouse.attempts.health import Health, SilentChannel
from warehouse.attempts.reader import read_attempts, read_health
from warehouse.attempts.troubles import EXPLAINED, Trouble
from warehouse.durable import measure_room
from warehouse.faults import Fault, join_causes
from warehouse.freshness import (
    FRESH,
    OVERDUE,
    SNAPSHOT_HOURS,
    UNOBSERVABLE,
    FactAges,
    find_present,
    format_age,
    format_with_age,
    load_collections,
    load_fact_ages,
    read_limits,
)
from warehouse.settings import Settings
from warehouse.snapshot import Snapshot
from warehouse.wording import GAP, count_things, join_few

Rows = Sequence[Mapping[str, Any]]
Level = Literal["error", "warning", "note"]
"""An error stays until somebody does something, a warning may pass by itself, and a note needs nothing: figures say
it, too. Messages are sent about errors and warnings, which also end commands with exit code 1."""
LEVELS: dict[Level, str] = {"error": "red", "warning": "orange", "note": "orange"}
"""The levels, the worst first, with their colours."""
FOR_HANDS = frozenset({Fault.DENIED, Fault.GONE, Fault.MISCONFIGURED, Fault.UNEXPECTED_SHAPE, Fault.CLOCK})
"""Faults that no later visit fixes, however fresh the data still are."""
UNREACHED = frozenset({Fault.UNREACHABLE, Fault.TIMED_OUT})
SILENT_HOURS, SILENT_CADENCES = 6.0, 2
"""How long nothing may be tried: the larger of these hours and these cadences of the most frequent source."""
FULL_BYTES, LITTLE_BYTES = 2**20, 2**30
"""Room of a disk below which it may take no line of an attempt, and below which the next run may not end."""
OLD_BACKUP = timedelta(days=7)
DISK, SILENCE, SNAPSHOT, NETWORK, ALERTS = "disk", "silence", "snapshot", "network", "alerts"
BLINDING = frozenset({SILENCE, SNAPSHOT, DISK, AttemptKind.LOAD, AttemptKind.BUILD, AttemptKind.PUBLISH})
"""Ids of errors that keep data from readers: all sources seem late then, and nobody knows which really are."""
EFFECTS = {
    AttemptKind.COLLECT: "figures include nothing new from its channels",
    AttemptKind.LOAD: "figures include nothing that arrived since",
    AttemptKind.BUILD: "readers keep the figures of the last build that was published",
    AttemptKind.PUBLISH: "readers keep the version before",
    AttemptKind.BACKUP: "no figure changes; what was collected since the last backup has no copy",
    AttemptKind.TIDY: "no figure changes; the home grows",
    AttemptKind.FORGET: "no figure changes; what was to be forgotten may still be there",
}
"""What a step that failed does to the figures."""
STOPPED = "nothing new is collected, built or published"
KINDS = {
    "failed": ("failed at the last visit", "figures rest on the visit before", "The next visit tries again."),
    "partial": ("were read in part", "missing data lower counts and may bias shares", "Later visits go on."),
    UNOBSERVABLE: (
        "are silent: nothing was added for long", "no figure can rest on them",
        "`heartbeat status` lists them among the warnings, with what to do.",
    ),
    "never": ("were never visited", "no figure includes them", "The next run visits them."),
}  # fmt: skip
"""Conditions of collections that are notes: what they are, what that does to figures, and what to do."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. Pages show all of it but `why`, which may name paths and quote upstreams."""

    id: str
    """The same from run to run for as long as the cause is."""
    level: Level
    since: datetime
    what: str
    """In words that go on in a sentence: `the last build failed`."""
    effect: str
    """What it does to the figures."""
    remedy: str
    """One or more whole sentences."""
    why: str = ""
    fault: str = Fault.NONE

    @property
    def headline(self) -> str:
        """What is wrong, as the beginning of a sentence."""
        return begin_sentence(self.what)

    def list_lines(self, now: datetime) -> list[str]:
        """Lists what is wrong and why, since when, what it does to the figures and what to do, as a terminal and a
        message show it."""
        why = f": {self.why.rstrip('.')}" if self.why else ""
        lines = [
            f"{self.headline}{why}.",
            f"Since {format_with_age(self.since, now)}." if now - self.since >= timedelta(minutes=1) else "",
            f"Figures: {self.effect}.",
            # A cause that ends with a remedy is not followed by another.
            "" if why and self.fault in EXPLAINED else f"To do: {self.remedy}",
        ]
        return [line for line in lines if line]


def is_wrong(findings: Iterable[Finding]) -> bool:
    """Returns whether any of the findings is an error or a warning."""
    return any(finding.level != "note" for finding in findings)


def is_blind(findings: Iterable[Finding]) -> bool:
    """Returns whether one of the findings hides how the sources are."""
    return any(finding.id in BLINDING and finding.level == "error" for finding in findings)


def describe_mark(findings: Sequence[Finding], label: str) -> tuple[str, str]:
    """Puts the worst finding, unless it is a note, before the freshness of what is shown; returns the text and its
    colour."""
    colour = LEVELS[findings[0].level] if findings else "green"
    if not is_wrong(findings):
        return label, colour
    more = sum(finding.level != "note" for finding in findings) - 1
    others = f" and {count_things(more, 'more problem')}" if more else ""
    return f"{findings[0].headline}{others}; {label[0].lower()}{label[1:]}", colour


def find_problems(settings: Settings, snapshot: Snapshot | None, unreadable: str = "") -> list[Finding]:
    """Judges an installation by its ledger, its disk and the snapshot that readers see, without a network.

    `unreadable`: why no published version can be read. Of somebody else's snapshot only that itself is judged.
    """
    now, home = settings.clock(), settings.home
    if settings.snapshot or (snapshot and snapshot.origin):
        return _judge_snapshot(snapshot, unreadable, now)
    own = None if snapshot is None or snapshot.is_sample else snapshot
    rows = load_collections(own, now, read_limits(settings)) if own else []
    facts = load_fact_ages(snapshot, find_present(snapshot, now)) if snapshot else FactAges()
    health = read_health(home, snapshot, now)
    found = judge_findings(health, read_attempts(home, AttemptKind.COLLECT), rows, snapshot, unreadable, now,
                           _judge_disk(home, now))  # fmt: skip
    # Without a network no message arrives either.
    alerts = [] if any(finding.id == NETWORK for finding in found) else _judge_alerts(home, now)
    return sort_findings([*found, *_judge_facts(facts, now), *alerts, *_judge_backup(home, now)])


def sort_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Sorts findings, the worst first, and of a level the oldest."""
    return sorted(findings, key=lambda one: (list(LEVELS).index(one.level), one.since, one.id))


def judge_findings(
    health: Health,
    attempts: Sequence[Attempt],
    rows: Rows,
    snapshot: Snapshot | None,
    unreadable: str,
    now: datetime,
    disk: Sequence[Finding] = (),
) -> list[Finding]:
    """Judges what is wrong, without what another finding explains.

    `attempts`: the collects; `rows`: the collections, as of `warehouse.freshness`.
    """
    failed = {channel.channel_id for channel in health.unanswered if channel.error}
    rows = [row for row in rows if row["condition"] != "never" or row["channel_id"] not in failed]
    rows += _list_unanswered(health.unanswered, rows)
    is_full = any(finding.id == DISK for finding in disk)
    silence = [] if is_full else _judge_silence(attempts, rows, now)
    found = [*disk, *silence, *_judge_steps(health.troubles, rows, is_full)]
    versions = _judge_snapshot(snapshot, unreadable, now)
    found += [one for one in versions if one.level == "error" or not is_blind(found)]
    if not any(finding.id in BLINDING and finding.level != "note" for finding in found):
        found += _judge_sources(rows, now)
        # What failed is said with its source, if that needs more than the next visit.
        named = {finding.id for finding in found}
        found += _judge_kinds([row for row in rows if _is_unnamed(row, named)], now)
    return sort_findings(found)


def _judge_disk(home: Path, now: datetime) -> list[Finding]:
    """Judges whether the home can be written: the ledger is silent of what failed since, if it cannot."""
    if not home.exists():
        return []
    if not _is_writable(home):
        return [describe_closed_home(now)]
    free = measure_room(home)
    if free < FULL_BYTES:
        remedy = "Free some space, then run `heartbeat up` or what failed again."
        return [Finding(DISK, "error", now, "the disk of HEARTBEAT_HOME is full", STOPPED, remedy)]
    if free < LITTLE_BYTES:
        what = f"the disk of HEARTBEAT_HOME has only {free / 2**20:,.0f} MiB left"
        effect = "no figure changes yet; the next run may fail"
        return [Finding("space", "warning", now, what, effect, "Free some space.")]
    return []


def describe_closed_home(now: datetime, why: str = "") -> Finding:
    """Describes a home that takes no file."""
    remedy = "Make its disk and folder writable, then run `heartbeat up` or what failed again."
    return Finding(DISK, "error", now, "HEARTBEAT_HOME cannot be written", STOPPED, remedy, why)


def _is_writable(home: Path) -> bool:
    """Returns whether the owner of a home can write it; to others, such as a dashboard with a user and a read-only
    mount of its own, it is closed on purpose."""
    return os.access(home, os.W_OK) or home.stat().st_uid != os.geteuid()


def _judge_silence(attempts: Sequence[Attempt], rows: Rows, now: datetime) -> list[Finding]:
    """Judges whether anything was tried lately: a schedule that is dead reports nothing."""
    cadence = min((row["cadence_hours"] or SILENT_HOURS for row in rows), default=SILENT_HOURS)
    allowed = timedelta(hours=max(SILENT_HOURS, SILENT_CADENCES * cadence))
    begun = (attempt.beginning.started_at for attempt in attempts)
    # What is far in the future began under a clock that was ahead.
    last = max((at for at in begun if at <= now + allowed), default=None)
    if last is None or now - last <= allowed:
        return []
    age = format_age(last, now).removesuffix(" ago")
    what = f"nothing was collected, or tried, for {age}; {allowed / timedelta(hours=1):g}{GAP}h are allowed"
    remedy = "Start `heartbeat up` or `heartbeat serve` again; HEARTBEAT_HOME/logs says why it ended."
    return [Finding(SILENCE, "error", last, what, "no figure includes what happened since", remedy)]


def _judge_steps(troubles: Sequence[Trouble], rows: Rows, is_full: bool) -> list[Finding]:
    """Judges the steps that went wrong last; a collect that brought nothing is reported by source, if that is known,
    and what a disk stopped by the disk."""
    is_named = any(row["condition"] == "failed" for row in rows)
    kept = [
        one
        for one in troubles
        if not (is_named and one.state == AttemptState.NOTHING) and not (is_full and one.fault == Fault.DISK)
    ]
    ordered = sorted(kept, key=attrgetter("kind"))
    return [_make_step(kind, list(own)) for kind, own in groupby(ordered, key=attrgetter("kind"))]


def _make_step(kind: str, own: Sequence[Trouble]) -> Finding:
    troubles = [one for one in own if one.is_grave] or own
    first, since = troubles[0], min(trouble.started_at for trouble in troubles)
    more = f", and {len(troubles) - 1:,} more like it" if len(troubles) > 1 else ""
    level: Level = "error" if first.is_grave else "note"
    effect = EFFECTS[AttemptKind(kind)]
    return Finding(kind, level, since, f"{first.what}{more}", effect, first.remedy, first.cause, first.fault)


def _judge_snapshot(shot: Snapshot | None, unreadable: str, now: datetime) -> list[Finding]:
    """Judges whether readers see a version, the newest one, and one of lately."""
    remedy = "`heartbeat publish` makes a new version from the last build."
    if unreadable:
        what = "no published version can be read"
        return [Finding(SNAPSHOT, "error", now, what, "readers see no figures", remedy, unreadable)]
    if shot is None:
        return []
    if shot.trouble:
        what = "readers do not see all of the newest version"
        effect = f"figures are those of version {shot.version}"
        return [Finding(SNAPSHOT, "error", shot.published_at, what, effect, remedy, shot.trouble)]
    if shot.is_sample and not (shot.origin and shot.origin.trouble):
        return []
    return _judge_version(shot, now)


def _judge_version(shot: Snapshot, now: datetime) -> list[Finding]:
    """Judges whether a version is one of lately, and whether its source still gives newer ones."""
    age = now - shot.published_at
    is_late, is_overdue = age > timedelta(hours=SNAPSHOT_HOURS), age > OVERDUE * timedelta(hours=SNAPSHOT_HOURS)
    level: Level = "error" if is_overdue else "warning"
    effect = f"figures are those published {format_age(shot.published_at, now)}"
    origin = shot.origin
    if origin is None:
        what, remedy = "nothing new was published", "Run `heartbeat build` and `heartbeat publish`."
    elif origin.trouble:
        level = "error" if is_late else "warning"
        what = "the source of this snapshot gives nothing newer"
        remedy = "It is asked again every quarter of an hour; correct HEARTBEAT_SNAPSHOT if it has moved."
        since = origin.troubled_at or now
        return [Finding(SNAPSHOT, level, since, what, effect, remedy, origin.trouble)]
    else:
        what, remedy = "the source of this snapshot has none that is newer", "Ask its publisher."
    return [Finding(SNAPSHOT, level, shot.published_at, what, effect, remedy)] if is_late else []


def _list_unanswered(channels: Iterable[SilentChannel], rows: Rows) -> list[dict[str, Any]]:
    """Lists channels that never answered, and of which the snapshot knows nothing, in the form of collections."""
    known = {row["channel_id"] for row in rows}
    return [
        {
            "channel_id": channel.channel_id, "source": channel.source, "thing": "", "cadence_hours": None,
            "as_of_at": None, "condition": "failed" if channel.error else "never", "lateness": "overdue",
            "last_run_at": None, "last_fault": channel.fault, "last_error": channel.error,
        }
        for channel in channels
        if channel.channel_id not in known
    ]  # fmt: skip


def _judge_sources(rows: Rows, now: datetime) -> list[Finding]:
    """Judges each source once, however many of its collections are late; all at once if none can be reached."""
    ordered = sorted(rows, key=itemgetter("source"))
    judged = [_judge_source(source, list(own), now) for source, own in groupby(ordered, itemgetter("source"))]
    found = [finding for finding in judged if finding]
    if not any(finding.fault in UNREACHED for finding in found):
        return found
    lost = {f"source:{source}" for source in _list_lost(rows)}
    if first := next((finding for finding in sort_findings(found) if finding.id in lost), None):
        remedy = "Check the network of this machine, and HTTPS_PROXY if it needs one; the next run tries again."
        network = replace(first, id=NETWORK, what=f"none of {len(lost)} sources can be reached", remedy=remedy)
        return [network, *(finding for finding in found if finding.id not in lost)]
    return found


def _list_lost(rows: Rows) -> set[str]:
    """Lists the sources that failed last, if the network may be why: several, none reached, and no other since."""
    failed = [row for row in rows if row["condition"] == "failed"]
    asked = [row["last_run_at"] for row in failed if row["last_run_at"]]
    well = [row for row in rows if row["condition"] not in ("failed", "skipped")]
    others = [row["last_run_at"] for row in well if row["last_run_at"]]
    is_met = bool(others) and not (asked and max(others) < min(asked))
    sources = {row["source"] for row in failed}
    is_network = not is_met and len(sources) > 1 and all(row["last_fault"] in UNREACHED for row in failed)
    return sources if is_network else set()


def _judge_source(source: str, rows: Rows, now: datetime) -> Finding | None:
    """Judges a source by how late its data are and, if visits failed, by whether the next ones can succeed."""
    bad = [row for row in rows if row["condition"] in ("failed", "stale", "overdue")]
    failures = sorted(group_failures(bad), key=lambda failure: failure.fault not in FOR_HANDS)
    latenesses = {row["lateness"] for row in bad}
    if latenesses <= {FRESH} and not (failures and failures[0].fault in FOR_HANDS):
        return None
    since = min((row["as_of_at"].replace(tzinfo=UTC) for row in bad if row["as_of_at"]), default=now)
    is_unread = not any(row["as_of_at"] for row in bad)
    read = "never read" if is_unread else f"last read {format_age(since, now)}"
    late = count_things(len(bad), "late collection")
    what, why, fault = f"{late} of {source}, {read}", "", str(Fault.NONE)
    if failures:
        what, why, fault = _describe_failures(failures)
    level: Level = "error" if "overdue" in latenesses else "warning"
    remedy = f"The next run tries again, and `heartbeat collect --source {source}` at once."
    effect = "no figure includes them" if is_unread else "no figure includes what happened there since"
    return Finding(f"source:{source}", level, since, what, effect, remedy, why, fault)


def _describe_failures(failures: Sequence[Failure]) -> tuple[str, str, str]:
    """Returns what failed, why, and the kind of the first fault."""
    first, *others = failures
    more = f", and for {count_things(len(others), 'more cause')}" if others else ""
    why = join_causes(row["last_error"] or "" for row in first.rows)
    return f"{first.who} failed ({first.fault}{more})", why, first.fault


def _judge_kinds(rows: Rows, now: datetime) -> list[Finding]:
    """Judges what needs nobody, each kind of it once, with the families whose figures it may bias."""
    found = []
    for kind, (what, effect, remedy) in KINDS.items():
        own = [row for row in rows if row["condition"] == kind]
        if own:
            since = min((row["as_of_at"].replace(tzinfo=UTC) for row in own if row["as_of_at"]), default=now)
            whose = sorted({row.get("family") or "shared channels" for row in own})
            which = f"{count_things(len(own), 'collection')} of {join_few(whose)}"
            verb = what.replace("were", "was", 1).replace("are", "is", 1) if len(own) == 1 else what
            found.append(Finding(f"kind:{kind}", "note", since, f"{which} {verb}", effect, remedy))
    return found


def _is_unnamed(row: Mapping[str, Any], named: Collection[str]) -> bool:
    return row["condition"] != "failed" or not {NETWORK, f"source:{row['source']}"} & set(named)


def _judge_facts(facts: FactAges, now: datetime) -> list[Finding]:
    if not facts.old_count or facts.oldest_on is None:
        return []
    since = datetime(facts.oldest_on.year, facts.oldest_on.month, facts.oldest_on.day, tzinfo=UTC)
    what = f"{count_things(facts.old_count, 'old fact')} of {facts.count} read by hand"
    remedy = "`heartbeat catalog facts` lists them with their pages."
    return [Finding("facts", "note", min(since, now), what, "figures that rest on them may be out of date", remedy)]


def _judge_alerts(home: Path, now: datetime) -> list[Finding]:
    """Judges whether the last message arrived."""
    try:
        trouble = str(json.loads((home / "alerts.json").read_bytes()).get("trouble", ""))
    except (OSError, ValueError, AttributeError):
        trouble = ""
    what, effect = "the last message was refused", "no figure changes; you may miss further messages"
    remedy = "Correct HEARTBEAT_NOTIFY; `heartbeat notify` tests it."
    return [Finding(ALERTS, "warning", now, what, effect, remedy, trouble)] if trouble else []


def _judge_backup(home: Path, now: datetime) -> list[Finding]:
    """Judges how old the last good backup is; a home that has none may need none."""
    good = (one.beginning for one in read_attempts(home, AttemptKind.BACKUP) if one.state == AttemptState.DONE)
    last = next(good, None)
    if last is None or now - last.started_at <= OLD_BACKUP:
        return []
    what, effect, remedy = "the last good backup is old", EFFECTS[AttemptKind.BACKUP], "Run `heartbeat backup` again."
    return [Finding("old backup", "note", last.started_at, what, effect, remedy, last.about)]


def begin_sentence(words: str) -> str:
    """Begins a sentence with words."""
    return f"{words[:1].upper()}{words[1:]}"
