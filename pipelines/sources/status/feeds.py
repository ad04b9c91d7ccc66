"""Common ground of status feeds: dated posts in HTML, and lines like `Status: resolved`."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from html import unescape

from pipelines.http.answers import Answer, redact_url
from pipelines.http.errors import Fatal, Gone
from pipelines.markup.feeds import MONTHS, XML, FeedEntry, read_feed
from pipelines.sources.status import zones
from pipelines.sources.status.incident import Update
from pipelines.sources.status.pages import Pages

_POST = re.compile(
    r"<small>\s*+(.{0,300}?)</small>\s*+<br\s*+/?>\s*+<strong>\s*+(.{0,100}?)</strong>(.*?)(?=<small>|\Z)", re.DOTALL
)
_DAY = re.compile(
    rf"([A-Z][a-z]{{2}})[a-z]*\s+(\d{{1,2}}),\s*(\d{{1,2}}):(\d\d)(?::(\d\d))?\s*(?P<zone>{zones.PATTERN})"
)
"""Day, time and zone of a post."""
SAME_POST = timedelta(minutes=2)
"""Largest difference between a post's minute and the entry's own instant of it."""
_STATUS = re.compile(r"\bStatus:\s*(?:</\w+>\s*)*([A-Za-z][A-Za-z _-]*+)[^\S\n]*+(?=<|\n|$)", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>|</(?:p|li|div|h\d)>", re.IGNORECASE)
_STATE = re.compile(r"\([^()]*\)$")


def get_feed(pages: Pages, *paths: str) -> Answer | None:
    """Gets the first of these feeds that exists, trying the last visit's first; None if it has not changed."""
    visited = pages.visit.cursor.get("pages") or {}
    first, *others = sorted(paths, key=lambda path: pages.base + path not in visited)
    try:
        return pages.get(first, XML)
    except Gone:
        if not others:
            raise
        return get_feed(pages, *others)


def read_entries(answer: Answer) -> list[FeedEntry]:
    """Reads the entries of a history feed, which never runs empty. Raises Fatal if it does, or if none has an id."""
    entries = read_feed(answer)
    if not entries:
        raise Fatal(f"{redact_url(answer.url)}: a feed without entries; a history has some")
    if not any(entry.id for entry in entries):
        raise Fatal(f"{redact_url(answer.url)}: entries without an id; the feed has changed shape")
    return entries


def read_posts(entry: FeedEntry) -> Iterator[Update]:
    """Yields the updates in an entry of Statuspage, newest first, without those in a zone that is not known."""
    posts = [(_DAY.search(strip_html(head)), word, text) for head, word, text in _POST.findall(entry.html)]
    words = {match["zone"] for match, *_ in posts if match}
    offsets = {zone: offset for zone in words if (offset := _choose_offset(zone, entry, posts)) is not None}
    for match, word, text in posts:
        if match and match["zone"] in offsets and (at := _date_post(match, offsets[match["zone"]], entry)):
            yield Update(at, strip_html(word).lower(), strip_html(text))


def describe_undated_post(entry: FeedEntry) -> str:
    """Describes when the first post of an entry was written, as the page has it; empty without a post."""
    post = _POST.search(entry.html)
    return strip_html(post[1])[:60] if post else ""


def _choose_offset(
    zone: str, entry: FeedEntry, posts: Sequence[tuple[re.Match[str] | None, str, str]]
) -> timedelta | None:
    """Chooses what a zone's word means here: of several places, the one in which a post meets the entry's instants."""
    candidates = zones.read_offsets(zone)
    if len(candidates) < 2:
        return candidates[0] if candidates else None
    known = [at for at in (entry.published_at, entry.updated_at) if at]
    matches = [match for match, *_ in posts if match and match["zone"] == zone]
    for offset in candidates:
        dated = [at for match in matches if (at := _date_post(match, offset, entry))]
        if any(abs(at - instant) <= SAME_POST for at in dated for instant in known):
            return offset
    return None


def _date_post(match: re.Match[str], offset: timedelta, entry: FeedEntry) -> datetime | None:
    """Finds the instant of this month, day and time that is nearest to the entry's own."""
    near = entry.published_at or entry.updated_at
    if near is None:
        return None
    month, day, hour, minute = MONTHS.get(match[1], 0), int(match[2]), int(match[3]), int(match[4])
    # Posts carry no year: before a resolution in January, a post of December is last year's.
    instants = []
    for year in (near.year - 1, near.year, near.year + 1):
        with suppress(ValueError, OverflowError):  # 29 February of another year
            at = datetime(year, month, day, hour, minute, int(match[5] or 0), tzinfo=UTC)
            instants.append(at - offset)
    return min(instants, key=lambda at: abs(at - near), default=None)


def read_status(html: str) -> str | None:
    """Reads the word after `Status:`, in lower case."""
    match = _STATUS.search(html)
    return match[1].strip().lower() if match else None


def read_labelled_text(html: str, label: str) -> str:
    """Reads the text from a label (`Affected components:`) to the end of its paragraph; empty without that label."""
    match = re.search(rf"(?:^|>)\s*{label}:\s*(?:</\w+>\s*)*(.*?)(?:</p>|<p\b|\Z)", html, re.DOTALL | re.IGNORECASE)
    return strip_html(match[1]) if match else ""


def list_names_after(html: str, label: str) -> list[str]:
    """Lists the names in `<li>` after a label, sorted, without the state in brackets behind each."""
    _, _, rest = html.partition(label)
    names = [_STATE.sub("", strip_html(name)).strip() for name in list_elements(rest, "li")]
    return sorted({*names} - {""})


def list_elements(html: str, tag: str) -> list[str]:
    """Lists what is in the elements of a tag without attributes, each up to the next end of one."""
    start, end = (re.compile(f"<{slash}{tag}>", re.IGNORECASE) for slash in ("", "/"))
    texts, place = [], 0
    # A pattern for both would search for an end from each start, and so take the square of their number.
    while (opened := start.search(html, place)) and (closed := end.search(html, opened.end())):
        texts.append(html[opened.end() : closed.start()])
        place = closed.end()
    return texts


def strip_html(html: str) -> str:
    """Strips a piece of HTML to its text, on one line."""
    return " ".join(unescape(re.sub(r"<[^<>]*>", "", _BREAK.sub(" ", html))).split())
