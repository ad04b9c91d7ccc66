"""Which messages conditions and news make: one when a cause begins, one a day while it lasts, one when it is over.

What was sent is kept in a file of the home. What no place accepted counts as not sent: the next run sends it again.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from pipelines.notifying.conditions import UNREADABLE, Condition, Severity, list_sent
from pipelines.notifying.sending import Notice, NoticeType, deliver_notice
from warehouse.durable import make_private_folder, write_file
from warehouse.freshness import format_instant
from warehouse.settings import Settings

FILE = "alerts.json"
NEWS = "news"
REMINDED_AFTER = timedelta(hours=24)
TYPES: dict[Severity, NoticeType] = {
    Severity.WARNING: "warning", Severity.ERROR: "failure", Severity.URGENT: "failure",
}  # fmt: skip


class _Remembered(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    def change(self, **fields: object) -> Self:
        """Returns a copy with other fields."""
        return self.model_copy(update=fields)


class Alert(_Remembered):
    """A condition that was stated and is not over."""

    opened_at: AwareDatetime
    told_at: AwareDatetime
    severity: Severity
    words: str


class NewsSent(_Remembered):
    """Which news was sent."""

    sent_at: AwareDatetime
    ids: tuple[str, ...]
    """Ids of the lately published items."""


class AlertState(_Remembered):
    """What outlives a run."""

    alerts: dict[str, Alert] = Field(default_factory=dict)
    news: NewsSent | None = None
    trouble: str = ""
    """Which places refused a message at the last try, and why."""
    deadman_trouble: str = ""
    """Why the service outside was not stated of the last run."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message, and what is remembered once a place accepted it."""

    notice: Notice
    key: str
    """Id of the condition, or `news`."""
    stated: Alert | NewsSent | None
    """None for a condition that is over."""

    def note(self, state: AlertState) -> AlertState:
        """Returns the state in which this message was stated."""
        if isinstance(self.stated, NewsSent):
            return state.change(news=self.stated)
        alerts = {name: alert for name, alert in state.alerts.items() if name != self.key}
        return state.change(alerts=alerts | ({self.key: self.stated} if self.stated else {}))


def read_state(home: Path) -> AlertState:
    """Reads what was stated; of a file that is missing or damaged nothing, so that what is wrong is stated again."""
    try:
        return AlertState.model_validate_json((home / FILE).read_bytes())
    except (OSError, ValidationError):
        return AlertState()


def write_state(home: Path, state: AlertState) -> None:
    """Replaces what was stated; the caller holds the lock of the alerts."""
    make_private_folder(home)
    write_file(home / FILE, state.model_dump_json(indent=1))


def list_messages(state: AlertState, conditions: Iterable[Condition], now: datetime) -> Iterator[Message]:
    """Lists a message for each difference between what was stated and what is wrong now."""
    conditions = list(conditions)
    present = {condition.id: condition for condition in list_sent(conditions)}
    for name, condition in present.items():
        alert = state.alerts.get(name)
        if verb := _choose_verb(alert, condition.severity, now):
            opened_at = min(condition.since, alert.opened_at if alert else now)
            stated = Alert(opened_at=opened_at, told_at=now, severity=condition.severity, words=condition.words)
            yield Message(_tell(verb, condition, opened_at), name, stated)
    # While no version can be read, nobody knows what is over; what another condition explains is not over either.
    kept = state.alerts.keys() if UNREADABLE in present else {condition.id for condition in conditions}
    for name, alert in state.alerts.items():
        if name not in kept:
            yield Message(_tell_end(alert, now), name, None)


def _choose_verb(alert: Alert | None, severity: Severity, now: datetime) -> str:
    """Returns the verb for an alert, or "" to stay silent."""
    if alert is None:
        return severity.name.lower()
    if severity > alert.severity:
        return f"now {severity.name.lower()}"
    # A clock that was ahead dated entries in the future.
    return "" if timedelta() <= now - alert.told_at < REMINDED_AFTER else "still"


def _tell(verb: str, condition: Condition, opened_at: datetime) -> Notice:
    body = f"{condition.words}.\nSince {format_instant(opened_at)}.\n\n{condition.remedy}"
    title = f"Heartbeat: {verb}: {condition.words}"
    return Notice(title, body, TYPES[condition.severity], is_urgent=condition.severity is Severity.URGENT)


def _tell_end(alert: Alert, now: datetime) -> Notice:
    stated = f"First seen {format_instant(alert.opened_at)}; resolved {format_instant(now)}."
    return Notice(f"Heartbeat: resolved: {alert.words}", f"No longer true: {alert.words}.\n{stated}", "success")


def send_messages(settings: Settings, state: AlertState, messages: Sequence[Message]) -> AlertState:
    """Sends messages and writes after each what was stated: a run that dies in between repeats one at most."""
    for message in messages:
        results = list(deliver_notice(settings, message.notice))
        refused = [f"{label}: {fault}" for label, fault in results if fault]
        is_told = len(refused) < len(results)
        state = (message.note(state) if is_told else state).change(trouble="; ".join(refused))
        write_state(settings.home, state)
        if not is_told:
            break  # the others would wait for the same places
    return state


def describe_undelivered(state: AlertState) -> list[str]:
    """Describes what a place, or the service outside, was not stated."""
    lines = [f"a service outside does not hear of runs: {state.deadman_trouble}"] if state.deadman_trouble else []
    return [*lines, f"the last message was refused: {state.trouble}"] if state.trouble else lines
