"""Fixes by one person are alike: anyone who made most of them says little of whether strangers fix things."""

from datetime import timedelta
from typing import Any

import pytest

from tests.worlds.rows import Rows, cut, found, measure, one
from tests.worlds.thread_cells import fixed

EVERY = {"channel_role": "all", "window": "all", "segment": "all", "channel_kind": "tracker"}
SPREAD = 24 * 7
"""Hours between two threads, so that no two are of one week."""


def _measure(names: dict[str, list[str]]) -> Any:
    """Measures families of which 60 of 100 threads are fixed by these outsiders, in turn, and the rest by as many
    people of the staff."""
    rows = Rows()
    for family, outsiders in names.items():
        channel = rows.channel(rows.family(family))
        for number in range(100):
            # In turns, so that no week resembles those beside it.
            place, turn = divmod(number, 5)
            who = outsiders[(3 * place + turn) % len(outsiders)] if turn < 3 else f"staff-{number}"
            fix = fixed(3, "outsider" if turn < 3 else "staff", who)
            age = 800 + SPREAD * number
            rows.thread(channel, [(1, "staff")], **_shift(fix, age), age_hours=age)
    return measure(rows)


def _shift(fix: dict[str, Any], age_hours: float) -> dict[str, Any]:
    """Moves a fix of a thread of 800 hours to one that is older."""
    moved = {"fixed_at", "closed_at", "first_closed_at"}
    return {key: cell - timedelta(hours=age_hours - 800) if key in moved else cell for key, cell in fix.items()}


def test_fixes_by_one_person_widen_the_interval() -> None:
    """Sixty fixes by four outsiders, or each by another: the same share, of which the first is far less sure; by one
    outsider they show nothing."""
    people = {
        "one": ["ann"],
        "few": ["ann", "bob", "cid", "dee"],
        "many": [f"outsider-{number}" for number in range(60)],
    }
    con = _measure(people)
    alone, few, many = (one(con, "stranger_fix_share", family_id=name, statistic="others", **EVERY) for name in people)

    assert alone["state"] == "not enough data" and "interval is too wide" in alone["note"]
    assert cut(few, "value", "n") == cut(many, "value", "n") == (0.6, 100)
    assert cut(many, "low", "high") == (pytest.approx(0.502, abs=1e-3), pytest.approx(0.691, abs=1e-3))
    assert few["high"] - few["low"] > 1.5 * (many["high"] - many["low"])


def test_sides_are_compared_by_who_mended() -> None:
    """Matched comparisons rest on the outsiders, with thirty threads each; so do the fixes of the staff."""
    con = _measure({"one": ["ann", "bob"]})
    sizes: dict[Any, int] = {}
    for row in _find(con, "item_cells"):
        sizes[row["person_key"]] = sizes.get(row["person_key"], 0) + row["yes_count"]

    assert sorted(size for size in sizes.values() if size) == [30, 30]


def _find(con: Any, table: str) -> list[dict[str, Any]]:
    return found(con, table, metric="stranger_fix_share", statistic="others")
