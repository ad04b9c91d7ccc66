"""Errors of figures set against each other, and the ends of effects: reckoned by hand from what the figures themselves
say."""

from datetime import date
from math import log
from typing import Any

import numpy as np
import pytest

from analytics.claims import judging, reader
from analytics.claims.comparing import Compared, Rules, compare_test, fit_like_items, read_items
from analytics.statistics.effects import Estimates
from analytics.statistics.survival import NORMAL
from tests.worlds.rows import Rows, cut, measure, one
from warehouse.faults import WarehouseError

WAITS = reader.MetricStatistic(metric="answered_share", segment="anyone", statistic="within_24h")
HOURS = reader.MetricStatistic(metric="first_response_hours", segment="anyone", statistic="median")
DIFFERENCE = reader.Test(
    **HOURS.model_dump(), window="all", says="open higher", least_effect=2, why="Whether one waits for long."
)
RATIO = DIFFERENCE.model_copy(update={"scale": "ratio"})
LEVEL = DIFFERENCE.model_copy(update={"says": "above", "level": 24})
TIMES = {"first": 1.0, "second": 2.0, "third": 4.0, "fourth": 8.0, "fifth": 16.0}
"""How slow each family is; the first two are open."""


@pytest.fixture(scope="module")
def waited() -> Any:
    """Five families whose waits are 1 to 30 hours, times something, and no trend from week to week."""
    rows = Rows()
    for place, (family, times) in enumerate(TIMES.items()):
        channel = rows.channel(rows.family(family, "open" if place < 2 else "proprietary"))
        for number in range(30):
            rows.thread(channel, [(times * (1 + 7 * number % 30), "staff")], age_hours=1000 + 168 * number)
    con = measure(rows)
    one(con, "first_response_hours", family_id="first", **_cells())
    return con


def _cells() -> dict[str, str]:
    return {
        "window": "all",
        "channel_role": "all",
        "channel_kind": "tracker",
        "segment": "anyone",
        "statistic": "median",
    }


def _ends(con: Any, family: str) -> tuple[float, float, float]:
    value, low, high = cut(one(con, "first_response_hours", family_id=family, **_cells()), "value", "low", "high")
    return float(value), float(low), float(high)


def test_the_error_of_a_ratio_is_half_the_width_of_its_logarithm(waited: Any) -> None:
    compared = compare_test(waited, RATIO)
    place, other = (compared.families.index(family) for family in ("first", "third"))
    value, low, high = _ends(waited, "first")
    other_value, _, _ = _ends(waited, "third")

    assert low < value < high
    assert compared.estimates.values[place] - compared.estimates.values[other] == pytest.approx(
        log(value / other_value)
    )
    assert compared.estimates.measure_variances()[place] == pytest.approx((log(high / low) / 2 / NORMAL) ** 2)


def test_the_error_of_a_difference_is_half_the_width_of_its_interval(waited: Any) -> None:
    """Medians are no shares of items: their difference is one of figures."""
    compared = compare_test(waited, DIFFERENCE)
    _, low, high = _ends(waited, "first")
    open_mean, other_mean = (compared.estimates.values[compared.is_open == side].mean() for side in (True, False))
    first, second = (
        np.mean([_ends(waited, family)[0] for family in side])
        for side in (("first", "second"), ("third", "fourth", "fifth"))
    )

    assert open_mean - other_mean == pytest.approx(first - second)
    assert compared.estimates.measure_variances()[compared.families.index("first")] == pytest.approx(
        ((high - low) / 2 / NORMAL) ** 2
    )
    assert compared.limit == np.inf


def test_a_figure_without_an_end_of_its_interval_is_no_exact_one(waited: Any) -> None:
    """Of the first family only the lower end is known, and the median of the fifth was never reached: their errors are
    not 0 but unknown, and they are not compared."""
    waited.execute("create or replace temp table kept as from metrics.figures")
    waited.execute("update metrics.figures set high = null where family_id = 'first'")
    waited.execute("update metrics.figures set value = null, high = null where family_id = 'fifth'")
    try:
        compared = compare_test(waited, DIFFERENCE)
        open_ones = compare_test(waited, LEVEL)
    finally:
        waited.execute("delete from metrics.figures; insert into metrics.figures from kept")

    assert (compared.families, open_ones.families) == (["fourth", "second", "third"], ["second"])


def test_a_ratio_of_figures_that_may_be_nothing_is_refused(waited: Any) -> None:
    """A family that a ratio cannot hold would otherwise be excluded because of its outcome."""
    waited.execute("create or replace temp table kept as from metrics.figures")
    waited.execute("update metrics.figures set low = 0 where family_id = 'first'")
    try:
        with pytest.raises(WarehouseError, match="first_response_hours: figures that may be 0 have no ratio"):
            compare_test(waited, RATIO)
    finally:
        waited.execute("delete from metrics.figures; insert into metrics.figures from kept")


def test_the_figures_of_one_side_bring_their_own_error(waited: Any) -> None:
    """The first two are open; each has thirty items."""
    compared = compare_test(waited, LEVEL)
    value, low, high = _ends(waited, "second")

    assert (compared.families, compared.estimates.values[1]) == (["first", "second"], value - 24)
    assert compared.estimates.measure_variances()[1] == pytest.approx(((high - low) / 2 / NORMAL) ** 2)
    assert compared.items.tolist() == [30, 30]
    assert compared.compare(compared.weigh_sides()).value == pytest.approx(compared.estimates.values.mean())


def _judged(is_share: bool = True, least: int = 2, left_out: str = "none") -> judging.TestResult:
    """Compares two open families with two proprietary ones that have 0.55 less."""
    estimates = Estimates(np.array([0.5, 0.6, 0.0, 0.0]), 9 * np.eye(4)[None], np.full(4, np.inf))
    items, none, limit = np.array([1.0, 2.0, 3.0, 4.0]), np.zeros(4), 1 if is_share else np.inf
    compared = Compared(
        ["a", "b", "c", "d"], np.arange(4) < 2, estimates, items, none, none, Rules(10, least, 0.05), limit
    )
    test = reader.Test(metric="answered_share", statistic="any", says="open higher", least_effect=2, why="x" * 20)
    return judging.TestResult(reader.read_claims()[0], 1, test, compared, False, (), left_out)


@pytest.mark.parametrize("is_share", [True, False])
def test_the_interval_of_shares_ends_at_one_and_that_of_other_figures_does_not(is_share: bool) -> None:
    """No two shares are further apart than 1; hours, dollars and ratios may be."""
    effect = _judged(is_share).effect

    assert effect is not None and effect.value == pytest.approx(0.55)
    assert (effect.low == -1, effect.high == 1) == (is_share, is_share)


@pytest.mark.parametrize("least", [2, 3])
def test_a_side_needs_so_many_families(least: int) -> None:
    assert (_judged(least=least).effect is None) == (least > 2)


def test_without_one_family_the_others_count_for_more() -> None:
    """By the same estimates: of the open ones the second is left, and with less than two a side has no effect."""
    effect = _judged(least=1, left_out="a").effect

    assert effect is not None and effect.value == pytest.approx(0.6)
    assert effect.error == pytest.approx(3 * 1.5**0.5)
    assert _judged(left_out="a").effect is None


def test_a_family_that_has_ended_is_compared_with_nobody() -> None:
    """Its history is still measured; a claim is about what one can build on."""
    rows = Rows()
    for place, family in enumerate(TIMES):
        channel = rows.channel(rows.family(family, "open" if place < 2 else "proprietary"))
        for number in range(30):
            rows.thread(channel, [(1 + 7 * number % 30, "staff")], age_hours=1000 + 168 * number)
    next(row for row in rows.tables["families"] if row["family_id"] == "fifth")["ended_on"] = date(2026, 9, 27)
    con = measure(rows)

    assert one(con, "first_response_hours", family_id="fifth", **_cells())["n"] == 30
    assert compare_test(con, RATIO).families == ["first", "fourth", "second", "third"]


def test_items_of_unlike_roles_are_not_compared() -> None:
    """One side has libraries, the other models: each has its figure, and no difference is given."""
    rows = Rows()
    for place, family in enumerate(TIMES):
        side, role = ("open", "model") if place < 2 else ("proprietary", "sdk")
        channel = rows.channel(rows.family(family, side), role=role)
        for number in range(30):
            rows.thread(
                channel, [(1 + number, "staff")], age_hours=1000 + 168 * number, question_type="getting it to run"
            )
    compared = fit_like_items(read_items(measure(rows, "item_cells", "channel_states"), WAITS, "all"))

    assert np.isnan(compared.estimates.values).all() and len(compared.families) == 5
    assert not compared.weigh_sides().any()
