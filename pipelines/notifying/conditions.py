"""What is wrong with an installation, as one list of conditions, each cause once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any, Literal

from warehouse.attempts.entries import Attempt, AttemptKind, AttemptState
from warehouse.attempts.failures import group_failures
from warehouse.attempts.troubles import DISK, Trouble
from warehouse.faults import Fault
from warehouse.freshness import FRESH, SNAPSHOT_HOURS, format_age, format_with_age
from warehouse.snapshot import Snapshot
from warehouse.wording import count_things

Rows = Sequence[Mapping[str, Any]]
Level = Literal["warning", "error"]
"""A warning may pass by itself; an error stays until somebody does something."""
FOR_HANDS = frozenset({Fault.DENIED, Fault.GONE, Fault.MISCONFIGURED, Fault.UNEXPECTED_SHAPE, Fault.CLOCK})
"""Faults that no later visit fixes, however fresh the data still are."""
SILENT_HOURS, SILENT_CADENCES = 6.0, 2
"""How long nothing may be tried: the larger of these hours and these cadences of the most frequent source."""
SILENCE, SNAPSHOT = "silence", "snapshot"
BLINDING = frozenset({SILENCE, SNAPSHOT, DISK, AttemptKind.LOAD, AttemptKind.BUILD, AttemptKind.PUBLISH})
"""Ids of conditions that keep data from readers: all sources seem late then, and nobody knows which really are."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that is wrong."""

    id: str
    """The same from run to run for as long as the cause is."""
    level: Level
    since: datetime
    words: str
    """What is wrong, in one sentence without its full stop."""
    remedy: str


def judge_conditions(
    troubles: Sequence[Trouble],
    attempts: Sequence[Attempt],
    rows: Rows,
    snapshot: Snapshot | None,
    unreadable: str,
    now: datetime,
) -> list[Condition]:
    """Judges what is wrong, errors first, without what another condition explains.

    `attempts`: the collects; `rows`: the collections, as of `warehouse.freshness`; `unreadable`: why no published
    version can be read.
    """
    found = [*_judge_silence(attempts, rows, now), *_judge_steps(troubles, rows)]
    versions = _judge_snapshot(snapshot, unreadable, now)
    found += [one for one in versions if one.level == "error" or not is_blind(found)]
    if not is_blind(found):
        found += _judge_sources(rows, now)
    return sorted(found, key=lambda condition: (condition.level, condition.since, condition.id))


def is_blind(conditions: Iterable[Condition]) -> bool:
    """Returns whether one of these conditions hides how the sources are."""
    return any(condition.id in BLINDING for condition in conditions)


def _judge_silence(attempts: Sequence[Attempt], rows: Rows, now: datetime) -> list[Condition]:
    """Judges whether anything was tried lately: a schedule that is dead reports nothing."""
    begun = (attempt.beginning.started_at for attempt in attempts)
    # What is in the future began under a clock that was ahead.
    last = max((at for at in begun if at <= now), default=None)
    cadence = min((row["cadence_hours"] or SILENT_HOURS for row in rows), default=SILENT_HOURS)
    allowed = max(SILENT_HOURS, SILENT_CADENCES * cadence)
    if last is None or now - last <= timedelta(hours=allowed):
        return []
    words = f"nothing was collected, or tried, since {format_with_age(last, now)}; {allowed:g} hours are allowed"
    remedy = "Start `heartbeat up` or `heartbeat serve` again; HEARTBEAT_HOME/logs says why it ended."
    return [Condition(SILENCE, "error", last, words, remedy)]


def _judge_steps(troubles: Sequence[Trouble], rows: Rows) -> list[Condition]:
    """Judges the steps that failed last; a collect that brought nothing is reported by source, if that is known."""
    is_told = any(row["condition"] == "failed" for row in rows)
    grave = [one for one in troubles if one.is_grave]
    failed = [one for one in grave if not (is_told and one.state == AttemptState.NOTHING)]
    ordered = sorted(failed, key=attrgetter("kind"))
    return [_make_step(str(kind), list(own)) for kind, own in groupby(ordered, key=attrgetter("kind"))]


def _make_step(kind: str, troubles: Sequence[Trouble]) -> Condition:
    last = max(troubles, key=attrgetter("started_at"))
    why = f": {last.cause.rstrip('.')}" if last.cause else ""
    more = f"; and {len(troubles) - 1:,} more like it" if len(troubles) > 1 else ""
    since = min(trouble.started_at for trouble in troubles)
    return Condition(kind, "error", since, f"{last.what}{why}{more}", last.remedy)


def _judge_snapshot(shot: Snapshot | None, unreadable: str, now: datetime) -> list[Condition]:
    """Judges whether readers see a version, the newest one, and one of lately."""
    remedy = "`heartbeat publish` makes a new version from the last build; `heartbeat doctor` says more."
    if unreadable:
        words = f"no published version can be read: {unreadable}"
        return [Condition(SNAPSHOT, "error", now, words, remedy)]
    if shot is None:
        return []
    if trouble := shot.trouble or (shot.origin.trouble if shot.origin else ""):
        words = f"readers do not see all of the newest version: {trouble}"
        return [Condition(SNAPSHOT, "error", shot.published_at, words, remedy)]
    if shot.is_sample or shot.origin or now - shot.published_at <= timedelta(hours=SNAPSHOT_HOURS):
        return []
    words = f"nothing was published since {format_with_age(shot.published_at, now)}"
    return [Condition(SNAPSHOT, "warning", shot.published_at, words, "Run `heartbeat build` and `heartbeat publish`.")]


def _judge_sources(rows: Rows, now: datetime) -> list[Condition]:
    """Judges each source once, however many of its collections are late."""
    ordered = sorted(rows, key=itemgetter("source"))
    judged = (_judge_source(source, list(own), now) for source, own in groupby(ordered, itemgetter("source")))
    return [condition for condition in judged if condition]


def _judge_source(source: str, rows: Rows, now: datetime) -> Condition | None:
    """Judges a source by how late its data are and, if visits failed, by whether the next ones can succeed."""
    bad = [row for row in rows if row["condition"] in ("failed", "stale", "overdue")]
    failures = group_failures(bad)
    failures.sort(key=lambda failure: failure.fault not in FOR_HANDS)
    latenesses = {row["lateness"] for row in bad}
    if latenesses <= {FRESH} and not (failures and failures[0].fault in FOR_HANDS):
        return None
    since = min((row["as_of_at"].replace(tzinfo=UTC) for row in bad if row["as_of_at"]), default=now)
    words = f"{source}: {count_things(len(bad), 'late collection')}, last read {format_age(since, now)}"
    if failures:
        why = f": {failures[0].why}" if failures[0].why else ""
        more = f"; and {len(failures) - 1:,} more causes" if len(failures) > 1 else ""
        words = f"{failures[0].who} failed{why}{more}"
    level: Level = "error" if "overdue" in latenesses else "warning"
    remedy = f"`heartbeat status` says more; `heartbeat collect --source {source}` tries again at once."
    return Condition(f"source:{source}", level, since, words, remedy)
