"""Who fixes, merges and answers: staff, strangers, and how few of them."""

from datetime import timedelta
from typing import Any

import pytest

from tests.worlds.rows import NOW, Rows, cut, found, left_out, measure, one, set_apart

DAY = timedelta(days=1)
EVERY = {"channel_role": "all", "window": "all", "channel_kind": "tracker"}


def _change(
    rows: Rows, channel_id: str, actor: str | None, days: float = 8, merged: float | None = 7, **cells: Any
) -> None:
    """A change proposed and merged so many days ago."""
    merged_at = None if merged is None else NOW - merged * DAY
    rows.add(
        "changes", change_id=f"{channel_id}#c{len(rows.tables['changes'])}", channel_id=channel_id,
        family_id=channel_id.split(".")[0],
        channel_role="sdk", actor_id=actor, opened_at=NOW - days * DAY, merged_at=merged_at, seen_at=NOW,
        **{"author_role": "outsider", "closed_at": merged_at, **cells},
    )  # fmt: skip


def _fixed(rows: Rows, channel_id: str, count: int, role: str | None, **cells: Any) -> None:
    for number in range(count):
        fixer = f"{role}-{number}"
        rows.thread(channel_id, **{"fixed_at": NOW - 20 * DAY, "fixed_by_role": role, "fixed_by_id": fixer, **cells})


def test_fixes_of_strangers_by_whose_they_are() -> None:
    """Of 24 fixed: 10 by staff, 2 by bots, 2 by agents, 6 by strangers, 4 by outsiders who asked. What nobody fixed
    is none of them."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for role, count in [("staff", 10), ("bot", 2), ("agent", 2), ("outsider", 6)]:
        _fixed(rows, channel, count, role)
    for who in ("ann", "bob", "cyd", "dan"):
        _fixed(rows, channel, 1, "outsider", actor_id=who, fixed_by_id=who)
    rows.thread(channel)
    con = set_apart(measure(rows))
    figures = {
        row["statistic"]: cut(row, "n", "n_events", "value")
        for row in found(con, "stranger_fix_share", segment="all", **EVERY)
    }

    assert figures == {
        "outsider": (24, 10, pytest.approx(10 / 24)),
        "others": (24, 6, 0.25),
        "own": (24, 4, pytest.approx(4 / 24)),
        "agent": (24, 2, pytest.approx(2 / 24)),
    }


def test_fixes_that_say_nothing_are_left_out() -> None:
    """By a deleted account, before the question, and where a bot asked; 20 others stay."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    _fixed(rows, channel, 20, "outsider", fixed_at=NOW - 30 * DAY)
    _fixed(rows, channel, 2, "unknown", fixed_by_id=None)
    _fixed(rows, channel, 1, None)
    _fixed(rows, channel, 3, "outsider", fixed_at=NOW - 31 * DAY)
    _fixed(rows, channel, 5, "outsider", author_role="bot")
    row = one(set_apart(measure(rows)), "stranger_fix_share", statistic="outsider", segment="all", **EVERY)

    assert cut(row, "n", "n_events", "value") == (20, 20, 1)
    assert left_out(row) == "Excluded: 3 fixed before they were asked, 3 fixed by an unknown account."


def test_of_equals_the_half_is_half_of_them() -> None:
    """Eight who merge 3 changes each: four have half."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for number in range(24):
        _change(rows, channel, f"maker-{number % 8}", days=40, merged=30)
    _change(rows, channel, "earlier", days=40, merged=30.01)
    figures = {
        row["statistic"]: row for row in found(measure(rows), "contributor_absence_factor", **EVERY | {"window": "30d"})
    }

    assert {name: cut(row, "value", "n") for name, row in figures.items()} == {
        "half": (4, 24), "half_of_100": (None, 24),
    }  # fmt: skip


def test_two_people_give_half_of_the_answers() -> None:
    """Ten, six, five and nine answers of 30: two have 19, three 25, and 24 would do. Bots, agents, askers and the
    deleted do not count."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    answers = [("staff", "ann", 10), ("outsider", "bob", 6), ("outsider", "cyd", 5), ("maintainer", "dan", 9)]
    for role, actor, count in [*answers, ("bot", "robot", 50), ("agent", "helper", 50), ("unknown", None, 40)]:
        for _ in range(count):
            rows.thread(channel, [(1, role, {"actor_id": actor}), (2, "asker")])
    con = measure(rows)
    figures = {
        row["statistic"]: cut(row, "value", "n", "state") for row in found(con, "answerer_absence_factor", **EVERY)
    }

    assert figures == {
        "half": (2, 30, "measured"), "half_of_100": (None, 30, "not enough data"),
    }  # fmt: skip
    month = one(con, "answerer_absence_factor", statistic="half", **EVERY | {"window": "30d"})
    assert cut(month, "value", "n") == (2, 30), "in the window of their posting"


def test_answers_of_staff_first_and_all() -> None:
    """22 threads with an answer: 12 first by staff; of 32 answers 19 are. An agent's is none, a deleted account's is
    excluded; where replies are missing, the first is known."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for _ in range(12):
        rows.thread(channel, [(0.5, "agent"), (1, "staff")])
    for number in range(8):
        rows.thread(channel, [(1, "outsider"), (2, "asker"), (3, "staff" if number < 5 else "maintainer")])
    for _ in range(2):
        rows.thread(channel, [(1, "outsider"), (2, "staff")], has_all_replies=False)
    rows.thread(channel, [(1, "unknown"), (2, "bot")])
    rows.thread(channel, [(1, "bot"), (2, "agent")])
    con = set_apart(measure(rows))
    first, every = (one(con, "staff_answer_share", statistic=name, segment="all", **EVERY) for name in ("first", "all"))

    assert cut(first, "n", "n_events", "value") == (22, 12, pytest.approx(12 / 22))
    assert left_out(first) == "Excluded: 1 by deleted accounts."
    assert cut(every, "n", "n_events", "value") == (32, 19, pytest.approx(19 / 32))
    assert left_out(every) == "Excluded: 1 by deleted accounts."


def test_merged_closed_and_open_shut_each_other_out() -> None:
    """Of 21 first changes 10 are merged after a day, 4 closed after 2 days, 7 open for long; no second one, and none of
    the first year."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    _change(rows, channel, "first-of-all", days=900, merged=899)
    for number in range(20):
        ends: dict[str, Any] = {
            "merged": 99 if number < 10 else None,
            "closed_at": NOW - (99 if number < 10 else 98) * DAY,
        }
        _change(rows, channel, f"maker-{number}", days=100, **ends if number < 14 else {"merged": None})
        _change(rows, channel, f"maker-{number}", days=60, merged=59)
    for role in ("staff", "maintainer", "bot", "agent"):
        _change(rows, channel, role, days=100, merged=None, author_role=role)
    _change(rows, channel, "early", days=535.01, merged=500)
    _change(rows, channel, "just-late-enough", days=535, merged=500)
    con = measure(rows)
    figures = {row["statistic"]: row for row in found(con, "outsider_merge_share", segment="first", **EVERY)}

    assert {name: row["value"] for name, row in figures.items()} == {
        "merged_30d": pytest.approx(10 / 21), "closed_30d": pytest.approx(4 / 21), "open_30d": pytest.approx(7 / 21),
    }  # fmt: skip
    assert cut(figures["merged_30d"], "n", "n_events", "state") == (21, 11, "measured")
    assert left_out(figures["merged_30d"]) == "Excluded: 2 of authors first seen in the first year that was read."
    every = one(con, "outsider_merge_share", segment="all", statistic="merged_30d", **EVERY)
    assert cut(every, "n", "value") == (43, pytest.approx(31 / 43))


def test_changes_older_than_what_was_read_whole_are_left_out() -> None:
    """Of the oldest only those were read to which something happened later: they would make the share too low."""
    rows = Rows()
    channel = rows.channel(rows.family("family"))
    for visit in rows.tables["collections"]:
        visit["reach_at"] = NOW - 500 * DAY
    for number in range(20):
        _change(rows, channel, f"maker-{number}", days=500 if number < 2 else 100, merged=99 if number > 1 else 499)
        _change(rows, channel, f"old-{number}", days=600, merged=90)
    row = one(measure(rows), "outsider_merge_share", segment="all", statistic="merged_30d", **EVERY)

    assert cut(row, "n", "value") == (20, 1)
    assert left_out(row) == "Excluded: 20 older than the completely read period."
