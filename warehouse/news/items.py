"""An item of news, and the news of a snapshot as readers get them: newest first, each with its links."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote

from warehouse.snapshot import Snapshot, has_table, query

NEWS = "meta.news"
NEWS_COLUMNS = (
    "news_id varchar", "kind varchar", "family_ids varchar[]", "headline varchar", "url varchar", "is_restated boolean",
    "as_of_at timestamp",
)  # fmt: skip
LONGEST = 500
"""Most characters of a headline."""
UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]+"
)
LINK = re.compile(r"https?://[\w.:-]+([/?#][!#-;=?-\[\]_a-z~%&]*)?", re.ASCII)
PAGES = {"end": "changes", "verdict": "claims", "price": "openness"}
"""The page of the dashboard that shows more, by kind."""


@dataclass(frozen=True, slots=True)
class NewsItem:
    """One thing that changed."""

    news_id: str
    """The same for the same change, however it is worded."""
    kind: str
    family_ids: tuple[str, ...]
    headline: str
    url: str
    """The source's own page; empty if there is none."""
    is_restated: bool
    """True if our definitions may have changed, and not what is measured."""
    as_of_at: datetime
    """When we saw the change, by the data and not by the clock; UTC, naive."""

    @property
    def page(self) -> str:
        """Address of the page of the dashboard that shows more, relative to it."""
        return make_page(PAGES.get(self.kind, "overview"), *self.family_ids)


def load_news(snapshot: Snapshot) -> list[NewsItem] | None:
    """Loads all items, newest first; None if the snapshot was published without news."""
    if not has_table(snapshot, NEWS):
        return None
    columns = ", ".join(column.split()[0] for column in NEWS_COLUMNS)
    rows = query(snapshot, f"select {columns} from {NEWS} order by as_of_at desc, kind, headline").to_pylist()
    return [_clean_row(row) for row in rows]


def _clean_row(row: dict[str, Any]) -> NewsItem:
    """Trusts no text: names come from pages of others, and strangers write the snapshots that are followed."""
    cleaned = {name: clean_text(row[name]) for name in ("news_id", "kind", "headline")}
    url = row["url"] if LINK.fullmatch(row["url"] or "") else ""
    return NewsItem(**row | cleaned | {"url": url, "family_ids": tuple(row["family_ids"] or ())})


def select_news(
    items: Sequence[NewsItem], families: Collection[str] = (), since: datetime | None = None
) -> list[NewsItem]:
    """Selects items of these families, from an instant on; naming none selects all."""
    return [
        item
        for item in items
        if (not families or set(families) & set(item.family_ids))
        and (since is None or item.as_of_at.replace(tzinfo=UTC) >= since)
    ]


def list_links(item: NewsItem, address: str) -> list[str]:
    """Lists the source's own page, and the page of the dashboard if its address is known."""
    return [link for link in (item.url, f"{address}/{item.page}" if address else "") if link]


def clean_text(text: object) -> str:
    """Returns a text in one line, without invisible characters, and cut if it is long."""
    flat = " ".join(UNSEEN.sub(" ", str(text)).split())
    return flat if len(flat) <= LONGEST else flat[: LONGEST - 1].rstrip() + "…"


def make_page(name: str, *families: str) -> str:
    """Makes the address of a page that shows these families."""
    chosen = "&".join(f"family={quote(family, safe='')}" for family in families)
    return f"{name}?{chosen}" if chosen else name


def format_day(day: date, kind: str = "exact") -> str:
    """Formats a day as its kind allows: `3 Mar 2027`, `March 2027`, `not before 3 Mar 2027`."""
    if kind == "month":
        return f"{day:%B %Y}"
    stated = f"{day.day} {day:%b %Y}"
    return f"not before {stated}" if kind == "not_before" else stated
