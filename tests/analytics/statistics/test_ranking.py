"""Ranks of families: ranges that hold for all at once."""

import numpy as np
import pytest
from scipy import stats

from analytics.statistics.effects import Estimates
from analytics.statistics.ranking import find_differences, rank_families
from analytics.statistics.rarefaction import make_generator
from analytics.statistics.survival import Floats

ENDLESS = np.inf


def _estimate(values: Floats, errors: Floats, freedom: float = ENDLESS) -> Estimates:
    return Estimates(values, np.diag(errors**2)[None], np.full(len(values), freedom))


def _rank(shares: list[float], is_high_better: bool = True) -> dict[str, list[int]]:
    estimates, seen = _estimate(np.array(shares), np.full(len(shares), 0.03)), np.zeros(len(shares))
    ranking = rank_families(estimates, is_high_better, seen, seen)
    return {name: column.tolist() for name, column in ranking.items()}


def test_the_better_end_decides_who_is_first() -> None:
    """High is better, or low; the rank is inside its range."""
    high, low = _rank([0.8, 0.5, 0.2]), _rank([0.8, 0.5, 0.2], is_high_better=False)

    assert (high["rank"], low["rank"]) == ([1, 2, 3], [3, 2, 1])
    assert (high["rank_low"], high["rank_high"]) == ([1, 2, 3], [1, 2, 3])
    assert high["level_count"] == [0, 0, 0]


def test_families_that_are_nearly_alike_share_all_ranks() -> None:
    """Four within one error of each other: any may be the best, and each range goes from the first to the last."""
    near = _rank([0.52, 0.51, 0.5, 0.49, 0.5, 0.5])

    assert (near["rank_low"], near["rank_high"], near["level_count"]) == ([1] * 6, [6] * 6, [5] * 6)


def test_two_families_differ_as_by_welchs_test() -> None:
    """Of two there is one difference: the quantile is Student's for the freedom of both."""
    for error, is_found in ((1 / stats.t.ppf(0.975, 6) - 0.01, True), (1 / stats.t.ppf(0.975, 6) + 0.01, False)):
        pair = _estimate(np.array([0.0, 1.0]), np.full(2, error / 2**0.5), 3.0)
        assert find_differences(pair)[0, 1] == is_found


def test_families_that_vary_together_are_told_apart_by_their_difference() -> None:
    """Each alone is as uncertain as ten points, and the difference of five is sure."""
    together = Estimates(np.array([0.5, 0.55]), np.array([[[1.0, 0.99], [0.99, 1.0]]]) / 100, np.full(2, ENDLESS))

    assert find_differences(together)[0, 1]
    assert not find_differences(_estimate(together.values, np.full(2, 0.1)))[0, 1]


@pytest.mark.slow
def test_among_equal_families_a_false_difference_is_found_in_one_of_twenty_worlds() -> None:
    """20 families, 400 worlds, unequal errors: all pairs together, where overlap finds one in a third of them."""
    rng, errors = np.random.default_rng(3), np.linspace(0.02, 0.08, 20)
    found = sum(find_differences(_estimate(rng.normal(0, errors), errors)).any() for _ in range(400))

    assert 0.02 < found / 400 < 0.08


def test_ranks_hold_whatever_was_not_seen() -> None:
    """Twelve equal families, 40 worlds: of half of them all of the 4 % not seen are yes, of the others none. Who takes
    what was seen for all finds a false difference in most of them."""
    rng, unseen, size = np.random.default_rng(5), 0.04, 2_000
    seen = (0.5 - unseen * (np.arange(12) % 2)) / (1 - unseen)
    false = {"bounds": 0, "seen": 0}
    for _ in range(40):
        shares = rng.binomial(size, seen) / size
        drawn = _estimate(shares, np.sqrt(shares * (1 - shares) / size))
        for name, part in (("bounds", unseen), ("seen", 0.0)):
            ranking = rank_families(drawn, True, shares * part, (1 - shares) * part)
            false[name] += bool(ranking["level_count"].min() < 11)

    assert false["bounds"] <= 2 and false["seen"] > 20, false


def test_a_name_makes_its_own_randomness_and_the_same_each_time() -> None:
    first, again, other = (make_generator(*names).random() for names in (("a", "b"), ("a", "b"), ("a", "c")))

    assert first == again != other
