"""Adds the news that is due to the messages on their way: with each publish, or weekly."""

from collections.abc import Sequence
from datetime import timedelta

from pipelines.notifying.alerts import AlertState, NewsSent
from pipelines.notifying.sending import Notice
from warehouse.database import WarehouseError
from warehouse.news.items import NewsItem
from warehouse.news.reader import list_links, load_news
from warehouse.settings import Settings
from warehouse.snapshot import published_folder, read_published

WEEK = timedelta(days=7)
MOST = 20
"""Items that a message lists; it counts the others, which are on the page."""


def add_news(state: AlertState, settings: Settings) -> AlertState:
    """Adds a message with the news since the last one, if it is due; the first time it only notes where to begin."""
    items = _load_items(settings)
    if settings.news == "off" or not settings.notify_places or not items:
        return state
    now, before = settings.clock(), state.news
    newest, ids = NewsSent(newest_id=items[0].news_id, sent_at=now), [item.news_id for item in items]
    if before is None or before.newest_id not in ids:
        return state.change(news=newest)
    fresh = items[: ids.index(before.newest_id)]
    is_early = settings.news == "weekly" and timedelta() <= now - before.sent_at < WEEK
    if not fresh or is_early:
        return state
    places = tuple(range(1, len(settings.notify_places) + 1))
    notice = compose_notice(fresh, settings).model_copy(update={"made_at": now, "places": places})
    return state.change(news=newest, outbox=(*state.outbox, notice))


def _load_items(settings: Settings) -> list[NewsItem]:
    try:
        snapshot = read_published(published_folder(settings.home))
        return (load_news(snapshot) or []) if snapshot and not snapshot.is_sample else []
    except WarehouseError:
        return []  # the condition of the snapshot reports this


def compose_notice(items: Sequence[NewsItem], settings: Settings) -> Notice:
    """Composes a message: one line an item with its links."""
    address = settings.dashboard_address
    lines = [" ".join(["-", item.headline, *list_links(item, address)]) for item in items[:MOST]]
    lines += [f"And {len(items) - MOST:,} more."] if len(items) > MOST else []
    names = ", ".join(dict.fromkeys(item.headline.partition(": ")[0] for item in items if item.family_ids))
    what = items[0].headline if len(items) == 1 else f"{len(items):,} changes: {names}".removesuffix(": ")
    title = f"Heartbeat: {what}" if settings.news == "at-once" else f"Heartbeat, this week: {what}"
    everything = f"All news: {address}/overview" if address else "All news: `heartbeat news`"
    return Notice(title=title, body="\n".join([*lines, "", everything]))
