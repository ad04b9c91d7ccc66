"""Atlassian Statuspage: the v2 API and the history feed, shapes as recorded from the real ones."""

from collections.abc import Callable

from tests.upstream.messages import Response, json_answer, text_answer
from tests.upstream.status.feeds import history
from tests.upstream.status.state import NEWEST, Body, listed
from tests.upstream.world.clock import iso_millis
from tests.upstream.world.draws import token
from tests.upstream.world.incidents import WORDS, Component, Incident, Page, Update


def _component(page: Page, component: Component, place: int) -> Body:
    return {
        "id": component.id,
        "name": component.name,
        "position": place + 1,
        "status": page.word(component),
        "group": False,
        "updated_at": iso_millis(page.changed(), 133),
    }


def _update(page: Page, incident: Incident, update: Update, place: int) -> Body:
    word = WORDS["none"] if update.status in ("resolved", "completed", "postmortem") else WORDS[incident.impact]
    was = WORDS["none"] if place == 0 else WORDS[incident.impact]
    affected = [
        {"code": one.id, "name": one.name, "old_status": was, "new_status": word} for one in incident.components
    ]
    at = iso_millis(update.at, 466)
    return {
        "id": token(12, incident.draw, place), "incident_id": incident.code(), "status": update.status,
        "body": incident.words(update.status),
        "created_at": at, "updated_at": at, "display_at": iso_millis(update.shown_at, 466),
        "affected_components": affected or None,
    }  # fmt: skip


def _incident(page: Page, incident: Incident) -> Body:
    now = page.clock.now
    updates = incident.until(now)
    ended = incident.resolved(now)
    body = {
        "id": incident.code(), "name": incident.name, "status": updates[0].status, "impact": incident.impact,
        "created_at": iso_millis(incident.posted, 163), "updated_at": iso_millis(updates[0].at, 466),
        "started_at": iso_millis(incident.started, 163),
        "monitoring_at": next((iso_millis(one.at, 466) for one in updates if one.status == "monitoring"), None),
        "resolved_at": None if ended is None else iso_millis(ended, 466),
        "shortlink": f"https://stspg.io/{incident.code()}",
        "incident_updates": [_update(page, incident, one, len(updates) - 1 - place) for place, one in enumerate(updates)],
        "components": [_component(page, one, page.components.index(one)) for one in incident.components],
    }  # fmt: skip
    if incident.is_maintenance:
        body |= {"scheduled_for": iso_millis(incident.started), "scheduled_until": iso_millis(incident.updates[-1].at)}
    return body


def _head(page: Page) -> Body:
    return {"id": token(12, page.host), "name": page.title, "updated_at": iso_millis(page.changed(), 7)}


def _summary(page: Page) -> Response:
    parts = [_component(page, one, place) for place, one in enumerate(page.components)]
    opened = [_incident(page, one) for one in listed(page, is_open=True)]
    return json_answer({"page": _head(page), "components": parts, "incidents": opened})


def _incidents(page: Page) -> Response:
    return json_answer({"page": _head(page), "incidents": [_incident(page, one) for one in listed(page)[:NEWEST]]})


def _components(page: Page) -> Response:
    return json_answer(
        {"page": _head(page), "components": [_component(page, one, place) for place, one in enumerate(page.components)]}
    )


def _feed(page: Page) -> Response:
    return text_answer(history(page, is_incident_io=False), "application/atom+xml; charset=utf-8")


ANSWERS: dict[str, Callable[[Page], Response]] = {
    "/api/v2/summary.json": _summary, "/api/v2/incidents.json": _incidents, "/api/v2/components.json": _components,
    "/history.atom": _feed,
}  # fmt: skip
