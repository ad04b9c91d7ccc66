"""Sends the news to the places of HEARTBEAT_NOTIFY, at once or weekly: to each place what it has not had yet."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, SecretStr, ValidationError

from pipelines.notifying.sending import Notice, deliver_notice, name_place
from warehouse.durable import write_file
from warehouse.lock import Locked, hold_lock
from warehouse.news.items import NewsItem
from warehouse.news.reader import list_links, load_news
from warehouse.settings import Settings
from warehouse.snapshot import published_folder, read_published

FOLDER, SENT = "news", "sent.json"
WEEK = timedelta(days=7)
MOST_BYTES = 8_000
"""A message holds no more; what it leaves out is counted and stands on the page."""
MOST_NAMED = 3
"""Families named in a subject."""
OURS = "Changed by us (our method or our coverage, not what is measured):"


class Sent(BaseModel):
    """How far one place has had the news."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    first: str
    """Id of the first item of all: another one means that the news began anew."""
    number: int
    sent_at: AwareDatetime
    """When it was last sent something, or when it was first named."""
    trouble: str = ""
    """Why it did not take the last message; empty if it did."""


class SentByPlace(BaseModel):
    """The content of `sent.json`, by a digest of each place's address, which is a secret."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    places: dict[str, Sent] = {}


def send_news(settings: Settings) -> list[str]:
    """Sends each place what it has not had yet, if that is due; returns a line for each that did not take it.

    A place is noted as soon as it took its message, so that neither a restart nor another place's refusal repeats
    it; one that refused gets it after the next publish.
    """
    if settings.news == "off" or not settings.notify_places:
        return []
    snapshot = read_published(published_folder(settings.home))
    items = load_news(snapshot) if snapshot and not snapshot.is_sample else None
    if not items:
        return []
    folder = settings.home / FOLDER
    try:
        with hold_lock(folder, "sending news", wait_seconds=0, name="sending"):
            return list(_serve_places(settings, items, folder / SENT))
    except Locked:
        return []


def read_sent(settings: Settings) -> dict[int, Sent]:
    """Reads how far each place has had the news, by its number."""
    known = _read_places(settings.home / FOLDER / SENT)
    keys = enumerate(map(_digest_place, settings.notify_places), 1)
    return {number: known[key] for number, key in keys if key in known}


def _serve_places(settings: Settings, items: Sequence[NewsItem], path: Path) -> Iterator[str]:
    """Serves one place after the other, and yields the line of each that did not take its message."""
    now, before = settings.clock(), _read_places(path)
    places = {_digest_place(place): place for place in settings.notify_places}
    known = {key: before[key] for key in places if key in before}
    for number, (key, place) in enumerate(places.items(), 1):
        sent, due = _find_due(settings, items, known.get(key), now)
        if due:
            # A disk that takes no note would have the same sent again and again.
            _write_places(path, known)
            alone = settings.model_copy(update={"notify": SecretStr(place)})
            for label, fault in deliver_notice(alone, compose_notice(due, settings)):
                if fault:
                    sent = known[key].model_copy(update={"trouble": fault})
                    yield f"{name_place(number)}{label.removeprefix(name_place(1))}: {fault}"
        if sent != known.get(key):
            known[key] = sent
            _write_places(path, known)


def _find_due(
    settings: Settings, items: Sequence[NewsItem], before: Sent | None, now: datetime
) -> tuple[Sent, list[NewsItem]]:
    """Finds what a place is to be sent now, and how far it will have had the news then."""
    newest = Sent(first=items[-1].news_id, number=items[0].number, sent_at=now)
    if before is None or before.first != newest.first:
        return newest, []  # what was told before it was named is on the page
    further = [item for item in items if item.number > before.number]
    if not further:
        return before.model_copy(update={"number": newest.number, "trouble": ""}), []
    is_early = settings.news == "weekly" and timedelta() <= now - before.sent_at < WEEK
    return (before, []) if is_early else (newest, further)


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


def _read_places(path: Path) -> Mapping[str, Sent]:
    """Reads the state; one that is missing or damaged is as if no place was named yet."""
    try:
        return SentByPlace.model_validate_json(path.read_bytes()).places
    except (FileNotFoundError, ValidationError):
        return {}


def _write_places(path: Path, places: Mapping[str, Sent]) -> None:
    write_file(path, SentByPlace(places=dict(places)).model_dump_json(indent=1))


def _digest_place(place: str) -> str:
    return hashlib.sha256(place.encode()).hexdigest()[:32]
