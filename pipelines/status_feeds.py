"""Status pages that speak Atom: the history feeds of Statuspage and of incident.io."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from html import unescape

from pipelines.errors import Fatal
from pipelines.feeds import MONTHS, Entry
from pipelines.incidents import Incident, Update
from pipelines.text import clean

_POST = re.compile(r"<small>\s*(.*?)\s*</small>\s*<br\s*/?>\s*<strong>\s*(.*?)\s*</strong>(.*?)(?=<small>|\Z)", re.DOTALL)
_DAY = re.compile(r"([A-Z][a-z]{2})[a-z]*\s+(\d{1,2}),\s*(\d{1,2}):(\d\d)\s*UTC")
_STATUS = re.compile(r"Status:\s*([A-Za-z ]+?)\s*<", re.IGNORECASE)
_COMPONENT = re.compile(r"<li>\s*(.*?)\s*(?:\([^()<]*\))?\s*</li>", re.DOTALL)


def incidents(entries: Iterable[Entry], where: str) -> Iterator[Incident]:
    """The incidents of a history feed. The feed gives no severity, and of incident.io only the latest status.

    `published` is no first post: Statuspage moves it to the resolution. The first post is the oldest update in the text.
    """
    for entry in entries:
        updates = tuple(_posts(entry)) or tuple(_latest(entry))
        if not updates or not entry.id:
            raise Fatal(f"{where}: an entry without a dated update or an id; the feed has changed shape")
        is_dated = "<small>" in entry.html
        yield Incident(
            id=clean((entry.link or entry.id).rstrip("/").rpartition("/")[2] or entry.id, 120),
            title=entry.title,
            url=entry.link,
            severity_word=None,
            updates=updates,
            posted_at=None if is_dated else entry.published_at,
            updated_at=entry.updated_at or entry.published_at,
            components=tuple(("", name) for name in _components(entry.html)),
            notes=tuple(re.findall("THIS IS A SCHEDULED EVENT", entry.html)[:1]),
        )


def _posts(entry: Entry) -> Iterator[Update]:
    """Statuspage's updates, newest first, with day and time but no year."""
    near = entry.published_at or entry.updated_at
    for head, word, text in _POST.findall(entry.html):
        found = _DAY.search(_plain(head))
        if found and near and (at := _dated(found, near)):
            yield Update(at, _plain(word).lower(), _plain(text))


def _dated(found: re.Match[str], near: datetime) -> datetime | None:
    """The instant of this month, day and time that is nearest: before a resolution in January, December is last year's."""
    month, day, hour, minute = MONTHS.get(found[1], 0), int(found[2]), int(found[3]), int(found[4])
    instants = []
    for year in (near.year - 1, near.year, near.year + 1):
        with suppress(ValueError):  # 29 February of another year
            instants.append(datetime(year, month, day, hour, minute, tzinfo=UTC))
    return min(instants, key=lambda at: abs(at - near), default=None)


def _latest(entry: Entry) -> Iterator[Update]:
    """incident.io's one status, at the instant of the entry's last change."""
    at = entry.updated_at or entry.published_at
    if at and (found := _STATUS.search(entry.html)):
        yield Update(at, found[1].lower(), _plain(entry.html))


def _components(html: str) -> list[str]:
    _, _, after = html.partition("Affected components")
    return sorted({_plain(name) for name in _COMPONENT.findall(after)})


def _plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())
