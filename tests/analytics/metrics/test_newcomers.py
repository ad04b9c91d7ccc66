"""Who is new, who comes back, who goes on to answer, and who has left."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.tools.reckonings import rate_limits
from tests.worlds.rows import NOW, Rows, cut, found, measure, one

DAY = timedelta(days=1)
EVERY = {"channel_role": "all", "window": "all", "channel_kind": "tracker", "family_id": "family"}
READ_DAYS = 1000
"""Days for which the channel of these tests was read; the first 365 of them tell nobody who is new."""


def _world(things: tuple[str, ...] = ("issues", "pulls")) -> tuple[Rows, str]:
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for visit in rows.tables["collections"]:
        if visit["thing"] in things:
            visit["reach_at"] = NOW - READ_DAYS * DAY
    return rows, channel


def _asked(rows: Rows, channel: str, actor: str | None, *days: float, replies: Any = (), **cells: Any) -> None:
    """Threads that somebody opened so many days ago."""
    for one_day in days:
        rows.thread(channel, replies, age_hours=24 * one_day, actor_id=actor, **cells)


def _proposed(rows: Rows, channel: str, actor: str, days: float, **cells: Any) -> None:
    """A change that somebody proposed so many days ago."""
    opened_at: datetime = NOW - days * DAY
    rows.add(
        "changes", change_id=f"c{len(rows.tables['changes'])}", channel_id=channel, family_id="family",
        channel_role="sdk", actor_id=actor,
        opened_at=opened_at, seen_at=NOW, **{"author_role": "outsider", **cells},
    )  # fmt: skip


def test_new_people_in_thirty_days() -> None:
    """Six new askers and a new contributor in 90 days: 2 and 0.33 in 30 days. Bots, agents and the deleted are
    nobody."""
    rows, channel = _world()
    for number in range(6):
        _asked(rows, channel, f"new-{number}", 80, 10)
    _asked(
        rows,
        channel,
        "known",
        400,
        50,
        replies=[(1, "staff", {"actor_id": "ann"}), (2, "outsider", {"actor_id": "new-0"})],
    )
    _asked(rows, channel, "robot", 20, author_role="bot", replies=[(1, "agent", {"actor_id": "helper"})])
    _asked(rows, channel, None, 20, author_role="unknown")
    _proposed(rows, channel, "known", 30)
    _proposed(rows, channel, "old", 600)
    con = measure(rows)
    quarter = EVERY | {"window": "90d"}
    rows_by = {row["segment"]: row for row in found(con, "new_people_rate", **quarter)}

    assert {name: cut(row, "n", "value", "state") for name, row in rows_by.items()} == {
        "askers": (6, pytest.approx(2), "measured"),
        "answerers": (0, 0, "measured"),
        "contributors": (1, pytest.approx(1 / 3), "measured"),
    }
    limits = [pytest.approx(limit / 3, rel=1e-3) for limit in rate_limits(6, [80] * 6)]
    assert list(cut(rows_by["askers"], "low", "high")) == limits
    assert one(con, "new_people_rate", segment="answerers", **EVERY)["n"] == 2


def test_nobody_is_new_in_the_first_year_that_was_read() -> None:
    """Read for 1,000 days: 635 tell who is new. Read for 380: 15 do, which is too short to say."""
    rows, channel = _world()
    _asked(rows, channel, "early", 900)
    _asked(rows, channel, "late", 100)
    _proposed(rows, channel, "late", 100)
    forum = rows.channel("family", kind="forum", role="model")
    rows.tables["collections"][-1]["reach_at"] = NOW - 380 * DAY
    rows.thread(forum, age_hours=24, thing="topics", channel_kind="forum")
    con = measure(rows)
    row = one(con, "new_people_rate", segment="askers", **EVERY)

    assert cut(row, "n", "value") == (1, pytest.approx(30 / 635))
    assert row["note"] == "Known for 635.0 days. Excluded: 1 first seen in the first year that was read."
    young = one(con, "new_people_rate", segment="askers", **EVERY | {"channel_kind": "forum"})
    assert cut(young, "state", "value", "n") == ("not enough data", None, 1)
    assert "Known for 15.0 days." in young["note"]
    none = one(con, "new_people_rate", segment="contributors", **EVERY | {"channel_kind": "forum"})
    assert none["state"] == "not applicable" and none["note"].startswith("Changes are proposed in trackers only.")


def test_contributors_are_unknown_in_a_tracker_whose_changes_are_not_collected() -> None:
    """A row without a value gives the reason."""
    rows, channel = _world(("issues",))
    rows.tables["collections"] = [visit for visit in rows.tables["collections"] if visit["thing"] != "pulls"]
    _asked(rows, channel, "somebody", 100)
    row = one(measure(rows), "new_people_rate", segment="contributors", **EVERY)

    assert row["state"] == "not collected" and row["value"] is None and row["note"]


def test_the_penalty_is_a_difference_with_newcombes_interval() -> None:
    """Of 20 newcomers 10 are answered within a week, of 20 known askers 15: -0.25, with the interval that the two
    limits make."""
    rows, channel = _world()
    for number in range(20):
        _asked(rows, channel, f"asker-{number}", 200 + 7 * number, replies=[(24, "staff")] if number % 2 else [])
        _asked(rows, channel, f"asker-{number}", 195 - 7 * number, replies=[(24, "staff")] if number % 4 else [])
    con = measure(rows)
    row = one(con, "newcomer_penalty_share", **EVERY)
    new, old = (
        one(con, "answered_share", segment=name, statistic="within_7d", **EVERY) for name in ("newcomer", "known")
    )

    assert cut(row, "value", "n", "n_events", "n_censored") == (pytest.approx(-0.25), 40, 25, 15)
    below = ((new["value"] - new["low"]) ** 2 + (old["high"] - old["value"]) ** 2) ** 0.5
    above = ((new["high"] - new["value"]) ** 2 + (old["value"] - old["low"]) ** 2) ** 0.5
    assert cut(row, "low", "high") == (pytest.approx(-0.25 - below), pytest.approx(-0.25 + above))
    assert row["note"] == "Answered of 20 newcomers: 50.0 %; of 20 who asked before: 75.0 %."


def test_no_penalty_without_both_groups() -> None:
    """20 newcomers and 19 known askers are too few of one of them."""
    rows, channel = _world()
    for number in range(20):
        _asked(rows, channel, f"asker-{number}", *((200, 100) if number < 19 else (200,)), replies=[(24, "staff")])

    row = one(measure(rows), "newcomer_penalty_share", **EVERY)

    assert cut(row, "state", "value", "n") == ("not enough data", None, 39)
    assert row["note"] == "Not known yet. Answered of 20 newcomers: 100.0 %; of 19 who asked before: 100.0 %."


def test_limits_belong_to_what_they_begin() -> None:
    """New from the 365th day on, to the very hour."""
    rows, channel = _world()
    for number in range(20):
        _asked(rows, channel, f"new-{number}", 635)
        _asked(rows, channel, f"early-{number}", 635.01)

    assert one(measure(rows), "new_people_rate", segment="askers", **EVERY)["n"] == 20


def test_people_of_shared_channels_are_not_pooled_with_the_familys_own() -> None:
    """A channel that many families share counts under its role alone."""
    rows, channel = _world()
    shared = rows.channel(rows.family("_shared"), role="runtime")
    _asked(rows, channel, "own", 500, 100)
    _asked(rows, shared, "other", 900, 100, family_id="family")
    for number in range(3):
        _asked(rows, shared, f"new-{number}", 150, family_id="family")
    con = measure(rows)

    assert [
        one(con, "new_people_rate", segment="askers", **EVERY | {"channel_role": role})["n"]
        for role in ("all", "sdk", "runtime")
    ] == [1, 1, 3]


def test_a_family_knows_who_is_new_once_all_its_channels_do() -> None:
    """Of two channels the one read for a shorter time decides: 500 - 365 days are known."""
    rows, channel = _world()
    second = rows.channel("family", role="cli")
    next(visit for visit in rows.tables["collections"][-4:] if visit["thing"] == "issues")["reach_at"] = NOW - 500 * DAY
    _asked(rows, channel, "ann", 300)
    _asked(rows, channel, "bob", 100)
    _asked(rows, second, "cyd", 50)
    row = one(measure(rows), "new_people_rate", segment="askers", **EVERY)

    assert row["note"].startswith("Known for 135.0 days. Excluded: 1 first seen")
    assert cut(row, "n", "value") == (2, pytest.approx(2 / 135 * 30))
