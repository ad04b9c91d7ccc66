"""The message about problems that are new or over, and what was sent before.

What was sent is kept in a file of the home. What no place accepted counts as not sent: the next run sends it again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import AwareDatetime, BaseModel, ValidationError

from pipelines.notifying.sending import Notice, deliver_notice
from warehouse.durable import make_private_folder, write_file
from warehouse.findings import BLINDING, Finding, Level, is_blind
from warehouse.freshness import format_instant
from warehouse.settings import Settings

FILE = "alerts.json"


class Alert(BaseModel):
    """A condition that was sent and is not over."""

    since: AwareDatetime
    level: Level
    words: str


class AlertState(BaseModel):
    """What outlives a run."""

    sent: dict[str, Alert] = {}
    news_sent_at: AwareDatetime | None = None
    news_ids: list[str] = []
    """Of the lately published items."""
    trouble: str = ""
    """Which places refused the last message, and why."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message, and the fields of the state once a place accepted it."""

    notice: Notice
    changes: dict[str, Any]


def read_state(home: Path) -> AlertState:
    """Reads what was sent. A file that is missing or damaged counts as nothing sent."""
    try:
        return AlertState.model_validate_json((home / FILE).read_bytes())
    except (OSError, ValidationError):
        return AlertState()


def write_state(home: Path, state: AlertState) -> None:
    """Replaces what was sent; the caller holds the lock of the alerts."""
    make_private_folder(home)
    write_file(home / FILE, state.model_dump_json(indent=1))


def list_alerts(state: AlertState, findings: Sequence[Finding], now: datetime) -> list[Message]:
    """Returns one message about all problems that are new, graver or over; none if there are none."""
    begun = [one for one in findings if _is_new(one, state.sent.get(one.id))]
    # While readers get no new data, nobody knows which source is well again.
    known = BLINDING if is_blind(findings) else state.sent.keys()
    present = {one.id for one in findings}
    over = {name: alert for name, alert in state.sent.items() if name in known and name not in present}
    if not begun and not over:
        return []
    sent = {name: alert for name, alert in state.sent.items() if name not in over}
    sent |= {one.id: Alert(since=one.since, level=one.level, words=one.what) for one in begun}
    return [Message(_compose(begun, list(over.values()), now), {"sent": sent})]


def _is_new(finding: Finding, alert: Alert | None) -> bool:
    return alert is None or (alert.level, finding.level) == ("warning", "error")


def _compose(begun: Sequence[Finding], over: Sequence[Alert], now: datetime) -> Notice:
    parts = ["\n".join(one.list_lines(now)) for one in begun]
    parts += [f"Resolved {format_instant(now)}: {one.words}." for one in over]
    first, *others = [one.what for one in begun] or [one.words for one in over]
    word = begun[0].level if begun else "resolved"
    count = f"{len(others) + 1} {'problems' if begun else 'resolved'}" if others else word
    is_error = any(one.level == "error" for one in begun)
    kind = ("failure" if is_error else "warning") if begun else "success"
    return Notice(f"Heartbeat: {count}: {first}", "\n\n".join(parts), kind)


def send_messages(settings: Settings, state: AlertState, messages: Sequence[Message]) -> AlertState:
    """Sends messages and notes each at once: a run that is killed in between repeats one at most."""
    for message in messages:
        results = list(deliver_notice(settings, message.notice))
        refused = [f"{label}: {fault}" for label, fault in results if fault]
        is_sent = len(refused) < len(results)
        changes = (message.changes if is_sent else {}) | {"trouble": "; ".join(refused)}
        state = state.model_copy(update=changes)
        write_state(settings.home, state)
    return state
