"""Instatus: what is open and the components in JSON, all that is over in a history feed only."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from pipelines.http.answers import Answer, redact_url, to_web_link
from pipelines.http.errors import Denied, Fatal, Gone
from pipelines.markup.feeds import FeedEntry
from pipelines.sources.status.feeds import after, entries, feed, posts
from pipelines.sources.status.incident import Incident
from pipelines.sources.status.pages import JSON, Component, Pages, Shape, StatusFormat, dicts, listed, word
from pipelines.text.values import clean_line, parse_instant

STATES = ("UP", "HASISSUES", "UNDERMAINTENANCE")


def incidents(asked: Pages) -> list[Incident] | None:
    """The feed's incidents; those that are open also have their severity, which the feed lacks."""
    answer = feed(asked, "/history.atom", "/history.rss")
    if answer is None:
        return None
    told = list(read(entries(answer), redact_url(answer.url)))
    opened = _open_now(asked)
    return told if opened is None else joined(told, opened)


def joined(told: Iterable[Incident], opened: Iterable[Incident]) -> list[Incident]:
    """The feed's incidents with what the summary says of the open ones, and those that the feed has not yet."""
    summary = {one.id: one for one in opened}
    known = [_marked(one, summary.pop(one.id, None)) for one in told]
    return [*known, *summary.values()]


def _marked(told: Incident, found: Incident | None) -> Incident:
    if found is None:
        return replace(told, is_listed_open=False)
    return replace(told, severity_word=found.severity_word, status_word=found.status_word, is_listed_open=True)


def read(found: Iterable[FeedEntry], where: str) -> Iterator[Incident]:
    """The incidents and maintenance of the feed: each has all its dated posts, its type and its components."""
    for entry in found:
        updates = tuple(posts(entry))
        if not updates:
            raise Fatal(f"{where}: an entry without a dated update; the feed has changed shape")
        names = [name.strip() for name in after(entry.html, "Affected components").split(",")]
        yield Incident(
            id=clean_line((entry.link or entry.id).rstrip("/").rpartition("/")[2], 120),
            title=entry.title,
            url=entry.link,
            severity_word=None,
            updates=updates,
            updated_at=entry.updated_at or max(one.at for one in updates),
            components=tuple(("", name) for name in sorted(set(names) - {""})),
            notes=("scheduled maintenance",) if after(entry.html, "Type").lower() == "maintenance" else (),
        )


def _open_now(asked: Pages) -> list[Incident] | None:
    """What the summary lists as open; None where it cannot be had, for then nothing is known of it."""
    with suppress(Gone, Denied):
        answer = asked.get("/v3/summary.json", JSON, is_conditional=False)
        return None if answer is None else list(active(answer))
    return None


def active(answer: Answer) -> Iterator[Incident]:
    """The open incidents of a summary; on a calm day it has no such list. Raises Fatal where the page's state is
    missing."""
    found = answer.json()
    page = found.get("page") if isinstance(found, dict) else None
    if not isinstance(page, dict) or page.get("status") is None:
        raise Fatal(f"{redact_url(answer.url)}: no state of the page in the summary; the page has changed shape")
    for item in dicts(found.get("activeIncidents")):
        link = to_web_link(item.get("url"))
        yield Incident(
            id=clean_line((link or "").rstrip("/").rpartition("/")[2] or item.get("id"), 120),
            title=str(item.get("name") or ""),
            url=link,
            severity_word=word(item.get("impact")),
            status_word=word(item.get("status")),
            updates=(),
            posted_at=parse_instant(item.get("started")),
            updated_at=parse_instant(item.get("updatedAt")),
            is_listed_open=True,
        )


def components(asked: Pages) -> list[Component] | None:
    """All components with their words of today, and the groups that they are in left out."""
    try:
        answer = asked.get("/v3/components.json", JSON)
    except Gone:
        answer = asked.get("/v2/components.json", JSON)
    if answer is None:
        return None
    items = listed(answer, "components")
    found = [one for one in [*items, *_children(items)] if one.get("id") and not one.get("isParent")]
    if not found:
        raise Fatal(f"{redact_url(answer.url)}: no component on the page; it has changed shape")
    return [
        Component(
            str(one["id"]), str(one.get("name") or ""), word(one.get("status")), parse_instant(one.get("updatedAt"))
        )
        for one in found
    ]


def _children(items: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [child for one in items for child in dicts(one.get("children"))]


def _recognise(shape: Shape) -> bool:
    """A page with one of Instatus's states, or a feed with its ids."""
    page = shape.data.get("page") if isinstance(shape.data, dict) else None
    if isinstance(page, dict):
        return page.get("status") in STATES
    return (
        shape.data is None
        and re.search(r"<id>tag:[^<,]+,2005:(?:Incident|Maintenance)/c[a-z0-9]{20,}</id>", shape.text) is not None
    )


FORMAT = StatusFormat(
    platform="Instatus",
    incidents=incidents,
    components=components,
    recognise=_recognise,
    html_marks=("instatus.com",),
    is_forgetful=True,
)
