"""The Atom feed of the news (RFC 4287)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from xml.etree import ElementTree

from warehouse.news.items import NewsItem, clean_text, list_links, make_page, select_news
from warehouse.snapshot import Snapshot

NAME = "news.atom"
MOST = 100
"""Entries of a feed; earlier ones are in the snapshot."""
TAG = "tag:heartbeat.invalid,2026:news"
"""The beginning of each id (RFC 4151). Nobody can own a name in `.invalid`, so no other feed has such ids."""


def render_feed(
    snapshot: Snapshot, items: Sequence[NewsItem], address: str = "", families: Mapping[str, str] | None = None
) -> str:
    """Renders the newest items, or those about some families (titles by id). Links to the dashboard only if its public
    address is known."""
    families = families or {}
    chosen = select_news(items, families=families)
    whose = f" ({', '.join(map(clean_text, families.values()))})" if families else ""
    feed = ElementTree.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "en"})
    _add(feed, "id", ":".join([TAG, "feed", *sorted(families)]))
    _add(feed, "title", f"Heartbeat: what changed{whose}")
    _add(feed, "updated", _format_instant(chosen[0].as_of_at if chosen else snapshot.published_at))
    _add(ElementTree.SubElement(feed, "author"), "name", snapshot.origin.publisher if snapshot.origin else "Heartbeat")
    for rel, name in (("self", NAME), ("alternate", "overview")):
        if address:
            _add(feed, "link", rel=rel, href=f"{address}/{make_page(name, *sorted(families))}")
    for item in chosen[:MOST]:
        _add_entry(feed, item, address)
    ElementTree.indent(feed, " ")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(feed, encoding="unicode") + "\n"


def _add_entry(feed: ElementTree.Element, item: NewsItem, address: str) -> None:
    entry = ElementTree.SubElement(feed, "entry")
    _add(entry, "id", f"{TAG}:{item.news_id}")
    _add(entry, "title", item.headline)
    _add(entry, "updated", _format_instant(item.as_of_at))
    _add(entry, "category", term=item.kind)
    links = list_links(item, address)
    for rel, link in zip(("alternate", "related"), reversed(links), strict=False):
        _add(entry, "link", rel=rel, href=link)
    _add(entry, "content", "\n".join([item.headline, *links]))


def _add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> None:
    ElementTree.SubElement(parent, name, attributes).text = text or None


def _format_instant(instant: datetime) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"
