"""Status pages: Statuspage's v2 API and feed, incident.io's form of both, Google's list. Shapes as recorded from the real ones."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.upstream.clock import iso, iso_millis
from tests.upstream.draws import number, token
from tests.upstream.incidents import BODIES, WORDS, Component, Incident, Page, Update, ulid
from tests.upstream.messages import Request, Response, conditional, json_answer, text_answer
from tests.upstream.status_feeds import history

Body = dict[str, Any]
NEWEST = 50
INDICATORS = {
    "operational": "none",
    "degraded_performance": "minor",
    "partial_outage": "major",
    "major_outage": "critical",
    "under_maintenance": "maintenance",
}
TOLD = {
    "none": "All Systems Operational",
    "minor": "Partial System Degradation",
    "major": "Partial System Outage",
    "critical": "Major Service Outage",
}


class Status:
    """Answers for all status pages; `formats` says which form each host speaks."""

    def __init__(self, pages: dict[str, Page], formats: dict[str, str]) -> None:
        self.pages, self.formats = pages, formats

    def answer(self, request: Request) -> Response:
        """Answers a GET."""
        page = self.pages.get(request.host)
        if page is None:
            return text_answer("<html>no such host</html>", "text/html", 404)
        style = self.formats[request.host]
        readers = _GOOGLE if style == "google" else _INCIDENT_IO if style == "incidentio" else _STATUSPAGE
        show = readers.get(request.path)
        if show is None:
            return text_answer("<!DOCTYPE html><html><body>Page not found</body></html>", "text/html; charset=utf-8", 404)
        response = show(page)
        return conditional(request, response, f"{number(response.body):016x}", page.changed())


def _component(page: Page, component: Component, place: int) -> Body:
    times = {"created_at": "2023-07-11T17:52:24.275Z", "updated_at": iso_millis(page.changed(), 133)}
    flags = {
        "description": None,
        "group": False,
        "group_id": None,
        "only_show_if_degraded": False,
        "showcase": True,
        "start_date": "2023-07-11",
    }
    plain = {
        "id": component.id,
        "name": component.name,
        "page_id": token(12, page.host),
        "position": place + 1,
        "status": page.word(component),
    }
    return {**plain, **times, **flags}


def _update(page: Page, incident: Incident, update: Update, place: int) -> Body:
    word = WORDS["none"] if update.status in ("resolved", "completed", "postmortem") else WORDS[incident.impact]
    was = WORDS["none"] if place == 0 else WORDS[incident.impact]
    affected = [{"code": one.id, "name": one.name, "old_status": was, "new_status": word} for one in incident.components]
    at = iso_millis(update.at, 466)
    return {
        "id": token(12, incident.draw, place), "incident_id": incident.code(), "status": update.status,
        "body": BODIES.get(update.status, "An update."),
        "created_at": at, "updated_at": at, "display_at": iso_millis(update.shown_at, 466), "affected_components": affected or None,
        "custom_tweet": None, "deliver_notifications": True, "tweet_id": None,
    }  # fmt: skip


def _incident(page: Page, incident: Incident) -> Body:
    now = page.clock.now
    updates = incident.until(now)
    ended = incident.resolved(now)
    body = {
        "id": incident.code(), "name": incident.name, "status": updates[0].status, "impact": incident.impact, "page_id": token(12,
        page.host),
        "created_at": iso_millis(incident.posted, 163), "updated_at": iso_millis(updates[0].at, 466),
        "started_at": iso_millis(incident.started, 163),
        "monitoring_at": next((iso_millis(one.at, 466) for one in updates if one.status == "monitoring"), None),
        "resolved_at": None if ended is None else iso_millis(ended, 466), "shortlink": f"https://stspg.io/{incident.code()}",
        "incident_updates": [_update(page, incident, one, len(updates) - 1 - place) for place, one in enumerate(updates)],
        "components": [_component(page, one, page.components.index(one)) for one in incident.components], "reminder_intervals": None,
    }  # fmt: skip
    if incident.is_maintenance:
        body |= {"scheduled_for": iso_millis(incident.started), "scheduled_until": iso_millis(incident.updates[-1].at)}
    return body


def _head(page: Page) -> Body:
    return {
        "id": token(12, page.host),
        "name": page.title,
        "url": f"https://{page.host}",
        "updated_at": iso_millis(page.changed(), 7),
        "time_zone": "Etc/UTC",
    }


def _state(page: Page) -> Body:
    order = list(WORDS.values())
    worst = max((page.word(one) for one in page.components), key=order.index)
    indicator = INDICATORS[worst]
    return {"indicator": indicator, "description": TOLD.get(indicator, "Service Under Maintenance")}


def _of(page: Page, *, maintenance: bool = False, is_open: bool = False) -> list[Incident]:
    now = page.clock.now
    found = [one for one in page.until() if one.is_maintenance == maintenance]
    return [one for one in found if one.resolved(now) is None] if is_open else found


def _summary(page: Page) -> Response:
    parts = [_component(page, one, place) for place, one in enumerate(page.components)]
    opened = {
        "incidents": [_incident(page, one) for one in _of(page, is_open=True)],
        "scheduled_maintenances": [_incident(page, one) for one in _of(page, maintenance=True, is_open=True)],
    }
    return json_answer({"page": _head(page), "components": parts, **opened, "status": _state(page)})


def _incidents(page: Page) -> Response:
    return json_answer({"page": _head(page), "incidents": [_incident(page, one) for one in _of(page)[:NEWEST]]})


def _unresolved(page: Page) -> Response:
    return json_answer({"page": _head(page), "incidents": [_incident(page, one) for one in _of(page, is_open=True)]})


def _maintenances(page: Page) -> Response:
    return json_answer(
        {"page": _head(page), "scheduled_maintenances": [_incident(page, one) for one in _of(page, maintenance=True)[:NEWEST]]}
    )


def _components(page: Page) -> Response:
    return json_answer({"page": _head(page), "components": [_component(page, one, place) for place, one in enumerate(page.components)]})


def _feed(page: Page) -> Response:
    return text_answer(history(page, is_incident_io=False), "application/atom+xml; charset=utf-8")


def _robots(page: Page) -> Response:
    return text_answer("User-agent: *\nDisallow: /api/\nDisallow: /embed/\n", "text/plain; charset=utf-8")


_STATUSPAGE: dict[str, Callable[[Page], Response]] = {
    "/api/v2/summary.json": _summary, "/api/v2/incidents.json": _incidents, "/api/v2/incidents/unresolved.json": _unresolved,
    "/api/v2/scheduled-maintenances.json": _maintenances, "/api/v2/components.json": _components, "/history.atom": _feed,
    "/robots.txt": _robots,
    "/api/v2/status.json": lambda page: json_answer({"page": _head(page), "status": _state(page)}),
}  # fmt: skip


# incident.io speaks the same paths with fewer fields.


def _io_head(page: Page) -> Body:
    return {"id": _io_id(page, ""), "name": page.title, "updated_at": iso(page.changed()), "url": f"https://{page.host}/"}


def _io_id(page: Page, name: str) -> str:
    return ulid(1_740_447_175, page.seed, page.host, name)


def _io_component(page: Page, component: Component, place: int) -> Body:
    times = {"created_at": "2025-02-25T01:32:55Z", "updated_at": iso(page.changed())}
    plain = {"id": _io_id(page, component.name), "name": component.name, "page_id": _io_id(page, ""), "position": place}
    return {**plain, "status": page.word(component), **times}


def _io_incident(page: Page, incident: Incident) -> Body:
    updates, code = incident.until(page.clock.now), incident.ulid("api")
    shown = [
        {
            "id": ulid(one.at, incident.draw, place), "incident_id": code, "status": one.status,
            "body": "" if incident.draw % 3 == 0 else BODIES.get(one.status, ""),
            "created_at": iso(one.at), "display_at": iso(one.shown_at), "updated_at": iso(one.at),
        }
        for place, one in enumerate(updates)
    ]  # fmt: skip
    head = {"id": code, "name": incident.name, "status": updates[0].status, "impact": incident.impact, "page_id": _io_id(page, "")}
    return {**head, "created_at": iso(incident.posted), "updated_at": iso(updates[0].at), "incident_updates": shown}


def _io_summary(page: Page) -> Response:
    """Some components are missing that `components.json` has, and on a calm day the key `incidents` too."""
    listed = [_io_component(page, one, place) for place, one in enumerate(page.components)][:-1]
    opened = [_io_incident(page, one) for one in _of(page, is_open=True)]
    body = {"components": listed, "incidents": opened, "page": _io_head(page), "status": _state(page)}
    return json_answer({name: value for name, value in body.items() if value or name != "incidents"})


def _io_incidents(page: Page) -> Response:
    return json_answer({"incidents": [_io_incident(page, one) for one in _of(page)[:NEWEST]], "page": _io_head(page)})


def _io_components(page: Page) -> Response:
    return json_answer(
        {"components": [_io_component(page, one, place) for place, one in enumerate(page.components)], "page": _io_head(page)}
    )


def _io_feed(page: Page) -> Response:
    return text_answer(history(page, is_incident_io=True), "application/atom+xml; charset=utf-8")


_INCIDENT_IO: dict[str, Callable[[Page], Response]] = {
    "/api/v2/summary.json": _io_summary, "/api/v2/incidents.json": _io_incidents, "/api/v2/components.json": _io_components,
    "/history.atom": _io_feed, "/feed.atom": _io_feed,
}  # fmt: skip


# Google keeps one list of years.

_SEVERITIES = {
    "none": ("SERVICE_INFORMATION", "low"), "maintenance": ("SERVICE_INFORMATION", "low"), "minor": ("SERVICE_DISRUPTION", "medium"),
    "major": ("SERVICE_DISRUPTION", "medium"), "critical": ("SERVICE_OUTAGE", "high"),
}  # fmt: skip


def _offset(seconds: int | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat()


def _google(page: Page) -> Response:
    return json_answer([_google_incident(page, one) for one in page.until() if not one.is_maintenance])


def _google_incident(page: Page, incident: Incident) -> Body:
    now = page.clock.now
    impact, severity = _SEVERITIES[incident.impact]
    where = [{"title": "Iowa (us-central1)", "id": "us-central1"}]
    updates = [
        {
            "created": _offset(one.at), "modified": _offset(one.at), "when": _offset(one.shown_at), "text": BODIES.get(one.status,
            "An update."),
            "status": "AVAILABLE" if one.status in ("resolved", "postmortem") else impact, "affected_locations": where,
        }
        for one in incident.until(now)
    ]  # fmt: skip
    code, ended = incident.code(20), incident.resolved(now)
    products = [{"title": one.name, "id": one.id} for one in incident.components]
    return {
        "id": code, "number": str(incident.draw), "begin": _offset(incident.started), "created": _offset(incident.posted),
        "end": _offset(ended),
        "modified": updates[0]["modified"], "external_desc": incident.name, "updates": updates, "most_recent_update": updates[0],
        "status_impact": impact, "severity": severity, "service_key": products[0]["id"], "service_name": products[0]["title"],
        "affected_products": products, "uri": f"incidents/{code}", "currently_affected_locations": [] if ended else where,
        "previously_affected_locations": where if ended else [],
    }  # fmt: skip


_GOOGLE: dict[str, Callable[[Page], Response]] = {"/incidents.json": _google}
