"""Instatus: open incidents and components in JSON; past incidents only in a history feed."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from pipelines.http.answers import Answer, redact_url, to_web_link
from pipelines.http.errors import Denied, Fatal, Gone
from pipelines.markup.feeds import FeedEntry
from pipelines.sources.status.feeds import get_feed, read_entries, read_labelled_text, read_posts
from pipelines.sources.status.incident import Incident
from pipelines.sources.status.pages import (
    JSON,
    Component,
    Pages,
    Shape,
    StatusFormat,
    list_objects,
    read_list,
    read_word,
)
from pipelines.text.values import clean_line, parse_instant

STATES = ("UP", "HASISSUES", "UNDERMAINTENANCE")


def read_incidents(pages: Pages) -> list[Incident] | None:
    """Reads the feed's incidents, and adds the severity, which the feed lacks, to the open ones."""
    answer = get_feed(pages, "/history.atom", "/history.rss")
    if answer is None:
        return None
    incidents = list(parse_incidents(read_entries(answer), redact_url(answer.url)))
    opened = _read_open_incidents(pages)
    return incidents if opened is None else merge_open_incidents(incidents, opened)


def merge_open_incidents(incidents: Iterable[Incident], opened: Iterable[Incident]) -> list[Incident]:
    """Merges the summary's open incidents into the feed's; those that the feed lacks are appended."""
    summary = {incident.id: incident for incident in opened}
    merged = [_add_summary(incident, summary.pop(incident.id, None)) for incident in incidents]
    return [*merged, *summary.values()]


def _add_summary(incident: Incident, opened: Incident | None) -> Incident:
    if opened is None:
        return replace(incident, is_listed_open=False)
    return replace(incident, severity_word=opened.severity_word, status_word=opened.status_word, is_listed_open=True)


def parse_incidents(entries: Iterable[FeedEntry], where: str) -> Iterator[Incident]:
    """Yields the feed's incidents and maintenance, each with its dated posts, type and components."""
    for entry in entries:
        updates = tuple(read_posts(entry))
        if not updates:
            raise Fatal(f"{where}: an entry without a dated update; the feed has changed shape")
        names = [name.strip() for name in read_labelled_text(entry.html, "Affected components").split(",")]
        is_maintenance = read_labelled_text(entry.html, "Type").lower() == "maintenance"
        yield Incident(
            id=clean_line((entry.link or entry.id).rstrip("/").rpartition("/")[2], 120),
            title=entry.title,
            url=entry.link,
            severity_word=None,
            updates=updates,
            updated_at=entry.updated_at or max(update.at for update in updates),
            components=tuple(("", name) for name in sorted(set(names) - {""})),
            notes=("scheduled maintenance",) if is_maintenance else (),
        )


def _read_open_incidents(pages: Pages) -> list[Incident] | None:
    """Reads the incidents that the summary lists as open; None without a summary."""
    # None, not an empty list: without a summary nothing is known to be closed.
    with suppress(Gone, Denied):
        answer = pages.get("/v3/summary.json", JSON, is_conditional=False)
        return None if answer is None else list(parse_summary(answer))
    return None


def parse_summary(answer: Answer) -> Iterator[Incident]:
    """Yields the open incidents of a summary. Raises Fatal if the page's state is missing."""
    summary = answer.json()
    page = summary.get("page") if isinstance(summary, dict) else None
    # On a calm day the list of incidents is missing: only the page's state proves that this is a summary.
    if not isinstance(page, dict) or page.get("status") is None:
        raise Fatal(f"{redact_url(answer.url)}: no state of the page in the summary; the page has changed shape")
    for item in list_objects(summary.get("activeIncidents")):
        link = to_web_link(item.get("url"))
        yield Incident(
            id=clean_line((link or "").rstrip("/").rpartition("/")[2] or item.get("id"), 120),
            title=str(item.get("name") or ""),
            url=link,
            severity_word=read_word(item.get("impact")),
            status_word=read_word(item.get("status")),
            updates=(),
            posted_at=parse_instant(item.get("started")),
            updated_at=parse_instant(item.get("updatedAt")),
            is_listed_open=True,
        )


def read_components(pages: Pages) -> list[Component] | None:
    """Reads all components with today's words, without the groups that contain them."""
    try:
        answer = pages.get("/v3/components.json", JSON)
    except Gone:
        answer = pages.get("/v2/components.json", JSON)
    if answer is None:
        return None
    items = read_list(answer, "components")
    leaves = [item for item in [*items, *_list_children(items)] if item.get("id") and not item.get("isParent")]
    if not leaves:
        raise Fatal(f"{redact_url(answer.url)}: no component on the page; it has changed shape")
    return [
        Component(
            str(item["id"]),
            str(item.get("name") or ""),
            read_word(item.get("status")),
            parse_instant(item.get("updatedAt")),
        )
        for item in leaves
    ]


def _list_children(items: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [child for item in items for child in list_objects(item.get("children"))]


def _is_instatus(shape: Shape) -> bool:
    """Recognises a page with one of Instatus's states, or a feed with its ids."""
    page = shape.data.get("page") if isinstance(shape.data, dict) else None
    if isinstance(page, dict):
        return page.get("status") in STATES
    return (
        shape.data is None
        and re.search(r"<id>tag:[^<,]+,2005:(?:Incident|Maintenance)/c[a-z0-9]{20,}</id>", shape.text) is not None
    )


FORMAT = StatusFormat(
    platform="Instatus",
    read_incidents=read_incidents,
    read_components=read_components,
    recognise=_is_instatus,
    html_marks=("instatus.com",),
    is_forgetful=True,
)
