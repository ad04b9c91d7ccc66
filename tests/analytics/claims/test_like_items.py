"""Like items: what was not seen is allowed for, and families that nothing connects are not compared."""

from typing import Any

import duckdb
import pytest

from analytics.claims.comparing import Compared, fit_like_items, read_items
from analytics.claims.reader import MetricStatistic
from tests.worlds.rows import Rows, found, measure

UNANSWERED = MetricStatistic(metric="closed_unhelped_share", statistic="bot_closed_unanswered")
CLOSED: dict[str, Any] = {"state": "closed", "closed_by_role": "bot"}
SIDES = {"a": "open", "b": "open", "c": "open", "p": "proprietary", "q": "proprietary", "r": "proprietary"}


def _ask(unseen: int, unanswered: int = 0) -> duckdb.DuckDBPyConnection:
    """Thirty closed threads a family, of which so many were not answered, and more of which nobody knows."""
    rows = Rows()
    for family, side in SIDES.items():
        channel = rows.channel(rows.family(family, side), role="sdk")
        for place in range(30):
            rows.thread(channel, [] if place < unanswered else [(1, "staff")], age_hours=1000, **CLOSED)
        for _ in range(unseen):
            rows.thread(channel, age_hours=1000, has_all_replies=False, **CLOSED)
    return measure(rows)


def _compare(con: duckdb.DuckDBPyConnection) -> Compared:
    for table in ("item_cells", "channel_states"):
        found(con, table)
    return fit_like_items(read_items(con, UNANSWERED, "all"))


def _list_weighed(compared: Compared) -> list[str]:
    """The families that are compared."""
    return [family for family, weight in zip(compared.families, compared.weigh_sides(), strict=True) if weight]


@pytest.mark.parametrize("unanswered", [0, 15])
def test_what_was_not_seen_widens_the_interval_by_either(unanswered: int) -> None:
    """One thread in 31 of each family may have been answered or not: a thirty-first either way in all, whatever the
    share of the others."""
    compared = _compare(_ask(1, unanswered))
    weights = compared.weigh_sides()
    effect = compared.compare(weights)

    assert not compared.is_hidden(weights)
    assert (effect.below, effect.above) == pytest.approx((1 / 31, 1 / 31))
    assert (effect.value, effect.low) == pytest.approx((0, -effect.high)) and effect.high > 1 / 31


def test_the_bounds_are_the_figures_if_all_unseen_items_were_alike() -> None:
    """Of an open family one of 31 is unseen: with it as a no, or as a yes, the figures themselves differ so far."""
    compared = _compare(_ask(1, 12))

    below, above = compared.below[0], compared.above[0]
    assert (12 / 30 - below, 12 / 30 + above) == pytest.approx((12 / 31, 13 / 31))


def test_where_too_much_was_not_seen_nothing_is_compared() -> None:
    """Three threads in 33 of each family: 9 % of a side."""
    how = {"metric": "closed_unhelped_share", "window": "all"}
    assert found(_ask(3), "matched_differences", **how) == []
    assert len(found(_ask(1), "matched_differences", **how)) == 16


def test_a_family_with_nine_like_items_is_not_compared() -> None:
    """Nine of its forty threads are of a kind that the other side has too: they would set the error of its side."""
    rows = Rows()
    for family, side in SIDES.items():
        channel = rows.channel(rows.family(family, side), role="sdk")
        for place in range(40):
            kind = "using it" if family == "a" and place >= 9 else "something broke"
            rows.thread(channel, age_hours=1000, question_type=kind, **CLOSED)

    assert _list_weighed(_compare(measure(rows))) == ["b", "c", "p", "q", "r"]


def test_of_families_that_nothing_connects_only_the_largest_set_is_compared() -> None:
    """Two families meet in trackers of commands, three in those of libraries: between the sets nothing is alike."""
    rows = Rows()
    for family, role in (("a", "sdk"), ("b", "sdk"), ("c", "cli"), ("p", "sdk"), ("q", "cli")):
        channel = rows.channel(rows.family(family, SIDES[family]), role=role)
        for place in range(30):
            rows.thread(channel, [(1, "staff")] if place % 2 else [], age_hours=1000, **CLOSED)

    assert _list_weighed(_compare(measure(rows))) == ["a", "b", "p"]
