"""Looks at a home, says what is wrong with it, and sends what is new."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from pipelines.attempts import describe_failure
from pipelines.commands.checks import read_home_health
from pipelines.notifying.alerts import (
    AlertState,
    Message,
    list_alerts,
    read_state,
    send_messages,
    write_state,
)
from pipelines.notifying.conditions import Condition, judge_conditions
from pipelines.notifying.news import list_news
from pipelines.notifying.sending import deliver_notice, ping_deadman
from warehouse.attempts.entries import AttemptKind, AttemptState
from warehouse.attempts.reader import read_attempts
from warehouse.attempts.signals import find_signal
from warehouse.attempts.troubles import DISK
from warehouse.database import WarehouseError
from warehouse.freshness import load_collections, read_limits
from warehouse.lock import hold_lock
from warehouse.settings import Settings
from warehouse.sharing.followed import read_shown

LOCK_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Report:
    """What is wrong, the messages about it, and what was sent."""

    conditions: Sequence[Condition]
    messages: Sequence[Message]
    state: AlertState


def _judge_home(settings: Settings) -> list[Condition]:
    """Judges what is wrong with this home; of somebody else's snapshot only whether it can be read."""
    snapshot, unreadable = None, ""
    try:
        snapshot = read_shown(settings)
    except (OSError, WarehouseError) as error:
        unreadable = str(error)
    is_own = not settings.snapshot and snapshot is not None and not snapshot.is_sample and snapshot.origin is None
    now = settings.clock()
    rows = load_collections(snapshot, now, read_limits(settings)) if snapshot and is_own else []
    attempts = [] if settings.snapshot else read_attempts(settings.home, AttemptKind.COLLECT)
    troubles = read_home_health(settings, snapshot).troubles
    return judge_conditions(troubles, attempts, rows, snapshot, unreadable, now)


def watch_home(settings: Settings, is_dry: bool = False) -> Report:
    """Judges this home and sends what is new; dry, only returns what it would send."""
    if is_dry:
        return _compare(settings)
    try:
        with hold_lock(settings.home, "heartbeat alerts", LOCK_SECONDS, name="alerts"):
            report = _compare(settings)
            # Written before anything is sent: what cannot be noted would be sent by each run.
            write_state(settings.home, report.state)
            return replace(report, state=send_messages(settings, report.state, report.messages))
    except OSError:
        report = _compare(settings)
        if any(condition.id == DISK for condition in report.conditions):
            for message in report.messages:
                list(deliver_notice(settings, message.notice))
        raise


def _compare(settings: Settings) -> Report:
    conditions = _judge_home(settings)
    state, news = list_news(read_state(settings.home), settings)
    alerts = list_alerts(state, conditions, settings.clock()) if settings.notify_places else []
    return Report(conditions, [*alerts, *news], state)


@contextmanager
def tell_afterwards(settings: Settings) -> Iterator[None]:
    """Sends alerts after a run, even if it failed; a run that is asked to stop sends none."""
    try:
        yield
    except Exception as error:
        # A signal may interrupt a library with an error of its own.
        if not find_signal(error):
            _tell(settings)
        raise
    _tell(settings)


def _tell(settings: Settings) -> None:
    try:
        watch_home(settings)
        if _has_collected(settings) and (fault := ping_deadman(settings)):
            print(fault, flush=True)
    except Exception as error:  # what keeps a message from being sent does not fail the run
        print(f"alerts: {describe_failure(error)}", flush=True)


def _has_collected(settings: Settings) -> bool:
    """Returns whether the last collect brought something, or none was made yet."""
    attempts = read_attempts(settings.home, AttemptKind.COLLECT)
    last = next((one for one in attempts if one.state != AttemptState.RUNNING), None)
    return last is None or last.state in (AttemptState.DONE, AttemptState.PARTIAL)
