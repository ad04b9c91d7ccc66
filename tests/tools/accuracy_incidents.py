"""How often the kind of an incident and the stretch of time that its page states are read right, on the half that was
held out."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from pipelines.sources.status.incident import find_stated_window, make_incident_row
from pipelines.sources.status.severities import RULES_VERSION
from tests.tools.accuracy_rows import Case, Scope, row
from tests.tools.labelled_incidents import Labelled, causes, incidents

KINDS = ("degraded", "informational", "maintenance", "outage", "suspension", "third-party")
NONE, YES, CAUSE = "none", "yes", "incident cause"
NEAR = timedelta(minutes=1)
"""Ends as near as this are the same: pages round."""
STATUS = Scope(channel_kind="status")


def incident_cases(split: str = "test") -> list[Case]:
    """Every labelled incident of a half: its kind, and the stretch where texts
    are recorded."""
    found = []
    for one in incidents():
        if one.split == split:
            body = make_incident_row(one.incident, one.page).body
            found.append(Case("incident kind", one.kind, body["kind"], scope=STATUS))
            if any(update.text for update in one.incident.updates):
                found.append(_window(one))
    return [*found, *_cause_cases()] if split == "test" else found


def _cause_cases() -> list[Case]:
    stated_rows = [(make_incident_row(incident).body["has_cause"], is_named) for incident, is_named in causes()]
    return [
        Case(CAUSE, YES if is_named else NONE, YES if is_read else NONE, scope=STATUS)
        for is_read, is_named in stated_rows
    ]


def _window(one: Labelled) -> Case:
    read = find_stated_window(one.incident)
    is_near = (
        one.window is not None
        and read is not None
        and all(abs(a - b) <= NEAR for a, b in zip(one.window, read, strict=True))
    )
    wanted = _shown(one.window)
    return Case("incident window", wanted, wanted if is_near else _shown(read), scope=STATUS)


def _shown(window: tuple[datetime, datetime] | None) -> str:
    return NONE if window is None else f"{window[0]:%Y-%m-%d %H:%M} to {window[1]:%Y-%m-%d %H:%M}"


def incident_table(items: Iterable[Case]) -> list[dict[str, str]]:
    """A row a kind and one for all, one for stretches of time and one for causes."""
    items = list(items)
    kinds = [one for one in items if one.feature == "incident kind"]
    windows = [one for one in items if one.feature == "incident window"]
    stated = ({one.wanted for one in windows} | {one.found for one in windows}) - {NONE}
    return [
        *(row("incident kind", kind, kinds, {kind}, RULES_VERSION, STATUS) for kind in KINDS),
        row("incident kind", "any kind", kinds, set(KINDS), RULES_VERSION, STATUS),
        row("incident window", "stated", windows, stated, RULES_VERSION, STATUS),
        row(CAUSE, YES, [one for one in items if one.feature == CAUSE], {YES}, RULES_VERSION, STATUS),
    ]
