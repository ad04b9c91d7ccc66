"""The Atom feed of the news (RFC 4287): the same bytes for the same rows, replaced whole."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

from warehouse.durable import write_file
from warehouse.news.items import NewsItem, clean_text, make_page
from warehouse.news.reader import list_links, load_news, select_news
from warehouse.snapshot import Snapshot, published_folder, read_published

NAME = "news.atom"
ATOM = "http://www.w3.org/2005/Atom"
MOST = 100
"""Entries of a feed; earlier ones are on the page and in the snapshot."""
TAG = "tag:heartbeat.invalid,2026:news"
"""What every id begins with (RFC 4151). Nobody can own a name in `.invalid`, so no other feed has such ids."""


def render_feed(
    snapshot: Snapshot, items: Sequence[NewsItem], address: str = "", families: Mapping[str, str] | None = None
) -> str:
    """Renders the newest items, or those about some families, given by id and title; links to the dashboard only where
    its public address is known."""
    families = families or {}
    feed = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": "en"})
    chosen = select_news(items, families=families)
    first = ",".join([items[-1].news_id if items else "empty", *sorted(families)])
    newest = (chosen or items[-1:])[0].as_of_at if items else snapshot.published_at
    whose = f" ({', '.join(map(clean_text, families.values()))})" if families else ""
    _add(feed, "id", f"{TAG}:feed:{first}")
    _add(feed, "title", f"Heartbeat: what changed{whose}")
    _add(feed, "subtitle", "Ends of models, verdicts and prices that changed, with each published version.")
    _add(feed, "updated", _format_instant(newest))
    _add(ElementTree.SubElement(feed, "author"), "name", snapshot.origin.publisher if snapshot.origin else "Heartbeat")
    _add(feed, "generator", "Heartbeat")
    for rel, form, name in (("self", "application/atom+xml", NAME), ("alternate", "text/html", "overview")):
        if address:
            attributes = {"rel": rel, "type": form, "href": f"{address}/{make_page(name, *sorted(families))}"}
            ElementTree.SubElement(feed, "link", attributes)
    for item in chosen[:MOST]:
        feed.append(_make_entry(item, address))
    ElementTree.indent(feed, " ")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(feed, encoding="unicode") + "\n"


def _make_entry(item: NewsItem, address: str) -> ElementTree.Element:
    entry = ElementTree.Element("entry")
    _add(entry, "id", f"{TAG}:{item.news_id}")
    _add(entry, "title", item.headline)
    for element in ("updated", "published"):
        _add(entry, element, _format_instant(item.as_of_at))
    ElementTree.SubElement(entry, "category", {"term": item.kind})
    links = list_links(item, address)
    for rel, link in zip(("alternate", "related"), reversed(links), strict=False):
        ElementTree.SubElement(entry, "link", {"rel": rel, "href": link})
    _add(entry, "content", "\n".join([item.headline, *links]))
    return entry


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = text


def _format_instant(instant: datetime) -> str:
    aware = instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    return aware.strftime("%Y-%m-%dT%H:%M:%SZ")


def write_feed(home: Path, address: str) -> bool:
    """Writes the feed of a home's own snapshot beside it, and returns whether it changed. A sample world has none."""
    folder = published_folder(home)
    snapshot = read_published(folder)
    if snapshot is None or snapshot.is_sample:
        return False
    text = render_feed(snapshot, load_news(snapshot) or [], address)
    path = folder / NAME
    if path.exists() and path.read_bytes() == text.encode():
        return False
    write_file(path, text)
    return True
