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
    Severity.NOTE: "success", Severity.WARNING: "warning", Severity.ERROR: "failure", Severity.URGENT: "failure",
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
    is_news: bool = False


class Outgoing(_Remembered):
    """A message, and the places that have not taken it yet."""

    title: str
    body: str
    made_at: AwareDatetime
    places: tuple[int, ...]
    """Numbers of the places in HEARTBEAT_NOTIFY: an address is written nowhere."""
    trouble: str = ""
    """Why a place did not take it at the last try."""
    severity: Severity | None = None
    """How much it matters; a note says that something is over, and news has none. What is urgent needs no note on the
    disk."""

    @property
    def notice(self) -> Notice:
        """The message as it is sent."""
        return Notice(self.title, self.body, "info" if self.severity is None else TYPES[self.severity])


class NewsSent(_Remembered):
    """How far the news was sent."""

    newest_id: str
    """Id of the newest item sent; where no item has it, the news began anew."""
    sent_at: AwareDatetime


class AlertState(_Remembered):
    """What outlives a run: alerts that are open, and messages on their way."""

    alerts: dict[str, Alert] = Field(default_factory=dict)
    outbox: tuple[Outgoing, ...] = ()
    news: NewsSent | None = None
    format: int = FORMAT
    deadman_trouble: str = ""
    """Why the service outside was not told of the last run."""


def advance(state: AlertState, conditions: Iterable[Condition], now: datetime, place_count: int) -> AlertState:
    """Compares what is open with what is wrong now, and puts a message for each difference into the outbox."""
    conditions = list(conditions)
    present = {condition.id: condition for condition in list_sent(conditions)}
    noted = {condition.id for condition in conditions}
    alerts, messages, news = dict[str, Alert](), list[tuple[str, str, Severity]](), list[Condition]()
    for name, condition in present.items():
        alert = state.alerts.get(name) or Alert(opened_at=now, words="", is_news=condition.is_news)
        alert = alert.change(words=condition.words)
        verb = _choose_verb(alert, condition.severity, now) if place_count else ""
        if verb:
            alert = alert.change(told_at=now, severity=condition.severity)
            news += [condition] if condition.is_news else []
            messages += [] if condition.is_news else [_tell(verb, condition, alert)]
        alerts[name] = alert
    is_blind = UNREADABLE in present
    for name, alert in state.alerts.items():
        if name not in present and (is_blind or (alert.told_at and not alert.is_news)):
            if is_blind or not place_count or name in noted:
                alerts[name] = alert
            else:
                messages.append(_tell_end(alert, now))
    messages += [_tell_news(news)] if news else []
    fresh = [one for one in state.outbox if now - one.made_at <= WAITS_AT_MOST]
    places = tuple(range(1, place_count + 1))
    fresh += [
        Outgoing(title=title, body=body, made_at=now, places=places, severity=severity)
        for title, body, severity in messages
    ]
    return state.change(alerts=alerts, outbox=tuple(fresh))


def _choose_verb(alert: Alert, severity: Severity, now: datetime) -> str:
    """Returns the verb for an alert, or "" to stay silent."""
    if alert.told_at is None or severity > alert.severity:
        return severity.name.lower() if alert.told_at is None else f"now {severity.name.lower()}"
    # A clock that was ahead told in the future.
    if alert.is_news or timedelta() <= now - alert.told_at < REMINDED_AFTER:
        return ""
    return "still"


def _tell(verb: str, condition: Condition, alert: Alert) -> tuple[str, str, Severity]:
    # Of some, such as a full disk, nobody knows more than that it is so now.
    since = f"Since {format_instant(min(condition.since, alert.opened_at))}."
    body = f"{condition.words}.\n{since}\n\n{condition.remedy}"
    return f"Heartbeat: {verb}: {condition.words}", body, condition.severity


def _tell_end(alert: Alert, now: datetime) -> tuple[str, str, Severity]:
    told = f"First seen {format_instant(alert.opened_at)}; resolved {format_instant(now)}."
    return f"Heartbeat: resolved: {alert.words}", f"No longer true: {alert.words}.\n{told}", Severity.NOTE


def _tell_news(news: list[Condition]) -> tuple[str, str, Severity]:
    lines = "\n".join(f"- {condition.words}. {condition.remedy}" for condition in news[:20])
    more = f"\n- and {len(news) - 20:,} more: `heartbeat status --json` lists all" if len(news) > 20 else ""
    subject = news[0].words if len(news) == 1 else f"{len(news):,} things changed at their sources"
    return f"Heartbeat: changed: {subject}", f"{lines}{more}\n\nEach change is reported once.", Severity.WARNING
