"""Requests to forget that are not done, as a trouble of their home: it says that there is one, and never whose."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from warehouse.attempts.entries import Attempt, AttemptKind, AttemptState
from warehouse.attempts.health import Health
from warehouse.attempts.reader import read_attempts
from warehouse.attempts.troubles import ENDS, Trouble, explain_death
from warehouse.faults import Fault, LandingError
from warehouse.forgetting.register import read_requests
from warehouse.freshness import format_age
from warehouse.landing import open_zone
from warehouse.settings import Settings

WHAT = "a request to forget is not done"
REMEDY = "Run `heartbeat forget --resume`: it completes it, and needs no name."
RUN_ENDS = ENDS | {AttemptState.PARTIAL: "left places out"}
OTHERS = timedelta(hours=1)
"""Age from which on an open request is told that no run of this home began: another machine may be at work on it."""


def add_open_request(health: Health, settings: Settings, reads_remote: bool = True) -> Health:
    """Adds to the health of a home that a request to forget is not done. A landing zone in an object store is asked
    only where `reads_remote` says so: a page waits for no network."""
    runs = read_attempts(settings.home, AttemptKind.FORGET)
    now = settings.clock()
    trouble = _judge_runs(runs, now)
    if trouble is None and not any(one.state == AttemptState.RUNNING for one in runs):
        trouble = _judge_list(settings, now, reads_remote)
    return replace(health, troubles=(*health.troubles, trouble)) if trouble else health


def _judge_runs(runs: Sequence[Attempt], now: datetime) -> Trouble | None:
    """Judges by the last run of this home that ended: one that is done has completed the earlier ones."""
    last = next((one for one in runs if one.state != AttemptState.RUNNING), None)
    if last is None or last.state == AttemptState.DONE:
        return None
    cause = last.ending.cause if last.ending else explain_death(last)
    when = f"its run of {format_age(last.beginning.started_at, now)} {RUN_ENDS[last.state]}"
    return _make_trouble(last.state, last.beginning.started_at, when, cause)


def _judge_list(settings: Settings, now: datetime, reads_remote: bool) -> Trouble | None:
    """Judges by the list in the landing zone, which a restored home has, too, and all machines share."""
    is_remote = "://" in settings.landing_url and not settings.landing_url.startswith("file:")
    if is_remote and not reads_remote:
        return None
    try:
        zone = open_zone(settings.landing_url)
        begun = [datetime.fromisoformat(one.begun_at) for one in read_requests(zone.files, zone.root) if one.is_open]
    except (LandingError, OSError, ValueError):
        return None  # the check of the landing zone reports this
    if not begun or now - min(begun) < OTHERS:
        return None
    when = f"started {format_age(min(begun), now)}, and no run of this home is at work on it"
    return _make_trouble(AttemptState.INTERRUPTED, min(begun), when, "")


def _make_trouble(state: AttemptState, since: datetime, when: str, cause: str) -> Trouble:
    return Trouble(AttemptKind.FORGET, state, Fault.STILL_KEPT, True, since, WHAT, when, cause, REMEDY)
