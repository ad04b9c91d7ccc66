"""Better Stack's feed: posts of one monitor are paired by time, and entries without a guid never by the page's own."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from pipelines.catalog.entries import Channel
from pipelines.http.errors import Fatal
from pipelines.http.items import ItemReader
from pipelines.markup.feeds import FeedEntry
from pipelines.sources import status
from pipelines.sources.status import betterstack_feed
from pipelines.sources.status.incident import Incident, make_incident_row
from tests.worlds.raw_server import RawServer, answer, raw_server
from tests.worlds.visits import NOW, make_visit

PAGE = "https://s.example/"


def post(hour: int, title: str, guid: str = PAGE, link: str = PAGE) -> FeedEntry:
    """An entry; one without a guid of its own bears its link as one, as readers of feeds do."""
    at: datetime = NOW - timedelta(days=2) + timedelta(hours=hour)
    return FeedEntry(guid, title, link, at, None, "Words.")


def read(*entries: FeedEntry) -> tuple[list[Incident], ItemReader]:
    reader = ItemReader("x")
    return list(betterstack_feed.parse_incidents(entries, reader)), reader


def test_entries_without_a_guid_are_not_one_incident() -> None:
    """The address of the page is no id: failures of two days would fold into one, and the rest would be lost."""
    incidents, _ = read(
        post(1, "Lamp went down"), post(2, "Lamp recovered"), post(20, "Lamp went down"), post(21, "Lamp recovered")
    )
    assert [(one.id, one.parts, len(one.updates)) for one in incidents] == [("", (), 2), ("", (), 2)]
    with pytest.raises(Fatal, match="an incident whose id"):  # so each is skipped by name
        make_incident_row(incidents[0])
    reports, reader = read(post(1, "Lamps flicker"), post(9, "Sockets are dead"), post(9, "Ok", link=PAGE + "x/7"))
    assert [one.id for one in reports] == ["7"]
    assert ["an entry without an instant or an id" in stated for stated in reader.skipped] == [True, True]


def test_one_of_two_posts_with_a_guid_names_the_incident() -> None:
    """The failure and the recovery share it, so that either may have lost it."""
    for down, up in (("abc", PAGE), (PAGE, "abc"), ("abc", "abc")):
        (incident,), reader = read(post(1, "Lamp went down", down), post(2, "Lamp recovered", up))
        assert (incident.id, incident.parts, len(incident.updates)) == ("abc", (), 2)
        assert not reader.skipped


@pytest.fixture
def server() -> Iterator[RawServer]:
    with raw_server() as running:
        yield running


@pytest.mark.parametrize(
    ("components", "severity"), [((), 2), (("!Website",), 2), (("Kimi K3", "GLM 5.3"), 2), (("Kimi K3",), 3)]
)
def test_one_of_several_resources_is_a_part_and_the_only_one_is_all(
    server: RawServer, components: tuple[str, ...], severity: int
) -> None:
    """A host of 22 models is not out when a monitor loses one: that cost 100 % of the host, not a part."""
    resources = [
        {"type": "status_page_resource", "id": name, "attributes": {"public_name": name, "status": "operational"}}
        for name in ("Website", "Kimi K3", "GLM 5.3")
    ]
    index = {"data": {"type": "status_page", "attributes": {}}, "included": resources}
    posts = "".join(
        f"<item><title>Kimi K3 {word}</title><guid>k</guid><pubDate>Tue, 24 Nov 2026 {hour}:00:00 GMT</pubDate></item>"
        for word, hour in (("recovered", 10), ("went down", 9))
    )
    feed = f'<rss version="2.0"><channel><title>t</title>{posts}</channel></rss>'
    server.script |= {
        "/index.json": [answer(200, json.dumps(index).encode(), {"content-type": "application/json"})],
        "/feed": [answer(200, feed.encode(), {"content-type": "application/rss+xml"})],
    }
    channel = Channel(
        source="status", target="s", role="status", format="betterstack", base_url=server.url(""),
        components=components,
    )  # fmt: skip
    (page,) = status.incidents(make_visit(channel))
    assert [row.body["severity"] for row in page.rows] == [severity]
