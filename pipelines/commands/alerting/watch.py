"""Looks at a home, says what is wrong with it, and sends what is new."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from pipelines.attempts import describe_failure
from pipelines.commands.problems import read_problems
from pipelines.notifying.alerts import (
    AlertState,
    Message,
    list_alerts,
    read_state,
    send_messages,
    write_state,
)
from pipelines.notifying.news import list_news
from pipelines.notifying.sending import deliver_notice, ping_deadman
from warehouse.attempts.entries import AttemptKind, AttemptState
from warehouse.attempts.reader import read_attempts
from warehouse.attempts.signals import find_signal
from warehouse.findings import ALERTS, DISK, Finding, describe_closed_home
from warehouse.lock import hold_lock
from warehouse.settings import Settings

LOCK_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Report:
    """What is wrong, the messages about it, and what was sent."""

    problems: Sequence[Finding]
    messages: Sequence[Message]
    state: AlertState


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
    except OSError as error:
        for message in _compare(settings, error).messages:
            list(deliver_notice(settings, message.notice))
        raise


def _compare(settings: Settings, refusal: OSError | None = None) -> Report:
    """Compares what is wrong with what was sent; `refusal`: why nothing can be noted, which is wrong, too."""
    _, problems = read_problems(settings)
    if refusal and not any(finding.id == DISK for finding in problems):
        problems = [describe_closed_home(settings.clock(), str(refusal)), *problems]
    state, news = list_news(read_state(settings.home), settings)
    # A message about a message that was refused would be refused, too.
    sent = [finding for finding in problems if finding.level != "note" and finding.id != ALERTS]
    alerts = list_alerts(state, sent, settings.clock()) if settings.notify_places else []
    return Report(problems, [*alerts, *news], state)


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
