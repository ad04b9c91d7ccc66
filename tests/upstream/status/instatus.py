"""Instatus: open incidents and components in JSON, the history as Atom with times in GMT+0."""

from collections.abc import Callable
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from tests.upstream.messages import Response, json_answer, text_answer
from tests.upstream.status.state import Body, listed
from tests.upstream.world.clock import iso, iso_millis
from tests.upstream.world.incidents import BODIES, WORDS, Incident, Page

NEWEST = 25


def _code(incident: Incident) -> str:
    return "cm" + incident.code(23)


def _word(word: str) -> str:
    return word.replace("_", "").upper()


def _summary(page: Page) -> Response:
    """On a calm day neither list is there."""
    opened, planned = (
        listed(page, is_open=True),
        [one for one in listed(page, maintenance=True, is_open=True) if one.started <= page.clock.now],
    )
    state = "HASISSUES" if opened else "UNDERMAINTENANCE" if planned else "UP"
    body: Body = {"page": {"name": page.title, "url": f"https://{page.host}", "status": state}}
    if opened:
        body["activeIncidents"] = [_active(page, one) for one in opened]
    return json_answer(body)


def _active(page: Page, incident: Incident) -> Body:
    latest = incident.until(page.clock.now)[0]
    return {
        "id": _code(incident), "name": incident.name, "started": iso_millis(incident.started),
        "status": latest.status.upper(),
        "impact": _word(WORDS[incident.impact]), "url": f"https://{page.host}/incident/{_code(incident)}",
        "updatedAt": iso_millis(latest.at),
    }  # fmt: skip


def _components(page: Page) -> Response:
    group = {"id": "cgroup00000000000000000", "name": "All", "isParent": True, "status": "OPERATIONAL", "group": None}
    parts = [
        {"id": f"c{one.id}", "name": one.name, "description": "", "status": _word(page.word(one)), "group": None}
        for one in page.components
    ]
    return json_answer({"components": [group, *parts]})


def _feed(page: Page) -> Response:
    entries = "".join(_entry(page, one) for one in page.until()[:NEWEST])
    head = f"<id>tag:{page.host},2005:/history</id><title>{escape(page.title)} Status - Incident history</title>"
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<feed xml:lang="en-US" '
        f'xmlns="http://www.w3.org/2005/Atom">{head}\n{entries}</feed>\n'
    )
    return text_answer(text, "application/atom+xml; charset=utf-8")


def _entry(page: Page, incident: Incident) -> str:
    """`published` is the beginning, `updated` the latest post."""
    updates, kind = incident.until(page.clock.now), "Maintenance" if incident.is_maintenance else "Incident"
    names = ", ".join(one.name for one in incident.components)
    head = f"<p><strong>Type:</strong> {kind}</p><p><strong>Affected Components:</strong> {escape(names)}</p>"
    posts = "".join(_post(one.shown_at, one.status) for one in updates)
    where = f"https://{page.host}/incident/{_code(incident)}"
    return (
        f"<entry><id>tag:{page.host},2005:{kind}/{_code(incident)}</id><published>{iso(min(one.shown_at for one in updates))}</published>"
        f'<updated>{iso(updates[0].at)}</updated><link rel="alternate" type="text/html" href="{where}"/>'
        f'<title>{escape(incident.name)}</title><content type="html"><![CDATA[{head}{posts}]]></content></entry>\n'
    )


def _post(at: int, status: str) -> str:
    when = datetime.fromtimestamp(at, UTC)
    shown = f"{when:%b} <var data-var='date'> {when.day}</var>, <var data-var='time'>{when:%H:%M:%S}</var> GMT+0"
    text = BODIES.get(status, "An update.")
    return f"<p><small>{shown}</small><br /><strong>{status.replace('_', ' ').capitalize()}</strong> -\n    {text}.</p>"


ANSWERS: dict[str, Callable[[Page], Response]] = {
    "/summary.json": _summary, "/v3/summary.json": _summary, "/v3/components.json": _components, "/history.atom": _feed,
}  # fmt: skip
