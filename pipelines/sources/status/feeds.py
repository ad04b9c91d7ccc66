"""What feeds of status pages have in common: dated posts in HTML, and lines like `Status: resolved`."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from html import unescape

from pipelines.http.answers import Answer, redact_url
from pipelines.http.errors import Fatal, Gone
from pipelines.markup.feeds import MONTHS, XML, FeedEntry, read_feed
from pipelines.sources.status.incident import Update
from pipelines.sources.status.pages import Pages

_POST = re.compile(
    r"<small>\s*(.*?)\s*</small>\s*<br\s*/?>\s*<strong>\s*(.*?)\s*</strong>(.*?)(?=<small>|\Z)", re.DOTALL
)
_DAY = re.compile(
    r"([A-Z][a-z]{2})[a-z]*\s+(\d{1,2}),\s*(\d{1,2}):(\d\d)(?::(\d\d))?\s*(?:UTC|GMT)(?:[+-]0(?:0?:?00)?)?(?![\d:+-])"
)
"""Day and time in UTC; a time of another zone is not read at all."""
_STATUS = re.compile(r"\bStatus:\s*(?:</\w+>\s*)*([A-Za-z][A-Za-z _-]*?)\s*(?=<|\n|$)", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>|</(?:p|li|div|h\d)>", re.IGNORECASE)
_ITEM = re.compile(r"<li>\s*(.*?)\s*(?:\([^()<]*\))?\s*</li>", re.DOTALL)


def feed(asked: Pages, *paths: str) -> Answer | None:
    """The first of these feeds that is there, the one that was there last time before all; None when it has not
    changed."""
    known = asked.visit.cursor.get("pages") or {}
    first, *others = sorted(paths, key=lambda path: asked.base + path not in known)
    try:
        return asked.get(first, XML)
    except Gone:
        if not others:
            raise
        return feed(asked, *others)


def entries(answer: Answer) -> list[FeedEntry]:
    """The entries of a feed that has some, whatever the day. Raises Fatal for an empty one, and for an entry without an
    id."""
    found = read_feed(answer)
    if not found:
        raise Fatal(f"{redact_url(answer.url)}: a feed without entries; a history has some")
    if not all(entry.id for entry in found):
        raise Fatal(f"{redact_url(answer.url)}: an entry without an id; the feed has changed shape")
    return found


def posts(entry: FeedEntry) -> Iterator[Update]:
    """Statuspage's and Instatus's updates, newest first, with day and time but no year."""
    near = entry.published_at or entry.updated_at
    for head, word, text in _POST.findall(entry.html):
        found = _DAY.search(plain(head))
        if found and near and (at := _dated(found, near)):
            yield Update(at, plain(word).lower(), plain(text))


def _dated(found: re.Match[str], near: datetime) -> datetime | None:
    """The instant of this month, day and time that is nearest: before a resolution in January, December is last
    year's."""
    month, day, hour, minute, second = (
        MONTHS.get(found[1], 0),
        int(found[2]),
        int(found[3]),
        int(found[4]),
        int(found[5] or 0),
    )
    instants = []
    for year in (near.year - 1, near.year, near.year + 1):
        with suppress(ValueError):  # 29 February of another year
            instants.append(datetime(year, month, day, hour, minute, second, tzinfo=UTC))
    return min(instants, key=lambda at: abs(at - near), default=None)


def status(html: str) -> str | None:
    """The word after `Status:`, in small letters."""
    found = _STATUS.search(html)
    return found[1].lower() if found else None


def after(html: str, label: str) -> str:
    """The text that follows a label (`Affected components:`) up to the end of its paragraph; empty where there is
    none."""
    found = re.search(rf"(?:^|>)\s*{label}:\s*(?:</\w+>\s*)*(.*?)(?:</p>|<p\b|\Z)", html, re.DOTALL | re.IGNORECASE)
    return plain(found[1]) if found else ""


def items(html: str, label: str) -> list[str]:
    """The names listed in `<li>` after a label, sorted; a state in brackets behind a name is left out."""
    _, _, rest = html.partition(label)
    return sorted({plain(name) for name in _ITEM.findall(rest)} - {""})


def plain(html: str) -> str:
    """The text of a piece of HTML on one line."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", _BREAK.sub(" ", html))).split())


def ordered(updates: Sequence[Update], ranks: Sequence[str]) -> tuple[Update, ...]:
    """Updates newest first; of one instant, the word that stands later in `ranks` counts as the newer, whatever order
    they came in."""
    rank = {word: place for place, word in enumerate(ranks)}
    return tuple(sorted(updates, key=lambda one: (one.at, rank.get(one.word, -1), one.word), reverse=True))
