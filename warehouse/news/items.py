"""An item of news, and the words that all items share."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from urllib.parse import quote, urlsplit

LONGEST = 300
"""Most characters of a text from elsewhere that an item repeats."""
UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]+"
)
UNDATED = datetime(1, 1, 1)  # noqa: DTZ001  # as DuckDB gives instants


class NewsKind(StrEnum):
    """What an item is about, in the order in which people read them."""

    END = "end"
    VERDICT = "verdict"
    PRICE = "price"


BEGAN = "began"
"""The kind of the first item of all."""


@dataclass(frozen=True, slots=True)
class NewsItem:
    """One thing that changed."""

    kind: str
    family_ids: tuple[str, ...]
    headline: str
    page: str
    """Address of the page of the dashboard that shows more, relative to it."""
    url: str = ""
    """The source's own page; empty if there is none."""
    is_restated: bool = False
    """True if our definitions or readers changed, not what is measured."""
    news_id: str = ""
    as_of_at: datetime = UNDATED
    """When we saw the change, by the data and not by the clock; UTC, naive."""
    number: int = 0


def digest_facts(*facts: object) -> str:
    """Returns the id of an item: the same for the same change, however it is worded."""
    return hashlib.sha256("\n".join(map(str, facts)).encode()).hexdigest()[:16]


def number_items(items: Iterable[NewsItem]) -> list[NewsItem]:
    """Sorts items by day and numbers them. Of one day ends come last, as everybody reads the newest first."""
    kinds = [kind.value for kind in NewsKind]
    ordered = sorted(
        {(item.headline, item.url, item.as_of_at.date()): item for item in items}.values(),
        key=lambda item: (
            item.kind != BEGAN, item.as_of_at.date(), -kinds.index(item.kind) if item.kind in kinds else 0,
            item.as_of_at, item.headline,
        ),
    )  # fmt: skip
    return [replace(item, number=number) for number, item in enumerate(ordered, 1)]


def clean_text(text: object, longest: int = LONGEST) -> str:
    """Returns a text from elsewhere in one line, without what nobody sees, and cut if it is long."""
    flat = " ".join(UNSEEN.sub(" ", str(text)).split())
    return flat if len(flat) <= longest else flat[: longest - 1].rstrip() + "…"


def clean_link(url: object) -> str:
    """Returns a link of the web as it is, and nothing for any other."""
    text = str(url or "")
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    is_web = parts.scheme in ("http", "https") and bool(parts.netloc) and parts.username is None
    return text if is_web and re.fullmatch(r"[!#-;=?-\[\]_a-z~%&]+", text) else ""


def make_page(name: str, *families: str) -> str:
    """Makes the address of a page that shows these families."""
    chosen = "&".join(f"family={quote(family, safe='')}" for family in families)
    return f"{name}?{chosen}" if chosen else name


def format_day(day: str | date | None, kind: str = "exact") -> str:
    """Formats a day as its kind allows: `3 Mar 2027`, `March 2027`, `not before 3 Mar 2027`."""
    if day is None:
        return "no date"
    on = date.fromisoformat(day) if isinstance(day, str) else day
    if kind == "month":
        return f"{on:%B %Y}"
    stated = f"{on.day} {on:%b %Y}"
    return f"not before {stated}" if kind == "not_before" else stated
