"""Flashduty: an Atom feed with each incident's latest status, an RSS feed with its start; in Chinese and English."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from pipelines.http.answers import Answer
from pipelines.http.errors import Fatal
from pipelines.http.items import ItemReader
from pipelines.markup.feeds import XML, FeedEntry, read_feed
from pipelines.sources.status.feeds import (
    get_feed,
    read_entries,
    read_labelled_text,
    read_status,
    strip_html,
)
from pipelines.sources.status.incident import Incident, Update
from pipelines.sources.status.pages import Pages, StatusFormat
from pipelines.sources.status.severities import ENDS
from pipelines.text.values import clean_line

ATOM, RSS = "/feed.atom", "/feed.rss"
_CLOSED = re.compile(r"^\s*[\[【](?:已恢复|已解决|Resolved)[\]】]\s*", re.IGNORECASE)
"""Prefix of an entry that reports only the end of an incident; another entry reports its start."""


@dataclass(slots=True)
class _EntryGroup:
    """The entries of one incident."""

    entry: FeedEntry
    updates: list[Update]
    opened_at: datetime | None
    parts: list[str]
    """Ids of the entries that report its end."""


def read_incidents(pages: Pages) -> list[Incident] | None:
    """Reads all incidents that the feed still holds."""
    answer = get_feed(pages, ATOM, RSS)
    if answer is None:
        return None
    starts = _read_starts(pages) if answer.url.endswith(ATOM) else {}
    return list(parse_incidents(read_entries(answer), pages.make_item_reader(answer), starts))


def _read_starts(pages: Pages) -> dict[str, datetime]:
    """Reads the instant of each incident's first post, which only the RSS feed gives; empty if it cannot be read."""

    def read(answer: Answer) -> dict[str, datetime]:
        return {entry.id: entry.published_at for entry in read_feed(answer) if entry.published_at}

    return pages.read_supplement(RSS, XML, read, "when new incidents began") or {}


def parse_incidents(
    entries: Iterable[FeedEntry], reader: ItemReader, starts: Mapping[str, datetime]
) -> Iterator[Incident]:
    """Yields the incidents, independent of the order of the entries; `starts` are first posts by entry."""
    open_groups: dict[str, list[_EntryGroup]] = {}
    groups: dict[str, _EntryGroup] = {}
    # An end comes after a start of the same instant, so that it finds the incident that it ends.
    for update, entry in sorted(
        reader.read_each(entries, _read_update), key=lambda pair: (pair[0].at, _is_end(pair[1]), pair[1].id)
    ):
        title = _CLOSED.sub("", entry.title)
        if _is_end(entry) and open_groups.get(title):
            # No id links an end to its start: the latest open incident of that title is taken.
            ended = open_groups[title].pop()
            ended.updates.append(update)
            ended.parts.append(_make_incident_id(entry))
            continue
        first = starts.get(entry.id) or entry.published_at
        group = groups.setdefault(entry.id, _EntryGroup(entry, [], first if first and first < update.at else None, []))
        group.updates.append(update)
        if update.word not in ENDS:
            open_groups.setdefault(title, []).append(group)
    yield from map(_make_incident, groups.values())


def _make_incident_id(entry: FeedEntry) -> str:
    return clean_line(entry.id.rpartition(":")[2], 120)


def _read_update(entry: FeedEntry) -> tuple[Update, FeedEntry]:
    at = entry.updated_at or entry.published_at
    # Readers of feeds give an entry without an id its address, which is no id: entries may share it.
    if at is None or not entry.id or entry.id == entry.link:
        raise Fatal("an entry without an instant or an id; the feed has changed shape")
    word = "resolved" if _is_end(entry) else read_status(entry.html)
    if word is None:
        raise Fatal("an entry without a status; the feed has changed shape")
    return Update(at, word, strip_html(entry.html)), entry


def _is_end(entry: FeedEntry) -> bool:
    return _CLOSED.match(entry.title) is not None


def _make_incident(group: _EntryGroup) -> Incident:
    affected = read_labelled_text(group.entry.html, "Affected components")
    names = sorted({name.strip() for name in affected.split(",")} - {""})
    return Incident(
        id=_make_incident_id(group.entry),
        title=_CLOSED.sub("", group.entry.title),
        url=group.entry.link,
        severity_word=None,
        updates=tuple(reversed(group.updates)),
        posted_at=group.opened_at,
        updated_at=group.updates[-1].at,
        components=tuple(("", name) for name in names),
        parts=tuple(group.parts),
    )


FORMAT = StatusFormat(
    read_incidents=read_incidents,
    is_forgetful=True,
)
