"""AWS Health's public lists, in UTF-16 with a mark, for all services; the log of a past event is a string of JSON."""

import codecs
from collections.abc import Callable

import orjson

from tests.upstream.messages import Response
from tests.upstream.status.state import Body, listed
from tests.upstream.world.draws import DAY
from tests.upstream.world.incidents import BODIES, Incident, Page

REGIONS = ("us-east-1", "us-west-2", "eu-west-1", "ap-northeast-1")
KEPT_DAYS = 100
LEVELS = {"none": 1, "minor": 2, "major": 3, "critical": 3, "maintenance": 1}


def region(incident: Incident) -> str:
    """If it happened."""
    return REGIONS[incident.draw % len(REGIONS)]


def _answer(value: object) -> Response:
    text = orjson.dumps(value).decode()
    body = codecs.BOM_UTF16_BE + text.encode("utf-16-be")
    return Response(200, body, {"content-type": "application/json;charset=utf-16"})


def _log(page: Page, incident: Incident, named: str = "") -> list[Body]:
    """From the first to the last; the title changes when it is over."""
    return [
        {
            "summary": f"[RESOLVED] {incident.name}" if one.status == "resolved" else incident.name,
            "timestamp": one.shown_at,
            "message": BODIES.get(one.status, "An update.") + named, "status": LEVELS[incident.impact],
        }
        for one in reversed(incident.until(page.clock.now))
    ]  # fmt: skip


def _events(page: Page) -> Response:
    """Every other event is of another service; some are of several, of which the log alone says which."""
    kept = [one for one in listed(page) if one.posted > page.clock.now - KEPT_DAYS * DAY]
    found = [
        _event(page, one, *service)
        for one in kept
        for service in (_service(one), ("EC2", ""), ("MULTIPLE_SERVICES", " Amazon EC2 is affected."))
    ]
    return _answer(
        found
        or [
            {
                "service": "EC2",
                "region": REGIONS[0],
                "typeCode": "AWS_EC2_OPERATIONAL_ISSUE",
                "startTime": page.start * 1000,
            }
        ]
    )


def _service(incident: Incident) -> tuple[str, str]:
    """The service of a past event, and what its posts say of others."""
    is_large = incident.draw % 3 == 0
    return ("MULTIPLE_SERVICES", " Affected: Amazon Bedrock, Amazon EC2.") if is_large else ("BEDROCK", "")


def _event(page: Page, incident: Incident, service: str, named: str) -> Body:
    ended, updates = incident.resolved(page.clock.now), incident.until(page.clock.now)
    return {
        "service": service, "region": region(incident), "typeCode": f"AWS_{service}_OPERATIONAL_ISSUE",
        "startTime": incident.started * 1000, "endTime": None if ended is None else ended * 1000,
        "lastUpdatedTime": updates[0].at * 1000 + 532,
        "metadata": {"EVENT_LOG": orjson.dumps(_log(page, incident, named)).decode()},
    }  # fmt: skip


def _current(page: Page) -> Response:
    """In another shape: seconds as strings, an event of many services with those that it touches; also what ended
    within a day."""
    yesterday = page.clock.now - DAY
    shown = [one for one in listed(page) if (ended := one.resolved(page.clock.now)) is None or ended > yesterday]
    return _answer([_present(page, one, one.resolved(page.clock.now)) for one in shown])


def _present(page: Page, incident: Incident, ended: int | None) -> Body:
    where = region(incident)
    level = str(LEVELS[incident.impact])
    body = {
        "date": str(incident.started), "arn": f"arn:aws:health:{where}::event/X/{incident.code()}",
        "region_name": "Somewhere",
        "status": level if ended is None else "0", "service": f"multipleservices-{where}",
        "service_name": "Multiple services",
        "summary": incident.name, "event_log": _log(page, incident),
        "impacted_services": {f"bedrock-{where}": {"service_name": "Amazon Bedrock", "current": level, "max": level}},
    }  # fmt: skip
    return body if ended is None else body | {"end_time": str(ended), "summary": f"[RESOLVED] {incident.name}"}


ANSWERS: dict[str, Callable[[Page], Response]] = {"/public/events": _events, "/public/currentevents": _current}
