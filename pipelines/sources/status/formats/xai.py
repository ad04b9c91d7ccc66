"""xAI: an RSS feed with one item per incident; its state and dated updates stand under headings in the text."""

import re
from collections.abc import Iterable, Iterator

from pipelines.http.answers import redact_url
from pipelines.http.errors import Fatal
from pipelines.markup.feeds import FeedEntry
from pipelines.sources.status.feeds import (
    get_feed,
    read_entries,
    read_labelled_text,
    read_status,
    strip_html,
)
from pipelines.sources.status.incident import Incident, Update
from pipelines.sources.status.pages import Pages, Shape, StatusFormat
from pipelines.sources.status.severities import RESOLVED
from pipelines.text.values import clean_line, parse_instant

_TITLE = re.compile(r"^\s*\[([^\]]+)\]\s*(.*)$", re.DOTALL)
_UPDATE = re.compile(r"<div>(.*?)</div>", re.DOTALL | re.IGNORECASE)
_DATE = re.compile(r"<strong>\s*(.*?)\s*</strong>", re.DOTALL | re.IGNORECASE)
_SEVERITY = re.compile(r"\bSeverity:\s*(?:</\w+>\s*)*([A-Za-z_]+)", re.IGNORECASE)
WELL = "available"
"""The severity of an incident that is over: the state of today, not how bad it was."""


def read_incidents(pages: Pages) -> list[Incident] | None:
    """Reads all incidents that the feed still holds: one per affected part of the product, even if they share a
    cause."""
    answer = get_feed(pages, "/feed.xml")
    return None if answer is None else list(parse_incidents(read_entries(answer), redact_url(answer.url)))


def parse_incidents(entries: Iterable[FeedEntry], where: str) -> Iterator[Incident]:
    """Yields the incidents; a past one has a severity only if an earlier visit saw it."""
    for entry in entries:
        word, severity = read_status(entry.html), _SEVERITY.search(entry.html)
        posted = entry.published_at or entry.updated_at
        if word is None or posted is None:
            raise Fatal(f"{where}: an item without a state or an instant; the feed has changed shape")
        title = _TITLE.match(entry.title)
        resolved = parse_instant(read_labelled_text(entry.html, "Resolved"))
        updates = sorted(_read_updates(entry.html), key=lambda update: update.at, reverse=True)
        is_past = word in RESOLVED and severity is not None and severity[1].lower() == WELL
        yield Incident(
            id=clean_line(entry.id.rpartition("/")[2], 120),
            title=title[2] if title else entry.title,
            url=entry.link,
            severity_word=None if severity is None or is_past else severity[1],
            status_word=word,
            updates=tuple(updates),
            posted_at=min([posted, *(update.at for update in updates)]),
            resolved_at=resolved,
            updated_at=max([posted, *(update.at for update in updates), *([resolved] if resolved else [])]),
            components=(("", title[1].strip()),) if title else (),
        )


def _read_updates(html: str) -> Iterator[Update]:
    """Yields the dated blocks."""
    for block in _UPDATE.findall(html):
        date = _DATE.search(block)
        if date and (at := parse_instant(strip_html(date[1]))):
            # The heading of a block is prose, so its word is unknown.
            yield Update(at, "update", strip_html(block))


def _is_xai(shape: Shape) -> bool:
    """Recognises xAI's guids, or its own title."""
    if shape.data is not None or "<rss" not in shape.text[:2000]:
        return False
    return (
        "SpaceXAI System Status" in shape.text
        or re.search(r"<guid[^>]*>\s*INC[0-9A-Za-z]+\s*</guid>", shape.text) is not None
    )


FORMAT = StatusFormat(
    platform="xAI",
    read_incidents=read_incidents,
    recognise=_is_xai,
    html_marks=("SpaceXAI System Status",),
    is_forgetful=True,
)
