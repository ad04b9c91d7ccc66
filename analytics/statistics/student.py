"""Student's distribution for any number of degrees of freedom, also fractions, as Satterthwaite's rule gives them."""

import math
from functools import lru_cache

from scipy import special

STEPS = 500
"""Most terms of the continued fraction: far more than any freedom above 0.1 needs."""
TINY = 1e-300
"""What stands for a zero that would be divided by."""
NORMAL_FREEDOM = 1e7
"""Above this the distribution is normal to the tenth digit."""


@lru_cache(maxsize=4096)
def compute_student_p(statistic: float, freedom: float) -> float:
    """Computes the two-sided p of a statistic; the freedom may be infinite."""
    if math.isinf(statistic):
        return 0.0
    if freedom > NORMAL_FREEDOM:
        return math.erfc(abs(statistic) / math.sqrt(2))
    return _integrate_beta(freedom / 2, 0.5, freedom / (freedom + statistic**2))


def compute_student_quantile(freedom: float, tail: float = 0.025) -> float:
    """Computes the quantile that Student's t exceeds with the probability `tail`; the freedom may be infinite."""
    return -float(special.stdtrit(freedom, tail))


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
