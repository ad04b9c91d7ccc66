"""Models over families: by hand, against scipy, and by simulation with fixed seeds."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from analytics.statistics.effects import Effect, adjust_by_holm
from analytics.statistics.meta_analysis import (
    Floats,
    compare_sides,
    pool_families,
)

IS_OPEN = np.arange(21) < 13


def _draw(seed: int, count: int = 13, spread: float = 0.12) -> tuple[Floats, Floats]:
    """Estimates of families whose true figures spread by so much around .5, with variances that differ."""
    rng = np.random.default_rng(seed)
    variances = rng.uniform(0.0005, 0.01, count)
    return rng.normal(0.5, spread, count) + rng.normal(0, np.sqrt(variances)), variances


def test_families_measured_without_error_have_their_own_variance_between_them() -> None:
    """Nothing is drawn towards the mean then; one family alone stays as it is."""
    values = np.array([1.0, 4.0, 2.0, 7.0])
    pooled = pool_families(values, np.zeros(4))
    (alone,) = pool_families(np.array([0.3]), np.array([0.01])).values

    assert pooled.tau_squared == pytest.approx(values.var(ddof=1), rel=1e-5)
    assert pooled.mean == pytest.approx(3.5) and pooled.values == pytest.approx(values, abs=1e-6)
    assert alone == pytest.approx(0.3, abs=0.01)


@pytest.mark.parametrize("seed", range(6))
def test_families_vary_as_much_as_leaves_what_chance_explains(seed: int) -> None:
    """By hand: at Paule and Mandel's tau squared the weighted squares are as many as the degrees of freedom, and Knapp
    and Hartung's error follows from them."""
    values, variances = _draw(seed)
    pooled = pool_families(values, variances)
    weights = 1 / (variances + pooled.tau_squared)
    mean = float(weights @ values / weights.sum())

    assert pooled.tau_squared > 0 and pooled.mean == pytest.approx(mean)
    assert weights @ (values - mean) ** 2 == pytest.approx(12, rel=1e-4)
    assert pooled.error == pytest.approx(weights.sum() ** -0.5, rel=1e-4)


def test_a_family_with_few_data_is_drawn_to_the_mean_and_one_with_many_is_not() -> None:
    """Between its estimate and the mean, the nearer the mean the larger its variance."""
    values, variances = np.array([0.2, 0.4, 0.5, 0.6, 0.9, 0.9]), np.array([0.001, 0.001, 0.001, 0.001, 0.0001, 0.2])
    pooled = pool_families(values, variances)

    assert pooled.values[4] == pytest.approx(0.9, abs=0.002)
    assert pooled.mean < pooled.values[5] < 0.75
    assert (pooled.lows < pooled.values).all() and (pooled.values < pooled.highs).all()


def test_the_best_familys_pooled_figure_is_not_inflated_by_luck() -> None:
    """Over 400 worlds of 21 families the highest estimate is 5 points too high; its pooled figure is within one."""
    rng, naive, pooled = np.random.default_rng(2), 0.0, 0.0
    for _ in range(400):
        truth = rng.normal(0.6, 0.05, 21)
        variances = rng.uniform(0.001, 0.006, 21)
        values = truth + rng.normal(0, np.sqrt(variances))
        ours = pool_families(values, variances).values
        naive += (values.max() - truth[values.argmax()]) / 400
        pooled += (ours.max() - truth[ours.argmax()]) / 400

    assert naive > 0.03
    assert abs(pooled) < 0.01


def test_these_families_differ_by_their_means_and_only_chance_within_them_counts() -> None:
    """Each family counts once; p and interval come from one statistic, that of a sum of independent estimates."""
    values, variances = _draw(9, 21)
    these = compare_sides(values, variances, IS_OPEN)
    error = math.sqrt(variances[IS_OPEN].sum() / 13**2 + variances[~IS_OPEN].sum() / 8**2)

    assert these.value == pytest.approx(values[IS_OPEN].mean() - values[~IS_OPEN].mean())
    assert (these.error, these.freedom) == (pytest.approx(error), math.inf)
    assert (these.low, these.high) == pytest.approx(stats.norm.interval(0.95, these.value, error))
    assert these.p_value == pytest.approx(2 * stats.norm.sf(abs(these.value) / error))


def test_freedoms_of_the_variances_are_joined_by_satterthwaites_rule() -> None:
    """With equal variances and freedoms in two equal sides it is that of all together, as in the t test."""
    of = np.random.default_rng(4).normal(0, 1, (2, 6))
    variances = of.var(axis=1, ddof=1) / 6
    these = compare_sides(of.mean(1), variances, np.array([True, False]), np.array([5.0, 5.0]))
    welch = stats.ttest_ind(of[0], of[1], equal_var=False)

    assert (these.p_value, these.freedom) == (pytest.approx(welch.pvalue), pytest.approx(welch.df))
    assert (these.low, these.high) == pytest.approx(tuple(welch.confidence_interval()))


def test_the_comparison_covers_what_it_names_though_the_sides_differ_in_spread() -> None:
    """13 families that spread by .05 against 8 by .2: 95 of 100 intervals, within the error of 600 worlds."""
    rng, held = np.random.default_rng(3), 0
    for _ in range(600):
        truth = np.where(IS_OPEN, rng.normal(0.6, 0.05, 21), rng.normal(0.5, 0.2, 21))
        variances = rng.uniform(0.0005, 0.006, 21)
        compared = compare_sides(truth + rng.normal(0, np.sqrt(variances)), variances, IS_OPEN)
        held += compared.low < truth[IS_OPEN].mean() - truth[~IS_OPEN].mean() < compared.high

    assert 0.93 < held / 600 < 0.975


def test_a_difference_without_any_error_is_certain_and_none_is_none() -> None:
    """What is counted in full has no chance in it; a difference of shares ends at 1."""
    assert (Effect(0.4, 0.0).p_value, Effect(0.0, 0.0).p_value) == (0.0, 1.0)
    assert Effect(0.9, 0.2, limit=1).high == 1


@given(p_values=st.lists(st.floats(0, 1), min_size=1, max_size=40))
@settings(max_examples=15)
def test_holm_is_that_of_statsmodels(p_values: list[float]) -> None:
    """Adjusted p in the order given."""
    assert adjust_by_holm(np.array(p_values)) == pytest.approx(multipletests(p_values, method="holm")[1])


def test_families_that_do_not_differ_share_one_pooled_figure() -> None:
    """Estimates closer than chance makes them: tau squared is 0, and the error that of chance alone."""
    values, variances = np.array([0.49, 0.5, 0.51]), np.full(3, 0.01)
    pooled = pool_families(values, variances)

    assert pooled.tau_squared == 0 and pooled.values == pytest.approx([0.5] * 3)
    assert (pooled.error, pooled.freedom) == (pytest.approx((0.01 / 3) ** 0.5), 2)
