"""Who is new, who comes back, who goes on to answer, and who has left."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.rows import NOW, Rows, cut, found, left_out, measure, one

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
        "changes", change_id=f"c{len(rows.tables['changes'])}", channel_id=channel, family_id="family", channel_role="sdk", actor_id=actor,
        opened_at=opened_at, seen_at=NOW, **{"author_role": "outsider", **cells},
    )  # fmt: skip


def test_new_people_in_thirty_days() -> None:
    """Six new askers and a new contributor in 90 days: 2 and 0.33 in 30 days. Bots, agents and the deleted are nobody."""
    rows, channel = _world()
    for number in range(6):
        _asked(rows, channel, f"new-{number}", 80, 10)
    _asked(rows, channel, "known", 400, 50, replies=[(1, "staff", {"actor_id": "ann"}), (2, "outsider", {"actor_id": "new-0"})])
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
    assert cut(rows_by["askers"], "low", "high") == (pytest.approx(0.734, abs=1e-3), pytest.approx(4.353, abs=1e-3)), (
        "Garwood's 2.202 and 13.059"
    )
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
    assert row["note"] == "Known for 635.0 days. Left out: 1 first seen in the first year that was read."
    young = one(con, "new_people_rate", segment="askers", **EVERY | {"channel_kind": "forum"})
    assert cut(young, "state", "value", "n") == ("not enough data", None, 1)
    assert "Known for 15.0 days." in young["note"]
    assert one(con, "new_people_rate", segment="contributors", **EVERY | {"channel_kind": "forum"})["state"] == "not applicable"


def test_who_is_back_in_another_month() -> None:
    """Of 20 new people 5 are back after 40 days, 5 after 100, 10 never: who is back within 30 days is not back in another month."""
    rows, channel = _world()
    for number in range(20):
        again = {0: (260,), 1: (200,)}.get(number // 5, (280,))
        _asked(rows, channel, f"new-{number}", 300, *again)
    for number in range(3):
        _asked(rows, channel, f"early-{number}", 900, 700)
    con = measure(rows)
    figures = {row["statistic"]: row for row in found(con, "retention_share", segment="askers", **EVERY)}

    assert {name: cut(row, "value", "n", "n_events") for name, row in figures.items()} == {
        "within_90d": (0.25, 20, 10),
        "within_180d": (pytest.approx(0.5), 20, 10),
    }
    assert left_out(figures["within_90d"]) == "Left out: 3 first seen in the first year that was read."
    assert one(con, "retention_share", segment="answerers", statistic="within_90d", **EVERY)["state"] == "not enough data"


def test_who_only_just_came_counts_for_as_long_as_watched() -> None:
    """Ten of 20 new people are back after 40 days; ten others came 35 days ago and are censored before: 10 of the 10 that were watched."""
    rows, channel = _world()
    for number in range(10):
        _asked(rows, channel, f"new-{number}", 300, 260)
        _asked(rows, channel, f"late-{number}", 35)
    row = one(measure(rows), "retention_share", segment="all", statistic="within_90d", **EVERY)

    assert cut(row, "value", "n", "n_events", "n_censored") == (1, 20, 10, 10)
