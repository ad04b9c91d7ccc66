"""What the ledger of attempts says of a home's health: steps that failed last, and channels that never answered."""

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from warehouse.attempts.entries import Attempt, AttemptKind, AttemptState, StreamEnd, has_answered
from warehouse.attempts.troubles import ENDS, STEP_ENDS, Trouble, describe_collect, describe_step
from warehouse.faults import Fault

UNKEPT = frozenset({AttemptState.FAILED, AttemptState.REFUSED, AttemptState.NOTHING})
"""States after which nothing need be kept of a collect, whatever its channels say."""

WAITING = StreamEnd(state="skipped", fault=Fault.CREDENTIALS)
"""What is known of a channel that the snapshot calls skipped."""


@dataclass(frozen=True, slots=True)
class SilentChannel:
    """A channel that was asked, or should have been, and never answered."""

    channel_id: str
    source: str
    fault: str
    """Why its last visit got nothing; `none` if no visit is recorded."""
    error: str


@dataclass(frozen=True, slots=True)
class Health:
    """What the ledger says beside the data themselves."""

    troubles: tuple[Trouble, ...] = ()
    unanswered: tuple[SilentChannel, ...] = ()


def judge_health(attempts: Sequence[Attempt], channels: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> Health:
    """Judges a home by its attempts (the newest first), its enabled channels (sources by id) and the collections of
    its snapshot (as of `warehouse.freshness`)."""
    collects = [attempt for attempt in attempts if attempt.beginning.kind == AttemptKind.COLLECT]
    newest = next((collect for collect in collects if collect.state != AttemptState.RUNNING), None)
    troubles = [
        describe_collect(attempt, open_count, attempt is newest)
        for attempt, open_count in _list_bad_collects(collects, channels.keys())
    ]
    troubles += map(describe_step, _list_bad_steps(attempts))
    answered = {row["channel_id"] for row in rows if row["as_of_at"]}
    answered |= {channel for attempt in attempts for channel, ends in attempt.channels.items() if has_answered(ends)}
    skipped = {row["channel_id"] for row in rows if row["last_state"] == "skipped"}
    outcomes: dict[str, dict[str, StreamEnd]] = {channel: {"": WAITING} for channel in skipped}
    for collect in reversed(collects):
        outcomes |= collect.list_outcomes()
    silent = [
        _describe_silent(channel, source, outcomes.get(channel, {}))
        for channel, source in sorted(channels.items())
        if channel not in answered
    ]
    return Health(tuple(troubles), tuple(filter(None, silent)))


def _list_bad_steps(attempts: Sequence[Attempt]) -> list[Attempt]:
    """Lists the last attempts of each step, and of each place of a public copy, that went wrong."""
    last: dict[tuple[str, str], Attempt] = {}
    for attempt in attempts:
        kind, about = attempt.beginning.kind, attempt.beginning.about
        if kind != AttemptKind.COLLECT and attempt.state != AttemptState.RUNNING:
            last.setdefault((kind, about if kind == AttemptKind.PUBLISH else ""), attempt)
    forget = last.get((AttemptKind.FORGET, ""))
    return [attempt for attempt in last.values() if attempt.state in STEP_ENDS and not _is_within(attempt, forget)]


def _is_within(attempt: Attempt, forget: Attempt | None) -> bool:
    """True for a step that `heartbeat forget` itself ran, and that ended as it did."""
    return (
        forget is not None
        and attempt.number > forget.number
        and (attempt.beginning.pid, attempt.state) == (forget.beginning.pid, forget.state)
    )


def _list_bad_collects(collects: Sequence[Attempt], enabled: Set[str]) -> list[tuple[Attempt, int]]:
    """Lists the collects that went wrong, each with how many of its channels that are still enabled no later one
    visited, those of most channels first; of one without a plan, which means all, only the newest.

    Where an error ended a collect as a whole, what it had visited need not count either.
    """
    covered, bad, is_newest = set[str](), [], True
    for attempt in collects:
        planned = attempt.beginning.planned
        concerned = planned.keys() if attempt.state in UNKEPT else attempt.list_unvisited()
        open_count = len(enabled & set(concerned) - covered)
        if attempt.state in ENDS and (open_count or (is_newest and not planned)):
            bad.append((attempt, open_count))
        covered |= attempt.list_outcomes().keys()
        is_newest &= attempt.state == AttemptState.RUNNING
    return sorted(bad, key=lambda one: one[1] if one[0].beginning.planned else math.inf, reverse=True)


def _describe_silent(channel_id: str, source: str, ends: Mapping[str, StreamEnd]) -> SilentChannel | None:
    """Describes a silent channel; None if a token or consent is missing, or its turn is to come."""
    asked = [end for end in ends.values() if end.was_asked]
    if ends and not asked:
        return None
    worst = next((end for end in asked if end.error), StreamEnd(state="failed", fault=Fault.NONE))
    return SilentChannel(channel_id, source, worst.fault, worst.error)
