"""The history feeds of Statuspage and of incident.io, in Atom."""

import re
from collections.abc import Iterable, Iterator

from pipelines.http.answers import redact_url
from pipelines.http.errors import Fatal
from pipelines.markup.feeds import FeedEntry
from pipelines.sources.status.feeds import entries, feed, items, plain, posts, status
from pipelines.sources.status.incident import Incident, Update
from pipelines.sources.status.pages import Pages, Shape, StatusFormat
from pipelines.text.values import clean_line

FEED = "/history.atom"


def incidents(asked: Pages) -> list[Incident] | None:
    """The 25 newest or so."""
    answer = feed(asked, FEED)
    return None if answer is None else list(read(entries(answer), redact_url(answer.url)))


def read(found: Iterable[FeedEntry], where: str) -> Iterator[Incident]:
    """The incidents of a history feed. The feed gives no severity, and of incident.io only the latest status.

    `published` is no first post: Statuspage moves it to the resolution. The first post is the oldest update in the
    text.
    """
    for entry in found:
        updates = tuple(posts(entry)) or tuple(_latest(entry))
        if not updates or not entry.id:
            raise Fatal(f"{where}: an entry without a dated update or an id; the feed has changed shape")
        is_dated = "<small>" in entry.html
        yield Incident(
            id=clean_line((entry.link or entry.id).rstrip("/").rpartition("/")[2] or entry.id, 120),
            title=entry.title,
            url=entry.link,
            severity_word=None,
            updates=updates,
            posted_at=None if is_dated else entry.published_at,
            updated_at=entry.updated_at or entry.published_at,
            components=tuple(("", name) for name in items(entry.html, "Affected components")),
            notes=tuple(re.findall("THIS IS A SCHEDULED EVENT", entry.html)[:1]),
        )


def _latest(entry: FeedEntry) -> Iterator[Update]:
    """incident.io's one status, at the instant of the entry's last change."""
    at, word = entry.updated_at or entry.published_at, status(entry.html)
    if at and word:
        yield Update(at, word, plain(entry.html))


def _recognise(shape: Shape) -> bool:
    """Statuspage's numbers of incidents."""
    return shape.data is None and re.search(r"<id>tag:[^<,]+,2005:Incident/\d+</id>", shape.text) is not None


FORMAT = StatusFormat(
    platform="Statuspage (its feed)", incidents=incidents, recognise=_recognise, kin=("statuspage", "incidentio")
)
