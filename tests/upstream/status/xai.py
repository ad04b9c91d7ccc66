"""xAI: an item for each part of the product that an incident touches, all of one incident under one guid."""

from collections.abc import Callable

from tests.upstream.messages import Response, text_answer
from tests.upstream.status.rss import item, rfc822, rss
from tests.upstream.world.incidents import BODIES, Component, Incident, Page

WORDS = {
    "none": "available",
    "minor": "degraded",
    "major": "disruption",
    "critical": "outage",
    "maintenance": "available",
}
HEADS = {"investigating": "Investigating", "identified": "Mitigation in progress", "resolved": "Resolved"}
NEWEST = 24


def _feed(page: Page) -> Response:
    parts = [(one, part) for one in page.until() if not one.is_maintenance for part in one.components]
    items = (_item(page, one, part) for one, part in parts[:NEWEST])
    return text_answer(
        rss("SpaceXAI System Status", f"https://{page.host}", items), "application/rss+xml; charset=utf-8"
    )


def _item(page: Page, incident: Incident, part: Component) -> str:
    updates, ended, guid = incident.until(page.clock.now), incident.resolved(page.clock.now), f"INC{incident.code(8)}"
    severity, state = WORDS[incident.impact], "resolved" if ended else updates[0].status
    blocks = "".join(f"<div><p><strong>{rfc822(one.shown_at)}</strong></p>{_text(one.status)}</div>" for one in updates)
    over = f"<p>Resolved: {rfc822(ended)}</p>" if ended else ""
    html = f"<h3>Status: {state.upper()}</h3><p>Severity: {severity}</p>{over}{blocks}"
    labels = f"<category>{severity}</category><category>{state}</category>"
    link = f"https://{page.host}/{part.id}/{guid}"
    return item(f"[{part.name}] {incident.name}", link, guid, rfc822(incident.started), html, labels)


def _text(status: str) -> str:
    """A heading and what it is about."""
    return f"<h3>{HEADS.get(status, 'Update')}</h3><p>{BODIES.get(status, '')}</p>"


ANSWERS: dict[str, Callable[[Page], Response]] = {"/feed.xml": _feed}
