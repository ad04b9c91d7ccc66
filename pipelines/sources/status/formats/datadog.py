"""Datadog Status Pages: components, incidents and maintenance in one document."""

from collections.abc import Iterator, Mapping
from typing import Any

from pipelines.http.answers import Answer, redact_url, to_web_link
from pipelines.http.errors import Fatal
from pipelines.sources.status.incident import Incident, Update
from pipelines.sources.status.pages import JSON, Component, Pages, Shape, StatusFormat, dicts, word, worst
from pipelines.text.values import clean_line, parse_instant

PATH = "/config.json"


def incidents(asked: Pages) -> list[Incident] | None:
    """All incidents and maintenance of the page."""
    answer = asked.get(PATH, JSON)
    if answer is None:
        return None
    page = _page(answer)
    if not isinstance(page.get("incidents"), list):
        raise Fatal(f"{redact_url(answer.url)}: no list of incidents; the page has changed shape")
    found = [_incident(one, asked.base) for one in dicts(page["incidents"])]
    planned = [_incident(one, asked.base, ("scheduled maintenance",)) for one in dicts(page.get("maintenances"))]
    return [*found, *planned]


def components(asked: Pages) -> list[Component] | None:
    """The leaves of the page's tree with their words of today."""
    answer = asked.get(PATH, JSON)
    if answer is None:
        return None
    found = list(_leaves(dicts(_page(answer).get("components"))))
    if not found:
        raise Fatal(f"{redact_url(answer.url)}: no component on the page; it has changed shape")
    return found


def _page(answer: Answer) -> Mapping[str, Any]:
    found = answer.json()
    if not isinstance(found, dict):
        raise Fatal(f"{redact_url(answer.url)}: no object; the page has changed shape")
    return found


def _leaves(items: list[Mapping[str, Any]]) -> Iterator[Component]:
    for one in items:
        if isinstance(one.get("components"), list):
            yield from _leaves(dicts(one["components"]))
        elif one.get("id"):
            yield Component(str(one["id"]), str(one.get("name") or ""), word(one.get("status")))


def _incident(item: Mapping[str, Any], base: str, notes: tuple[str, ...] = ()) -> Incident:
    """Its own list of components tells their state now, so what they went through is read off the updates.

    Posts may be entered weeks later: `startedAt` is when it happened, `createdAt` when it was written.
    """
    if not item.get("id") or "publishedDate" not in item:
        raise Fatal(f"{base}: an incident without an id or an instant; the page has changed shape")
    told = sorted(
        (one for one in dicts(item.get("timeline")) if _at(one)),
        key=lambda one: (str(_at(one)), str(one.get("createdAt"))),
    )
    touched = [one for part in (item, *told) for one in dicts(part.get("componentsAffected"))]
    written = [at for at in (parse_instant(one.get("createdAt")) for one in told) if at]
    code = clean_line(item["id"], 120)
    return Incident(
        id=code,
        title=str(item.get("title") or ""),
        url=to_web_link(f"{base}/incidents/{code}"),
        severity_word=worst(word(one.get("status")) for one in touched),
        status_word=word(item.get("currentStatus")),
        updates=tuple(_updates(reversed(told))),
        posted_at=min(written, default=parse_instant(item.get("publishedDate"))),
        started_at=parse_instant(item.get("publishedDate")),
        resolved_at=parse_instant(item.get("resolvedDate")),
        updated_at=parse_instant(item.get("lastModifiedAt")),
        components=tuple(
            sorted(
                {(str(one.get("id") or ""), str(one.get("name") or "")) for one in touched}, key=lambda one: one[::-1]
            )
        ),
        is_listed_open=None if item.get("resolved") is None else item["resolved"] is not True,
        notes=notes,
    )


def _at(update: Mapping[str, Any]) -> Any:
    return parse_instant(update.get("startedAt")) or parse_instant(update.get("createdAt"))


def _updates(told: Any) -> Iterator[Update]:
    for one in told:
        yield Update(_at(one), word(one.get("status")) or "update", str(one.get("description") or ""))


def _recognise(shape: Shape) -> bool:
    """A page that says where Datadog keeps it, or incidents in Datadog's words."""
    if not isinstance(shape.data, dict):
        return False
    first = next(iter(dicts(shape.data.get("incidents"))), {})
    return (
        "statuspage.datadoghq" in str(shape.data.get("pageUrl")) or {"currentStatus", "publishedDate"} <= first.keys()
    )


FORMAT = StatusFormat(
    platform="Datadog",
    incidents=incidents,
    components=components,
    recognise=_recognise,
    html_marks=("statuspage.datadoghq.com",),
)
