"""Status pages that speak JSON: Statuspage v2, incident.io's form of it, and Google Cloud."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from pipelines.answers import Answer, shown, web_link
from pipelines.errors import Fatal
from pipelines.incidents import Incident, Update
from pipelines.text import clean, moment


def listed(answer: Answer, key: str = "") -> list[Mapping[str, Any]]:
    """The list under a key of a JSON object (or the whole, without a key). Raises Fatal where there is none: the shape has changed."""
    found = answer.json()
    items = found.get(key) if key and isinstance(found, dict) else found
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise Fatal(f"{shown(answer.url)}: no list {key!r} in the answer; the page has changed shape")
    return items


def open_ids(summary: Answer) -> frozenset[str]:
    """Ids of the incidents that the page lists as open; on a calm day the key is missing."""
    found = summary.json()
    if not isinstance(found, dict) or not isinstance(found.get("page"), dict):
        raise Fatal(f"{shown(summary.url)}: no 'page' in the summary; the page has changed shape")
    return frozenset(str(item.get("id")) for item in found.get("incidents") or [] if isinstance(item, dict))


def statuspage(items: Iterable[Mapping[str, Any]], base: str, open_now: Collection[str] | None) -> Iterator[Incident]:
    """Incidents of Statuspage's v2 API, or of incident.io's, whose incidents may lack components, links and instants."""
    for item in items:
        code = _id(item, base)
        updates = _dicts(item.get("incident_updates"))
        yield Incident(
            id=code,
            title=str(item.get("name") or ""),
            url=web_link(item.get("shortlink")) or web_link(f"/incidents/{code}", base),
            severity_word=_word(item.get("impact")),
            status_word=_word(item.get("status")),
            updates=tuple(_updates(updates, "display_at", "created_at", "body")),
            posted_at=moment(item.get("created_at")),
            started_at=moment(item.get("started_at")),
            resolved_at=moment(item.get("resolved_at")),
            updated_at=moment(item.get("updated_at")),
            components=_components(item, updates),
            is_listed_open=None if open_now is None else str(item.get("id")) in open_now,
        )


def _id(item: Mapping[str, Any], base: str) -> str:
    """The code in the incident's address, which page and feed share; else the id of the API."""
    link = web_link(item.get("shortlink"), base) or ""
    code = link.rstrip("/").rpartition("/incidents/")[2] if "/incidents/" in link else item.get("id")
    if not code:
        raise Fatal(f"{base}: an incident without an id; the page has changed shape")
    return clean(code, 120)


def _components(item: Mapping[str, Any], updates: list[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    """All that the incident or one of its updates names, once each, by name."""
    named = {str(one.get("name") or ""): str(one.get("id") or "") for one in _dicts(item.get("components"))}
    for update in updates:
        for one in _dicts(update.get("affected_components")):
            named.setdefault(str(one.get("name") or ""), str(one.get("code") or one.get("id") or ""))
    return tuple((code, name) for name, code in sorted(named.items()) if name)


def _updates(updates: list[Mapping[str, Any]], *fields: str) -> Iterator[Update]:
    """Updates that have an instant; `fields` are two names of the instant and that of the text."""
    first, second, text = fields
    for update in updates:
        if at := moment(update.get(first)) or moment(update.get(second)):
            yield Update(at, _word(update.get("status")) or "", str(update.get(text) or ""))


def google(items: Iterable[Mapping[str, Any]], base: str, products: tuple[str, ...]) -> Iterator[Incident]:
    """Google Cloud's incidents that touch one of the products, by title (`Vertex AI*`) or id; without products, all."""
    for item in items:
        affected = [(str(one.get("id") or ""), str(one.get("title") or "")) for one in _dicts(item.get("affected_products"))]
        if products and not any(is_named(one, products) for one in affected):
            continue
        if not item.get("id"):
            raise Fatal(f"{base}: an incident without an id; the page has changed shape")
        latest = item.get("most_recent_update")
        yield Incident(
            id=clean(item["id"], 120),
            title=str(item.get("external_desc") or ""),
            url=web_link(item.get("uri"), f"{base}/"),
            severity_word=_word(item.get("status_impact")) or _word(item.get("severity")),
            status_word=_word(latest.get("status")) if isinstance(latest, dict) else None,
            updates=tuple(_updates(_dicts(item.get("updates")), "when", "created", "text")),
            posted_at=moment(item.get("created")),
            started_at=moment(item.get("begin")),
            resolved_at=moment(item.get("end")),
            updated_at=moment(item.get("modified")),
            components=tuple(sorted(affected, key=lambda one: one[1])),
            is_listed_open=item.get("end") is None,
        )


def is_named(component: tuple[str, str], patterns: tuple[str, ...]) -> bool:
    """Whether (id, name) is meant by one of the patterns: an id, or a name that may end in `*`, without regard to case."""
    code, name = component
    return any(code == pattern or fnmatchcase(name.lower(), pattern.lower()) for pattern in patterns)


def _word(value: Any) -> str | None:
    return value.strip() if isinstance(value, str) and value.strip() else None


def _dicts(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
