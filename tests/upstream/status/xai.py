"""xAI: an item for each part of the product that an incident touches; what is over is `available`, however bad it
was."""

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
HEADS = {
    "investigating": "Looking into it",
    "identified": "Mitigation in progress",
    "resolved": "Traffic is healthy again",
}
NEWEST = 24


def _feed(page: Page) -> Response:
    parts = [(one, part) for one in page.until() if not one.is_maintenance for part in one.components]
    items = (_item(page, one, part) for one, part in parts[:NEWEST])
    return text_answer(
        rss("SpaceXAI System Status", f"https://{page.host}", items), "application/rss+xml; charset=utf-8"
    )


def code(page: Page, incident: Incident, part: Component) -> str:
    """The guid of an incident's item for a part."""
    return f"INC{incident.code(6)}{page.components.index(part)}"


def _item(page: Page, incident: Incident, part: Component) -> str:
    updates, ended, guid = incident.until(page.clock.now), incident.resolved(page.clock.now), code(page, incident, part)
    severity, state = ("available", "resolved") if ended else (WORDS[incident.impact], updates[0].status)
    blocks = "".join(f"<div><p><strong>{rfc822(one.shown_at)}</strong></p>{_text(one.status)}</div>" for one in updates)
    over = f"<p>Resolved: {rfc822(ended)}</p>" if ended else ""
    html = f"<h3>Status: {state.upper()}</h3><p>Severity: {severity}</p>{over}{blocks}"
    labels = f"<category>{severity}</category><category>{state}</category>"
    link = f"https://{page.host}/{part.id}/{guid}"
    return item(f"[{part.name}] {incident.name}", link, guid, rfc822(incident.started), html, labels)


def _text(status: str) -> str:
    """The heading is prose."""
    return f"<h3>{HEADS.get(status, 'Update')}</h3><p>{BODIES.get(status, '')}</p>"


ANSWERS: dict[str, Callable[[Page], Response]] = {"/feed.xml": _feed}
