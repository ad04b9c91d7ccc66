"""xAI's feed as it is since September 2026: an item per affected part, all of one incident under one guid."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import pytest

from pipelines.catalog.entries import Channel
from pipelines.http.items import ItemReader
from pipelines.markup.feeds import FeedEntry
from pipelines.sources import status
from pipelines.sources.status.formats import xai
from pipelines.sources.status.incident import make_incident_row
from tests.worlds.raw_server import RawServer, answer, raw_server
from tests.worlds.visits import make_visit

DAY = datetime(2026, 10, 20, tzinfo=UTC)
PARTS = ("Global (api.lamp.example)", "EU (eu.api.lamp.example)", "lamp.example", "Lamp (iOS)")


def at(hour: int, minute: int) -> datetime:
    return DAY.replace(hour=hour, minute=minute)


def post(hour: int, minute: int, heading: str) -> str:
    when = format_datetime(at(hour, minute), usegmt=True)
    return f"<div><p><strong>{when}</strong></p><h3>{heading}</h3><p>Words.</p></div>"


def stated(part: str, state: str, severity: str, *posts: str, end: str = "", guid: str = "INCa1") -> FeedEntry:
    over = f"<p>Resolved: {end}</p>" if end else ""
    html = f"<h3>Status: {state}</h3><p>Severity: {severity}</p>{over}<hr /><h4>Updates:</h4>{''.join(posts)}"
    link = f"https://status.lamp.example/{part[:3].lower()}/{guid}"
    return FeedEntry(guid, f"[{part}] Lamps flicker", link, at(9, 0), None, html)


def read(entries: list[FeedEntry]) -> dict[str, Any]:
    listed = [make_incident_row(incident) for incident in xai.parse_incidents(entries, ItemReader("x"))]
    assert len({row.key for row in listed}) == len(listed)
    return {row.key: row.body for row in listed}


END = "Tue, 20 Oct 2026 09:40:00 GMT"
POSTS = (post(9, 41, "Resolved"), post(9, 10, "Investigating"), post(9, 2, "Investigating"))


def test_items_of_one_guid_are_one_incident_with_all_parts() -> None:
    """Each item names one part: with one row a key, the API's part would be lost to whichever item came last."""
    entries = [stated(part, "RESOLVED", "outage", *POSTS, end=END) for part in PARTS]
    body = read(entries)["INCa1"]
    assert body["component_names"] == sorted(PARTS)
    assert (body["severity"], body["title"]) == (3, "Lamps flicker")
    assert (body["posted_at"][11:16], body["resolved_at"][11:16]) == ("09:00", "09:40")
    for seed in range(5):
        assert read(random.Random(seed).sample(entries, len(entries))) == {"INCa1": body}


def test_an_incident_goes_on_as_long_as_one_part_does() -> None:
    """The end of one part is no end of the incident, and its worst severity is the incident's."""
    over = stated(PARTS[0], "RESOLVED", "degraded", *POSTS, end=END)
    goes_on = stated(PARTS[1], "ACTIVE", "disruption", post(9, 50, "Investigating"))
    body = read([over, goes_on])["INCa1"]
    assert (body["is_over"], body["resolved_at"]) == (False, None)
    assert body["severity"] == 2


def test_parts_with_guids_of_their_own_are_one_incident_too() -> None:
    """Entries from before September 2026: by title and instant, one outage was posted once for each part."""
    entries = [stated(part, "RESOLVED", "outage", end=END, guid=f"INC{part[:2]}") for part in PARTS]
    (body,) = read(entries).values()
    assert (body["component_names"], body["incident_id"]) == (sorted(PARTS), min(f"INC{part[:2]}" for part in PARTS))
    later = FeedEntry("INCz9", "[Lamp (iOS)] Lamps flicker", None, at(9, 1), None, "<h3>Status: RESOLVED</h3>")
    assert set(read([*entries, later])) == {body["incident_id"], "INCz9"}


def test_a_heading_that_is_a_status_is_one_and_prose_is_not() -> None:
    """Older headings are prose; an incident without `Resolved:` then ends with the post that says so."""
    posts = (post(9, 30, "Resolved"), post(9, 20, "Traffic is healthy again"), post(9, 5, "Identified"))
    body = read([stated(PARTS[0], "RESOLVED", "outage", *posts)])["INCa1"]
    assert body["resolved_at"][11:16] == "09:30"
    assert body["drift"] == []


@pytest.fixture
def server() -> Iterator[RawServer]:
    with raw_server() as running:
        yield running


def test_the_severity_and_the_parts_of_a_visit_outlast_the_feed(server: RawServer) -> None:
    """Until September 2026 what was over became `available`: only a visit that saw it go on knows how bad it was; and a
    feed that is cut within an incident no longer names the API."""
    item = (
        "<item><title>[{part}] Lamps flicker</title><link>https://status.lamp.example/a/INCa1</link>"
        "<guid isPermaLink='false'>INCa1</guid><description><![CDATA[<h3>Status: {state}</h3><p>Severity: {word}</p>]]>"
        "</description><pubDate>Tue, 20 Oct 2026 09:00:00 GMT</pubDate></item>"
    )

    def feed(state: str, word: str, parts: tuple[str, ...] = PARTS) -> bytes:
        items = "".join(item.format(part=part, state=state, word=word) for part in parts)
        body = f"<rss version='2.0'><channel><title>SpaceXAI System Status</title>{items}</channel></rss>"
        return answer(200, body.encode(), {"content-type": "application/rss+xml"})

    server.script["/feed.xml"] = [feed("ACTIVE", "outage"), feed("RESOLVED", "available", PARTS[2:])]
    channel = Channel(source="status", target="s.example", role="status", format="xai", base_url=server.url(""))
    (first,) = status.incidents(make_visit(channel))
    (second,) = status.incidents(make_visit(channel, first.cursor))
    assert [(len(page.rows), page.rows[0].body["severity"]) for page in (first, second)] == [(1, 3), (1, 3)]
    assert second.rows[0].body["is_over"] is True
    assert [sorted(page.rows[0].body["component_names"]) for page in (first, second)] == [sorted(PARTS)] * 2


def test_an_incident_that_was_numbered_anew_keeps_its_first_id(server: RawServer) -> None:
    """As xAI did in September 2026: under its new guid, the outage would count a second time."""

    def feed(*guids: str) -> bytes:
        items = "".join(
            f"<item><title>[{part}] {title}</title><guid isPermaLink='false'>{guid}</guid>"
            f"<link>https://status.lamp.example/a/{guid}</link><description><![CDATA[<h3>Status: RESOLVED</h3>]]>"
            "</description><pubDate>Tue, 20 Oct 2026 09:00:00 GMT</pubDate></item>"
            for part, title, guid in zip(
                PARTS, ("Lamps flicker", "Lamps flicker", "Sockets are dead"), guids, strict=False
            )
        )
        body = f"<rss version='2.0'><channel><title>SpaceXAI System Status</title>{items}</channel></rss>"
        return answer(200, body.encode(), {"content-type": "application/rss+xml"})

    server.script["/feed.xml"] = [feed("INCb", "INCc", "INCd"), feed("INCx", "INCx", "INCy"), feed("INCx", "INCx")]
    channel = Channel(source="status", target="s.example", role="status", format="xai", base_url=server.url(""))
    keys, cursor = [], None
    for _ in range(3):
        (page,) = status.incidents(make_visit(channel, cursor))
        keys.append(sorted(row.key for row in page.rows))
        cursor = page.cursor
    assert keys == [["INCb", "INCd"], ["INCb", "INCd"], ["INCb"]]
