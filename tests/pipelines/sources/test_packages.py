"""Downloads of packages: half a year at first, then a day at a time, and what is put right afterwards."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from pipelines.catalog.entries import Channel
from pipelines.contract import Page
from pipelines.http.errors import Fatal, Gone
from pipelines.sources import packages
from tests.upstream.emulator import Upstream
from tests.worlds.raw_server import RawServer, answer, raw_server
from tests.worlds.visits import NOW, make_visit
from tests.worlds.warehouse_rows import build_conformed, empty_warehouse, fill

CHANNEL = Channel(source="packages", target="Some_Package", role="packages", family="gpt")
PATH = "/api/packages/some_package/overall"


@pytest.fixture
def up() -> Iterator[Upstream]:
    with Upstream([CHANNEL], now=NOW) as running:
        yield running


@pytest.fixture
def server() -> Iterator[RawServer]:
    with raw_server() as running:
        yield running


def _at(up: Upstream) -> Channel:
    return CHANNEL.model_copy(update={"base_url": up.url(CHANNEL)})


def _page(up: Upstream, cursor: Any = None, **more: Any) -> Page:
    (page,) = packages.downloads(make_visit(_at(up), cursor, now=up.world.now, **more))
    return page


def _scripted(server: RawServer, days: list[Any], cursor: Any = None, now: datetime = NOW, **changes: Any) -> Page:
    body = json.dumps({"data": days, "package": "some-package", "type": "overall_downloads"} | changes)
    server.script[PATH] = [answer(200, body.encode(), {"content-type": "application/json"})]
    channel = CHANNEL.model_copy(update={"base_url": server.url("")})
    (page,) = packages.downloads(make_visit(channel, cursor, now=now))
    return page


def _day(day: str, count: Any = 10, category: str = "without_mirrors") -> dict[str, Any]:
    return {"category": category, "date": day, "downloads": count}


def test_the_first_visit_brings_half_a_year_in_one_request(up: Upstream) -> None:
    """180 days up to yesterday, mirrors excluded, and the figures are the upstream's own."""
    page = _page(up)
    found = {row.body["day_on"]: row.body["downloads"] for row in page.rows}

    assert len(found) == 180 and max(found) == "2026-11-23" and page.expected == 180
    assert found == {day.isoformat(): up.packages.downloads("some-package", day) for day in up.packages.days()}
    assert {row.body["package"] for row in page.rows} == {"some-package"} and len(up.requests) == 1
    assert "mirrors=false" in up.requests[0].path


def test_since_cuts_what_the_first_visit_brings(up: Upstream) -> None:
    """Anyone who wants a month gets a month."""
    page = _page(up, since=datetime(2026, 11, 1, tzinfo=UTC))
    assert [row.key for row in page.rows][:1] == ["2026-11-01"] and len(page.rows) == 23


def test_it_is_asked_once_a_day(up: Upstream) -> None:
    """Its data move once a day, and it asks not to be asked more often."""
    first = _page(up)
    up.forget()
    again = _page(up, first.cursor)
    assert again.is_unchanged and again.cursor == first.cursor and up.requests == []


def test_the_next_days_bring_their_own_rows_only(up: Upstream) -> None:
    """Also after a pause longer than the days that are compared: no day is skipped."""
    page = _page(up)
    for hours, new in ((24, 1), (24 * 20, 20)):
        up.world.advance(hours)
        page = _page(up, page.cursor)
        assert len(page.rows) == new and not page.is_unchanged
    assert page.rows[-1].key == (up.world.now.date() - timedelta(days=1)).isoformat()


def test_a_figure_that_was_put_right_comes_again(server: RawServer) -> None:
    """Within the last week; if nothing moved, nothing is landed."""
    days = [_day(f"2026-11-{number:02}") for number in range(10, 24)]
    first = _scripted(server, days)
    later = NOW + timedelta(days=1)
    assert _scripted(server, days, first.cursor, later).is_unchanged
    days[-2], days[0] = _day("2026-11-22", 11), _day("2026-11-10", 99)
    corrected = _scripted(server, days, first.cursor, later)
    assert [(row.key, row.body["downloads"]) for row in corrected.rows] == [("2026-11-22", 11)]


def test_a_cursor_from_the_future_or_of_another_version_is_not_believed(up: Upstream) -> None:
    """Else a clock that was wrong once would stop the collection for good."""
    good = dict(_page(up).cursor)
    for cursor in ({**good, "day": "2027-01-01"}, {**good, "v": 99}, {**good, "tail": None}, {"day": None}):
        assert len(_page(up, cursor).rows) == 180


@pytest.mark.parametrize(
    "broken", [None, {}, _day("yesterday"), _day("2026-11-02", -1), {**_day("2026-11-02"), "category": None}]
)
def test_a_day_in_another_shape_costs_itself_alone(server: RawServer, broken: Any) -> None:
    """The others are landed, and it is named and counts as missing."""
    page = _scripted(server, [_day("2026-11-01"), broken, _day("2026-11-03")])
    assert [row.key for row in page.rows] == ["2026-11-01", "2026-11-03"]
    assert (page.expected, len(page.skipped)) == (3, 1) and "item 2 of " in page.skipped[0]


def test_a_day_that_could_not_be_read_is_landed_once_it_can_be(server: RawServer) -> None:
    """However long ago it is by then, and although the days after it are landed."""
    days = [_day(f"2026-10-{number:02}") for number in range(1, 31)]
    first = _scripted(server, [*days[:4], _day("2026-10-05", "many"), *days[5:]])
    again = _scripted(server, days, first.cursor)
    assert "2026-10-05" not in {row.key for row in first.rows} and "2026-10-05" in {row.key for row in again.rows}
    assert _scripted(server, days, again.cursor).is_unchanged


def test_a_day_that_is_still_to_come_costs_itself_alone(server: RawServer) -> None:
    """In the cursor, one such day would make every later answer look stale."""
    days = [_day("2026-11-22"), _day("2026-11-23")]
    first = _scripted(server, days)
    later = NOW + timedelta(days=1)
    odd = _scripted(server, [*days, _day("2026-11-24"), _day("2199-01-01")], first.cursor, later)
    assert [row.key for row in odd.rows] == ["2026-11-24"] and "2199-01-01, which is still to come" in odd.skipped[0]
    clean = _scripted(server, [*days, _day("2026-11-24")], odd.cursor, later + timedelta(days=1))
    assert [row.key for row in clean.rows] == ["2026-11-24"] and clean.skipped == ()


@pytest.mark.parametrize(
    ("days", "changes", "reason"),
    [
        ([], {}, "no day of downloads"),
        ([_day("2026-11-01", category="with_mirrors")], {}, "no day of downloads"),
        ([_day("2026-11-01", category="humans")], {}, "unknown category 'humans'"),
        ([_day("2026-11-01", "many")], {}, "no number of downloads"),
        ([_day("2026-11-01", -1)], {}, "no number of downloads"),
        ([_day("2026-11-01", True)], {}, "no number of downloads"),
        ([_day("yesterday")], {}, "without category, date or downloads"),
        ([{"date": "2026-11-01"}], {}, "without category, date or downloads"),
        ([_day("2026-11-01")], {"package": "other"}, "answers for 'other' instead of 'Some_Package'"),
        ([_day("2026-11-01")], {"data": None}, "no list of days"),
    ],
)
def test_an_answer_of_another_shape_is_refused_in_words(
    server: RawServer, days: list[dict[str, Any]], changes: dict[str, Any], reason: str
) -> None:
    """Never an empty success, and no unknown count taken for a known one."""
    with pytest.raises(Fatal, match=reason):
        _scripted(server, days, **changes)


def test_an_older_newest_day_than_before_is_not_believed(server: RawServer) -> None:
    """A stale copy must not pass for news."""
    first = _scripted(server, [_day("2026-11-22"), _day("2026-11-23")])
    with pytest.raises(Fatal, match="newest day is 2026-11-22, but the last visit read 2026-11-23"):
        _scripted(server, [_day("2026-11-22", 12)], first.cursor, NOW + timedelta(days=1))


def test_an_unknown_package_is_named(up: Upstream) -> None:
    channel = _at(up).model_copy(update={"target": "no-such-thing"})
    with pytest.raises(Gone, match=r"counts no package named 'no-such-thing'.*catalog"):
        list(packages.downloads(make_visit(channel)))


def test_days_are_typed_and_belong_to_the_family_of_their_channel() -> None:
    """The newest look at a day wins; a package that many families share belongs to none."""
    connection = empty_warehouse()
    for channel, family in (("gpt.packages.openai", "gpt"), ("_shared.packages.vllm", "_shared")):
        connection.execute(
            "insert into raw.catalog__channels (channel_id, family_id, source, role) values (?, ?, 'packages', "
            "'packages')",
            [channel, family],
        )
    body = {"package": "openai", "day_on": "2026-11-01", "downloads": 5}
    for count, seen in ((5, datetime(2026, 11, 2)), (7, datetime(2026, 11, 3))):
        fill(
            connection,
            "packages__downloads",
            [("gpt.packages.openai", "2026-11-01", None, seen, body | {"downloads": count})],
        )
    fill(
        connection,
        "packages__downloads",
        [("_shared.packages.vllm", "2026-11-01", None, datetime(2026, 11, 2), body | {"package": "vllm"})],
    )
    build_conformed(connection, "packages_daily")
    rows = connection.execute(
        "select package_name, family_id, downloaded_on, downloads_count from staging.packages_daily order by 1"
    ).fetchall()
    assert rows == [("openai", "gpt", date(2026, 11, 1), 7), ("vllm", None, date(2026, 11, 1), 5)]
