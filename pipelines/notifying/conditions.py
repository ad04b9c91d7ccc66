"""What is wrong with an installation, as one list of conditions, each cause once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from itertools import groupby
from typing import Any

from warehouse.attempts.entries import Attempt, AttemptKind, AttemptState
from warehouse.attempts.failures import Failure, group_failures
from warehouse.attempts.health import Health, describe_silence
from warehouse.attempts.troubles import DISK, Trouble
from warehouse.faults import Fault
from warehouse.freshness import SNAPSHOT_HOURS, format_age, format_with_age
from warehouse.snapshot import Snapshot
from warehouse.warnings import describe_warning

Rows = Sequence[Mapping[str, Any]]


class Severity(IntEnum):
    """How much a condition matters; a note is never sent."""

    NOTE = 0
    WARNING = 1
    """The next visits may mend it, or a figure is less than it seems."""
    ERROR = 2
    """It stays until somebody does something."""
    URGENT = 3
    """Data are lost, or readers see nothing, until somebody does something: told in quiet hours, too."""


NETWORK_FAULTS = frozenset({Fault.UNREACHABLE, Fault.TIMED_OUT})
FEWEST_SOURCES = 3
"""Sources that fail alike from which on the network is the cause, if they are half of all."""
FOR_HANDS = frozenset({Fault.DENIED, Fault.GONE, Fault.MISCONFIGURED, Fault.UNEXPECTED_SHAPE, Fault.CLOCK})
"""Faults that no later visit mends, however fresh the data still are."""
SILENT_HOURS, SILENT_CADENCES = 6.0, 2
"""How long nothing may be tried: the larger of these hours and these cadences of the most frequent source."""
DRIFT = frozenset(
    {
        "model not read",
        "posting stopped",
        "row set aside",
        "value left out",
        "key changed",
        "table passed over",
        "pattern unmatched",
        "pattern lost",
    }
)
"""Warnings that tell of a source that changed its form, or to which nothing is added any more."""
UNREADABLE = "unreadable"
"""Id of the condition while which nothing is known of the data, so that no other can be said to be over."""
ODDITIES = {"volume fallen": "volume", "field emptied": "emptied", "field filled anew": "filled"}
"""Warnings that tell of a source which differs from its own history, with the name of their condition."""
MOST_NAMED = 3
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
    is_news: bool = False
    """True for a change that is told once, without reminders or an end."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What conditions are judged by."""

    health: Health
    attempts: Sequence[Attempt]
    rows: Rows
    """Collections, as of `warehouse.freshness`; none of a sample world or of somebody else's snapshot."""
    warnings: Rows
    snapshot: Snapshot | None
    unreadable: str
    """Why no published version can be read; empty if one can, or there is none."""
    silent_hours: float | None
    """How long nothing may be tried, if the operator says so."""
    now: datetime


def judge_conditions(seen: Evidence) -> list[Condition]:
    """Judges what is wrong, the gravest first; what another cause leads to is a note."""
    silence, steps = _judge_silence(seen), _judge_steps(seen)
    failed = any(step.id in STEPS_BEFORE and step.severity > Severity.WARNING for step in steps)
    age = _note(_judge_age(seen), bool(silence) or failed)
    lateness = _note(_judge_lateness(seen), bool(silence) or failed or bool(age))
    found = [
        *silence, *steps, *_judge_failures(seen), *_judge_unanswered(seen), *_judge_warnings(seen),
        *_judge_oddities(seen),
        *age, *lateness, *_judge_snapshot(seen),
    ]  # fmt: skip
    ordered = sorted(found, key=lambda condition: (-condition.severity, condition.since, condition.id))
    # A source may fail for two causes of one kind: the graver is told.
    return list({condition.id: condition for condition in reversed(ordered)}.values())[::-1]


def _note(conditions: list[Condition], has_cause: bool) -> list[Condition]:
    """Makes notes of what another condition causes: nobody is told of it, nor that it is over while it is not."""
    return [replace(one, severity=Severity.NOTE) if has_cause else one for one in conditions]


def _judge_silence(seen: Evidence) -> list[Condition]:
    """Judges whether anything was tried lately: a schedule that is dead says nothing of itself."""
    begun = (one.beginning.started_at for one in seen.attempts if one.beginning.kind == AttemptKind.COLLECT)
    # What lies in the future began under a clock that was ahead.
    last = max((at for at in begun if at <= seen.now), default=None)
    cadence = min((row["cadence_hours"] or SILENT_HOURS for row in seen.rows), default=SILENT_HOURS)
    allowed = seen.silent_hours or max(SILENT_HOURS, SILENT_CADENCES * cadence)
    if last is None or seen.now - last <= timedelta(hours=allowed):
        return []
    words = f"nothing was collected, or tried, since {format_with_age(last, seen.now)}; {allowed:g} hours are allowed"
    remedy = "Start `heartbeat up` or `heartbeat serve` again; HEARTBEAT_HOME/logs says why it ended."
    return [Condition("silence", Severity.URGENT, last, words, remedy)]


def _judge_steps(seen: Evidence) -> list[Condition]:
    """Judges the steps that went wrong last; what a collect did not bring is told by source, once it is known."""
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


def _judge_failures(seen: Evidence) -> list[Condition]:
    """Judges what stopped collections at their last visit, by cause; a dead network is one."""
    failures = group_failures(seen.rows)
    sources = {row["source"] for row in seen.rows if row["condition"] != "skipped"}
    unreached = [failure for failure in failures if failure.fault in NETWORK_FAULTS]
    reached = {failure.source for failure in unreached}
    if len(reached) < FEWEST_SOURCES or 2 * len(reached) < len(sources):
        return [_make_failure(failure, seen.now) for failure in failures]
    own = [row for failure in unreached for row in failure.rows]
    words = (
        f"{len(reached)} of {len(sources)} sources cannot be reached, {unreached[0].source} for one: {unreached[0].why}"
    )
    network = Condition(
        "network", max(Severity.WARNING, _weigh(own)), _find_oldest(own, seen.now), words,
        "Check the network of this machine, its DNS and its proxy; `heartbeat doctor` names each host and its fault.",
    )  # fmt: skip
    made = [(failure, _make_failure(failure, seen.now)) for failure in failures]
    return [network, *(one for failure, own in made for one in _note([own], failure in unreached))]


def _make_failure(failure: Failure, now: datetime) -> Condition:
    severity = _weigh(failure.rows)
    if failure.fault in FOR_HANDS:
        severity = max(Severity.WARNING, severity)
    why = f": {failure.why}" if failure.why else ""
    remedy = f"`heartbeat doctor` names the fault; `heartbeat collect --source {failure.source}` tries again at once."
    words = f"{failure.who} failed{why}"
    return Condition(
        f"failed:{failure.source}:{failure.fault}", severity, _find_oldest(failure.rows, now), words, remedy
    )


def _weigh(rows: Rows) -> Severity:
    """Weighs collections by how late their last good data are."""
    latenesses = {row["lateness"] for row in rows}
    return Severity.ERROR if "overdue" in latenesses else Severity.WARNING if "stale" in latenesses else Severity.NOTE


def _find_oldest(rows: Rows, now: datetime) -> datetime:
    return min((row["as_of_at"].replace(tzinfo=UTC) for row in rows if row["as_of_at"]), default=now)


def _judge_lateness(seen: Evidence) -> list[Condition]:
    """Judges which sources are late though no visit failed: nobody visits them."""
    late = [row for row in seen.rows if row["condition"] in ("stale", "overdue")]
    found = []
    for source in sorted({str(row["source"]) for row in late}):
        own = [row for row in late if row["source"] == source]
        severity, since = _weigh(own), _find_oldest(own, seen.now)
        count = sum(row["source"] == source for row in seen.rows)
        state = "overdue" if severity is Severity.ERROR else "late"
        age = format_age(since, seen.now)
        which = "the only collection" if count == 1 else f"{len(own):,} of {count:,} collections"
        verb = "is" if len(own) == 1 else "are"
        oldest = "last read" if len(own) == 1 else "the oldest last read"
        words = f"{source}: {which} {verb} {state}, {oldest} {age}"
        remedy = f"`heartbeat status` names them; `heartbeat collect --source {source}` visits them at once."
        found.append(Condition(f"late:{source}", severity, since, words, remedy))
    return found


def _judge_unanswered(seen: Evidence) -> list[Condition]:
    """Judges channels that were asked and never answered, unless their failure is told already."""
    told = {row["channel_id"] for row in seen.rows if row["condition"] == "failed"}
    own = [channel for channel in seen.health.unanswered if channel.error and channel.channel_id not in told]
    if not own or not seen.rows:
        return []
    names = ", ".join(channel.channel_id for channel in own[:MOST_NAMED])
    names += f" and {len(own) - MOST_NAMED:,} more" if len(own) > MOST_NAMED else ""
    words = f"{describe_silence(seen.health)}: {names} ({own[0].fault}: {own[0].error})"
    remedy = "`heartbeat status` names them; correct their entries in the family files, or remove them."
    return [Condition("unanswered", Severity.WARNING, seen.now, words, remedy)]


def _judge_snapshot(seen: Evidence) -> list[Condition]:
    """Judges whether readers see the version that was published last."""
    remedy = "`heartbeat publish` makes a new version from the last build; `heartbeat doctor --offline` says more."
    if seen.unreadable:
        words = f"no published version can be read: {seen.unreadable}"
        return [Condition(UNREADABLE, Severity.URGENT, seen.now, words, remedy)]
    if seen.snapshot is None:
        return []
    trouble = seen.snapshot.trouble or (seen.snapshot.origin.trouble if seen.snapshot.origin else "")
    if not trouble:
        return []
    words = f"readers do not see the newest version: {trouble}"
    return [Condition("snapshot", Severity.ERROR, seen.snapshot.published_at, words, remedy)]


def _judge_age(seen: Evidence) -> list[Condition]:
    """Judges whether a version was published lately."""
    shot = seen.snapshot
    if shot is None or shot.is_sample or shot.origin or seen.now - shot.published_at <= timedelta(hours=SNAPSHOT_HOURS):
        return []
    words = f"nothing was published since {format_with_age(shot.published_at, seen.now)}"
    return [
        Condition(
            "unpublished", Severity.WARNING, shot.published_at, words, "Run `heartbeat build` and `heartbeat publish`."
        )
    ]


def _judge_warnings(seen: Evidence) -> list[Condition]:
    """Judges what changed at a source in its form, or stopped; each change is news, and told once."""
    return [_make_news(row, seen.now) for row in seen.warnings if row["warning_kind"] in DRIFT]


def _judge_oddities(seen: Evidence) -> list[Condition]:
    """Judges which sources bring far less, or emptier rows, than at their former visits, though no visit failed."""
    odd = [row for row in seen.warnings if row["warning_kind"] in ODDITIES]
    found = []
    for kind, source in sorted({(str(row["warning_kind"]), str(row["source"])) for row in odd}):
        own = [row for row in odd if (row["warning_kind"], row["source"]) == (kind, source)]
        told = describe_warning(own[0])
        more = f"; and {len(own) - 1:,} more of {source}" if len(own) > 1 else ""
        dates = [row["about"] if kind == "volume fallen" else row["seen_names"][-1] for row in own]
        since = min(datetime.fromisoformat(date).replace(tzinfo=UTC) for date in dates)
        words = f"{told.where}: {told.finding}{more}; {told.effect}"
        found.append(Condition(f"{ODDITIES[kind]}:{source}", Severity.WARNING, since, words, told.remedy))
    return found


def _make_news(row: Mapping[str, Any], now: datetime) -> Condition:
    told = describe_warning(row)
    name = ":".join(str(row[part] or "") for part in ("warning_kind", "channel_id", "thing", "about"))
    return Condition(
        f"drift:{name}", Severity.WARNING, now, f"{told.where}: {told.finding}; {told.effect}", told.remedy, True
    )


def list_sent(conditions: Iterable[Condition]) -> list[Condition]:
    """Lists the conditions that somebody should know of."""
    return [condition for condition in conditions if condition.severity > Severity.NOTE]
