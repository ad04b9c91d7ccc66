"""Errors of figures set against each other, and the ends of effects: reckoned by hand from what the figures themselves
say."""

from datetime import date
from math import log
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from analytics.claims import comparing, reader
from analytics.claims.comparing import Z, compare_families, read_family_figures
from analytics.claims.judging import NOBODY, Material, judge_tests
from analytics.claims.like_items import Compared
from analytics.statistics.meta_analysis import compare_sides
from tests.worlds.rows import Rows, cut, found, measure, one

HOURS = reader.MetricStatistic(metric="first_response_hours", segment="anyone", statistic="median")
TIMES = {"first": 1.0, "second": 2.0, "third": 4.0, "fourth": 8.0, "fifth": 16.0}
"""How slow each family is; the first two are open."""


@pytest.fixture(scope="module")
def waited() -> Any:
    """Five families whose waits are 1 to 30 hours, times something."""
    rows = Rows()
    for place, (family, times) in enumerate(TIMES.items()):
        channel = rows.channel(rows.family(family, "open" if place < 2 else "proprietary"))
        for number in range(30):
            rows.thread(channel, [(times * (1 + number), "staff")], age_hours=1000 + 168 * number)
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
    """Each family stands as far from the middle of the sides as the logarithms of the medians say."""
    compared = compare_families(waited, HOURS, "all", scale="ratio")
    place, other = (compared.families.index(family) for family in ("first", "third"))
    value, low, high = _ends(waited, "first")
    other_value, _, _ = _ends(waited, "third")

    assert low < value < high
    assert compared.values[place] - compared.values[other] == pytest.approx(log(value / other_value))
    assert compared.variances[place] == pytest.approx((log(high / low) / 2 / Z) ** 2)
    assert compared.plain_values[place] == pytest.approx(compared.values[place])


def test_the_error_of_a_difference_is_half_the_width_of_its_interval(waited: Any) -> None:
    """Medians are no shares of items: their difference is one of figures, and the sides are centred on their middle."""
    compared = compare_families(waited, HOURS, "all")
    _, low, high = _ends(waited, "first")
    open_mean, other_mean = (compared.values[compared.is_open == side].mean() for side in (True, False))
    first, second = (
        np.mean([_ends(waited, family)[0] for family in side])
        for side in (("first", "second"), ("third", "fourth", "fifth"))
    )

    assert open_mean - other_mean == pytest.approx(first - second)
    assert open_mean == pytest.approx(-other_mean)
    assert compared.variances[compared.families.index("first")] == pytest.approx(((high - low) / 2 / Z) ** 2)
    assert not compared.is_share and not compared.is_unlike


def _reckon_order_error(con: Any, family: str, others: tuple[str, ...]) -> float:
    """The variance of the share of others that a family exceeds minus the share of those that exceed it, if its figure
    errs as its interval says."""
    value, low, high = _ends(con, family)
    error = (high - low) / 2 / Z
    below = norm.cdf([_ends(con, other)[0] for other in others], value, error)
    chances, shares = np.diff([0.0, *below, 1.0]), np.arange(len(others) + 1) / len(others)
    return float(4 * (chances @ shares**2 - (chances @ shares) ** 2))


def test_an_order_counts_who_is_ahead_and_its_error_is_that_of_the_figures(waited: Any) -> None:
    """The open families wait less than all others; how often chance would change that, reckoned from the normal law."""
    compared = compare_families(waited, HOURS, "all", scale="order")
    slow, quick = ("third", "fourth", "fifth"), ("first", "second")

    assert compared.values[compared.is_open].mean() - compared.values[~compared.is_open].mean() == -1
    for family in TIMES:
        expected = _reckon_order_error(waited, family, slow if family in quick else quick)
        assert compared.variances[compared.families.index(family)] == pytest.approx(expected, abs=0.002)
    assert compared.values[compared.families.index("third")] == 0.5 and compared.is_share


def test_figures_whose_errors_reach_each_other_have_an_order_that_is_in_doubt() -> None:
    """One open family against two proprietary ones, a standard error below the first of them and far below the other:
    in 16 of 100 cases it would be above the first."""
    values, variances = comparing._order_sides(
        np.array([[1.0, 2.0, 9.0]]), np.array([[1.0, 0.0, 0.0]]), np.array([True, False, False])
    )

    assert values.tolist() == [-0.5, 0.5, 0.5]
    assert variances == pytest.approx([0.16 * 0.84, 0, 0], abs=0.002)


def test_an_order_strays_as_the_share_of_pairs_does() -> None:
    """The mean of all pairs of 13 and 8 families, drawn often, against the error that is said of it; and one family of
    seventeen that stands out is no difference of the sides."""
    rng, is_open = np.random.default_rng(20_261_127), np.arange(21) < 13
    effects, errors = [], []
    for _ in range(400):
        values, variances = comparing._order_sides(rng.normal(size=(1, 21)), np.zeros((1, 21)), is_open)
        general = compare_sides(values, variances, is_open).general
        assert general is not None
        effects.append(general.value)
        errors.append(general.error)
    assert np.mean(errors) == pytest.approx(np.std(effects), rel=0.1)

    offers = np.array([[*[1.0] * 13, 1.0, 1.0, 3.0, 1.0]])
    values, _ = comparing._order_sides(offers, np.zeros((1, 17)), np.arange(17) < 13)
    assert values[:13].mean() - values[13:].mean() == pytest.approx(-0.25)


@pytest.mark.parametrize("scale", ["difference", "ratio", "order"])
def test_a_figure_without_an_end_of_its_interval_is_no_exact_one(waited: Any, scale: reader.Scale) -> None:
    """Of the first family only the lower end is known: its error is not 0 but unknown, and it is not compared. A median
    that was not reached has no upper end either; it stays above all others in an order."""
    waited.execute("create or replace temp table kept as from metrics.figures")
    waited.execute("update metrics.figures set high = null where family_id = 'first'")
    waited.execute("update metrics.figures set value = null, high = null where family_id = 'fifth'")
    try:
        compared = compare_families(waited, HOURS, "all", scale=scale)
        figures = read_family_figures(waited, HOURS, "all")
    finally:
        waited.execute("delete from metrics.figures; insert into metrics.figures from kept")

    assert sorted(compared.families) == ["fourth", "second", "third"] if scale != "order" else [
        "fifth", "fourth", "second", "third",
    ]  # fmt: skip
    assert sorted(figures) == ["second"]


def test_the_figures_of_one_side_bring_their_own_error(waited: Any) -> None:
    """The first two are open; each has thirty items."""
    figures = read_family_figures(waited, HOURS, "all")
    value, low, high = _ends(waited, "second")

    assert sorted(figures) == ["first", "second"]
    assert figures["second"] == (value, pytest.approx(((high - low) / 2 / Z) ** 2), 30)


def _judged(differences: tuple[float, float], scale: str = "difference", least: int = 2) -> Any:
    """The outcome of two open families against two proprietary ones, of so much more; the threads alone say nearly
    nothing."""
    claim = reader.read_claims()[0]

    def compare(families: tuple[str, ...]) -> Compared:
        kept = ["abcd".index(family) for family in families]
        values, errors = np.array([*differences, 0.0, 0.0])[kept], np.full(len(kept), 9.0)
        return Compared(
            families, np.array(kept) < 2, values, errors, np.full(len(kept), np.inf), values, errors,
            np.array([1.0, 2.0, 3.0, 4.0])[kept], scale == "difference", False, compare,
        )  # fmt: skip

    compared = compare(("a", "b", "c", "d"))
    test = reader.Test.model_validate(
        {
            "metric": "answered_share",
            "statistic": "any",
            "says": "open higher",
            "scale": scale,
            "least_effect": 2,
            "why": "x" * 20,
        }
    )
    (outcome,) = judge_tests([Material(claim, 1, test, compared, {}, "not enough data", least)])
    return outcome


@pytest.mark.parametrize(("scale", "is_cut"), [("difference", True), ("ratio", False)])
def test_the_interval_of_shares_ends_at_one_and_that_of_other_figures_does_not(scale: str, is_cut: bool) -> None:
    """No two shares are further apart than 1; hours, dollars and ratios may be."""
    outcome = _judged((0.5, 0.6), scale)

    assert outcome.left_out == NOBODY
    assert (outcome.compared.these.low == -1, outcome.compared.these.high == 1) == (is_cut, is_cut)
    assert (outcome.plain.low == -1, outcome.plain.high == 1) == (is_cut, is_cut)
    assert outcome.compared.these.value == pytest.approx(0.55)


@pytest.mark.parametrize("least", [2, 3])
def test_an_outcome_says_how_many_it_rests_on(least: int) -> None:
    """Ten items of two families a side, whether or not they are enough."""
    outcome = _judged((0.5, 0.6), least=least)

    assert (outcome.n, outcome.open_count, outcome.proprietary_count) == (10, 2, 2)
    assert (outcome.compared is None) == (least > 2)


def test_a_family_that_has_ended_is_compared_with_nobody() -> None:
    """Its history is measured as before; a claim is about what one can build on."""
    rows = Rows()
    for place, family in enumerate(TIMES):
        channel = rows.channel(rows.family(family, "open" if place < 2 else "proprietary"))
        for number in range(30):
            rows.thread(channel, [(1 + number, "staff")], age_hours=1000 + 168 * number)
    next(row for row in rows.tables["families"] if row["family_id"] == "fifth")["ended_on"] = date(2026, 9, 27)
    con = measure(rows)

    assert one(con, "first_response_hours", family_id="fifth", **_cells())["n"] == 30
    assert compare_families(con, HOURS, "all", scale="ratio").families == ("first", "fourth", "second", "third")


def test_figures_of_unlike_roles_are_not_compared() -> None:
    """One side has libraries, the other models: each has its figure, and no difference is given."""
    rows = Rows()
    for place, family in enumerate(TIMES):
        side, role = ("open", "model") if place < 2 else ("proprietary", "sdk")
        channel = rows.channel(rows.family(family, side), role=role)
        for number in range(30):
            rows.thread(
                channel, [(1 + number, "staff")], age_hours=1000 + 168 * number, question_type="getting it to run"
            )
    con = measure(rows)
    found(con, "item_cells")
    found(con, "channel_coverage")
    found(con, "thread_coverage")
    found(con, "first_response_hours")
    waits = reader.MetricStatistic(metric="answered_share", segment="anyone", statistic="within_24h")

    for compared in (compare_families(con, HOURS, "all"), compare_families(con, waits, "all")):
        assert compared.is_unlike and np.isnan(compared.values).all() and len(compared.families) == 5
        assert not np.isnan(compared.plain_values).any()
        assert compared.keep_comparable() is None


def test_without_one_family_the_others_are_compared_anew() -> None:
    """Its strata no longer count, and families that had like cases only there drop out."""
    rows = Rows()
    for family, side, role in (
        ("a", "open", "sdk"),
        ("b", "open", "cli"),
        ("c", "proprietary", "sdk"),
        ("d", "proprietary", "cli"),
    ):
        channel = rows.channel(rows.family(family, side), role=role)
        for number in range(30):
            rows.thread(channel, [(1, "staff")] if number % 3 else [], age_hours=1000 + 168 * number)
    con = measure(rows)
    found(con, "item_cells")
    found(con, "channel_coverage")
    found(con, "thread_coverage")
    waits = reader.MetricStatistic(metric="answered_share", segment="anyone", statistic="within_24h")
    rest = compare_families(con, waits, "all").drop_family("d").keep_comparable()

    assert rest is not None and rest.families == ("a", "c")
    assert rest.items.tolist() == [30, 30]
