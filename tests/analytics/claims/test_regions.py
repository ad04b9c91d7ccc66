"""Regions of an interval against the smallest effect that matters: by fixed numbers, and as scipy has the tails."""

import math

import pytest
from scipy import stats

from analytics.claims.judging import compute_detectable_effect, place_effect
from analytics.statistics.effects import Effect


@pytest.mark.parametrize(
    ("value", "error", "word", "is_opposite"),
    [
        (0.10, 0.020, "supported", False),
        (0.10, 0.026, "undecided", False),
        (0.00, 0.020, "ruled out", False),
        (0.00, 0.026, "undecided", False),
        (0.04, 0.030, "undecided", False),
        (-0.10, 0.020, "ruled out", True),
        (-0.10, 0.026, "ruled out", False),
    ],
)
@pytest.mark.parametrize("direction", [1, -1])
def test_the_whole_interval_must_lie_in_a_region(
    value: float, error: float, word: str, is_opposite: bool, direction: int
) -> None:
    """Against 5 points: 1.96 errors must fit between the effect and the edge, in either direction of the claim."""
    region = place_effect(Effect(direction * value, error), 0.05, direction)

    assert (region.verdict, region.is_opposite) == (word, is_opposite)


@pytest.mark.parametrize(("value", "error", "freedom"), [(0.12, 0.03, 7.5), (0.01, 0.04, 30), (-0.3, 0.1, math.inf)])
def test_the_tails_are_those_of_student(value: float, error: float, freedom: float) -> None:
    """One statistic gives the interval and both tails, so that verdict and interval never disagree."""
    region = place_effect(Effect(value, error, freedom), 0.05, 1)
    tail = stats.norm if math.isinf(freedom) else stats.t(freedom)

    assert region.p_supported == pytest.approx(tail.sf((value - 0.05) / error), abs=1e-10)
    assert region.p_ruled_out == pytest.approx(tail.cdf((value - 0.05) / error), abs=1e-10)


@pytest.mark.parametrize(("value", "word"), [(0.051, "supported"), (0.05, "undecided"), (0.049, "ruled out")])
def test_what_is_counted_in_full_leaves_nothing_to_chance(value: float, word: str) -> None:
    """Only exactly at the edge it stays undecided."""
    assert place_effect(Effect(value, 0.0), 0.05, 1).verdict == word


@pytest.mark.parametrize("freedom", [6.0, math.inf])
def test_a_detectable_effect_is_found_with_the_power_that_is_said(freedom: float) -> None:
    """Were it true, the estimate would pass the edge of the region in four of five worlds (normal errors)."""
    effect, tail = Effect(0.0, 0.02, freedom), 0.004
    detectable = compute_detectable_effect(effect, 0.05, tail, 0.8)
    spread = stats.norm if math.isinf(freedom) else stats.t(freedom)
    needed = 0.05 + spread.isf(tail) * 0.02

    assert spread.sf((needed - detectable) / 0.02) == pytest.approx(0.8)
    assert compute_detectable_effect(Effect(0.3, 0.0), 0.05, tail, 0.8) == 0.05
