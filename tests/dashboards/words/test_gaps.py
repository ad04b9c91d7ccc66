"""Differences of figures from their intervals."""

import numpy as np
import pytest

from dashboards.metric_row import Row
from dashboards.words import gaps


def row(value: float | None, low: float | None, high: float | None) -> Row:
    """A measured figure."""
    return {"value": value, "low": low, "high": high, "state": "measured"}


def test_a_difference_has_the_error_of_both_figures() -> None:
    """Of normal errors of 3 and 4 it is 5; unequal arms count on the side on which they pull."""
    assert gaps.measure_gap(row(10, 7, 13), row(2, -2, 6)) == (8, 3, 13)
    low, high = gaps.measure_gap(row(0.5, 0.4, 0.8), row(0.2, 0.2, 0.2))[1:]
    assert (low, high) == pytest.approx((0.2, 0.6))


def test_intervals_that_overlap_may_differ_and_those_of_many_need_to_be_further_apart() -> None:
    """Two that overlap by a little differ by more than chance; as one of 190 pairs they do not."""
    first, second = row(0.6, 0.5, 0.7), row(0.42, 0.32, 0.52)

    assert gaps.measure_gap(first, second).is_shown
    assert not gaps.measure_gap(first, second, 190).is_shown
    assert gaps.select_level(first, [second]) == []
    assert gaps.select_level(first, [second] * 19) == [second] * 19
    assert gaps.select_level(row(4, 4, 4), [row(3, 3, 3)]) == []


def test_what_is_unknown_reaches_everywhere_and_ranges_are_only_told_apart_as_a_whole() -> None:
    """An open end has no limit; two ranges without a value differ only if they do not touch."""
    assert not gaps.measure_gap(row(50, 40, None), row(900, 800, 1000)).is_shown
    assert gaps.measure_gap(row(None, 0.9, 0.99), row(None, 0.5, 0.8)).is_shown
    assert gaps.measure_gap(row(None, 0.9, 0.99), row(0.85, 0.5, 0.95)) == pytest.approx((None, -0.05, 0.49))


def test_bounds_are_told_apart_only_where_they_do_not_touch() -> None:
    """Of two uptimes each may lie anywhere between its ends, and nothing makes the middle likelier."""
    first, second = row(0.9995, 0.9990, 1.0), row(0.9987, 0.9982, 0.9992)
    assert gaps.measure_gap(first, second).is_shown
    assert gaps.measure_gap(first, second, are_bounds=True) == pytest.approx((0.0008, -0.0002, 0.0018))
    assert gaps.select_level(first, [second], are_bounds=True) == [second]
    assert gaps.select_level(first, [row(0.9981, 0.9976, 0.9986)], are_bounds=True) == []


def test_of_a_hundred_differences_of_equal_figures_five_are_shown() -> None:
    """Shares with Wilson's interval, 60 and 300 items."""
    rng, shown, z2 = np.random.default_rng(1), 0, gaps.Z**2
    for _ in range(1000):
        figures = []
        for n in (60, 300):
            p = rng.binomial(n, 0.3) / n
            middle, reach = (p + z2 / 2 / n) / (1 + z2 / n), gaps.Z * (p * (1 - p) / n + z2 / 4 / n**2) ** 0.5
            figures.append(row(p, middle - reach / (1 + z2 / n), middle + reach / (1 + z2 / n)))
        shown += gaps.measure_gap(figures[0], figures[1]).is_shown

    assert 0.03 < shown / 1000 < 0.07
