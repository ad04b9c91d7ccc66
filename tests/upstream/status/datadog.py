"""Datadog Status Pages: one document; updates in no order, and some incidents written down long after they happened."""

from collections.abc import Callable

from tests.upstream.messages import Response, json_answer
from tests.upstream.status.state import Body, listed
from tests.upstream.world.clock import iso, iso_or_none
from tests.upstream.world.draws import DAY
from tests.upstream.world.incidents import BODIES, Component, Incident, Page, Update

WORDS = {
    "none": "operational",
    "minor": "degraded",
    "major": "partial_outage",
    "critical": "major_outage",
    "maintenance": "maintenance",
}
NOW_WORDS = {"degraded_performance": "degraded", "under_maintenance": "maintenance"}
NEWEST = 40
MOVED_DAYS = 20
"""The page moved here so many days before the world begins; what is older was entered on that day."""


def _config(page: Page) -> Response:
    leaves = [_leaf(one, NOW_WORDS.get(page.word(one), page.word(one))) for one in page.components]
    group = {"id": "group", "name": "API - Gateway", "position": 0, "type": "ComponentGroup", "components": leaves[:-1]}
    planned = [_incident(page, one) for one in listed(page, maintenance=True)]
    body: Body = {
        "id": "page", "name": page.title, "pageUrl": f"https://{page.title.lower()}.statuspage.datadoghq.com",
        "customDomain": "",
        "components": [group, leaves[-1]], "incidents": [_incident(page, one) for one in listed(page)[:NEWEST]],
        "maintenances": planned or None,
    }  # fmt: skip
    return json_answer(body)


def _leaf(component: Component, word: str) -> Body:
    return {"id": component.id, "name": component.name, "position": 0, "status": word, "type": "Component"}


def _incident(page: Page, incident: Incident) -> Body:
    """The components of the incident itself have their words of now: all is well with what is over."""
    now, moved = page.clock.now, page.start - MOVED_DAYS * DAY
    updates, ended = incident.until(now), incident.resolved(now)
    stated = [_update(incident, one, place, max(one.at, moved)) for place, one in enumerate(updates)]
    return {
        "id": f"{incident.code(8)}-1eed-417f-b269-{incident.code(12)}", "title": incident.name,
        "currentStatus": updates[0].status,
        "resolved": ended is not None, "description": BODIES.get(updates[0].status, ""),
        "publishedDate": iso(incident.started),
        "resolvedDate": iso_or_none(ended), "lastModifiedAt": iso(max(updates[0].at, moved)),
        "componentsAffected": [_leaf(one, "operational" if ended else WORDS[incident.impact]) for one in incident.components],
        "timeline": stated[1:] + stated[:1] if incident.draw % 3 else stated,
    }  # fmt: skip


def _update(incident: Incident, update: Update, place: int, written: int) -> Body:
    word = "operational" if update.status in ("resolved", "completed", "postmortem") else WORDS[incident.impact]
    return {
        "id": f"{incident.code(6)}{place}", "status": update.status,
        "description": BODIES.get(update.status, "An update."),
        "startedAt": iso(update.shown_at), "createdAt": iso(written),
        "componentsAffected": [_leaf(one, word) for one in incident.components],
    }  # fmt: skip


ANSWERS: dict[str, Callable[[Page], Response]] = {"/config.json": _config}
