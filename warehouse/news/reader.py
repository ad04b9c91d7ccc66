"""The news of a snapshot as readers get them: newest first, each with the addresses that it leads to."""

import re
from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from warehouse.news.items import NewsItem, clean_link, clean_text
from warehouse.snapshot import Snapshot, has_table, query

NEWS = "meta.news"
NEWS_SCHEMA = pa.schema(
    [
        ("number", pa.int64()), ("news_id", pa.string()), ("kind", pa.string()),
        ("family_ids", pa.list_(pa.string())), ("headline", pa.string()), ("page", pa.string()), ("url", pa.string()),
        ("is_restated", pa.bool_()), ("as_of_at", pa.timestamp("us")),
    ]
)  # fmt: skip
LONGEST_HEADLINE = 2_000
PAGE = re.compile(r"[a-z]{1,20}(\?family=[\w.%-]{1,99}(&family=[\w.%-]{1,99})*)?")
"""The address of a page of the dashboard, relative to it."""


def load_news(snapshot: Snapshot) -> list[NewsItem] | None:
    """Loads all items, newest first; None where the snapshot was published without news."""
    if not has_table(snapshot, NEWS):
        return None
    names = ", ".join(field.name for field in fields(NewsItem))
    rows = query(snapshot, f"select {names} from {NEWS} order by number desc").to_pylist()
    return [_clean_row(row) for row in rows]


def _clean_row(row: dict[str, Any]) -> NewsItem:
    """Takes nothing on trust: strangers write the snapshots that are followed."""
    return NewsItem(
        number=int(row["number"]), news_id=clean_text(row["news_id"]), kind=clean_text(row["kind"]),
        family_ids=tuple(map(str, row["family_ids"] or ())),
        headline=clean_text(row["headline"], LONGEST_HEADLINE), url=clean_link(row["url"]),
        page=row["page"] if PAGE.fullmatch(row["page"]) else "", is_restated=bool(row["is_restated"]),
        as_of_at=row["as_of_at"],
    )  # fmt: skip


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
    """Lists where an item leads: the source's own page, and the page of the dashboard where its address is known."""
    return [link for link in (item.url, f"{address}/{item.page}" if address and item.page else "") if link]
