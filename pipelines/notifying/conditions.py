"""What is wrong with an installation, as one list of conditions, each cause once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from itertools import groupby
from operator import attrgetter
from typing import Any

from warehouse.attempts.entries import Attempt, AttemptKind, AttemptState
from warehouse.attempts.failures import Failure, group_failures
from warehouse.attempts.health import Health
from warehouse.attempts.troubles import DISK, Trouble
from warehouse.faults import Fault
from warehouse.freshness import SNAPSHOT_HOURS, format_age, format_with_age
from warehouse.snapshot import Snapshot
from warehouse.wording import count_things

Rows = Sequence[Mapping[str, Any]]


class Severity(IntEnum):
    """How much a condition matters; a note is never sent."""

    NOTE = 0
    WARNING = 1
    """The next visits may fix it, or a figure is less than it seems."""
    ERROR = 2
    """It stays until somebody does something."""
    URGENT = 3
    """Data are lost, or readers see nothing, until somebody does something."""


FOR_HANDS = frozenset({Fault.DENIED, Fault.GONE, Fault.MISCONFIGURED, Fault.UNEXPECTED_SHAPE, Fault.CLOCK})
"""Faults that no later visit fixes, however fresh the data still are."""
SILENT_HOURS, SILENT_CADENCES = 6.0, 2
"""How long nothing may be tried: the larger of these hours and these cadences of the most frequent source."""
UNREADABLE = "unreadable"
"""Id of the condition while which nothing is known of the data, so that no other can be said to be over."""
STEPS_BEFORE = frozenset({AttemptKind.LOAD, AttemptKind.BUILD, AttemptKind.PUBLISH, DISK})
"""Steps without which what was collected is not seen, so that all seems late."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that is wrong."""

    id: str
    """The same from run to run for as long as the cause is."""
    severity: Severity
    since: datetime
    words: str
    """What is wrong, in one sentence without its full stop."""
    remedy: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What conditions are judged by."""

    health: Health
    attempts: Sequence[Attempt]
    rows: Rows
    """Collections, as of `warehouse.freshness`; none of a sample world or of somebody else's snapshot."""
    snapshot: Snapshot | None
    unreadable: str
    """Why no published version can be read; empty if one can, or there is none."""
    now: datetime


def judge_conditions(seen: Evidence) -> list[Condition]:
    """Judges what is wrong, the gravest first; what another cause leads to is a note."""
    silence, steps = _judge_silence(seen), _judge_steps(seen)
    has_cause = bool(silence) or any(one.id in STEPS_BEFORE and one.severity > Severity.WARNING for one in steps)
    published = _judge_snapshot(seen)
    if has_cause:
        published = [_note(one) if one.severity is Severity.WARNING else one for one in published]
    sources = _judge_sources(seen, is_late_told=has_cause or bool(published))
    found = [*silence, *steps, *sources, *published]
    return sorted(found, key=lambda condition: (-condition.severity, condition.since, condition.id))


def _note(condition: Condition) -> Condition:
    """Makes a note of what another condition causes: nobody is informed of it, nor that it is over while it is not."""
    return replace(condition, severity=Severity.NOTE)


def _judge_silence(seen: Evidence) -> list[Condition]:
    """Judges whether anything was tried lately: a schedule that is dead says nothing of itself."""
    begun = (one.beginning.started_at for one in seen.attempts if one.beginning.kind == AttemptKind.COLLECT)
    # What is in the future began under a clock that was ahead.
    last = max((at for at in begun if at <= seen.now), default=None)
    cadence = min((row["cadence_hours"] or SILENT_HOURS for row in seen.rows), default=SILENT_HOURS)
    allowed = max(SILENT_HOURS, SILENT_CADENCES * cadence)
    if last is None or seen.now - last <= timedelta(hours=allowed):
        return []
    words = f"nothing was collected, or tried, since {format_with_age(last, seen.now)}; {allowed:g} hours are allowed"
    remedy = "Start `heartbeat up` or `heartbeat serve` again; HEARTBEAT_HOME/logs says why it ended."
    return [Condition("silence", Severity.URGENT, last, words, remedy)]


def _judge_steps(seen: Evidence) -> list[Condition]:
    """Judges the steps that went wrong last; a collect that brought nothing is reported by source, if that is known."""
    is_told = any(row["condition"] == "failed" for row in seen.rows)
    troubles = [one for one in seen.health.troubles if not (is_told and one.state == AttemptState.NOTHING)]
    ordered = sorted(troubles, key=lambda trouble: trouble.kind)
    return [_make_step(kind, list(own)) for kind, own in groupby(ordered, key=lambda trouble: trouble.kind)]


def _make_step(kind: str, troubles: Sequence[Trouble]) -> Condition:
    first = max(troubles, key=lambda trouble: (trouble.is_grave, trouble.started_at))
    more = f"; and {len(troubles) - 1:,} more like it" if len(troubles) > 1 else ""
    is_full = any(trouble.fault == Fault.DISK for trouble in troubles)
    grave = Severity.URGENT if is_full else Severity.ERROR
    severity = grave if first.is_grave else Severity.NOTE
    why = f": {first.cause.rstrip('.')}" if first.cause else ""
    since = min(trouble.started_at for trouble in troubles)
    return Condition(str(kind), severity, since, f"{first.what}{why}{more}", first.remedy)


def _judge_sources(seen: Evidence, is_late_told: bool) -> list[Condition]:
    """Judges each source once: by what stopped its collections, else by how late they are."""
    in_order = sorted(group_failures(seen.rows), key=attrgetter("source"))
    failures = {source: list(own) for source, own in groupby(in_order, attrgetter("source"))}
    late = {str(row["source"]) for row in seen.rows if row["condition"] in ("stale", "overdue")}
    found = [_make_failure(source, own, seen.now) for source, own in failures.items()]
    for source in sorted(late - failures.keys()):
        condition = _make_lateness(source, seen)
        found.append(_note(condition) if is_late_told else condition)
    return found


def _make_failure(source: str, failures: Sequence[Failure], now: datetime) -> Condition:
    rows = [row for failure in failures for row in failure.rows]
    severity = _weigh(rows)
    if any(failure.fault in FOR_HANDS for failure in failures):
        severity = max(Severity.WARNING, severity)
    first = max(failures, key=lambda failure: (failure.fault in FOR_HANDS, _weigh(failure.rows), len(failure.rows)))
    why = f": {first.why}" if first.why else ""
    more = f"; and {len(failures) - 1:,} more causes" if len(failures) > 1 else ""
    remedy = f"`heartbeat status` names the fault; `heartbeat collect --source {source}` tries again at once."
    words = f"{first.who} failed{why}{more}"
    return Condition(f"source:{source}", severity, _find_oldest(rows, now), words, remedy)


def _make_lateness(source: str, seen: Evidence) -> Condition:
    """Words how late the collections of a source are though no visit failed: nobody visits them."""
    own = [row for row in seen.rows if row["source"] == source and row["condition"] in ("stale", "overdue")]
    severity, since = _weigh(own), _find_oldest(own, seen.now)
    state = "overdue" if severity is Severity.ERROR else "late"
    words = f"{source}: {count_things(len(own), f'{state} collection')}, last read {format_age(since, seen.now)}"
    remedy = f"`heartbeat status` names them; `heartbeat collect --source {source}` visits them at once."
    return Condition(f"source:{source}", severity, since, words, remedy)


def _weigh(rows: Rows) -> Severity:
    """Weighs collections by how late their last good data are."""
    latenesses = {row["lateness"] for row in rows}
    return Severity.ERROR if "overdue" in latenesses else Severity.WARNING if "stale" in latenesses else Severity.NOTE


def _find_oldest(rows: Rows, now: datetime) -> datetime:
    return min((row["as_of_at"].replace(tzinfo=UTC) for row in rows if row["as_of_at"]), default=now)


def _judge_snapshot(seen: Evidence) -> list[Condition]:
    """Judges whether readers see a version, the newest one, and one of lately."""
    remedy = "`heartbeat publish` makes a new version from the last build; `heartbeat doctor` says more."
    shot = seen.snapshot
    if seen.unreadable:
        words = f"no published version can be read: {seen.unreadable}"
        return [Condition(UNREADABLE, Severity.URGENT, seen.now, words, remedy)]
    if shot is None:
        return []
    if trouble := shot.trouble or (shot.origin.trouble if shot.origin else ""):
        words = f"readers do not see the newest version: {trouble}"
        return [Condition("snapshot", Severity.ERROR, shot.published_at, words, remedy)]
    if shot.is_sample or shot.origin or seen.now - shot.published_at <= timedelta(hours=SNAPSHOT_HOURS):
        return []
    words = f"nothing was published since {format_with_age(shot.published_at, seen.now)}"
    remedy = "Run `heartbeat build` and `heartbeat publish`."
    return [Condition("snapshot", Severity.WARNING, shot.published_at, words, remedy)]


def list_sent(conditions: Iterable[Condition]) -> list[Condition]:
    """Lists the conditions that somebody should know of."""
    return [condition for condition in conditions if condition.severity > Severity.NOTE]
