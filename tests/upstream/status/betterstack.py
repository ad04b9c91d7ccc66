"""Better Stack: one JSON:API document of reports and resources, and a feed in which monitors and people post."""

from collections.abc import Callable, Iterator

from tests.upstream.messages import Response, json_answer, text_answer
from tests.upstream.status.rss import item, rfc822, rss
from tests.upstream.status.state import Body
from tests.upstream.world.clock import iso_millis
from tests.upstream.world.incidents import Component, Incident, Page, Update

WORDS = {
    "none": "operational",
    "minor": "degraded",
    "major": "downtime",
    "critical": "downtime",
    "maintenance": "maintenance",
}
REPORTS, POSTS = 10, 60
ZONES = ("UTC", "Pacific Time (US & Canada)")


def is_written(incident: Incident) -> bool:
    """Whether people report it; the others are what a monitor saw."""
    return incident.is_maintenance or incident.draw % 2 == 0


def code(incident: Incident) -> str:
    """The number of a report."""
    return str(incident.draw % 10**7 + 10**6)


def _written(page: Page) -> list[Incident]:
    return [one for one in page.until() if is_written(one)]


def _index(page: Page) -> Response:
    resources = [_resource(page, one) for one in page.components]
    reports = _written(page)[:REPORTS]
    updates = [_update(page, one, update) for one in reports for update in one.until(page.clock.now)]
    state = max((str(one["attributes"]["status"]) for one in resources), key=list(WORDS.values()).index)
    attributes = {"aggregate_state": state, "timezone": ZONES[page.seed % 2]}
    section = {"type": "status_page_section", "id": "1", "attributes": {"name": "Current status", "position": 0}}
    included = [section, *resources, *(_report(page, one) for one in reports), *updates]
    return json_answer(
        {"data": {"id": "133002", "type": "status_page", "attributes": attributes}, "included": included}
    )


def _resource(page: Page, component: Component) -> Body:
    word = {"degraded_performance": "degraded", "operational": "operational", "under_maintenance": "maintenance"}.get(
        page.word(component)
    )
    attributes = {
        "public_name": component.name, "status": word or "downtime", "status_page_section_id": 1,
        "availability": 1.0, "status_history": [],
    }  # fmt: skip
    return {"type": "status_page_resource", "id": component.id, "attributes": attributes}


def _report(page: Page, incident: Incident) -> Body:
    """`ends_at` stays empty for every other one that is resolved."""
    updates = incident.until(page.clock.now)
    ended = incident.resolved(page.clock.now)
    affected = [
        {"status_page_resource_id": one.id, "status": "resolved" if ended else WORDS[incident.impact]}
        for one in incident.components
    ]
    attributes = {
        "title": incident.name, "report_type": "maintenance" if incident.is_maintenance else "manual",
        "starts_at": iso_millis(incident.started),
        "ends_at": iso_millis(ended) if ended and incident.draw % 4 == 0 else None,
        "aggregate_state": "resolved" if ended else WORDS[incident.impact], "affected_resources": affected,
    }  # fmt: skip
    links = [{"id": _update_id(incident, one), "type": "status_update"} for one in updates]
    return {
        "type": "status_report",
        "id": code(incident),
        "attributes": attributes,
        "relationships": {"status_updates": {"data": links}},
    }


def _update_id(incident: Incident, update: Update) -> str:
    return f"{code(incident)}{incident.updates.index(update)}"


def _update(page: Page, incident: Incident, update: Update) -> Body:
    is_end = update.status in ("resolved", "completed", "postmortem")
    affected = [
        {"status_page_resource_id": one.id, "status": "resolved" if is_end else WORDS[incident.impact]}
        for one in incident.components
    ]
    attributes = {
        "message": incident.words(update.status), "published_at": iso_millis(update.shown_at),
        "affected_resources": affected,
    }  # fmt: skip
    return {"type": "status_update", "id": _update_id(incident, update), "attributes": attributes}


def _feed(page: Page) -> Response:
    posts = sorted((post for one in page.until() for post in _posts(page, one)), reverse=True)[:POSTS]
    return text_answer(
        rss(f"{page.title} status", f"https://{page.host}", (text for _, text in posts)),
        "application/rss+xml; charset=utf-8",
    )


def _posts(page: Page, incident: Incident) -> Iterator[tuple[int, str]]:
    """A monitor's two posts share a guid and lead to the page; people's lead to their report."""
    web = f"https://{page.host}/"
    if is_written(incident):
        for update in incident.until(page.clock.now):
            link = f"{web}incident/{code(incident)}"
            yield (
                update.shown_at,
                item(incident.name, link, f"{link}#{_update_id(incident, update)}", rfc822(update.shown_at), "Prose."),
            )
        return
    ended = incident.resolved(page.clock.now)
    name, guid = incident.components[0].name, incident.code(32)
    yield incident.started, item(f"{name} went down", web, guid, rfc822(incident.started), "A monitor fails.")
    if ended is not None:
        yield ended, item(f"{name} recovered", web, guid, rfc822(ended), "The monitor is well again.")


ANSWERS: dict[str, Callable[[Page], Response]] = {"/index.json": _index, "/feed": _feed}
