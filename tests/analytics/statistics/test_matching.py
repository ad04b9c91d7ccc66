"""Checks of comparisons: exchanged families against scipy and by simulation, and Holm's correction against
statsmodels."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from analytics.statistics.matching import adjust_by_holm, compute_exchange_p
from tests.tools import reckonings as others


@given(values=st.lists(st.floats(0, 1, width=16), min_size=6, max_size=9, unique=True))
@settings(max_examples=40)
def test_families_are_exchanged_as_scipy_exchanges_them(values: list[float]) -> None:
    """The p is that of scipy's exact permutation test of Welch's statistic."""
    of = np.array(values)
    is_open = np.arange(len(of)) < 3

    assert compute_exchange_p(of, is_open) == pytest.approx(others.exchange_p(of[is_open], of[~is_open]), abs=1e-9)


def test_of_more_exchanges_than_can_be_counted_out_so_many_are_drawn() -> None:
    """Three families against 37 can be exchanged in 9,880 ways, all of which are gone through here; the draws err by
    0.005."""
    of = np.concatenate([[2.0, 1.5, 1.0], np.random.default_rng(8).normal(0, 1, 37)])
    some = np.array(list(combinations(range(40), 3)))
    rest = np.array([np.delete(of, three) for three in some])
    apart = stats.ttest_ind(of[some], rest, axis=1, equal_var=False).statistic

    exact = (np.abs(apart) >= abs(apart[0]) - 1e-12).mean()
    assert compute_exchange_p(of, np.arange(40) < 3) == pytest.approx(exact, abs=0.02)


def test_sides_of_unlike_spread_are_not_taken_for_unlike_means() -> None:
    """13 families that spread by .05 against 8 by .2, with one mean: plain exchanges call 12 to 13 of 100 worlds
    different, these 5 to 9."""
    rng, found = np.random.default_rng(11), 0
    is_open = np.arange(21) < 13
    for _ in range(300):
        found += compute_exchange_p(np.where(is_open, rng.normal(0, 0.05, 21), rng.normal(0, 0.2, 21)), is_open) < 0.05

    assert 0.02 < found / 300 < 0.1


def test_sides_without_any_spread_are_apart_or_alike() -> None:
    """Ten exchanges of two against three, of which the one found is the farthest; equal figures are never apart."""
    is_open = np.array([True, True, False, False, False])

    assert compute_exchange_p(np.array([1.0, 1.0, 0.0, 0.0, 0.0]), is_open) == pytest.approx(0.1)
    assert compute_exchange_p(np.ones(5), is_open) == 1


@pytest.mark.slow
@given(p_values=st.lists(st.floats(0, 1), min_size=1, max_size=40))
@settings(max_examples=15)
def test_holm_is_that_of_statsmodels(p_values: list[float]) -> None:
    """Adjusted p in the order given."""
    assert adjust_by_holm(np.array(p_values)) == pytest.approx(multipletests(p_values, method="holm")[1])
