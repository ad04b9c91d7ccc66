"""Days of downtime: what a page's monitors counted, from the page to the conformed table."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from pipelines.catalog.entries import Channel
from pipelines.contract import Page
from pipelines.http.errors import Fatal
from pipelines.sources import status
from tests.pipelines.sources.status.visits import CHANNELS, pages, shown, visit
from tests.upstream.status import betterstack
from tests.upstream.world.draws import DAY
from tests.upstream.world.incidents import Component
from tests.upstream.world.incidents import Page as Shown
from tests.worlds.raw_server import RawServer, answer, raw_server
from tests.worlds.visits import make_visit

SEEN = datetime(2026, 11, 24, 12)
CHANNEL = "x.status.s"


@pytest.fixture
def server() -> Iterator[RawServer]:
    with raw_server() as running:
        yield running


def _visit(server: RawServer, days: Sequence[Mapping[str, Any]], cursor: Any = None) -> Page:
    resource = {
        "type": "status_page_resource",
        "id": "7",
        "attributes": {"public_name": "API", "status": "operational", "status_history": days},
    }
    body = {
        "data": {"type": "status_page", "attributes": {"timezone": "Pacific Time (US & Canada)"}},
        "included": [resource],
    }
    server.script["/index.json"] = [answer(200, json.dumps(body).encode(), {"content-type": "application/json"})]
    channel = Channel(source="status", target="s", role="status", format="betterstack", base_url=server.url(""))
    (page,) = status.days(make_visit(channel, cursor))
    return page


def _day(day: str, down: Any = 0, word: str = "operational") -> dict[str, Any]:
    return {"day": day, "status": word, "downtime_duration": down, "maintenance_duration": 60}


def test_all_days_come_at_first_and_then_those_that_may_change() -> None:
    """90 days of every resource, the union of what took it down, to the second."""
    with pages() as up:
        page = shown(up, "betterstack")
        first = visit(up, "betterstack", thing="days")
        up.world.advance(24)
        page.post("Down", "critical", page.components[:1])
        up.world.advance(2)
        later = visit(up, "betterstack", first.cursor, "days")
        component = page.components[0]
        now = int(datetime(2026, 11, 24, 16, tzinfo=UTC).timestamp())
        lost = {one.id: _lost(page, one, now) for one in page.components}
    found = {
        code: {
            row.body["day_on"]: row.body["downtime_seconds"] for row in first.rows if row.body["component_id"] == code
        }
        for code in lost
    }
    assert found == lost and sum(seconds for days in lost.values() for seconds in days.values()) > 0
    assert first.total == len(first.rows) == 90 * len(page.components)
    assert {row.body["day_on"] for row in later.rows} == {
        (date(2026, 11, 25) - timedelta(back)).isoformat() for back in range(9)
    }
    assert later.total == first.total
    newest = next(row.body for row in later.rows if row.key == f"{component.id}@2026-11-25")
    assert newest["downtime_seconds"] == 2 * 3600 and newest["status_word"] == "downtime"


def _lost(page: Shown, component: Component, now: int) -> dict[str, int]:
    """Seconds by day for which a component was down, second by second: no formula of the emulator's is used."""
    begin = int(datetime(2026, 8, 27, tzinfo=UTC).timestamp())
    down = np.zeros(90 * DAY, dtype=bool)
    for one in page.until(now):
        if component in one.components and one.impact in ("major", "critical"):
            down[max(0, one.started - begin) : max(0, (one.resolved(now) or now) - begin)] = True
    days = down.reshape(90, DAY).sum(axis=1)
    is_watched = [component != page.components[-1] or 90 - place <= betterstack.UNWATCHED_DAYS for place in range(90)]
    return {
        (date(2026, 8, 27) + timedelta(place)).isoformat(): int(days[place]) if is_watched[place] else 0
        for place in range(90)
    }


def test_the_rows_say_in_whose_days_they_count(server: RawServer) -> None:
    """Two of the real pages count in American time."""
    (row,) = _visit(server, [_day("2026-11-20", 43)]).rows
    assert row.key == "7@2026-11-20" and row.source_time is None
    assert (row.body["time_zone"], row.body["downtime_seconds"], row.body["maintenance_seconds"]) == (
        "Pacific Time (US & Canada)",
        43,
        60,
    )


@pytest.mark.parametrize("down", [None, -1, 90001, "12", True, DAY * 2])
def test_seconds_that_no_day_can_hold_are_unknown(server: RawServer, down: Any) -> None:
    """Not 0, and not a day without an hour's end."""
    (row,) = _visit(server, [_day("2026-11-20", down)]).rows
    assert row.body["downtime_seconds"] is None


def test_a_day_that_nobody_watched_and_an_unknown_word(server: RawServer) -> None:
    """`not_monitored` is known and means nothing good; a new word is reported."""
    found = _visit(server, [_day("2026-11-20", 0, "not_monitored"), _day("2026-11-21", 0, "smouldering")]).rows
    assert [(row.body["severity"], row.body["drift"]) for row in found] == [(None, []), (None, ["status: smouldering"])]


@pytest.mark.parametrize("days", [[], [{"date": "2026-11-20"}], [_day("yesterday")]])
def test_a_page_without_days_has_changed_shape(server: RawServer, days: list[Any]) -> None:
    """A history that is empty is no history of nothing."""
    with pytest.raises(Fatal, match="no day of any component"):
        _visit(server, days)


def test_formats_without_days_ask_nothing() -> None:
    """And say so."""
    with pages() as up:
        for name in CHANNELS.keys() - {"betterstack"}:
            assert visit(up, name, thing="days").expected == 0
        assert up.requests == []
