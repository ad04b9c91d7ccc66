"""Every form of status page over real HTTP: an incident's course, what an unchanged page costs, and whose page it
is."""

from collections.abc import Iterator
from typing import Any

import pytest

from pipelines.http.errors import Fatal, Gone, Retriable, SourceError
from pipelines.sources import status
from pipelines.sources.status.formats import FORMATS
from pipelines.text.values import format_instant
from tests.pipelines.sources.status.visits import CHANNELS, bodies, pages, shown, visit
from tests.upstream import Upstream, faults

MAIN = {
    "atom": "/history.atom", "aws": "/public/events", "betterstack": "/index.json",
    "datadog": "/config.json", "flashduty": "/feed.atom", "google": "/incidents.json",
    "incidentio": "/api/v2/incidents.json",
    "statuspage": "/api/v2/incidents.json", "xai": "/feed.xml",
}  # fmt: skip
"""What each format asks first."""
SEVERITY = {
    "atom": None, "aws": 3, "betterstack": 3, "datadog": 2, "flashduty": None, "google": 2,
    "incidentio": 2, "statuspage": 2, "xai": 2,
}  # fmt: skip
"""What a format says of an incident that Statuspage would call `major`, while it goes on and afterwards."""


@pytest.fixture(scope="module")
def still() -> Iterator[Upstream]:
    """Pages that no test changes."""
    with pages() as up:
        yield up


@pytest.fixture
def up() -> Iterator[Upstream]:
    with pages() as started:
        yield started


def test_every_format_is_tried_here() -> None:
    """A format without an emulator would be a promise."""
    assert set(MAIN) == set(SEVERITY) == set(FORMATS)


@pytest.mark.parametrize("name", sorted(MAIN))
def test_an_incident_is_one_row_from_its_first_post_to_its_end(up: Upstream, name: str) -> None:
    """One key through all visits; begin and end to the minute; the severity stays known when the page forgets it."""
    page = shown(up, name)
    before = visit(up, name)
    up.world.advance(2)
    began = up.world.now
    incident = page.post("Trouble under way", "major", page.components[:1])
    if name == "betterstack":
        incident.draw -= incident.draw % 2  # one that people write
    opened = visit(up, name, before.cursor)
    up.world.advance(1.5)
    page.tell(incident)
    over = visit(up, name, opened.cursor)

    (key,) = bodies(opened).keys() - bodies(before).keys()
    first, last = bodies(opened)[key], bodies(over)[key]
    assert (first["is_over"], first["resolved_at"], last["is_over"]) == (False, None, True)
    stated = [_minute(last[at]) for at in ("posted_at", "resolved_at")]
    assert stated == [_minute(format_instant(began)), _minute(format_instant(up.world.now))]
    assert (first["severity"], last["severity"]) == (SEVERITY[name], SEVERITY[name])
    assert last["is_retro"] is False and last["drift"] == [] and last["is_listed_open"] in (False, None)
    assert first["is_listed_open"] in (True, None) and "Trouble" in last["title"]


def _minute(at: str | None) -> str:
    return (at or "")[:16]


@pytest.mark.parametrize("name", sorted(MAIN))
@pytest.mark.parametrize("thing", sorted(status.STREAMS))
def test_an_unchanged_page_costs_one_request_at_most(still: Upstream, name: str, thing: str) -> None:
    """And nothing where the format has no such thing. AWS keeps two lists, either of which may change alone."""
    first = visit(still, name, thing=thing)
    asked = len(still.requests)
    again = visit(still, name, first.cursor, thing)
    assert len(still.requests) - asked <= (2 if name == "aws" else 1) and again.rows == []
    assert again.is_unchanged == bool(first.cursor) and (not first.cursor or again.cursor == first.cursor)


@pytest.mark.parametrize("name", sorted(MAIN))
def test_no_word_of_the_world_is_unknown_and_no_key_comes_twice(still: Upstream, name: str) -> None:
    """The emulator speaks the words of the real pages."""
    rows = visit(still, name).rows
    assert len({row.key for row in rows}) == len(rows)
    assert [row.body["drift"] for row in rows if row.body["drift"]] == []
    assert all(row.body["posted_at"] for row in rows)


@pytest.mark.parametrize(("name", "many"), [("statuspage", 8), ("incidentio", 8), ("betterstack", 8), ("datadog", 8)])
def test_components_are_those_of_today(up: Upstream, name: str, many: int) -> None:
    """Groups are no components."""
    found = visit(up, name, thing="components")
    assert len({row.body["name"] for row in found.rows}) == many
    assert all(row.body["day_on"] == "2026-11-24" for row in found.rows)


def test_a_page_that_moved_to_another_platform_is_refused(still: Upstream) -> None:
    """Two moved in 2026 alone: the same address, another platform's answer."""
    channel = CHANNELS["datadog"].model_copy(update={"base_url": still.url(CHANNELS["betterstack"])})
    rule = still.fail(CHANNELS["betterstack"].target, "config", faults.redirect(f"{channel.base_url}/index.json"))
    with pytest.raises(Fatal, match="no list of incidents; the page has changed shape"):
        visit(still, "datadog", channel=channel)
    rule.stop()


SPOILT: dict[str, tuple[Any, type[SourceError]]] = {
    "cut off": (faults.truncated(0.6, is_length_told=False), Retriable),
    "nothing": (faults.empty(), Fatal),
    "gone": (faults.status(404), Gone),
    "shut": (faults.status(403), Fatal),
    "slow down": (faults.throttled("7200"), Retriable),
    "another shape": (faults.status(200, "hello"), Fatal),
}


@pytest.mark.parametrize("name", sorted(MAIN))
@pytest.mark.parametrize("how", SPOILT)
def test_what_goes_wrong_is_told_and_never_an_empty_page(still: Upstream, name: str, how: str) -> None:
    answer, error = SPOILT[how]
    rule = still.fail(CHANNELS[name].target, None, answer)
    try:
        with pytest.raises(SourceError) as raised:
            visit(still, name)
    finally:
        rule.stop()
    assert isinstance(raised.value, error), raised.value
