"""Weighted sums of estimates: by hand, against scipy, and by simulation with fixed seeds."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from analytics.statistics.effects import Effect, Estimates, adjust_by_holm
from analytics.statistics.survival import Floats
from tests.tools.items import weigh_sides

IS_OPEN = np.arange(21) < 13


def _estimate(values: Floats, variances: Floats, freedom: float = math.inf) -> Estimates:
    return Estimates(values, np.diag(variances)[None], np.full(len(values), freedom))


def test_these_families_differ_by_their_means_and_only_chance_within_them_counts() -> None:
    """Each family counts once; p and interval come from one statistic, that of a sum of independent estimates."""
    rng = np.random.default_rng(9)
    variances = rng.uniform(0.0005, 0.01, 21)
    values = rng.normal(0.5, 0.12, 21) + rng.normal(0, np.sqrt(variances))
    these = _estimate(values, variances).compare(weigh_sides(IS_OPEN))
    error = math.sqrt(variances[IS_OPEN].sum() / 13**2 + variances[~IS_OPEN].sum() / 8**2)

    assert these.value == pytest.approx(values[IS_OPEN].mean() - values[~IS_OPEN].mean())
    assert (these.error, these.freedom) == (pytest.approx(error), math.inf)
    assert (these.low, these.high) == pytest.approx(stats.norm.interval(0.95, these.value, error))
    assert these.p_value == pytest.approx(2 * stats.norm.sf(abs(these.value) / error))


def test_freedoms_of_the_variances_are_joined_by_satterthwaites_rule() -> None:
    """With equal variances and freedoms in two equal sides it is that of all together, as in the t test."""
    of = np.random.default_rng(4).normal(0, 1, (2, 6))
    these = _estimate(of.mean(1), of.var(axis=1, ddof=1) / 6, 5.0).compare(np.array([1.0, -1.0]))
    welch = stats.ttest_ind(of[0], of[1], equal_var=False)

    assert (these.p_value, these.freedom) == (pytest.approx(welch.pvalue), pytest.approx(welch.df))
    assert (these.low, these.high) == pytest.approx(tuple(welch.confidence_interval()))


def test_estimates_that_vary_together_differ_by_less() -> None:
    """By hand: 4 and 9 with a covariance of 3 differ by 7, by another way of clustering by 5; the larger counts."""
    covariances = np.array([[[4.0, 3.0], [3.0, 9.0]], [[2.5, 0.0], [0.0, 2.5]]])
    estimates = Estimates(np.array([1.0, 3.0]), covariances, np.full(2, math.inf))

    assert estimates.compare(np.array([1.0, -1.0])).error == pytest.approx(7**0.5)
    assert estimates.compare(np.array([1.0, 1.0])).error == pytest.approx(19**0.5)
    assert estimates.measure_gaps().tolist() == [[0, 7], [7, 0]]
    assert estimates.choose([1]).compare(np.array([1.0])).error == pytest.approx(3)


def test_an_unknown_estimate_counts_only_if_it_has_a_weight() -> None:
    """A family without like cases does not spoil the difference of two others."""
    estimates = _estimate(np.array([0.5, math.nan, 0.2]), np.full(3, 0.01))

    assert estimates.compare(np.array([1.0, 0.0, -1.0])).value == pytest.approx(0.3)
    assert math.isnan(estimates.compare(np.array([1.0, -1.0, 0.0])).value)


def test_a_difference_without_any_error_is_certain_and_none_is_none() -> None:
    """What is counted in full has no chance in it; a difference of shares ends at 1."""
    assert (Effect(0.4, 0.0).p_value, Effect(0.0, 0.0).p_value) == (0.0, 1.0)
    assert Effect(0.9, 0.2, limit=1).high == 1


@given(p_values=st.lists(st.floats(0, 1), min_size=1, max_size=40))
@settings(max_examples=5)
def test_holm_is_that_of_statsmodels(p_values: list[float]) -> None:
    assert adjust_by_holm(np.array(p_values)) == pytest.approx(multipletests(p_values, method="holm")[1])
