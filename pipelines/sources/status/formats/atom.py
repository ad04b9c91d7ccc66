"""The history feeds of Statuspage and of incident.io, in Atom."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from pipelines.http.errors import Fatal
from pipelines.http.items import ItemReader
from pipelines.markup.feeds import FeedEntry
from pipelines.sources.status.feeds import (
    describe_undated_post,
    get_feed,
    list_names_after,
    read_entries,
    read_posts,
    read_status,
    strip_html,
)
from pipelines.sources.status.incident import Incident, Update
from pipelines.sources.status.pages import Pages, StatusFormat
from pipelines.text.values import clean_line

FEED = "/history.atom"


def read_incidents(pages: Pages) -> list[Incident] | None:
    """Reads the 25 or so newest incidents."""
    answer = get_feed(pages, FEED)
    return None if answer is None else parse_incidents(read_entries(answer), pages.make_item_reader(answer))


def parse_incidents(entries: Iterable[FeedEntry], reader: ItemReader) -> list[Incident]:
    """Reads the incidents of a history feed, which gives no severity, and for incident.io only the latest status."""
    return reader.read_each(entries, _read_entry)


def _read_entry(entry: FeedEntry) -> Incident:
    updates, code = tuple(read_posts(entry)) or tuple(_read_latest_update(entry)), _read_code(entry)
    if not updates or not code:
        written = describe_undated_post(entry)
        found = f": its first post is of {written!r}, in an unknown form or zone" if written else ""
        raise Fatal(f"an entry without a dated update or an id; the feed has changed shape{found}")
    # Statuspage moves `published` to the resolution: the first post is the oldest update in the text.
    is_dated = "<small>" in entry.html
    return Incident(
        id=code,
        title=entry.title,
        url=entry.link,
        severity_word=None,
        updates=updates,
        posted_at=None if is_dated else entry.published_at,
        updated_at=entry.updated_at or entry.published_at,
        components=tuple(("", name) for name in list_names_after(entry.html, "Affected components")),
        notes=tuple(re.findall("THIS IS A SCHEDULED EVENT", entry.html)[:1]),
    )


def _read_code(entry: FeedEntry) -> str:
    """Reads the incident's code from its address; empty without one, since Statuspage's number is another id."""
    address = entry.link or entry.id
    path = urlsplit(address).path.strip("/") if address.startswith(("https://", "http://")) else ""
    return clean_line(path.rpartition("/")[2], 120)


def _read_latest_update(entry: FeedEntry) -> Iterator[Update]:
    """Yields incident.io's only status, at the instant of the entry's last change."""
    at, word = entry.updated_at or entry.published_at, read_status(entry.html)
    if at and word:
        yield Update(at, word, strip_html(entry.html))


FORMAT = StatusFormat(
    read_incidents=read_incidents,
)
