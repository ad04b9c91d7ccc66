"""Entries of history feeds that lost their id or address: skipped by name, never taken for each other."""

from datetime import timedelta

import pytest

from pipelines.http.items import ItemReader
from pipelines.markup.feeds import FeedEntry
from pipelines.sources.status.formats import atom, flashduty
from tests.worlds.visits import NOW

PAGE = "https://s.example/"


@pytest.mark.parametrize(("code", "link"), [("", None), ("tag:s.example,2005:Incident/77", None), (PAGE, PAGE)])
def test_an_entry_of_statuspage_without_an_address_is_passed_over(code: str, link: str | None) -> None:
    """Its number is not the code under which the other visits keep the incident: it would count twice."""
    html = "<p><small>Nov 20, 10:00 UTC</small><br><strong>Resolved</strong> - Words.</p>"
    known = FeedEntry("tag:s.example,2005:Incident/76", "Lamps flicker", f"{PAGE}incidents/abc", NOW, NOW, html)
    reader = ItemReader("x")
    incidents = atom.parse_incidents([known, FeedEntry(code, "Sockets are dead", link, NOW, NOW, html)], reader)
    assert [incident.id for incident in incidents] == ["abc"]
    (stated,) = reader.skipped
    assert "item 2 of x (an entry without a dated update or an id" in stated


def test_entries_of_flashduty_that_share_an_address_are_not_one_incident() -> None:
    """Readers of feeds take the address for the id if there is none."""
    html = "<p>Status: investigating</p>"

    def entry(code: str, title: str, days: int) -> FeedEntry:
        return FeedEntry(code, title, f"{PAGE}changes", None, NOW - timedelta(days=days), html)

    reader = ItemReader("x")
    entries = [
        entry("urn:flashduty:change:5", "Lamps flicker", 3),
        entry(f"{PAGE}changes", "Sockets are dead", 2),
        entry(f"{PAGE}changes", "Doors are stuck", 1),
    ]
    incidents = list(flashduty.parse_incidents(entries, reader, {}))
    assert [(one.id, one.title, len(one.updates)) for one in incidents] == [("5", "Lamps flicker", 1)]
    assert ["an entry without an instant or an id" in stated for stated in reader.skipped] == [True, True]
