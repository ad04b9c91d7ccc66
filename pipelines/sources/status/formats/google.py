"""Google Cloud: one list of years for all products."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pipelines.http.answers import redact_url, to_web_link
from pipelines.http.errors import Fatal
from pipelines.sources.status.incident import Incident, Update
from pipelines.sources.status.pages import JSON, Pages, Shape, StatusFormat, dicts, is_named, listed, word
from pipelines.text.values import clean_line, parse_instant


def incidents(asked: Pages) -> list[Incident] | None:
    """All that touch one of the channel's products."""
    answer = asked.get("/incidents.json", JSON)
    if answer is None:
        return None
    items = listed(answer)
    if not items:
        raise Fatal(
            f"{redact_url(answer.url)}: an empty list; Google keeps years of incidents, so the page has changed"
        )
    return list(read(items, asked.base, asked.visit.channel.components))


def read(items: Iterable[Mapping[str, Any]], base: str, products: tuple[str, ...]) -> Iterator[Incident]:
    """The incidents that touch one of the products, by title (`Vertex AI*`) or id; without products, all."""
    for item in items:
        affected = _affected(item)
        if products and not any(is_named(one, products) for one in affected):
            continue
        if not item.get("id"):
            raise Fatal(f"{base}: an incident without an id; the page has changed shape")
        latest = item.get("most_recent_update")
        yield Incident(
            id=clean_line(item["id"], 120),
            title=str(item.get("external_desc") or ""),
            url=to_web_link(item.get("uri"), f"{base}/"),
            severity_word=word(item.get("status_impact")) or word(item.get("severity")),
            status_word=word(latest.get("status")) if isinstance(latest, dict) else None,
            updates=tuple(_updates(dicts(item.get("updates")))),
            posted_at=parse_instant(item.get("created")),
            started_at=parse_instant(item.get("begin")),
            resolved_at=parse_instant(item.get("end")),
            updated_at=parse_instant(item.get("modified")),
            components=affected,
            is_listed_open=item.get("end") is None,
        )


def _affected(item: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The products by name; one that was renamed since has both its names."""
    found = {
        (str(one.get("id") or ""), str(one[name]))
        for one in dicts(item.get("affected_products"))
        for name in ("title", "current_title")
        if one.get(name)
    }
    return tuple(sorted(found, key=lambda one: (one[1], one[0])))


def _updates(updates: list[Mapping[str, Any]]) -> Iterator[Update]:
    for update in updates:
        if at := parse_instant(update.get("when")) or parse_instant(update.get("created")):
            yield Update(at, word(update.get("status")) or "", str(update.get("text") or ""))


def _recognise(shape: Shape) -> bool:
    """A list of incidents with products and a description for the public."""
    first = next(iter(dicts(shape.data)), {})
    return "external_desc" in first and "affected_products" in first


FORMAT = StatusFormat(platform="Google Cloud", incidents=incidents, recognise=_recognise)
