"""Google Cloud: one list for all products, covering years."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from pipelines.http.answers import redact_url, to_web_link
from pipelines.http.errors import Fatal
from pipelines.http.items import ItemReader
from pipelines.http.keys import ItemKeys
from pipelines.sources.status.incident import Incident, Update
from pipelines.sources.status.pages import (
    JSON,
    Pages,
    StatusFormat,
    list_objects,
    matches_any,
    read_list,
    read_word,
)
from pipelines.text.values import clean_line, parse_instant

INCIDENTS = ItemKeys(
    "incidents", "",
    {
        "external_desc": str, "begin": str, "end": str | None, "created": str, "modified": str, "uri": str,
        "status_impact": str, "severity": str,
        "affected_products": list, "affected_products.id": str, "affected_products.title": str, "updates": list,
        "updates.status": str, "updates.text": str, "updates.when": str, "updates.created": str,
        "most_recent_update": dict, "most_recent_update.status": str,
    },
    {"affected_products.current_title": str},
)  # fmt: skip


def read_incidents(pages: Pages) -> list[Incident] | None:
    """Reads all incidents that affect one of the channel's products."""
    answer = pages.get("/incidents.json", JSON)
    if answer is None:
        return None
    items = read_list(answer)
    if not items:
        raise Fatal(
            f"{redact_url(answer.url)}: an empty list; Google keeps years of incidents, so the page has changed"
        )
    return parse_incidents(items, pages.make_item_reader(answer), pages.base, pages.visit.channel.components)


def parse_incidents(
    items: Iterable[Mapping[str, Any]], reader: ItemReader, base: str, products: tuple[str, ...]
) -> list[Incident]:
    """Reads the incidents that affect one of the products, by title (`Vertex AI*`) or id; all without products."""
    return reader.read_each(items, partial(_read_incident, base=base, products=products))


def _read_incident(item: Mapping[str, Any], base: str, products: tuple[str, ...]) -> Incident | None:
    """Reads an incident; None if it affects none of the products."""
    affected = _list_products(item)
    if products and not any(matches_any(product, products) for product in affected):
        return None
    if not item.get("id"):
        raise Fatal("an incident without an id; the page has changed shape")
    latest = item.get("most_recent_update")
    return Incident(
        id=clean_line(item["id"], 120),
        title=str(item.get("external_desc") or ""),
        url=to_web_link(item.get("uri"), f"{base}/"),
        severity_word=read_word(item.get("status_impact")) or read_word(item.get("severity")),
        status_word=read_word(latest.get("status")) if isinstance(latest, dict) else None,
        updates=tuple(_read_updates(list_objects(item.get("updates")))),
        posted_at=parse_instant(item.get("created")),
        started_at=parse_instant(item.get("begin")),
        resolved_at=parse_instant(item.get("end")),
        updated_at=parse_instant(item.get("modified")),
        components=affected,
        is_listed_open=item.get("end") is None,
    )


def _list_products(item: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Lists (id, name) of the affected products, sorted by name."""
    # A renamed product appears under both names: the channel may give either.
    products = {
        (str(product.get("id") or ""), str(product[key]))
        for product in list_objects(item.get("affected_products"))
        for key in ("title", "current_title")
        if product.get(key)
    }
    return tuple(sorted(products, key=lambda product: (product[1], product[0])))


def _read_updates(items: list[Mapping[str, Any]]) -> Iterator[Update]:
    for item in items:
        if at := parse_instant(item.get("when")) or parse_instant(item.get("created")):
            yield Update(at, read_word(item.get("status")) or "", str(item.get("text") or ""))


FORMAT = StatusFormat(read_incidents=read_incidents, keys=(INCIDENTS,))
