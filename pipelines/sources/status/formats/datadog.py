"""Datadog Status Pages: components, incidents and maintenance in one document."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from pipelines.http.answers import Answer, redact_url, to_web_link
from pipelines.http.errors import Fatal
from pipelines.http.keys import ItemKeys
from pipelines.sources.status.incident import Incident, Update
from pipelines.sources.status.pages import (
    JSON,
    Component,
    Pages,
    StatusFormat,
    list_objects,
    pick_worst_word,
    read_word,
)
from pipelines.text.values import clean_line, parse_instant

PATH = "/config.json"
AFFECTED = {"componentsAffected": list, "componentsAffected.id": str, "componentsAffected.name": str}
INCIDENT = {
    **AFFECTED, **{f"timeline.{name}": kind for name, kind in AFFECTED.items()},
    "title": str, "currentStatus": str, "resolved": bool, "resolvedDate": str | None, "publishedDate": str,
    "lastModifiedAt": str, "componentsAffected.status": str, "timeline": list, "timeline.status": str,
    "timeline.description": str, "timeline.startedAt": str, "timeline.createdAt": str,
    "timeline.componentsAffected.status": str,
}  # fmt: skip
INCIDENTS = ItemKeys("incidents", "incidents", INCIDENT)
MAINTENANCES = ItemKeys("maintenances", "maintenances", INCIDENT)
PAGE = ItemKeys("pages", "", {"components": list, "maintenances": list | None, "pageUrl": str})
COMPONENTS = {"id": str, "name": str}
LEAVES = ItemKeys("components", "components", COMPONENTS)
GROUPED = ItemKeys("components", "components.components", COMPONENTS)


def read_incidents(pages: Pages) -> list[Incident] | None:
    """Reads all incidents and maintenance of the page."""
    answer = pages.get(PATH, JSON)
    if answer is None:
        return None
    document = _read_document(answer)
    if not isinstance(document.get("incidents"), list):
        raise Fatal(f"{redact_url(answer.url)}: no list of incidents; the page has changed shape")
    reader = pages.make_item_reader(answer)
    read_work = partial(_make_incident, base=pages.base, notes=("scheduled maintenance",))
    incidents = reader.read_each(document["incidents"], partial(_make_incident, base=pages.base))
    return [*incidents, *reader.read_each(list_objects(document.get("maintenances")), read_work)]


def read_components(pages: Pages) -> list[Component] | None:
    """Reads the leaves of the page's tree."""
    answer = pages.get(PATH, JSON)
    if answer is None:
        return None
    leaves = list(_list_leaves(list_objects(_read_document(answer).get("components"))))
    if not leaves:
        raise Fatal(f"{redact_url(answer.url)}: no component on the page; it has changed shape")
    return leaves


def _read_document(answer: Answer) -> Mapping[str, Any]:
    document = answer.json()
    if not isinstance(document, dict):
        raise Fatal(f"{redact_url(answer.url)}: not a JSON object; the page has changed shape")
    return document


def _list_leaves(items: list[Mapping[str, Any]]) -> Iterator[Component]:
    for item in items:
        if isinstance(item.get("components"), list):
            yield from _list_leaves(list_objects(item["components"]))
        elif item.get("id"):
            yield Component(str(item["id"]), str(item.get("name") or ""))


def _make_incident(item: Mapping[str, Any], base: str, notes: tuple[str, ...] = ()) -> Incident:
    if not item.get("id") or "publishedDate" not in item:
        raise Fatal("an incident without an id or an instant; the page has changed shape")
    posts = sorted(
        (post for post in list_objects(item.get("timeline")) if _get_instant(post)),
        key=lambda post: (str(_get_instant(post)), str(post.get("createdAt"))),
    )
    # The incident's own list shows the components as they are now: the updates show what they went through.
    affected = [component for part in (item, *posts) for component in list_objects(part.get("componentsAffected"))]
    # Posts may be entered weeks later: `startedAt` is when it happened, `createdAt` when it was written.
    written = [at for at in (parse_instant(post.get("createdAt")) for post in posts) if at]
    named = {(str(component.get("id") or ""), str(component.get("name") or "")) for component in affected}
    code = clean_line(item["id"], 120)
    return Incident(
        id=code,
        title=str(item.get("title") or ""),
        url=to_web_link(f"{base}/incidents/{code}"),
        severity_word=pick_worst_word(read_word(component.get("status")) for component in affected),
        status_word=read_word(item.get("currentStatus")),
        updates=tuple(_read_updates(reversed(posts))),
        posted_at=min(written, default=parse_instant(item.get("publishedDate"))),
        started_at=parse_instant(item.get("publishedDate")),
        resolved_at=parse_instant(item.get("resolvedDate")),
        updated_at=parse_instant(item.get("lastModifiedAt")),
        components=tuple(sorted(named, key=lambda component: component[::-1])),
        is_listed_open=None if item.get("resolved") is None else item["resolved"] is not True,
        notes=notes,
    )


def _get_instant(post: Mapping[str, Any]) -> datetime | None:
    return parse_instant(post.get("startedAt")) or parse_instant(post.get("createdAt"))


def _read_updates(posts: Iterable[Mapping[str, Any]]) -> Iterator[Update]:
    for post in posts:
        if at := _get_instant(post):
            written = parse_instant(post.get("createdAt"))
            yield Update(at, read_word(post.get("status")) or "update", str(post.get("description") or ""), written)


FORMAT = StatusFormat(
    read_incidents=read_incidents,
    read_components=read_components,
    keys=(PAGE, INCIDENTS, MAINTENANCES, LEAVES, GROUPED),
)
