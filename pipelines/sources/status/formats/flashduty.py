"""Flashduty: an Atom feed with each incident's latest status, an RSS feed with its beginning, in Chinese and
English."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from pipelines.http.answers import redact_url
from pipelines.http.errors import Fatal, SourceError
from pipelines.markup.feeds import XML, FeedEntry, read_feed
from pipelines.sources.status.feeds import after, entries, feed, plain, status
from pipelines.sources.status.incident import Incident, Update
from pipelines.sources.status.pages import Pages, Shape, StatusFormat
from pipelines.sources.status.severities import ENDS
from pipelines.text.values import clean_line

ATOM, RSS = "/feed.atom", "/feed.rss"
_CLOSED = re.compile(r"^\s*[\[【](?:已恢复|已解决|Resolved)[\]】]\s*", re.IGNORECASE)
"""How the titles of entries begin that tell the end of an incident whose beginning is an entry of its own."""


@dataclass(slots=True)
class _Told:
    """An incident as its entries tell it."""

    entry: FeedEntry
    updates: list[Update]
    opened_at: datetime | None
    parts: list[str]
    """Entries that tell its end."""


def incidents(asked: Pages) -> list[Incident] | None:
    """All that the feed still holds."""
    answer = feed(asked, ATOM, RSS)
    if answer is None:
        return None
    return list(read(entries(answer), redact_url(answer.url), _beginnings(asked) if answer.url.endswith(ATOM) else {}))


def _beginnings(asked: Pages) -> dict[str, datetime]:
    """When each incident was first posted, which only the RSS feed tells; nothing where it cannot be read."""
    answer = asked.aside(RSS, XML)
    with suppress(SourceError):
        return {one.id: one.published_at for one in read_feed(answer) if one.published_at} if answer else {}
    return {}


def read(found: Iterable[FeedEntry], where: str, beginnings: Mapping[str, datetime]) -> Iterator[Incident]:
    """The incidents, whatever order the entries are in; an end that is an entry of its own goes to the beginning before
    it."""
    waiting: dict[str, list[_Told]] = {}
    told: dict[str, _Told] = {}
    for at, entry in sorted(
        ((_at(one, where), one) for one in found), key=lambda pair: (pair[0], _is_end(pair[1]), pair[1].id)
    ):
        title = _CLOSED.sub("", entry.title)
        word = "resolved" if _is_end(entry) else status(entry.html)
        if word is None:
            raise Fatal(f"{where}: an entry without a status; the feed has changed shape")
        update = Update(at, word, plain(entry.html))
        if _is_end(entry) and waiting.get(title):
            begun = waiting[title].pop()
            begun.updates.append(update)
            begun.parts.append(_code(entry))
            continue
        first = beginnings.get(entry.id) or entry.published_at
        one = told.setdefault(entry.id, _Told(entry, [], first if first and first < at else None, []))
        one.updates.append(update)
        if word not in ENDS:
            waiting.setdefault(title, []).append(one)
    yield from map(_incident, told.values())


def _code(entry: FeedEntry) -> str:
    return clean_line(entry.id.rpartition(":")[2], 120)


def _at(entry: FeedEntry, where: str) -> datetime:
    at = entry.updated_at or entry.published_at
    if at is None or not entry.id:
        raise Fatal(f"{where}: an entry without an instant or an id; the feed has changed shape")
    return at


def _is_end(entry: FeedEntry) -> bool:
    return _CLOSED.match(entry.title) is not None


def _incident(one: _Told) -> Incident:
    names = sorted({name.strip() for name in after(one.entry.html, "Affected components").split(",")} - {""})
    return Incident(
        id=_code(one.entry),
        title=_CLOSED.sub("", one.entry.title),
        url=one.entry.link,
        severity_word=None,
        updates=tuple(reversed(one.updates)),
        posted_at=one.opened_at,
        updated_at=one.updates[-1].at,
        components=tuple(("", name) for name in names),
        parts=tuple(one.parts),
    )


def _recognise(shape: Shape) -> bool:
    """Its own names of incidents."""
    return shape.data is None and "urn:flashduty:change:" in shape.text


FORMAT = StatusFormat(
    platform="Flashduty",
    incidents=incidents,
    recognise=_recognise,
    html_marks=("flashcat.cloud", "flashduty.com"),
    is_forgetful=True,
)
