"""When a channel is due: a cadence after its last visit, whichever process made it.

Read from the landing zone and the ledger of attempts, so that a restart neither postpones nor repeats a visit.
"""

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pipelines.catalog.entries import Channel
from pipelines.http.clock import TOLERANCE
from warehouse.attempts.entries import Attempt, AttemptKind, AttemptState, StreamEnd
from warehouse.attempts.reader import read_attempts
from warehouse.faults import Fault, LandingError
from warehouse.landing import Zone, open_zone, read_last_visits, read_newest_manifest
from warehouse.settings import Settings

RETRY = timedelta(hours=1)
"""Time after a run began until a channel that it did not visit is tried again, or its cadence if that is shorter."""
RESUME = timedelta(hours=5)
"""Time after a visit that its budget cut short until the next goes on, or the cadence if that is shorter: a first
collection is not to take a cadence for each part, nor to keep a forum busy."""
SPENT = frozenset({Fault.BUDGET, Fault.THROTTLED, Fault.TIMED_OUT})
NOT_REACHED = frozenset({Fault.UNREACHABLE, Fault.DISK})
"""Faults of this machine or its network, as just after it woke: what failed for them was no visit."""
ENDED_FROM_OUTSIDE = frozenset({AttemptState.DIED, AttemptState.INTERRUPTED})


@dataclass(frozen=True, slots=True)
class PastVisits:
    """What is known of earlier visits, by channel."""

    landed: Mapping[str, datetime] = field(default_factory=dict)
    """When the last one began of which anything landed, and whose host could be reached."""
    tried: Mapping[str, datetime] = field(default_factory=dict)
    """When the last run began that planned it, unless that was ended from outside."""
    cut: frozenset[str] = frozenset()
    """Those whose last visit ended with what it or the run might spend."""


def find_due_time(channel: Channel, visits: PastVisits, now: datetime) -> datetime:
    """Finds when a channel is due; at once if it was never visited."""
    cadence, last = timedelta(hours=channel.cadence_hours), visits.landed.get(channel.id)
    cadence = min(cadence, RESUME) if channel.id in visits.cut else cadence
    tried = visits.tried.get(channel.id)
    # What began in the future began under a clock that was ahead; the run asks hosts for the time.
    rested = tried + min(RETRY, cadence) if tried and tried <= now else now
    if last is None or last > now + TOLERANCE:
        return rested
    return max(last + cadence, rested)


def select_due(channels: Iterable[Channel], visits: PastVisits, now: datetime) -> tuple[Channel, ...]:
    """Selects the channels that may be visited now."""
    return tuple(channel for channel in channels if find_due_time(channel, visits, now) <= now)


def _was_not_reached(streams: Mapping[str, StreamEnd]) -> bool:
    asked = [end for end in streams.values() if end.was_asked]
    return bool(asked) and all(end.state == "failed" and end.fault in NOT_REACHED for end in asked)


def _was_cut(zone: Zone, channel: Channel) -> bool:
    manifest = read_newest_manifest(zone, channel.id)
    outcomes = manifest.outcomes.values() if manifest else ()
    return any(outcome.get("state") == "partial" and outcome.get("fault") in SPENT for outcome in outcomes)


def read_past_visits(settings: Settings, channels: Iterable[Channel] = ()) -> PastVisits:
    """Reads what is known of earlier visits, and which of these channels one was cut short; a zone that cannot be read
    now stops no schedule."""
    landed: dict[str, datetime] = {}
    cut: frozenset[str] = frozenset()
    with contextlib.suppress(OSError, LandingError):
        zone = open_zone(settings.landing_url)
        landed = read_last_visits(zone)
        cut = frozenset(one.id for one in channels if one.id in landed and _was_cut(zone, one))
    last: dict[str, Attempt] = {}
    for attempt in read_attempts(settings.home, AttemptKind.COLLECT):
        last |= dict.fromkeys(attempt.beginning.planned.keys() - last.keys(), attempt)
    for channel_id, attempt in last.items():
        if _was_not_reached(attempt.channels.get(channel_id, {})):
            landed.pop(channel_id, None)
    ended = {name: one.beginning.started_at for name, one in last.items() if one.state not in ENDED_FROM_OUTSIDE}
    return PastVisits(landed, ended, cut)
