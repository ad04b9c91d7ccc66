"""Homes that have published news."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from warehouse.database import open_warehouse
from warehouse.news.items import NewsItem
from warehouse.publish import publish_snapshot
from warehouse.snapshot import Snapshot, read_current

BEGAN_AT = datetime(2026, 11, 1, 6)
NOW = datetime(2026, 11, 30, 6, tzinfo=UTC)


def make_item(number: int, **cells: object) -> NewsItem:
    """Makes the end of a model of GPT, seen a day after the one before."""
    values: dict[str, object] = {
        "news_id": f"{number:016x}", "kind": "end", "family_ids": ("gpt",), "headline": f"GPT: model {number} ends.",
        "url": f"https://example.com/ends#{number}", "is_restated": False,
        "as_of_at": BEGAN_AT + timedelta(days=number - 1),
    }  # fmt: skip
    return NewsItem(**{**values, **cells})  # type: ignore[arg-type]


def publish_items(home: Path, *items: NewsItem, is_sample: bool = False) -> Snapshot:
    """Publishes a version with these items, and no others."""
    with open_warehouse(home) as connection:
        connection.execute(
            "create or replace table staging.families as from (values ('gpt', 'GPT', 'proprietary', 'OpenAI'), "
            "('qwen', 'Qwen', 'open', 'Alibaba')) as t (family_id, title, side, vendor)"
        )
        connection.execute("delete from ledger.settings")
        if is_sample:
            connection.execute("insert into ledger.settings values ('is_sample', 'true')")
        build_id = " ".join(item.news_id for item in items) or "none"
        connection.execute("insert into ledger.settings values ('build_id', ?)", [build_id])
        with patch("warehouse.publish.derive_news", lambda _: [] if is_sample else list(items)):
            publish_snapshot(connection, home, NOW, "1")
    snapshot = read_current(home)
    assert snapshot is not None
    return snapshot
