"""Families in like strata: against statsmodels' least squares with clustered errors, and by simulation."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.statistics.effects import Estimates
from analytics.statistics.family_effects import ItemCounts, fit_families, keep_shared_strata
from tests.tools import reckonings as others
from tests.tools.items import count_items, draw_items, weigh_sides

COUNTS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 40), st.integers(0, 40), st.integers(1, 40)), min_size=1, max_size=8
)


def _count(*rows: tuple[int, int, int, float, float]) -> ItemCounts:
    """Rows of family, stratum, week, items, and those of them that are so."""
    table = np.array(rows, dtype=float).T
    family, stratum, week = table[:3].astype(np.int64)
    return count_items(family, stratum, week, table[3], table[4])


def _get_gap(effects: Estimates) -> float:
    return float(effects.values[0] - effects.values[1])


@given(counts=COUNTS)
@settings(max_examples=40)
def test_two_families_differ_as_mantel_and_haenszel_say(counts: list[tuple[int, int, int, int]]) -> None:
    """The weighted difference of the groups, from statsmodels."""
    tables = [(min(a, n), n, min(c, m), m) for a, n, c, m in counts]
    rows = [row for s, (a, n, c, m) in enumerate(tables) for row in ((0, s, s, n, a), (1, s, 100 + s, m, c))]

    assert _get_gap(fit_families(_count(*rows), 2)) == pytest.approx(others.risk_difference(tables))


@pytest.mark.parametrize("seed", range(3))
def test_five_families_are_fitted_as_by_statsmodels(seed: int) -> None:
    """Least squares with a term for each family and stratum; errors of independent items are the robust ones."""
    counts = draw_items(seed)
    effects = fit_families(counts, 5)
    columns = (counts.family, counts.stratum, counts.week, counts.week)
    values, variances = others.least_squares_gaps(columns, counts.yes, 5, 8, "HC1")
    pairs = np.triu_indices(5, 1)

    assert effects.values - effects.values[0] == pytest.approx(values)
    assert (effects.measure_gaps()[pairs] > variances[pairs] * 0.98).all()


@pytest.mark.parametrize("by", ["week", "person", "both"])
def test_items_that_are_alike_widen_the_error_as_in_statsmodels(by: str) -> None:
    """By week, by person, or both ways, each family's clusters with the correction of the jackknife; the largest of the
    three counts, and that of independent items is the least."""
    drawn, pairs = draw_items(4, alike=0.6), np.triu_indices(5, 1)
    rng = np.random.default_rng(14)
    person = rng.integers(0, 25, 600) if by != "person" else drawn.family * 12 + drawn.week % 12
    yes = np.maximum(drawn.yes, person % 5 == 0) if by == "both" else drawn.yes
    counts = replace(drawn, yes=yes, person=person if by != "week" else drawn.person)
    columns = (counts.family, counts.stratum, counts.week, person)
    ways = ("HC1", "week") if by == "week" else ("HC1", "week", "person", "both")
    largest = np.max([others.least_squares_gaps(columns, yes, 5, 8, way)[1][pairs] for way in ways], axis=0)
    effects = fit_families(counts, 5)

    ratios = effects.measure_gaps()[pairs] / largest
    assert ratios.min() > 1 and ratios.max() < 1.25
    assert (largest / others.least_squares_gaps(columns, yes, 5, 8, "HC1")[1][pairs]).mean() > 1.2
    assert (effects.freedoms >= 1).all() and (effects.freedoms < 30).all()


@pytest.mark.slow
def test_the_sides_are_not_told_apart_by_the_habits_of_who_answers_most() -> None:
    """One person gives half of each family's answers, and every person has a habit of their own, by one law for all:
    by weeks a quarter of the intervals miss that the sides do not differ, by answerers few."""
    rng, missed = np.random.default_rng(7), np.zeros(2)
    family, week = np.repeat(np.arange(10), 150), np.tile(np.arange(150) // 3, 10)
    for _ in range(200):
        habits = np.clip(rng.normal(0.15, 0.08, (10, 40)), 0.01, 0.9)
        person = np.where(rng.random(1500) < 0.5, 0, rng.integers(1, 40, 1500))
        yes = (rng.random(1500) < habits[family, person]).astype(float)
        for number, answerer in enumerate((None, family * 40 + person)):
            counts = count_items(family, np.zeros_like(family), week, np.ones(1500), yes, person=answerer)
            sides = fit_families(counts, 10).compare(weigh_sides(np.arange(10) < 5), 1)
            missed[number] += not sides.low <= 0 <= sides.high

    assert missed[0] > 40 and missed[1] < 20


def test_people_never_narrow_what_weeks_leave_open() -> None:
    """The largest variance counts; where each person has one item there is one way."""
    counts, pairs = draw_items(4, alike=0.6), np.triu_indices(5, 1)
    by_week = fit_families(counts, 5)
    each = fit_families(replace(counts, person=np.arange(600)), 5)
    few = fit_families(replace(counts, person=counts.family * 3 + counts.week % 3), 5)

    assert each.measure_gaps()[pairs] == pytest.approx(by_week.measure_gaps()[pairs], rel=0.02)
    assert each.freedoms == pytest.approx(by_week.freedoms)
    assert (few.measure_gaps()[pairs] >= by_week.measure_gaps()[pairs] * (1 - 1e-9)).all()
    assert few.freedoms.max() < by_week.freedoms.min()


def test_a_family_has_the_weeks_of_its_own_items() -> None:
    """Ten weeks are as few beside a family of 136 weeks as beside one of the same ten."""
    short = [(0, 0, week, 4, week % 3) for week in range(10)]
    freedoms = [
        fit_families(_count(*short, *((1, 0, gap * week, 4, week % 2) for week in range(10))), 2).freedoms[0]
        for gap in (1, 15)
    ]

    assert freedoms == pytest.approx([3, 3])


def test_only_the_largest_set_of_connected_families_is_compared() -> None:
    """Two in one place, three in another, one alone: the three."""
    rows = [(0, 0, 0, 9, 3), (1, 0, 1, 9, 6), (2, 1, 2, 9, 1), (3, 1, 3, 9, 2), (4, 1, 4, 9, 4), (5, 2, 5, 9, 9)]
    effects = fit_families(_count(*rows), 6)

    assert np.flatnonzero(~np.isnan(effects.values)).tolist() == [2, 3, 4]
    assert effects.values[2:5] == pytest.approx([1 / 9, 2 / 9, 4 / 9])
    assert np.isnan(fit_families(_count((0, 0, 0, 9, 3), (1, 1, 1, 9, 6)), 2).values).all()
    assert len(fit_families(_count((0, 0, 0, 9, 3)).keep(np.array([False])), 0).values) == 0


def test_a_family_is_measured_by_way_of_others_where_it_shares_no_stratum_with_one() -> None:
    """The first and the third never meet; each meets the second, which is twenty points below and ten above."""
    rows = [(0, 0, 0, 100, 70), (1, 0, 1, 100, 50), (1, 1, 2, 100, 40), (2, 1, 3, 100, 30)]
    effects = fit_families(_count(*rows), 3)

    assert effects.values[0] - effects.values[2] == pytest.approx(0.3)


def test_few_items_like_those_of_the_other_are_few_however_many_a_family_has() -> None:
    """A hundred beside a single one of the other, and five beside a hundred: the error is Mantel and Haenszel's."""
    weeks = range(50)
    rows = [(0, 0, week, 2, 1) for week in weeks] + [(1, 0, 7, 1, 0)] + [(0, 1, 7, 5, 5)]
    rows += [(1, 1, week, 2, 1) for week in weeks]
    independent = np.sqrt(fit_families(_count(*rows), 2).measure_gaps()[0, 1])
    weights = np.array([100 * 1 / 101, 5 * 100 / 105])
    each = weights**2 * (56 / 107 * 51 / 107 / np.array([100, 5]) + 51 / 103 * 52 / 103 / np.array([1, 100]))

    assert independent == pytest.approx(np.sqrt(each.sum()) / weights.sum())


def test_none_of_twenty_is_no_proof_that_none_ever_is() -> None:
    """A share of 0 has the error of one more of each kind."""
    effects = fit_families(_count((0, 0, 0, 20, 0), (1, 0, 1, 20, 0)), 2)

    assert effects.measure_gaps()[0, 1] >= 2 * (1 / 22) * (21 / 22) / 20 - 1e-12


def test_only_strata_with_both_sides_are_kept() -> None:
    """Open families alone, or proprietary ones alone, say nothing about the sides."""
    counts = _count((0, 0, 0, 9, 3), (1, 0, 1, 9, 6), (0, 1, 2, 9, 1), (2, 1, 3, 9, 2), (2, 2, 4, 9, 9))
    kept = keep_shared_strata(counts, np.array([True, True, False]))

    assert sorted(kept.stratum.tolist()) == [1, 1]
