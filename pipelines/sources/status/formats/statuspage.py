"""Atlassian Statuspage: the v2 API that it documents for programs; its history feed if a page has no API."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from pipelines.http.answers import Answer, redact_url, to_web_link
from pipelines.http.errors import Fatal, Gone, SourceError
from pipelines.http.items import ItemReader
from pipelines.http.keys import ItemKeys
from pipelines.sources.status import severities
from pipelines.sources.status.formats import atom
from pipelines.sources.status.incident import Incident, Update
from pipelines.sources.status.pages import (
    JSON,
    Component,
    Pages,
    StatusFormat,
    list_objects,
    read_list,
    read_word,
)
from pipelines.text.values import clean_line, parse_instant

API = "/api/v2/incidents.json"
PAGE = ItemKeys("pages", "", {"page": dict, "page.id": str})
INCIDENTS = ItemKeys(
    "incidents", "incidents",
    {
        "id": str, "name": str, "status": str, "impact": str, "created_at": str, "updated_at": str,
        "incident_updates": list,
        "incident_updates.status": str, "incident_updates.body": str, "incident_updates.created_at": str,
        "incident_updates.display_at": str,
    },
    {"resolved_at": str | None, "started_at": str | None},
)  # fmt: skip
"""Keys that incident.io gives as well."""
FURTHER = ItemKeys(
    "incidents", "incidents",
    {
        "components": list, "components.id": str, "components.name": str, "shortlink": str,
        "resolved_at": str | None, "started_at": str | None,
        "incident_updates.affected_components": list | None, "incident_updates.affected_components.code": str,
        "incident_updates.affected_components.name": str,
    },
)  # fmt: skip
DATED_BACK = timedelta(minutes=1)
"""An update shown earlier than this before the incident was written says when it began."""
COMPONENTS = ItemKeys("components", "components", {"id": str, "name": str})
GROUPS = ItemKeys("components", "components", {"group": bool | None})


def read_incidents(pages: Pages) -> list[Incident] | None:
    """Reads the 50 newest incidents from the v2 API, or the 25 newest from the feed of a page that has none."""
    try:
        return _read_api_incidents(pages)
    except (Gone, Fatal) as refused:
        # The feed names neither severities nor, on most pages, parts: it must not overwrite what the API stated.
        if pages.has_answered(API):
            raise
        pages.seen.pop(pages.base + API, None)
        try:
            incidents = atom.read_incidents(pages)
        except SourceError:
            raise refused from None
        pages.notes.append(
            f"severities and parts of incidents, as the page refuses its API ({refused}) and only its feed was read: "
            "whether an incident that names no part affected the API cannot be known"
        )
        return incidents


def _read_api_incidents(pages: Pages) -> list[Incident] | None:
    """Reads the incidents of the v2 API, and from its summary which of them are open."""
    answer = pages.get(API, JSON)
    if answer is None:
        return None
    items = read_list(answer, "incidents")
    summary = pages.get("/api/v2/summary.json", JSON, is_conditional=False)
    open_ids = list_open_ids(summary) if summary else None
    return parse_incidents(items, pages.make_item_reader(answer), pages.base, open_ids)


def read_components(pages: Pages) -> list[Component] | None:
    """Reads the components, without groups; none without the API. Raises Fatal if it has none."""
    # The summary serves only some components of a large page, and not always the same ones.
    answer = pages.get_optional("/api/v2/components.json", JSON, "components", is_conditional=True)
    if answer is None:
        return [] if pages.notes else None
    components = pages.make_item_reader(answer).read_each(read_list(answer, "components"), _read_component)
    if not components:
        raise Fatal(f"{redact_url(answer.url)}: no component on the page; it has changed shape")
    return components


def _read_component(item: Mapping[str, Any]) -> Component | None:
    """Reads a component; None for a group of them."""
    if not item.get("id") or item.get("group"):
        return None
    return Component(str(item["id"]), str(item.get("name") or ""))


def list_open_ids(summary: Answer) -> frozenset[str]:
    """Lists the ids of the incidents that the summary shows as open."""
    body = summary.json()
    # On a calm day `incidents` is missing: only `page` proves that this is a summary.
    if not isinstance(body, dict) or not isinstance(body.get("page"), dict):
        raise Fatal(f"{redact_url(summary.url)}: no 'page' in the summary; the page has changed shape")
    return frozenset(str(item.get("id")) for item in list_objects(body.get("incidents")))


def parse_incidents(
    items: Iterable[Mapping[str, Any]], reader: ItemReader, base: str, open_ids: Collection[str] | None
) -> list[Incident]:
    """Reads incidents of the v2 API, or of incident.io's variant, which may lack components, links and instants."""
    return reader.read_each(items, partial(_read_incident, base=base, open_ids=open_ids))


def _read_incident(item: Mapping[str, Any], base: str, open_ids: Collection[str] | None) -> Incident:
    code = _make_incident_id(item, base)
    listed = list_objects(item.get("incident_updates"))
    updates, posted = tuple(_read_updates(listed)), parse_instant(item.get("created_at"))
    return Incident(
        id=code,
        title=str(item.get("name") or ""),
        url=to_web_link(item.get("shortlink")) or to_web_link(f"/incidents/{code}", base),
        severity_word=read_word(item.get("impact")),
        status_word=read_word(item.get("status")),
        updates=updates,
        posted_at=posted,
        started_at=parse_instant(item.get("started_at")) or _find_backdated_start(updates, posted),
        resolved_at=parse_instant(item.get("resolved_at")),
        updated_at=parse_instant(item.get("updated_at")),
        components=_list_affected_components(item, listed),
        is_listed_open=None if open_ids is None else str(item.get("id")) in open_ids,
    )


def _make_incident_id(item: Mapping[str, Any], base: str) -> str:
    """Makes an id from the code in the incident's address, which page and feed share; else from the API's id."""
    link = to_web_link(item.get("shortlink"), base) or ""
    code = link.rstrip("/").rpartition("/incidents/")[2] if "/incidents/" in link else item.get("id")
    if not code or "name" not in item:
        raise Fatal("an incident without an id or a name; the page has changed shape")
    return clean_line(code, 120)


def _list_affected_components(item: Mapping[str, Any], updates: list[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    """Lists (id, name) of the components that the incident or an update names, sorted by name."""
    codes = {
        str(component.get("name") or ""): str(component.get("id") or "")
        for component in list_objects(item.get("components"))
    }
    for update in updates:
        for component in list_objects(update.get("affected_components")):
            code = component.get("code") or component.get("id")
            codes.setdefault(str(component.get("name") or ""), str(code or ""))
    return tuple((code, name) for name, code in sorted(codes.items()) if name)


def _read_updates(items: list[Mapping[str, Any]]) -> Iterator[Update]:
    for item in items:
        # `display_at` is the instant that the page shows: owners may date a post back.
        written = parse_instant(item.get("created_at"))
        if at := parse_instant(item.get("display_at")) or written:
            yield Update(at, read_word(item.get("status")) or "", str(item.get("body") or ""), written)


def _find_backdated_start(updates: Iterable[Update], posted: datetime | None) -> datetime | None:
    """Finds the start of an incident whose first update is dated back; None if it is not.

    incident.io states no start of its own: what it shows on its page is the date of that update.
    """
    # An update that calls it over is dated back to the end.
    begun = min((update.at for update in updates if update.word.lower() not in severities.RESOLVED), default=None)
    return begun if begun and posted and posted - begun > DATED_BACK else None


FORMAT = StatusFormat(
    read_incidents=read_incidents,
    read_components=read_components,
    keys=(PAGE, INCIDENTS, FURTHER, COMPONENTS, GROUPS),
)
