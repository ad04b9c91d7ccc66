"""Like items: what labels put right is shared by whom they put right, and what was not seen is allowed for."""

from typing import Any

import duckdb
import numpy as np
import pytest

from analytics.claims.comparing import compare_families
from analytics.claims.like_items import Compared, fit_items, read_items
from analytics.claims.reader import MetricStatistic
from analytics.statistics.effects import allow_doubt
from analytics.statistics.meta_analysis import compare_sides
from tests.worlds.rows import Rows, alter, found, measure, one

SETUP = MetricStatistic(
    metric="question_mix_share", statistic="getting it to run", matched_by=("language", "age_group")
)
CLOSED: dict[str, Any] = {"state": "closed", "closed_by_role": "bot"}
SHARES = {"a": 12, "b": 18, "c": 24, "p": 6, "q": 9, "r": 12}
"""Of thirty questions, those that are read as being about getting it to run; the last three are proprietary."""
ERRORS = {("tracker", "open"): (0.1, 0.001), ("tracker", "proprietary"): (-0.02, 0.0004)}


def _ask(families: dict[str, int], unseen: int = 0, of: int = 30) -> duckdb.DuckDBPyConnection:
    rows = Rows()
    for number, (family, share) in enumerate(families.items()):
        side = "open" if number < len(families) / 2 else "proprietary"
        channel = rows.channel(rows.family(family, side), role="sdk")
        for place in range(of):
            question = "getting it to run" if place < share and not unseen else "using it"
            rows.thread(channel, [(1, "staff")], age_hours=1000, question_type=question, **CLOSED)
        for _ in range(unseen):
            rows.thread(channel, age_hours=1000, question_type="using it", has_all_replies=False, **CLOSED)
    return measure(rows)


def _label(con: duckdb.DuckDBPyConnection, errors: dict[tuple[str, str], tuple[float, float]]) -> None:
    found(con, "reading_errors")
    everywhere = {(kind, "all"): (160, (0.05, 0.002)) for kind, _ in errors}
    lines = everywhere | {key: (80, error) for key, error in errors.items()}
    for (kind, side), (count, (shift, variance)) in lines.items():
        alter(
            con,
            "insert into metrics.reading_errors by name select 'question_type=getting it to run' as feature,"
            " 'opener' as part, ? as channel_kind, ? as side, ? as labelled_count, ? as shift, ? as shift_variance",
            [kind, side, count, shift, variance],
        )


def _compare(con: duckdb.DuckDBPyConnection) -> Compared:
    for table in ("item_cells", "reading_errors", "channel_coverage", "thread_coverage"):
        found(con, table)
    return compare_families(con, SETUP, "all")


def test_each_side_is_put_right_by_its_own_labels_and_families_of_a_side_share_the_error() -> None:
    """Open families are read .1 too low and proprietary ones .02 too high: the difference grows by .12, and its error
    by that of both labels; two families of one side differ as before, and no less surely."""
    con = _ask(SHARES)
    plain = _compare(con)
    _label(con, ERRORS)
    right, items = _compare(con), read_items(con, SETUP, "all")
    pairs = fit_items(items, items.counts)

    gaps = [one.values[one.is_open].mean() - one.values[~one.is_open].mean() for one in (plain, right)]
    assert gaps == pytest.approx([18 / 30 - 9 / 30, 18 / 30 - 9 / 30 + 0.12])
    assert (plain.doubt.reading_variance, right.doubt.reading_variance) == pytest.approx((0, 0.0014))
    assert pairs.values[0] - pairs.values[1] == pytest.approx(-0.2)
    weights = np.array([1.0, -1.0, 0, 0, 0, 0])
    assert pairs.find_doubt(weights).reading_variance == pytest.approx(0, abs=1e-12)
    assert pairs.find_doubt(weights[[0, 2, 3, 1, 4, 5]]).reading_variance == pytest.approx(0.0014)


def test_labels_of_one_side_alone_serve_both_and_cancel() -> None:
    """The other side has no labels there: the same ones put it right, and their error is one and the same."""
    con = _ask(SHARES)
    found(con, "reading_errors")
    for side in ("all", "proprietary"):
        alter(
            con,
            "insert into metrics.reading_errors by name select 'question_type=getting it to run' as feature,"
            " 'opener' as part, 'tracker' as channel_kind, ? as side, 80 as labelled_count, 0.1 as shift,"
            " 0.001 as shift_variance",
            [side],
        )
    compared = _compare(con)

    assert compared.doubt.reading_variance == pytest.approx(0, abs=1e-12)
    assert compared.values[0] - compared.values[3] == pytest.approx(6 / 30)


def test_the_published_difference_has_both_errors() -> None:
    """As far from its value as the root of the squares of chance and reading."""
    con = _ask(SHARES)
    _label(con, ERRORS)
    row = one(con, "matched_differences", metric="question_mix_share", window="all", first_id="open")
    compared = _compare(con)
    these = compare_sides(compared.values, compared.variances, compared.is_open, compared.freedoms, 1).these

    assert row["effect"] == pytest.approx(0.42) and row["note"] is None
    assert row["effect_high"] - row["effect_low"] > 2 * 1.96 * np.hypot(these.error, 0.0014**0.5) * 0.999


def test_what_was_not_seen_widens_the_interval_by_either() -> None:
    """One thread in 31 of each family may have been answered: a thirty-first either way, on each side."""
    con = _ask(SHARES, unseen=1)
    found(con, "item_cells")
    found(con, "channel_coverage")
    found(con, "thread_coverage")
    figure = MetricStatistic(metric="closed_unhelped_share", statistic="bot_closed_unanswered")
    compared = compare_families(con, figure, "all")
    effect = allow_doubt(
        compare_sides(compared.values, compared.variances, compared.is_open, compared.freedoms, 1).these, compared.doubt
    )

    assert not compared.doubt.is_hidden
    assert (compared.doubt.below, compared.doubt.above) == pytest.approx((1 / 31, 1 / 31))
    assert (effect.value, effect.low) == pytest.approx((0, -effect.high)) and effect.high > 1 / 31


def test_where_too_much_was_not_seen_there_are_bounds_and_no_value() -> None:
    """Three threads in 33 of each family: 9 % of a side."""
    con = _ask(SHARES, unseen=3)
    rows: list[dict[str, Any]] = found(con, "matched_differences", metric="closed_unhelped_share", window="all")
    (sides,) = [row for row in rows if row["first_id"] == "open"]

    assert len(rows) == 16 and all(row["effect"] is row["p_adjusted"] is None for row in rows)
    assert sides["note"] == (
        "too many items of one side could not be seen, and the difference lies between -9.1 and 9.1 points"
    )
    assert sides["effect_low"] < -3 / 33 and sides["effect_high"] > 3 / 33 and sides["general_effect"] is None
