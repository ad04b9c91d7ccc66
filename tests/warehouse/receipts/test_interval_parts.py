"""The parts of an interval: chance is the interval of a world without what could not be seen."""

from datetime import timedelta
from typing import Any

import pytest

from analytics.engine.shapes import render_query
from tests.coverage.kinds import BOUNDED as BOUNDS
from tests.coverage.kinds import KINDS
from tests.worlds.rows import NOW, Row, Rows, measure, one
from tests.worlds.warehouse_rows import MODELS
from warehouse.receipts.interval_parts import ALL_SEEN, BOUNDED, ENDS, assume_seen, describe_parts, split_interval

ALL = {"channel_kind": "tracker", "channel_role": "all", "window": "all"}
PART: dict[str, Any] = {"has_all_replies": False}
STATEMENTS = {model.path.stem: render_query(model.query, model.header) for model in MODELS if model.is_public}


def _split(connection: Any, name: str, figure: Row, unseen: int = 0) -> dict[str, Row]:
    keys = ("family_id", "channel_kind", "channel_role", "segment", "statistic", "window")
    where = " and ".join(f"\"{key}\" = '{figure[key]}'" for key in keys)

    def read_ends(statement: str) -> Row:
        ((low, high),) = connection.sql(f"select low, high from ({statement}) as f where {where}").fetchall()
        return {"low": low, "high": high}

    parts = split_interval(read_ends, name, STATEMENTS[name], figure, unseen)
    return {part["part"]: {end: part[end] for end in ENDS} for part in parts}


def _ask(unseen: int) -> Any:
    """48 threads that staff answered after one to 48 hours, for the last twelve after a bot, twelve without an answer,
    and some of which nobody knows whether they have one; each in a week of its own."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for place in range(60 + unseen):
        replies = [(0.5, "bot")] if 36 <= place < 48 else []
        replies += [(place + 1, "staff")] if place < 48 else []
        cells = PART if place >= 60 else {}
        rows.thread(channel, replies, age_hours=24 * 7 * (5 + place), **cells)
    return measure(rows)


WAITS: tuple[tuple[str, dict[str, str]], ...] = (
    ("first_response_hours", {"segment": "anyone", "statistic": "median"}),
    ("first_response_hours", {"segment": "anyone", "statistic": "rmst_7d"}),
    ("answered_share", {"segment": "anyone", "statistic": "within_24h"}),
)


@pytest.mark.parametrize(("name", "key"), WAITS)
def test_chance_alone_gives_the_interval_of_a_world_without_what_was_not_seen(name: str, key: dict[str, str]) -> None:
    """Three unseen threads among 63; what they add to the ends is theirs, and nothing is read by rules."""
    alone = one(_ask(0), name, **ALL, **key)
    figure = one(connection := _ask(3), name, **ALL, **key)
    parts = _split(connection, name, figure)

    assert list(parts) == ["chance", "reading", "not seen"]
    assert figure["value"] == alone["value"]
    for end in ENDS:
        assert parts["chance"][end] == pytest.approx(alone[end] - alone["value"], abs=1e-9)
        assert parts["reading"][end] == 0
        assert parts["not seen"][end] == pytest.approx(figure[end] - alone[end], abs=1e-9)
    assert parts["not seen"]["low"] < 0 < parts["not seen"]["high"]


def _ask_again(unseen: int) -> Any:
    """Twelve people who ask seven times each, of whom half are always answered; later forty who ask once, and some
    requests of the twelve of which nobody knows whether they have an answer."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    rows.tables["collections"][0]["reach_at"] = NOW - timedelta(days=1900)
    for place in range(84 + 40 + unseen):
        who = place % 12 if place < 84 or place >= 124 else place
        cells = PART if place >= 124 else {}
        replies = [(1, "staff")] if who % 2 == 0 and not cells else []
        rows.thread(channel, replies, age_hours=24 * 7 * (200 - place), actor_id=f"asker-{who}", **cells)
    return measure(rows)


@pytest.mark.parametrize(
    ("name", "segment", "statistic"),
    [("answered_share", "known", "within_7d"), ("newcomer_penalty_share", "all", "within_7d")],
)
def test_what_one_person_asks_often_widens_chance_alone(name: str, segment: str, statistic: str) -> None:
    """Three unseen requests of those who asked before: what they add to the ends is theirs."""
    key = ALL | {"segment": segment, "statistic": statistic}
    alone, figure = one(_ask_again(0), name, **key), one(connection := _ask_again(3), name, **key)
    parts = _split(connection, name, figure)

    assert (figure["state"], figure["value"]) == ("measured", alone["value"])
    for end in ENDS:
        assert parts["chance"][end] == pytest.approx(alone[end] - alone["value"], abs=1e-9)
        assert parts["not seen"][end] == pytest.approx(figure[end] - alone[end], abs=1e-9)
    assert parts["not seen"]["low"] < 0 < parts["not seen"]["high"]


def test_what_was_not_seen_moves_a_mean_wait_by_hand() -> None:
    """Of 63 threads three may have waited for nothing, or for the whole week of 168 hours."""
    alone = one(_ask(0), "first_response_hours", segment="anyone", statistic="rmst_7d", **ALL)
    figure = one(connection := _ask(3), "first_response_hours", segment="anyone", statistic="rmst_7d", **ALL)
    unseen = _split(connection, "first_response_hours", figure)["not seen"]

    assert unseen["low"] == pytest.approx(-alone["low"] * 3 / 63)
    assert unseen["high"] == pytest.approx((168 - alone["high"]) * 3 / 63)


def test_an_open_end_is_open_by_chance_already() -> None:
    """Twelve of sixty may wait for ever; one that was not seen moves the lower end by a place."""
    figure = one(connection := _ask(3), "first_response_hours", segment="anyone", statistic="p80", **ALL)
    parts = _split(connection, "first_response_hours", figure)

    assert (figure["value"], figure["low"], figure["high"]) == (48, 41, None)
    assert parts == {
        "chance": {"low": -6, "high": None}, "reading": {"low": 0, "high": 0}, "not seen": {"low": -1, "high": 0},
    }  # fmt: skip


def test_where_all_was_seen_chance_is_the_whole_interval() -> None:
    """It is said so."""
    figure = one(connection := _ask(0), "first_response_hours", segment="anyone", statistic="median", **ALL)
    parts = _split(connection, "first_response_hours", figure)
    # The thirtieth of sixty waits.
    words = describe_parts([{"part": part, **ends} for part, ends in parts.items()], "hours")

    assert figure["value"] == 30
    assert parts["chance"] == {end: figure[end] - 30 for end in ENDS}
    assert words.startswith("chance alone, -") and words.endswith(
        " hours: nothing went unseen, and no reading is put right by labels"
    )


def test_incidents_that_name_no_component_are_a_part_of_their_own() -> None:
    """Twenty name the API and one names nothing: at most it was the API's, and the upper end allows for it."""

    def watch(unnamed: int) -> Any:
        rows = Rows()
        page = rows.page(rows.family("family"), observed_from_at=NOW - timedelta(days=300))
        for number in range(20 + unnamed):
            rows.incident(
                page,
                NOW - timedelta(days=10 + 13 * number),
                1,
                **({"is_api": False, "is_unattributed": True} if number >= 20 else {}),
            )
        return measure(rows)

    figure = one(connection := watch(1), "incident_rate", segment="api", window="all")
    parts = _split(connection, "incident_rate", figure)

    assert list(parts) == ["chance", "reading", "not attributed"]
    assert parts["not attributed"]["low"] == 0 < parts["not attributed"]["high"]
    for end in ENDS:
        assert parts["chance"][end] + parts["not attributed"][end] == pytest.approx(figure[end] - figure["value"])


def test_every_pattern_is_found_in_a_statement() -> None:
    """What is rewritten under another name would be taken for chance in silence."""
    changed = {name: assume_seen(sql) for name, sql in STATEMENTS.items() if assume_seen(sql) != sql}

    assert {"first_response_hours", "incident_rate", "closure_gap_share", "newcomer_penalty_share"} <= set(changed)
    for pattern, instead in ALL_SEEN.items():
        assert any(instead in sql for sql in changed.values()), pattern


def test_bounds_are_those_of_the_table_of_coverage() -> None:
    """There they have no line, because nothing is left to chance."""
    assert set(BOUNDED) == {name for name, kind in KINDS.items() if kind == BOUNDS}


def test_parts_are_worded_in_the_unit_of_the_figure() -> None:
    """Points for shares, two digits else; an end that is open is no number, and a part that moves nothing is named."""
    still = {"low": 0.0, "high": 0.0}
    share = [
        {"part": "chance", "low": -0.041, "high": 0.046}, {"part": "reading", **still},
        {"part": "not seen", "low": 0.0, "high": 0.012},
    ]  # fmt: skip
    wait = [
        {"part": "chance", "low": -6.24, "high": None}, {"part": "reading", **still},
        {"part": "not seen", "low": -0.51, "high": 0.0},
    ]  # fmt: skip
    bounds = [
        {"part": "chance", **still},
        {"part": "reading", **still},
        {"part": "not seen", "low": -0.02, "high": 0.0},
    ]

    assert describe_parts(share, "share") == (
        "chance -4.1 and +4.6 points; not seen +0.0 and +1.2 points; nothing for reading"
    )
    assert describe_parts(wait, "hours") == (
        "chance -6.2 hours and without an upper end; not seen -0.51 and +0 hours; nothing for reading"
    )
    assert describe_parts(bounds, "share") == "not seen -2.0 and +0.0 points; nothing for chance and reading"
    assert describe_parts([{"part": "chance", "low": -1234.0, "high": 9.0}], "days") == (
        "chance alone, -1,200 and +9 days: nothing went unseen, and no reading is put right by labels"
    )
    assert describe_parts([], "hours") == ""
