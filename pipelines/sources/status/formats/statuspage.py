"""Atlassian Statuspage: its v2 API where the owner of this installation allows it, else its history feed."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from pipelines.http.answers import Answer, redact_url, to_web_link
from pipelines.http.errors import Fatal
from pipelines.sources.status.formats import atom
from pipelines.sources.status.incident import Incident, Update
from pipelines.sources.status.pages import JSON, Component, Pages, Shape, StatusFormat, dicts, listed, word
from pipelines.text.values import clean_line, parse_instant

API_SETTING = "HEARTBEAT_STATUS_API"
"""Statuspage's robots.txt shuts /api/ although its makers document it for programs: the owner of this installation
decides."""


def incidents(asked: Pages) -> list[Incident] | None:
    """Some 25 to 50 of the newest."""
    return api(asked) if API_SETTING in asked.visit.tokens else atom.incidents(asked)


def api(asked: Pages) -> list[Incident] | None:
    """The 50 newest by the v2 API, and which of them the summary lists as open."""
    answer = asked.get("/api/v2/incidents.json", JSON)
    if answer is None:
        return None
    items = listed(answer, "incidents")
    summary = asked.get("/api/v2/summary.json", JSON, is_conditional=False)
    return list(read(items, asked.base, open_ids(summary) if summary else None))


def components(asked: Pages) -> list[Component] | None:
    """The components with their words of today; without the API there are none to see."""
    return api_components(asked) if API_SETTING in asked.visit.tokens else []


def api_components(asked: Pages) -> list[Component] | None:
    """The same by the v2 API, without groups. Raises Fatal where there is none."""
    answer = asked.get("/api/v2/components.json", JSON)
    if answer is None:
        return None
    items = [one for one in listed(answer, "components") if one.get("id") and not one.get("group")]
    if not items:
        raise Fatal(f"{redact_url(answer.url)}: no component on the page; it has changed shape")
    return [
        Component(
            str(one["id"]), str(one.get("name") or ""), word(one.get("status")), parse_instant(one.get("updated_at"))
        )
        for one in items
    ]


def open_ids(summary: Answer) -> frozenset[str]:
    """Ids of the incidents that the page lists as open; on a calm day the key is missing."""
    found = summary.json()
    if not isinstance(found, dict) or not isinstance(found.get("page"), dict):
        raise Fatal(f"{redact_url(summary.url)}: no 'page' in the summary; the page has changed shape")
    return frozenset(str(item.get("id")) for item in found.get("incidents") or [] if isinstance(item, dict))


def read(items: Iterable[Mapping[str, Any]], base: str, open_now: Collection[str] | None) -> Iterator[Incident]:
    """Incidents of the v2 API, or of incident.io's form of it, whose incidents may lack components, links and
    instants."""
    for item in items:
        code = _id(item, base)
        updates = dicts(item.get("incident_updates"))
        yield Incident(
            id=code,
            title=str(item.get("name") or ""),
            url=to_web_link(item.get("shortlink")) or to_web_link(f"/incidents/{code}", base),
            severity_word=word(item.get("impact")),
            status_word=word(item.get("status")),
            updates=tuple(_updates(updates)),
            posted_at=parse_instant(item.get("created_at")),
            started_at=parse_instant(item.get("started_at")),
            resolved_at=parse_instant(item.get("resolved_at")),
            updated_at=parse_instant(item.get("updated_at")),
            components=_touched(item, updates),
            is_listed_open=None if open_now is None else str(item.get("id")) in open_now,
        )


def _id(item: Mapping[str, Any], base: str) -> str:
    """The code in the incident's address, which page and feed share; else the id of the API."""
    link = to_web_link(item.get("shortlink"), base) or ""
    code = link.rstrip("/").rpartition("/incidents/")[2] if "/incidents/" in link else item.get("id")
    if not code or "name" not in item:
        raise Fatal(f"{base}: an incident without an id or a name; the page has changed shape")
    return clean_line(code, 120)


def _touched(item: Mapping[str, Any], updates: list[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    """All that the incident or one of its updates names, once each, by name."""
    named = {str(one.get("name") or ""): str(one.get("id") or "") for one in dicts(item.get("components"))}
    for update in updates:
        for one in dicts(update.get("affected_components")):
            named.setdefault(str(one.get("name") or ""), str(one.get("code") or one.get("id") or ""))
    return tuple((code, name) for name, code in sorted(named.items()) if name)


def _updates(updates: list[Mapping[str, Any]]) -> Iterator[Update]:
    for update in updates:
        if at := parse_instant(update.get("display_at")) or parse_instant(update.get("created_at")):
            yield Update(at, word(update.get("status")) or "", str(update.get("body") or ""))


def _recognise(shape: Shape) -> bool:
    """A page with an id and one of the lists of the v2 API."""
    data = shape.data
    page = data.get("page") if isinstance(data, dict) else None
    return isinstance(page, dict) and re.fullmatch(r"[a-z0-9]{12}", str(page.get("id"))) is not None


FORMAT = StatusFormat(
    platform="Statuspage",
    incidents=incidents,
    components=components,
    recognise=_recognise,
    kin=("atom", "incidentio"),
    html_marks=("statuspage.io", "stspg.io"),
)
