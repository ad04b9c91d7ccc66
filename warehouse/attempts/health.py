"""What the ledger of attempts says of a home's health: steps that failed last, and channels that never answered."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from warehouse.attempts.entries import (
    INTERRUPTED_WORDS,
    Attempt,
    AttemptKind,
    AttemptState,
    has_answered,
)
from warehouse.attempts.troubles import ENDS, STEP_ENDS, Trouble, describe_step, make_trouble
from warehouse.faults import Fault
from warehouse.freshness import format_age
from warehouse.wording import count_things

STEPS = (AttemptKind.LOAD, AttemptKind.BUILD, AttemptKind.TIDY, AttemptKind.FORGET)
UNKEPT = frozenset({AttemptState.FAILED, AttemptState.REFUSED, AttemptState.NOTHING})
"""States after which nothing need be kept of a collect, whatever its channels say."""


@dataclass(frozen=True, slots=True)
class SilentChannel:
    """A planned channel that never answered."""

    channel_id: str
    source: str
    fault: str
    """Why its last visit got nothing; `none` if no visit is recorded."""
    error: str
    was_asked: bool
    """False where a token or consent is missing, or its turn is to come."""


@dataclass(frozen=True, slots=True)
class Health:
    """What the ledger says beside the data themselves."""

    troubles: tuple[Trouble, ...] = ()
    silent: tuple[SilentChannel, ...] = ()
    planned_count: int = 0

    @property
    def is_grave(self) -> bool:
        """True when a step's last attempt failed, died or got nothing."""
        return any(trouble.is_grave for trouble in self.troubles)

    @property
    def unanswered(self) -> list[SilentChannel]:
        """The channels that were asked, or should have been, and never answered."""
        return [channel for channel in self.silent if channel.was_asked]


HEALTHY = Health()
"""Says nothing against anything."""


def judge_health(
    attempts: Sequence[Attempt], channels: Mapping[str, str], rows: Sequence[Mapping[str, Any]], now: datetime
) -> Health:
    """Judges a home by its attempts (the newest first), its enabled channels (sources by id) and the collections of
    its snapshot (as of `warehouse.freshness`)."""
    bad = [*_list_bad_collects(attempts), *((step, 0) for step in _list_bad_steps(attempts))]
    bad.sort(key=lambda entry: _weigh(*entry), reverse=True)
    newest = _find_last_of_kind(attempts, AttemptKind.COLLECT)
    troubles = [
        _describe_collect(attempt, open_count, now, attempt is newest)
        if attempt.beginning.kind == AttemptKind.COLLECT
        else describe_step(attempt, now)
        for attempt, open_count in bad
    ]
    answered = {row["channel_id"] for row in rows if row["as_of_at"]}
    answered |= {channel for attempt in attempts for channel, ends in attempt.channels.items() if has_answered(ends)}
    skipped = {row["channel_id"] for row in rows if row["last_state"] == "skipped"}
    collects = {
        channel: attempt
        for attempt in reversed(attempts)
        if attempt.beginning.kind == AttemptKind.COLLECT
        for channel in attempt.list_outcomes()
    }
    silent = [
        _describe_silent(channel, source, collects.get(channel), channel in skipped)
        for channel, source in sorted(channels.items())
        if channel not in answered
    ]
    return Health(tuple(troubles), tuple(silent), len(channels))


def _find_last_of_kind(attempts: Sequence[Attempt], kind: AttemptKind, about: str | None = "") -> Attempt | None:
    """Finds the last attempt of a kind that has ended; whatever it was about, if that is None."""
    ended = (one for one in attempts if one.state != AttemptState.RUNNING and one.beginning.kind == kind)
    return next((one for one in ended if about in (None, one.beginning.about)), None)


def _list_bad_steps(attempts: Sequence[Attempt]) -> list[Attempt]:
    """Lists the last load, build, tidy, forget, publishes and backup that went wrong."""
    steps = [_find_last_of_kind(attempts, kind) for kind in STEPS]
    steps += [*_list_last_publishes(attempts), _find_last_of_kind(attempts, AttemptKind.BACKUP, about=None)]
    return [attempt for attempt in steps if attempt and attempt.state in STEP_ENDS]


def _list_last_publishes(attempts: Sequence[Attempt]) -> list[Attempt | None]:
    """Lists the last publish to readers, and the last to each place of a public copy."""
    places = {attempt.beginning.about for attempt in attempts if attempt.beginning.kind == AttemptKind.PUBLISH}
    return [_find_last_of_kind(attempts, AttemptKind.PUBLISH, place) for place in sorted(places)]


def _list_bad_collects(attempts: Sequence[Attempt]) -> list[tuple[Attempt, int]]:
    """Lists the collects that went wrong, each with how many of its channels no later one visited; of one without a
    plan, only the newest.

    Where an error ended a collect as a whole, what it had visited need not count either.
    """
    covered, bad, is_newest = set[str](), [], True
    for attempt in attempts:
        if attempt.beginning.kind == AttemptKind.COLLECT:
            planned = attempt.beginning.planned
            concerned = planned.keys() if attempt.state in UNKEPT else attempt.list_unvisited()
            open_count = len(set(concerned) - covered)
            if attempt.state in ENDS and (open_count or (is_newest and not planned)):
                bad.append((attempt, open_count))
            covered |= attempt.list_outcomes().keys()
            is_newest &= attempt.state == AttemptState.RUNNING
    return bad


def _weigh(attempt: Attempt, open_count: int) -> float:
    """Weighs a trouble by the channels whose figures wait: all for a step whose figures readers get."""
    beginning = attempt.beginning
    if beginning.kind == AttemptKind.COLLECT:
        return open_count if beginning.planned else math.inf
    is_for_readers = beginning.kind in (AttemptKind.LOAD, AttemptKind.BUILD, AttemptKind.PUBLISH)
    return math.inf if is_for_readers and not beginning.about else 0


def _describe_collect(attempt: Attempt, open_count: int, now: datetime, is_last: bool) -> Trouble:
    planned = len(attempt.beginning.planned)
    channels, ending = count_things(planned, "channel"), ENDS[attempt.state]
    which = f"a collect of {channels}" if planned else "the last collect"
    if planned and attempt.state == AttemptState.NOTHING:
        which, ending = "the last collect" if is_last else "an earlier collect", f"{ending} from {channels}"
    were = count_things(open_count, "channel was", "channels were")
    is_told = open_count and attempt.state not in UNKEPT
    when = f"started {format_age(attempt.beginning.started_at, now)}" + (f"; {were} not visited since" * bool(is_told))
    return make_trouble(attempt, which, ending, when, "heartbeat collect")


def _describe_silent(channel_id: str, source: str, last: Attempt | None, is_skipped: bool) -> SilentChannel:
    ends = list(last.list_outcomes()[channel_id].values()) if last else []
    asked = [end for end in ends if end.was_asked]
    worst = next((end for end in asked if end.error), None)
    fault, error = (worst.fault, worst.error) if worst else (str(Fault.NONE), "")
    was_asked = bool(asked) if ends else not is_skipped
    if last and asked and not _has_visited(last, channel_id):
        # Why the collect ended is stated once, by its own trouble.
        fault, error, was_asked = str(Fault.INTERRUPTED), INTERRUPTED_WORDS, not is_skipped
    return SilentChannel(channel_id, source, fault, error, was_asked)


def _has_visited(attempt: Attempt, channel_id: str) -> bool:
    """Returns False where a collect ended, or left a channel, before its turn, or nothing of it is kept."""
    is_kept = attempt.state not in (AttemptState.FAILED, AttemptState.REFUSED)
    return is_kept and any(end.state != "skipped" for end in attempt.channels.get(channel_id, {}).values())


def describe_silence(health: Health) -> str:
    """Counts the channels that never answered; empty if all did."""
    count = len(health.unanswered)
    if not count:
        return ""
    return f"{count:,} of {health.planned_count:,} channels {'has' if count == 1 else 'have'} never answered"


def describe_mark(health: Health, label: str, colour: str) -> tuple[str, str]:
    """Puts what failed last, or how many never answered, before the freshness of what is shown; returns the text and
    its colour."""
    worst = next((trouble.what for trouble in health.troubles if trouble.is_grave), "")
    said = worst or describe_silence(health)
    if not said:
        return label, colour
    text = f"{said[0].upper()}{said[1:]}; {label[0].lower()}{label[1:]}"
    return text, "red" if worst or colour == "red" else "orange"
