"""Makes the message with the news that is due: after the run that published it, or weekly."""

from collections.abc import Sequence
from datetime import UTC, timedelta

from pipelines.notifying.alerts import NEWS, AlertState, Message, NewsSent
from pipelines.notifying.sending import Notice
from warehouse.database import WarehouseError
from warehouse.news.items import NewsItem
from warehouse.news.reader import list_links, load_news
from warehouse.settings import Settings
from warehouse.snapshot import published_folder, read_published

WEEK = timedelta(days=7)
LATELY = timedelta(days=14)
"""Age up to which an item counts as news: a visit may land days after the next one."""
MOST = 20
"""Items that a message lists; it counts the others, which are on the page."""


def prepare_news(state: AlertState, settings: Settings) -> tuple[AlertState, list[Message]]:
    """Returns the message with the news since the last one, if it is due; the first time only where to begin."""
    now, sent = settings.clock(), state.news
    items = _load_items(settings)
    if settings.news == "off" or not settings.notify_places or not items:
        return state, []
    since = (sent.sent_at if sent else now) - LATELY
    lately = [item for item in items if item.as_of_at.replace(tzinfo=UTC) >= since]
    stated = NewsSent(sent_at=now, ids=tuple(item.news_id for item in lately))
    if sent is None:
        return state.change(news=stated), []
    fresh = [item for item in lately if item.news_id not in sent.ids]
    is_early = settings.news == "weekly" and timedelta() <= now - sent.sent_at < WEEK
    return state, [] if is_early or not fresh else [Message(compose_notice(fresh, settings), NEWS, stated)]


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
    return Notice(title, "\n".join([*lines, "", everything]))
