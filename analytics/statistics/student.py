"""Student's distribution for any number of degrees of freedom, also fractions, as Satterthwaite's rule gives them."""

import math
from functools import lru_cache
from statistics import NormalDist

STEPS = 500
"""Most terms of the continued fraction, and steps to a quantile: far more than any freedom above 0.1 needs."""
TINY = 1e-300
"""What stands for a zero that would be divided by."""
NORMAL_FREEDOM = 1e7
"""Above this the distribution is normal to the tenth digit."""


LEAST_EXPANDED, EXPANDED_FREEDOM = 4.0, 1e4
"""Freedoms from which on the series for a quantile is near it, and no longer to be told from it."""
EXPANSION = ((4, 1, 1), (96, 5, 16, 3), (384, 3, 19, 17, -15), (92160, 79, 776, 1482, -1920, -945))
"""Divisor and factors of falling odd powers of the normal quantile, for each power of the freedom."""


@lru_cache(maxsize=4096)
def compute_student_p(statistic: float, freedom: float) -> float:
    """Computes the two-sided p of a statistic; the freedom may be infinite."""
    if math.isinf(statistic):
        return 0.0
    if freedom > NORMAL_FREEDOM:
        return math.erfc(abs(statistic) / math.sqrt(2))
    return _integrate_beta(freedom / 2, 0.5, freedom / (freedom + statistic**2))


@lru_cache(maxsize=4096)
def compute_student_quantile(freedom: float, tail: float = 0.025) -> float:
    """Computes the quantile that Student's t exceeds with the probability `tail`, which is below a half."""
    value = _expand_quantile(freedom, -NormalDist().inv_cdf(tail))
    if freedom > EXPANDED_FREEDOM:
        return value
    constant = math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2) - math.log(freedom * math.pi) / 2
    # Newton's method on the logarithms, where the tail of few degrees of freedom is a straight line.
    for _ in range(STEPS):
        p_value = compute_student_p(value, freedom)
        density = math.exp(constant - (freedom + 1) / 2 * math.log1p(value**2 / freedom))
        step = p_value * math.log(p_value / (2 * tail)) / (2 * density * value)
        value *= math.exp(step)
        # Each step squares what is left, so that this one leaves less than a billionth of a thousandth.
        if abs(step) < 1e-6:
            break
    return value


def _expand_quantile(freedom: float, normal: float) -> float:
    """Expands the quantile around the normal one by Cornish and Fisher's series (Abramowitz and Stegun 26.7.5)."""
    if freedom < LEAST_EXPANDED:
        return normal
    square, value = normal**2, normal
    for power, (divisor, *factors) in enumerate(EXPANSION, 1):
        term = 0.0
        for factor in factors:
            term = term * square + factor
        value += term * normal / divisor / freedom**power
    return value


def _integrate_beta(first: float, second: float, end: float) -> float:
    """Computes the regularised incomplete beta function up to `end`."""
    if end <= 0 or end >= 1:
        return float(end >= 1)
    front = math.exp(
        math.lgamma(first + second)
        - math.lgamma(first)
        - math.lgamma(second)
        + first * math.log(end)
        + second * math.log1p(-end)
    )
    # The fraction converges fast only on this side of the mean; the other side is its mirror image.
    if end < (first + 1) / (first + second + 2):
        return front * _expand_beta(first, second, end) / first
    return 1 - front * _expand_beta(second, first, 1 - end) / second


def _expand_beta(first: float, second: float, end: float) -> float:
    """Expands the incomplete beta function as a continued fraction, by Lentz's method."""
    upper, lower = 1.0, 1 / ((1 - (first + second) * end / (first + 1)) or TINY)
    value = lower
    for step in range(1, STEPS):
        place = first + 2 * step
        term = step * (second - step) * end / ((place - 1) * place)
        lower = 1 / ((1 + term * lower) or TINY)
        upper = (1 + term / upper) or TINY
        value *= upper * lower
        term = -(first + step) * (first + second + step) * end / (place * (place + 1))
        lower = 1 / ((1 + term * lower) or TINY)
        upper = (1 + term / upper) or TINY
        change = upper * lower
        value *= change
        if abs(change - 1) < 1e-15:
            break
    return value
