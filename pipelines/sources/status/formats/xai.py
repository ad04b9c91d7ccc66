"""xAI: an RSS feed with one item per affected part of an incident; states and dated updates are in the text."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

from pipelines.http.errors import Fatal
from pipelines.http.items import ItemReader
from pipelines.markup.feeds import FeedEntry
from pipelines.sources.status.feeds import (
    get_feed,
    list_elements,
    read_entries,
    read_labelled_text,
    read_status,
    strip_html,
)
from pipelines.sources.status.incident import TITLE_LIMIT, Incident, Update
from pipelines.sources.status.pages import Pages, StatusFormat, pick_worst_word
from pipelines.sources.status.severities import ONGOING, RESOLVED
from pipelines.text.values import clean_line, format_instant, parse_instant

_TITLE = re.compile(r"^\s*\[([^\]]+)\]\s*(.*)$", re.DOTALL)
_SEVERITY = re.compile(r"\bSeverity:\s*(?:</\w+>\s*)*([A-Za-z_]+)", re.IGNORECASE)
WELL = "available"
"""The severity of an incident that is over: the state of today, not how bad it was."""


def read_incidents(pages: Pages) -> list[Incident] | None:
    """Reads all incidents that the feed still holds, each under the id by which an earlier visit knew it."""
    answer = get_feed(pages, "/feed.xml")
    if answer is None:
        return None
    incidents = parse_incidents(read_entries(answer), pages.make_item_reader(answer))
    return keep_ids(incidents, pages.visit.cursor.get("known") or {})


def keep_ids(incidents: Iterable[Incident], known: Mapping[str, Mapping[str, Any]]) -> list[Incident]:
    """Gives back the first id to incidents that xAI has numbered again: title and first instant stay the same."""
    codes = {(facts.get("title"), facts.get("posted_at")): code for code, facts in sorted(known.items(), reverse=True)}
    kept = []
    for incident in incidents:
        name = (clean_line(incident.title, TITLE_LIMIT), format_instant(incident.posted_at))
        kept.append(incident if incident.id in known else replace(incident, id=codes.get(name, incident.id)))
    return kept


def parse_incidents(entries: Iterable[FeedEntry], reader: ItemReader) -> Iterator[Incident]:
    """Yields each incident once, whatever the order of the items.

    A past one that is called `available` has a severity only if an earlier visit saw it.
    """
    # Since September 2026 the items of one incident share its guid, one item per part; before, each had its own, but
    # title and instant were the same.
    items = _group_items(reader.read_each(entries, _read_item), lambda item: item.id)
    yield from _group_items(items, lambda item: (item.title, item.posted_at))


def _group_items(items: Iterable[Incident], name: Callable[[Incident], object]) -> list[Incident]:
    """Unites the items of one name."""
    groups: dict[object, list[Incident]] = {}
    for item in items:
        groups.setdefault(name(item), []).append(item)
    return [_unite_items(group) for group in groups.values()]


def _read_item(entry: FeedEntry) -> Incident:
    """Reads what an item reports about one part of the product."""
    word, severity = read_status(entry.html), _SEVERITY.search(entry.html)
    posted = entry.published_at or entry.updated_at
    if word is None or posted is None or not entry.id:
        raise Fatal("an item without a state, an instant or an id; the feed has changed shape")
    title = _TITLE.match(entry.title)
    resolved = parse_instant(read_labelled_text(entry.html, "Resolved"))
    updates = tuple(_read_updates(entry.html))
    is_past = word in RESOLVED and severity is not None and severity[1].lower() == WELL
    return Incident(
        id=clean_line(entry.id.rpartition("/")[2], 120),
        title=title[2] if title else entry.title,
        url=entry.link,
        severity_word=None if severity is None or is_past else severity[1],
        status_word=word,
        updates=updates,
        posted_at=min([posted, *(update.at for update in updates)]),
        resolved_at=resolved,
        updated_at=max([posted, *(update.at for update in updates), *([resolved] if resolved else [])]),
        components=(("", title[1].strip()),) if title else (),
    )


def _unite_items(items: list[Incident]) -> Incident:
    """Unites the items of one incident: all its parts and updates, its worst severity and its last end."""
    ordered = sorted(items, key=lambda item: (item.components, item.title, item.url or ""))
    ongoing = [item for item in ordered if (item.status_word or "") not in RESOLVED]
    ends = [item.resolved_at for item in ordered if item.resolved_at]
    updates = {update for item in ordered for update in item.updates}
    return replace(
        # As long as it goes on in one part, it goes on.
        (ongoing or ordered)[0],
        id=min(item.id for item in ordered),
        severity_word=pick_worst_word(item.severity_word for item in ordered),
        updates=tuple(sorted(updates, key=lambda update: (update.at, update.word, update.text), reverse=True)),
        posted_at=min(item.posted_at for item in ordered if item.posted_at),
        resolved_at=None if ongoing else max(ends, default=None),
        updated_at=max(item.updated_at for item in ordered if item.updated_at),
        components=tuple(sorted(set(chain.from_iterable(item.components for item in ordered)))),
    )


def _read_updates(html: str) -> Iterator[Update]:
    """Yields the dated blocks."""
    for block in list_elements(html, "div"):
        dates, headings = list_elements(block, "strong"), list_elements(block, "h3")
        if dates and (at := parse_instant(strip_html(dates[0]))):
            word = strip_html(headings[0]).lower() if headings else ""
            # Older headings are prose, so their word is unknown.
            yield Update(at, word if word in ONGOING | RESOLVED else "update", strip_html(block))


FORMAT = StatusFormat(
    read_incidents=read_incidents,
    is_forgetful=True,
)
