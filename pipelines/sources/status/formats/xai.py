"""xAI: an RSS feed, an item an incident, its state and dated updates under headings in the text."""

import re
from collections.abc import Iterable, Iterator

from pipelines.http.answers import redact_url
from pipelines.http.errors import Fatal
from pipelines.markup.feeds import FeedEntry
from pipelines.sources.status.feeds import after, entries, feed, plain, status
from pipelines.sources.status.incident import Incident, Update
from pipelines.sources.status.pages import Pages, Shape, StatusFormat
from pipelines.sources.status.severities import RESOLVED
from pipelines.text.values import clean_line, parse_instant

_TITLE = re.compile(r"^\s*\[([^\]]+)\]\s*(.*)$", re.DOTALL)
_UPDATE = re.compile(r"<div>(.*?)</div>", re.DOTALL | re.IGNORECASE)
_DATE = re.compile(r"<strong>\s*(.*?)\s*</strong>", re.DOTALL | re.IGNORECASE)
_SEVERITY = re.compile(r"\bSeverity:\s*(?:</\w+>\s*)*([A-Za-z_]+)", re.IGNORECASE)
WELL = "available"
"""What `Severity` says once an incident is over: the state by then, not how bad it was."""


def incidents(asked: Pages) -> list[Incident] | None:
    """All that the feed still holds: one for each part of the product, also where one cause touched several."""
    answer = feed(asked, "/feed.xml")
    return None if answer is None else list(read(entries(answer), redact_url(answer.url)))


def read(found: Iterable[FeedEntry], where: str) -> Iterator[Incident]:
    """The incidents; the severity of one that is over is unknown, unless an earlier visit saw it."""
    for entry in found:
        word, severity = status(entry.html), _SEVERITY.search(entry.html)
        posted = entry.published_at or entry.updated_at
        if word is None or posted is None:
            raise Fatal(f"{where}: an item without a state or an instant; the feed has changed shape")
        named = _TITLE.match(entry.title)
        resolved = parse_instant(after(entry.html, "Resolved"))
        updates = sorted(_updates(entry.html), key=lambda one: one.at, reverse=True)
        is_past = word in RESOLVED and severity is not None and severity[1].lower() == WELL
        yield Incident(
            id=clean_line(entry.id.rpartition("/")[2], 120),
            title=named[2] if named else entry.title,
            url=entry.link,
            severity_word=None if severity is None or is_past else severity[1],
            status_word=word,
            updates=tuple(updates),
            posted_at=min([posted, *(one.at for one in updates)]),
            resolved_at=resolved,
            updated_at=max([posted, *(one.at for one in updates), *([resolved] if resolved else [])]),
            components=(("", named[1].strip()),) if named else (),
        )


def _updates(html: str) -> Iterator[Update]:
    """The dated blocks; their headings are prose, so each is no more than an update."""
    for block in _UPDATE.findall(html):
        date = _DATE.search(block)
        if date and (at := parse_instant(plain(date[1]))):
            yield Update(at, "update", plain(block))


def _recognise(shape: Shape) -> bool:
    """Its guids, or its own title."""
    if shape.data is not None or "<rss" not in shape.text[:2000]:
        return False
    return (
        "SpaceXAI System Status" in shape.text
        or re.search(r"<guid[^>]*>\s*INC[0-9A-Za-z]+\s*</guid>", shape.text) is not None
    )


FORMAT = StatusFormat(
    platform="xAI", incidents=incidents, recognise=_recognise, html_marks=("SpaceXAI System Status",), is_forgetful=True
)
