"""Looks at a home, says what is wrong with it, and sends what is new."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any

from pipelines.attempts import describe_failure
from pipelines.commands.checks import read_home_health
from pipelines.notifying.alerts import (
    AlertState,
    Message,
    describe_undelivered,
    list_messages,
    read_state,
    send_messages,
    write_state,
)
from pipelines.notifying.conditions import Condition, Evidence, judge_conditions
from pipelines.notifying.deadman import ping_deadman
from pipelines.notifying.news import prepare_news
from pipelines.notifying.sending import deliver_notice
from warehouse.attempts.entries import AttemptKind, AttemptState
from warehouse.attempts.reader import read_attempts
from warehouse.database import WarehouseError
from warehouse.freshness import load_collections, read_limits
from warehouse.lock import hold_lock
from warehouse.settings import Settings
from warehouse.sharing.followed import read_shown

LOCK_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Report:
    """What is wrong, the messages about it, and what was stated."""

    conditions: Sequence[Condition]
    messages: Sequence[Message]
    state: AlertState
    place_count: int


def judge_home(settings: Settings) -> list[Condition]:
    """Judges what is wrong with this home; of somebody else's snapshot only whether it can be read."""
    snapshot, unreadable = None, ""
    try:
        snapshot = read_shown(settings)
    except (OSError, WarehouseError) as error:
        unreadable = str(error)
    is_own = not settings.snapshot and snapshot is not None and not snapshot.is_sample and snapshot.origin is None
    now = settings.clock()
    return judge_conditions(
        Evidence(
            health=read_home_health(settings, snapshot),
            attempts=[] if settings.snapshot else read_attempts(settings.home),
            rows=load_collections(snapshot, now, read_limits(settings)) if snapshot and is_own else [],
            snapshot=snapshot,
            unreadable=unreadable,
            now=now,
        )
    )


def watch_home(settings: Settings, is_dry: bool = False, has_run: bool = False) -> Report:
    """Judges this home and sends what is new; dry, only says what it would send. After a run whose collect brought
    something, the service outside hears of it."""
    if is_dry:
        return _compare(settings)
    with ExitStack() as held:
        try:
            held.enter_context(hold_lock(settings.home, "heartbeat alerts", LOCK_SECONDS, name="alerts"))
            report = _compare(settings)
            write_state(settings.home, state := report.state)
        except OSError:
            # A full or read-only disk takes neither the lock nor a note, so each run repeats these.
            for message in _compare(settings).messages:
                if message.notice.is_urgent:
                    list(deliver_notice(settings, message.notice))
            raise
        if has_run and _has_collected(settings):
            write_state(settings.home, state := state.change(deadman_trouble=ping_deadman(settings)))
        return replace(report, state=send_messages(settings, state, report.messages))


def _has_collected(settings: Settings) -> bool:
    """Returns whether the last collect brought something, or none was made yet."""
    attempts = read_attempts(settings.home, AttemptKind.COLLECT)
    last = next((one for one in attempts if one.state != AttemptState.RUNNING), None)
    return last is None or last.state in (AttemptState.DONE, AttemptState.PARTIAL)


def _compare(settings: Settings) -> Report:
    conditions, count = judge_home(settings), len(settings.notify_places)
    state, news = prepare_news(read_state(settings.home), settings)
    messages = [*list_messages(state, conditions, settings.clock()), *news] if count else []
    return Report(conditions, messages, state, count)


@contextmanager
def tell_afterwards(settings: Settings) -> Iterator[None]:
    """Says what a run left wrong, also one that an error ended; one that is asked to stop ends at once."""
    try:
        yield
    except Exception:
        _tell(settings)
        raise
    _tell(settings)


def _tell(settings: Settings) -> None:
    try:
        watch_home(settings, has_run=True)
    except Exception as error:  # no trouble of telling is one of the run
        print(f"alerts: {describe_failure(error)}", flush=True)


def report_to_json(report: Report) -> dict[str, Any]:
    """Returns a report for JSON."""
    conditions = [
        asdict(one) | {"severity": one.severity.name.lower(), "since": one.since.isoformat()}
        for one in report.conditions
    ]
    messages = [{"title": one.notice.title, "body": one.notice.body} for one in report.messages]
    return {"conditions": conditions, "messages": messages, "undelivered": describe_undelivered(report.state)}
