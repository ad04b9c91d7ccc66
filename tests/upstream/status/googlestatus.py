"""Google Cloud's status: one list of years for all products, as recorded from the real one."""

from collections.abc import Callable
from datetime import UTC, datetime

from tests.upstream.messages import Response, json_answer
from tests.upstream.status.state import Body
from tests.upstream.world.incidents import Incident, Page

_SEVERITIES = {
    "none": ("SERVICE_INFORMATION", "low"), "maintenance": ("SERVICE_INFORMATION", "low"),
    "minor": ("SERVICE_DISRUPTION", "medium"),
    "major": ("SERVICE_DISRUPTION", "medium"), "critical": ("SERVICE_OUTAGE", "high"),
}  # fmt: skip


def _offset(seconds: int | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat()


def _incidents(page: Page) -> Response:
    return json_answer([_incident(page, one) for one in page.until() if not one.is_maintenance])


def _incident(page: Page, incident: Incident) -> Body:
    now = page.clock.now
    impact, severity = _SEVERITIES[incident.impact]
    where = [{"title": "Iowa (us-central1)", "id": "us-central1"}]
    updates = [
        {
            "created": _offset(one.at), "modified": _offset(one.at), "when": _offset(one.shown_at),
            "text": incident.words(one.status),
            "status": "AVAILABLE" if one.status in ("resolved", "postmortem") else impact, "affected_locations": where,
        }
        for one in incident.until(now)
    ]  # fmt: skip
    code, ended = incident.code(20), incident.resolved(now)
    products = [{"title": one.name, "id": one.id} for one in incident.components]
    return {
        "id": code, "number": str(incident.draw), "begin": _offset(incident.started),
        "created": _offset(incident.posted),
        "end": _offset(ended),
        "modified": updates[0]["modified"], "external_desc": incident.name, "updates": updates,
        "most_recent_update": updates[0],
        "status_impact": impact, "severity": severity, "service_key": products[0]["id"],
        "service_name": products[0]["title"],
        "affected_products": products, "uri": f"incidents/{code}",
        "currently_affected_locations": [] if ended else where,
        "previously_affected_locations": where if ended else [],
    }  # fmt: skip


ANSWERS: dict[str, Callable[[Page], Response]] = {"/incidents.json": _incidents}
