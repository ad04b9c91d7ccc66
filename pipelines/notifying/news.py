"""Makes the message with the news that is due: after the run that published it, or weekly."""

from collections.abc import Sequence
from datetime import timedelta

from pipelines.notifying.alerts import AlertState, Message
from pipelines.notifying.sending import Notice
from warehouse.database import WarehouseError
from warehouse.news.items import NewsItem, list_links, load_news, select_news
from warehouse.settings import Settings
from warehouse.snapshot import published_folder, read_published

WEEK = timedelta(days=7)
LATELY = timedelta(days=14)
"""Age up to which an item counts as news: a visit may land days after the next one."""
MOST = 20
"""Items that a message lists."""


def list_news(state: AlertState, settings: Settings) -> tuple[AlertState, list[Message]]:
    """Returns the message with the news since the last one, if it is due; the first time only where to begin."""
    items = _load_items(settings)
    if settings.news == "off" or not settings.notify_places or items is None:
        return state, []
    now, sent_at = settings.clock(), state.news_sent_at
    lately = select_news(items, since=(sent_at or now) - LATELY)
    changes = {"news_sent_at": now, "news_ids": [item.news_id for item in lately]}
    if sent_at is None:
        return state.model_copy(update=changes), []
    fresh = [item for item in lately if item.news_id not in state.news_ids]
    is_early = settings.news == "weekly" and timedelta() <= now - sent_at < WEEK
    return state, [] if is_early or not fresh else [Message(_compose(fresh, settings), changes)]


def _load_items(settings: Settings) -> list[NewsItem] | None:
    try:
        snapshot = read_published(published_folder(settings.home))
        return load_news(snapshot) if snapshot and not snapshot.is_sample else None
    except WarehouseError:
        return None  # the condition of the snapshot reports this


def _compose(items: Sequence[NewsItem], settings: Settings) -> Notice:
    """Composes a message: one line an item with its links."""
    address = settings.dashboard_address
    lines = [" ".join(["-", item.headline, *list_links(item, address)]) for item in items[:MOST]]
    lines += [f"And {len(items) - MOST:,} more."] if len(items) > MOST else []
    what = items[0].headline if len(items) == 1 else f"{len(items):,} changes"
    everything = f"All news: {address}/overview" if address else "All news: `heartbeat news`"
    return Notice(f"Heartbeat: {what}", "\n".join([*lines, "", everything]))
