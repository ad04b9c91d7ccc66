"""Which messages conditions make: one when a cause begins, one a day while it lasts, one when it is over."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from pipelines.notifying.conditions import UNREADABLE, Condition, Severity, list_sent
from pipelines.notifying.sending import Notice, NoticeType
from warehouse.freshness import format_instant

REMINDED_AFTER = timedelta(hours=24)
WAITS_AT_MOST = timedelta(days=3)
"""Age at which a message that no place took is dropped: its reminders say the same."""

FORMAT = 1
"""Format of the file that keeps what was told."""


TYPES: dict[Severity, NoticeType] = {
    Severity.WARNING: "warning", Severity.ERROR: "failure", Severity.URGENT: "failure",
}  # fmt: skip


class _Remembered(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    def change(self, **fields: object) -> Self:
        """Returns a copy with other fields."""
        return self.model_copy(update=fields)


class Alert(_Remembered):
    """A condition that was seen, and what was told of it."""

    opened_at: AwareDatetime
    words: str
    told_at: AwareDatetime | None = None
    """When it was told last; None while there is no place to tell."""
    severity: Severity = Severity.NOTE
    """As what it was told."""


class NewsSent(_Remembered):
    """How far the news was sent."""

    newest_id: str
    """Id of the newest item sent; where no item has it, the news began anew."""
    sent_at: AwareDatetime


class AlertState(_Remembered):
    """What outlives a run: alerts that are open, and messages on their way."""

    alerts: dict[str, Alert] = Field(default_factory=dict)
    outbox: tuple[Notice, ...] = ()
    news: NewsSent | None = None
    format: int = FORMAT
    deadman_trouble: str = ""
    """Why the service outside was not told of the last run."""


def advance(state: AlertState, conditions: Iterable[Condition], now: datetime, place_count: int) -> AlertState:
    """Compares what is open with what is wrong now, and puts a message for each difference into the outbox."""
    conditions = list(conditions)
    present = {condition.id: condition for condition in list_sent(conditions)}
    alerts, notices = dict[str, Alert](), list[Notice]()
    for name, condition in present.items():
        alert = state.alerts.get(name) or Alert(opened_at=now, words="")
        alert = alert.change(words=condition.words)
        if place_count and (verb := _choose_verb(alert, condition.severity, now)):
            alert = alert.change(told_at=now, severity=condition.severity)
            notices.append(_tell(verb, condition, alert))
        alerts[name] = alert
    # While no version can be read, nobody knows what is over; what another condition explains is not over either.
    noted = state.alerts.keys() if UNREADABLE in present else {condition.id for condition in conditions}
    for name, alert in state.alerts.items():
        if name not in present and (alert.told_at or UNREADABLE in present):
            if name in noted or not place_count:
                alerts[name] = alert
            else:
                notices.append(_tell_end(alert, now))
    fresh = [one for one in state.outbox if one.made_at and now - one.made_at <= WAITS_AT_MOST]
    places = tuple(range(1, place_count + 1))
    fresh += [notice.model_copy(update={"made_at": now, "places": places}) for notice in notices]
    return state.change(alerts=alerts, outbox=tuple(fresh))


def _choose_verb(alert: Alert, severity: Severity, now: datetime) -> str:
    """Returns the verb for an alert, or "" to stay silent."""
    if alert.told_at is None or severity > alert.severity:
        return severity.name.lower() if alert.told_at is None else f"now {severity.name.lower()}"
    # A clock that was ahead told in the future.
    return "" if timedelta() <= now - alert.told_at < REMINDED_AFTER else "still"


def _tell(verb: str, condition: Condition, alert: Alert) -> Notice:
    # Of some, such as a full disk, nobody knows more than that it is so now.
    since = f"Since {format_instant(min(condition.since, alert.opened_at))}."
    body = f"{condition.words}.\n{since}\n\n{condition.remedy}"
    is_urgent = condition.severity is Severity.URGENT
    title = f"Heartbeat: {verb}: {condition.words}"
    return Notice(title=title, body=body, type=TYPES[condition.severity], is_urgent=is_urgent)


def _tell_end(alert: Alert, now: datetime) -> Notice:
    told = f"First seen {format_instant(alert.opened_at)}; resolved {format_instant(now)}."
    body = f"No longer true: {alert.words}.\n{told}"
    return Notice(title=f"Heartbeat: resolved: {alert.words}", body=body, type="success")
