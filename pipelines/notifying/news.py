"""Adds the news that is due to the messages on their way: with each publish, or weekly."""

from collections.abc import Sequence
from datetime import timedelta

from pipelines.notifying.alerts import AlertState, NewsSent, Outgoing
from pipelines.notifying.sending import Notice
from warehouse.database import WarehouseError
from warehouse.news.items import NewsItem
from warehouse.news.reader import list_links, load_news
from warehouse.settings import Settings
from warehouse.snapshot import published_folder, read_published

WEEK = timedelta(days=7)
MOST_BYTES = 8_000
"""A message holds no more; it counts what it leaves out, which is on the page."""
MOST_NAMED = 3
"""Families named in a subject."""
OURS = "Changed by us (our method or our readers, not what is measured):"


def add_news(state: AlertState, settings: Settings) -> AlertState:
    """Adds a message with the news since the last one, if it is due; the first time it only notes where to begin."""
    items = _load_items(settings)
    if settings.news == "off" or not settings.notify_places or not items:
        return state
    now, before = settings.clock(), state.news
    newest = NewsSent(first=items[-1].news_id, number=items[0].number, sent_at=now)
    if before is None or before.first != newest.first:
        return state.change(news=newest)
    fresh = [item for item in items if item.number > before.number]
    is_early = settings.news == "weekly" and timedelta() <= now - before.sent_at < WEEK
    if not fresh or is_early:
        return state
    notice, places = compose_notice(fresh, settings), tuple(range(1, len(settings.notify_places) + 1))
    message = Outgoing(title=notice.title, body=notice.body, made_at=now, places=places)
    return state.change(news=newest, outbox=(*state.outbox, message))


def _load_items(settings: Settings) -> list[NewsItem]:
    try:
        snapshot = read_published(published_folder(settings.home))
        return (load_news(snapshot) or []) if snapshot and not snapshot.is_sample else []
    except WarehouseError:
        return []  # the condition of the snapshot reports this


def compose_notice(items: Sequence[NewsItem], settings: Settings) -> Notice:
    """Composes a message: one line an item with its links, what we changed ourselves last."""
    address = settings.dashboard_address
    lines = [_word_item(item, address) for item in items if not item.is_restated]
    ours = [_word_item(item, address) for item in items if item.is_restated]
    listed = [*lines, *(["", OURS, *ours] if ours and lines else [OURS, *ours] if ours else [])]
    kept: list[str] = []
    for line in listed:
        if sum(len(one.encode()) + 1 for one in [*kept, line]) > MOST_BYTES:
            break
        kept.append(line)
    left = sum(line.startswith("- ") for line in listed[len(kept) :])
    more = [f"And {left:,} more."] if left else []
    where = f"All news: {address}/news" if address else "All news: `heartbeat news`"
    what = items[0].headline if len(items) == 1 else f"{len(items):,} changes{_name_families(items)}"
    title = f"Heartbeat: {what}" if settings.news == "at-once" else f"Heartbeat, this week: {what}"
    return Notice(title, "\n".join([*kept, *more, "", where]))


def _name_families(items: Sequence[NewsItem]) -> str:
    """Names whom the items are about, as their headlines begin, for a subject that tells which message to open."""
    names = list(dict.fromkeys(item.headline.partition(": ")[0] for item in items if item.family_ids))
    more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    return f": {', '.join(names[:MOST_NAMED])}{more}" if names else ""


def _word_item(item: NewsItem, address: str) -> str:
    return " ".join(["-", item.headline, *list_links(item, address)])
