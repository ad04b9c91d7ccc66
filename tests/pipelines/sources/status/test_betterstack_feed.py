"""Better Stack's feed: posts of one monitor are paired by time, and entries without a guid never by the page's own."""

from datetime import datetime, timedelta

import pytest

from pipelines.http.errors import Fatal
from pipelines.http.items import ItemReader
from pipelines.markup.feeds import FeedEntry
from pipelines.sources.status import betterstack_feed
from pipelines.sources.status.incident import Incident, make_incident_row
from tests.worlds.visits import NOW

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
    with pytest.raises(Fatal, match="an incident whose id"):  # so each is passed over by name
        make_incident_row(incidents[0])
    reports, reader = read(post(1, "Lamps flicker"), post(9, "Sockets are dead"), post(9, "Ok", link=PAGE + "x/7"))
    assert [one.id for one in reports] == ["7"]
    assert ["an entry without an instant or an id" in told for told in reader.skipped] == [True, True]


def test_one_of_two_posts_with_a_guid_names_the_incident() -> None:
    """The failure and the recovery share it, so that either may have lost it."""
    for down, up in (("abc", PAGE), (PAGE, "abc"), ("abc", "abc")):
        (incident,), reader = read(post(1, "Lamp went down", down), post(2, "Lamp recovered", up))
        assert (incident.id, incident.parts, len(incident.updates)) == ("abc", (), 2)
        assert not reader.skipped
