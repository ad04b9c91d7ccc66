"""incident.io: Statuspage's paths with fewer fields, as recorded from the real one."""

from collections.abc import Callable

from tests.upstream.messages import Response, json_answer, text_answer
from tests.upstream.status.feeds import history
from tests.upstream.status.state import NEWEST, Body, listed
from tests.upstream.world.clock import iso
from tests.upstream.world.incidents import Component, Incident, Page, ulid


def _head(page: Page) -> Body:
    return {"id": _id(page, ""), "name": page.title, "updated_at": iso(page.changed()), "url": f"https://{page.host}/"}


def _id(page: Page, name: str) -> str:
    return ulid(1_740_447_175, page.seed, page.host, name)


def _component(page: Page, component: Component, place: int) -> Body:
    plain = {"id": _id(page, component.name), "name": component.name, "position": place}
    return {**plain, "status": page.word(component), "updated_at": iso(page.changed())}


def _incident(page: Page, incident: Incident) -> Body:
    updates, code = incident.until(page.clock.now), incident.ulid("api")
    shown = [
        {
            "id": ulid(one.at, incident.draw, place), "incident_id": code, "status": one.status,
            "body": "" if incident.draw % 3 == 0 else incident.words(one.status),
            "created_at": iso(one.at), "display_at": iso(one.shown_at), "updated_at": iso(one.at),
        }
        for place, one in enumerate(updates)
    ]  # fmt: skip
    head = {
        "id": code,
        "name": incident.name,
        "status": updates[0].status,
        "impact": incident.impact,
        "page_id": _id(page, ""),
    }
    return {**head, "created_at": iso(incident.posted), "updated_at": iso(updates[0].at), "incident_updates": shown}


def _summary(page: Page) -> Response:
    """Some components are missing that `components.json` has, and on a calm day the key `incidents` too."""
    parts = [_component(page, one, place) for place, one in enumerate(page.components)][:-1]
    opened = [_incident(page, one) for one in listed(page, is_open=True)]
    body = {"components": parts, "incidents": opened, "page": _head(page)}
    return json_answer({name: value for name, value in body.items() if value or name != "incidents"})


def _incidents(page: Page) -> Response:
    return json_answer({"incidents": [_incident(page, one) for one in listed(page)[:NEWEST]], "page": _head(page)})


def _components(page: Page) -> Response:
    return json_answer(
        {"components": [_component(page, one, place) for place, one in enumerate(page.components)], "page": _head(page)}
    )


def _feed(page: Page) -> Response:
    return text_answer(history(page, is_incident_io=True), "application/atom+xml; charset=utf-8")


ANSWERS: dict[str, Callable[[Page], Response]] = {
    "/api/v2/summary.json": _summary, "/api/v2/incidents.json": _incidents, "/api/v2/components.json": _components,
    "/history.atom": _feed, "/feed.atom": _feed,
}  # fmt: skip
