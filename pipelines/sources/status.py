"""Status pages of vendors: incidents as the page tells them, and the words of its components day by day."""

from collections.abc import Iterator, Mapping
from typing import Any

from pipelines import incident_words, status_feeds, status_pages
from pipelines import incidents as told
from pipelines.answers import Answer, shown
from pipelines.errors import Fatal, Gone, SourceError
from pipelines.feeds import XML, read_feed
from pipelines.incidents import Incident
from pipelines.sources import Page, Row, Thing, Visit
from pipelines.text import clean, instant, moment

FORMATS = ("statuspage", "incidentio", "atom", "google")
THINGS = {
    "incidents": Thing(order="whole", empty_is_normal=True),
    "components": Thing(order="whole", empty_is_normal=True),
}
JSON = ("application/json",)
FEED = "/history.atom"
API_SETTING = "HEARTBEAT_STATUS_API"
"""Statuspage's robots.txt shuts /api/ although its makers document it for programs: the owner of this installation decides."""


def incidents(visit: Visit) -> Iterator[Page]:
    """Every incident that the page still shows: some 25 to 50, or all of Google's. What it drops later stays in the warehouse."""
    asked = _Pages(visit)
    found = _read(visit, asked)
    if found is None:
        yield Page([], visit.cursor, is_unchanged=True)
        return
    rows = [told.row(incident) for incident in found]
    if not rows and visit.cursor.get("count"):
        raise Fatal(f"{asked.base}: no incident where there were {visit.cursor['count']} at the last visit; not believed")
    yield Page(rows, {"pages": asked.seen, "count": len(rows)}, expected=len(rows))


def components(visit: Visit) -> Iterator[Page]:
    """The components with their words of today. Feeds and Google's list have none: nothing is expected of them."""
    if not _speaks_api(visit):
        yield Page([], expected=0)
        return
    asked = _Pages(visit)
    answer = asked.get("/api/v2/components.json", JSON)
    if answer is None:
        yield Page([], visit.cursor, is_unchanged=True)
        return
    rows = [_component(item, visit) for item in status_pages.listed(answer, "components") if item.get("id") and not item.get("group")]
    if not rows:
        raise Fatal(f"{shown(answer.url)}: no component on the page; it has changed shape")
    yield Page(rows, {"pages": asked.seen}, expected=len(rows))


class _Pages:
    """Reads pages of the channel's host, each under the condition of its last visit."""

    def __init__(self, visit: Visit) -> None:
        self.base = (visit.channel.base_url or f"https://{visit.channel.target}").rstrip("/")
        self.seen: dict[str, Any] = {}
        self._http = visit.http
        self._known: Mapping[str, Any] = visit.cursor.get("pages") or {}

    def get(self, path: str, accept: tuple[str, ...], is_conditional: bool = True) -> Answer | None:
        """The page, or None when it has not changed since the last visit."""
        url = self.base + path
        known: Mapping[str, Any] = (self._known.get(url) or {}) if is_conditional else {}
        answer = self._http.get(url, accept=accept, etag=known.get("etag"), last_modified=known.get("last_modified"))
        if is_conditional:
            self.seen[url] = {"etag": answer.etag, "last_modified": answer.last_modified}
        return None if answer.status == 304 else answer


def _speaks_api(visit: Visit) -> bool:
    return visit.channel.format == "incidentio" or (visit.channel.format == "statuspage" and API_SETTING in visit.tokens)


def _read(visit: Visit, asked: _Pages) -> list[Incident] | None:
    """The incidents in the channel's format; None when nothing has changed."""
    if visit.channel.format == "google":
        answer = asked.get("/incidents.json", JSON)
        return None if answer is None else _google(answer, asked.base, visit.channel.components)
    if not _speaks_api(visit):
        return _feed(asked)
    try:
        return _api(asked)
    except (Gone, Fatal) as refused:
        if visit.channel.format != "incidentio":
            raise
        try:
            return _feed(asked)  # incident.io keeps the feed where it drops the borrowed API
        except SourceError:
            raise refused from None


def _google(answer: Answer, base: str, products: tuple[str, ...]) -> list[Incident]:
    items = status_pages.listed(answer)
    if not items:
        raise Fatal(f"{shown(answer.url)}: an empty list; Google keeps years of incidents, so the page has changed")
    return list(status_pages.google(items, base, products))


def _api(asked: _Pages) -> list[Incident] | None:
    answer = asked.get("/api/v2/incidents.json", JSON)
    if answer is None:
        return None
    items = status_pages.listed(answer, "incidents")
    summary = asked.get("/api/v2/summary.json", JSON, is_conditional=False)
    return list(status_pages.statuspage(items, asked.base, status_pages.open_ids(summary) if summary else None))


def _feed(asked: _Pages) -> list[Incident] | None:
    answer = asked.get(FEED, XML)
    if answer is None:
        return None
    entries = read_feed(answer)
    if not entries:
        raise Fatal(f"{shown(answer.url)}: a feed without entries; a history has some")
    return list(status_feeds.incidents(entries, shown(answer.url)))


def _component(item: Mapping[str, Any], visit: Visit) -> Row:
    word = str(item.get("status") or "") or None
    code, day = clean(item["id"], 80), visit.now.date().isoformat()
    body = {
        "component_id": code,
        "day_on": day,
        "name": clean(item.get("name"), 80),
        "status_word": clean(word, 40) or None,
        "severity": incident_words.severity(word),
        "changed_at": instant(item.get("updated_at")),
        "drift": incident_words.drift(status=word),
    }
    return Row(f"{code}@{day}", moment(item.get("updated_at")), body)
