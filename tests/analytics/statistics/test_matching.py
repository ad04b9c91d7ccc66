"""Like against like: differences, their errors and their p, checked against independent libraries and by simulation."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.meta_analysis import effectsize_2proportions
from statsmodels.stats.multitest import multipletests

from analytics.statistics.matching import (
    Pairs,
    adjust_by_holm,
    compare_pair,
    compare_sides,
    compare_with_level,
    compute_design_effect,
    match_families,
)
from tests.tools import reckonings as others

COUNTS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 40), st.integers(0, 40), st.integers(1, 40)), min_size=1, max_size=8
)
ONES = np.ones(2)


def _pair(yes: Sequence[Sequence[float]], items: Sequence[Sequence[float]]) -> tuple[float, float]:
    pairs = match_families(np.array(yes, dtype=float), np.array(items, dtype=float), ONES)
    return float(pairs.differences[0, 1]), float(pairs.variances[0, 1])


def _split(tables: Sequence[others.Table]) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """What is so, and all, by group and family."""
    return [(a, c) for a, _, c, _ in tables], [(n, m) for _, n, _, m in tables]


@given(counts=COUNTS)
@settings(max_examples=60, deadline=None)
def test_the_matched_difference_weighs_each_groups_difference_as_mantel_and_haenszel_do(
    counts: list[tuple[int, int, int, int]],
) -> None:
    """statsmodels gives the differences of the groups; the other way round it is the same with the other sign."""
    tables = [(min(a, n), n, min(c, m), m) for a, n, c, m in counts]
    expected, variance = pytest.approx(others.risk_difference(tables)), pytest.approx(others.risk_variance(tables))

    assert _pair(*_split(tables)) == (expected, variance)
    assert _pair(*_split([(c, m, a, n) for a, n, c, m in tables])) == (
        pytest.approx(-others.risk_difference(tables)),
        variance,
    )


def test_in_one_large_group_the_error_is_the_plain_one_and_in_many_it_leads_to_the_same_p() -> None:
    """Against statsmodels: the plain variance of a difference, and the test of Mantel and Haenszel that no group
    differs."""
    value, variance = _pair([(300, 500)], [(1000, 1200)])
    _, plain = effectsize_2proportions(*np.array([[300], [1000], [500], [1200]]), statistic="diff")
    tables = [(30, 100, 20, 100), (60, 90, 52, 90), (15, 40, 11, 50)]

    assert (value, variance) == (pytest.approx(0.3 - 500 / 1200), pytest.approx(plain[0], rel=0.01))
    assert compare_pair(*_pair(*_split(tables))).p_value == pytest.approx(others.common_odds_p(tables), rel=0.15)


def test_the_interval_holds_in_many_groups_of_one_or_two() -> None:
    """Where most groups hold one item a family the older variance is 0; this one covers the truth in 95 of 100
    worlds."""
    rng, held = np.random.default_rng(1), 0
    for _ in range(600):
        n, m = rng.integers(0, 3, (2, 300))
        base = rng.uniform(0.1, 0.6, 300)
        yes = np.stack([rng.binomial(n, base + 0.15), rng.binomial(m, base)], 1)
        effect = compare_pair(*_pair(yes.tolist(), np.stack([n, m], 1).tolist()))
        held += effect.low < 0.15 < effect.high

    assert 0.925 < held / 600 < 0.975


def test_matching_undoes_what_another_mix_of_questions_does() -> None:
    """Simpson's case: in either group the first is worse, together it looks better, since it is asked more of what is
    easy."""
    yes, items = [(80, 9), (1, 20)], [(100, 10), (10, 100)]
    raw, _ = _pair([(81, 29)], [(110, 110)])

    assert raw == pytest.approx(0.4727, abs=1e-3)
    assert _pair(yes, items)[0] == pytest.approx(-0.1)


def test_replies_that_are_alike_within_their_thread_count_as_one() -> None:
    """Each of 100 threads with four replies that are all so or all not tells as much as one: the design effect is 4."""
    assert compute_design_effect(
        yes=160, items=400, yes_squared=640, items_by_yes=640, items_squared=1600
    ) == pytest.approx(4)
    assert compute_design_effect(
        yes=40, items=100, yes_squared=40, items_by_yes=40, items_squared=100
    ) == pytest.approx(1)
    assert compute_design_effect(yes=0, items=100, yes_squared=0, items_by_yes=0, items_squared=100) == 1


def _families(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]], error: float = 0.0) -> Pairs:
    differences = values[:, None] - values[None, :]
    np.fill_diagonal(differences, np.nan)
    return Pairs(differences, np.full_like(differences, error**2))


@given(values=st.lists(st.floats(0, 1, width=16), min_size=6, max_size=9), first=st.integers(3, 3))
@settings(max_examples=40, deadline=None)
def test_sides_are_tested_by_exchanging_whole_families(values: list[float], first: int) -> None:
    """The p is that of scipy's exact permutation test on one number a family."""
    of = np.array(values)
    is_open = np.arange(len(of)) < first
    effect = compare_sides(_families(of), is_open)

    assert effect is not None
    assert effect.value == pytest.approx(of[is_open].mean() - of[~is_open].mean(), abs=1e-9)
    assert effect.p_value == pytest.approx(others.exchange_p(of[is_open], of[~is_open]), abs=1e-9)


def test_pairs_that_are_not_known_are_left_out_of_every_exchange() -> None:
    """Six families, of which two cannot be compared: the p is that of all twenty ways to part them, counted out."""
    differences = _families(np.array([0.9, 0.7, 0.6, 0.5, 0.1, 0.2])).differences.copy()
    differences[1, 4] = differences[4, 1] = np.nan
    means = [
        np.nanmean([differences[one, other] for one in side for other in range(6) if other not in side])
        for side in combinations(range(6), 3)
    ]
    effect = compare_sides(Pairs(differences, np.zeros_like(differences)), np.arange(6) < 3)

    assert effect is not None
    assert effect.value == pytest.approx(means[0])
    assert effect.p_value == pytest.approx(np.mean([abs(mean) >= abs(means[0]) - 1e-12 for mean in means]))


def test_of_more_exchanges_than_can_be_counted_out_so_many_are_drawn() -> None:
    """Three families against 37 can be exchanged in 9,880 ways, all of which are gone through here; the draws err by
    0.003."""
    of = np.concatenate([[2.0, 1.5, 1.0], np.random.default_rng(8).normal(0, 1, 37)])
    gaps = np.array([of[list(some)].mean() - np.delete(of, some).mean() for some in combinations(range(40), 3)])
    effect = compare_sides(_families(of), np.arange(40) < 3)
    exact = (np.abs(gaps) >= abs(gaps[0]) - 1e-12).mean()

    assert effect is not None and effect.value == pytest.approx(gaps[0])
    assert 0.003 < exact < 0.1 and effect.p_value == pytest.approx(exact, abs=0.012)


def test_the_interval_of_sides_holds_though_families_differ_and_is_near_welchs() -> None:
    """Five families against seven that scatter by 0.2: the truth lies in it in 95 of 100 worlds or a few more."""
    rng, held = np.random.default_rng(3), 0
    for _ in range(300):
        of = np.concatenate([rng.normal(0.1, 0.2, 5), rng.normal(0, 0.2, 7)])
        effect = compare_sides(_families(of, 0.01), np.arange(12) < 5)
        assert effect is not None
        held += effect.low < 0.1 < effect.high
    of = np.concatenate([rng.normal(0.1, 0.2, 12), rng.normal(0, 0.2, 12)])
    effect, welch = (
        compare_sides(_families(of), np.arange(24) < 12),
        stats.ttest_ind(of[:12], of[12:], equal_var=False).confidence_interval(),
    )

    assert 0.93 < held / 300 <= 1
    assert effect is not None
    assert (effect.low, effect.high) == pytest.approx((welch.low, welch.high), abs=0.03)


@given(seed=st.integers(0, 10_000), which=st.integers(0, 7), times=st.sampled_from([2, 50, 100_000]))
@settings(max_examples=40, deadline=None)
def test_a_family_that_grows_is_still_one_family(seed: int, which: int, times: int) -> None:
    """Doubling the threads of one family, or a flood of the same, changes neither effect nor p: what is no difference
    stays none."""
    rng = np.random.default_rng(seed)
    items = np.tile(rng.integers(20, 200, (1, 8)), (3, 1)).astype(float)
    yes = np.round(items * np.clip(rng.normal(0.5, 0.15, (1, 8)), 0, 1))
    grown = np.where(np.arange(8) == which, float(times), 1.0)
    is_open = np.arange(8) < 4
    before = compare_sides(match_families(yes, items, np.ones(8)), is_open, 1)
    after = compare_sides(match_families(yes * grown, items * grown, np.ones(8)), is_open, 1)

    assert before is not None
    assert after is not None
    assert (after.value, after.p_value) == (pytest.approx(before.value), pytest.approx(before.p_value))


def test_order_of_families_changes_nothing() -> None:
    """Effect and p are those of the set of families."""
    of, is_open = np.random.default_rng(5).random(11), np.arange(11) < 5
    order = np.random.default_rng(6).permutation(11)
    one, other = compare_sides(_families(of), is_open), compare_sides(_families(of[order]), is_open[order])

    assert one is not None
    assert other is not None
    assert (one.value, one.p_value) == (pytest.approx(other.value), pytest.approx(other.p_value))


def test_families_with_nothing_in_common_are_not_compared() -> None:
    """One that is asked only what no other is asked has no pair; sides without a pair have no effect."""
    pairs = match_families(
        np.array([[5.0, 5.0, 0.0], [0.0, 0.0, 5.0]]), np.array([[10.0, 10.0, 0.0], [0.0, 0.0, 10.0]]), np.ones(3)
    )

    assert np.isnan(pairs.differences[2]).all()
    assert compare_sides(pairs, np.array([False, False, True])) is None


@given(gaps=st.lists(st.floats(-1, 1, width=16), min_size=3, max_size=10))
@settings(max_examples=40, deadline=None)
def test_a_level_is_tested_by_drawing_signs(gaps: list[float]) -> None:
    """The p is that of scipy's exact test of paired samples."""
    of = np.array(gaps)
    effect = compare_with_level(of + 2, np.zeros(len(of)), 2)

    assert effect.value == pytest.approx(of.mean(), abs=1e-9)
    assert effect.p_value == pytest.approx(others.sign_p(of), abs=1e-9)


@pytest.mark.parametrize(
    ("gaps", "low", "high"), [([1.0] * 20, 0, 0.002), ([1.0, -1.0] * 10, 1, 1), ([1.0] * 13 + [-1.0] * 7, 0.2, 0.33)]
)
def test_the_signs_of_many_families_are_drawn(gaps: list[float], low: float, high: float) -> None:
    """Of twenty alike hardly any draw is as far; thirteen against seven happens to a fair coin in 26 of 100; level ones
    always."""
    p_value = compare_with_level(np.array(gaps), np.zeros(20), 0).p_value

    assert low <= p_value <= high and p_value > 0


@pytest.mark.slow
@given(p_values=st.lists(st.floats(0, 1), min_size=1, max_size=40))
@settings(max_examples=15, deadline=None)
def test_holm_is_that_of_statsmodels(p_values: list[float]) -> None:
    """Adjusted p in the order given."""
    assert adjust_by_holm(np.array(p_values)) == pytest.approx(multipletests(p_values, method="holm")[1])
