"""Ranks of families: pooled figures, and ranges that hold for all at once."""

import numpy as np
from scipy import stats

from analytics.statistics.ranking import (
    Floats,
    Ranking,
    find_differences,
    rank_shares,
)
from analytics.statistics.rarefaction import make_generator

ENDLESS = np.inf


def _rank(shares: list[float], error: float = 0.03, is_high_better: bool = True, freedom: float = ENDLESS) -> Ranking:
    count = len(shares)
    return rank_shares(
        np.array(shares), np.full(count, error**2), np.full(count, freedom), np.full(count, 200.0), is_high_better,
    )  # fmt: skip


def test_the_better_end_decides_who_is_first() -> None:
    """High is better, or low; the rank is inside its range."""
    high, low = _rank([0.8, 0.5, 0.2]), _rank([0.8, 0.5, 0.2], is_high_better=False)

    assert (high.ranks.tolist(), low.ranks.tolist()) == ([1, 2, 3], [3, 2, 1])
    assert (high.rank_lows.tolist(), high.rank_highs.tolist()) == ([1, 2, 3], [1, 2, 3])
    assert high.level_counts.tolist() == [0, 0, 0]


def test_families_that_are_nearly_alike_share_all_ranks() -> None:
    """Four within one error of each other: any may be the best, and each range goes from the first to the last."""
    near = _rank([0.52, 0.51, 0.5, 0.49, 0.5, 0.5])

    assert (near.rank_lows == 1).all() and (near.rank_highs == 6).all() and (near.level_counts == 5).all()


def test_the_pooled_figure_lies_between_the_own_one_and_the_mean() -> None:
    """And within 0 and 1, also for a family of which none or all are so."""
    ranking = _rank([0.0, 0.3, 0.5, 1.0], error=0.05)

    assert 0 < ranking.values[0] < 0.3 and 0.5 < ranking.values[3] < 1
    assert (ranking.lows >= 0).all() and (ranking.highs <= 1).all()
    assert (ranking.lows <= ranking.values).all() and (ranking.values <= ranking.highs).all()


def test_two_families_differ_as_by_welchs_test() -> None:
    """Of two there is one difference: the quantile is Student's for the freedom of both."""
    bounds = np.array([0.0, 1.0])
    for error, is_found in ((1 / stats.t.ppf(0.975, 6) - 0.01, True), (1 / stats.t.ppf(0.975, 6) + 0.01, False)):
        found = find_differences((bounds, bounds), np.full(2, error**2 / 2), np.full(2, 3.0))
        assert found[0, 1] == is_found


def test_among_equal_families_a_false_difference_is_found_in_one_of_twenty_worlds() -> None:
    """20 families, 400 worlds, unequal errors: all pairs together, where overlap finds one in a third of them."""
    rng, found = np.random.default_rng(3), 0
    errors: Floats = np.linspace(0.02, 0.08, 20)
    for _ in range(400):
        drawn = rng.normal(0, errors)
        found += bool(find_differences((drawn, drawn), errors**2, np.full(20, ENDLESS)).any())

    assert 0.02 < found / 400 < 0.08


def test_ranks_hold_whatever_was_not_seen() -> None:
    """Twelve equal families, 40 worlds: of half of them all of the 4 % not seen are yes, of the others none. Who takes
    what was seen for all finds a false difference in most of them."""
    rng, unseen, size = np.random.default_rng(5), np.full(12, 0.04), 2_000
    seen = (0.5 - unseen * (np.arange(12) % 2)) / (1 - unseen)
    false = {"bounds": 0, "seen": 0}
    for _ in range(40):
        shares = rng.binomial(size, seen) / size
        for name, part in (("bounds", unseen), ("seen", 0.0)):
            ranking = rank_shares(
                shares, shares * (1 - shares) / size, np.full(12, ENDLESS), np.full(12, size), True, part
            )
            false[name] += bool(ranking.level_counts.min() < 11)

    assert false["bounds"] <= 2 and false["seen"] > 20, false


def test_a_name_makes_its_own_randomness_and_the_same_each_time() -> None:
    """Another name draws otherwise."""
    first, again, other = (make_generator(*names).random() for names in (("a", "b"), ("a", "b"), ("a", "c")))

    assert first == again != other
