"""Reads Atom and RSS feeds from answers of the guarded client."""

import re
from calendar import timegm
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from xml.sax import SAXException

from pipelines.http.answers import Answer, redact_url, to_web_link
from pipelines.http.errors import Fatal, Retriable
from pipelines.http.shapes import raises_on_unexpected_shape
from pipelines.text.values import clean_line

MONTHS = {
    "Jan": 1, "Feb": 2, "Mar": 3, "Apr": 4, "May": 5, "Jun": 6, "Jul": 7, "Aug": 8, "Sep": 9, "Oct": 10, "Nov": 11,
    "Dec": 12,
}  # fmt: skip
"""English names of months, whatever the locale of this machine."""
FEW_BLANKS = 64
"""Bytes that are left of a longer run of blanks; a multiple of every encoding's width."""
_BLANKS = re.compile(rb"(?:[\s\0]{4}){17,}")
XML = ("application/atom+xml", "application/rss+xml", "application/xml", "text/xml")


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry of a feed; facts are read from `html`, but it is never stored."""

    id: str
    title: str
    link: str | None
    published_at: datetime | None
    updated_at: datetime | None
    html: str


def read_feed(answer: Answer) -> list[FeedEntry]:
    """Reads the entries of a feed, in order.

    Raises Fatal if it is not a feed or declares entities, Retriable if it is cut off.
    """
    where = redact_url(answer.url)
    # Entities could expand without limit, or read local files.
    if re.search(rb"<!\s*(?:DOCTYPE|ENTITY)", answer.content.replace(b"\0", b""), re.IGNORECASE):
        raise Fatal(f"{where}: declares a document type or entities, which no feed needs; not read")
    import feedparser  # late, since it takes long, and most sources read no feed

    headers = {"content-type": answer.headers.get("content-type", "")}
    # feedparser reports most faults, but raises for an encoding whose name it cannot read.
    with raises_on_unexpected_shape(f"{where}: the feed"):
        # feedparser searches runs of blank lines in quadratic time, in every encoding.
        content = _BLANKS.sub(lambda run: run[0][:FEW_BLANKS], answer.content)
        feed = feedparser.parse(content, response_headers=headers)
    if not feed.get("version"):
        raise Fatal(f"{where}: not an Atom or RSS feed; the page has changed")
    fault = feed.get("bozo_exception")
    if isinstance(fault, SAXException):
        is_cut = re.search("no element found|unclosed", str(fault)) is not None
        raise Retriable(f"{where}: the feed is cut off") if is_cut else Fatal(f"{where}: the feed is not well-formed")
    return list(_read_entries(feed.entries, answer.url))


def _read_entries(items: list[Any], base: str) -> Iterator[FeedEntry]:
    for item in items:
        content = item.get("content") or [{"value": item.get("summary", "")}]
        # Bypasses feedparser's own `get`, which returns the publication date for a missing date of change.
        published, updated = (_to_utc(dict.get(item, f"{name}_parsed")) for name in ("published", "updated"))
        link = to_web_link(item.get("link"), base)
        yield FeedEntry(
            clean_line(item.get("id") or link, 300),
            clean_line(item.get("title"), 160),
            link,
            published,
            updated,
            str(content[0].get("value", "")),
        )


def _to_utc(parsed: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC) if parsed else None
    except (ValueError, TypeError, OverflowError):
        return None
