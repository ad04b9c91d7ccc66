"""Sums of weeks that resemble their neighbours: how many products of weeks count, and the quantile that this takes."""

import math

from analytics.statistics.student import compute_student_quantile


def choose_span(weeks: int) -> int:
    """Chooses how many weeks apart products no longer count (Lazarus, Lewis, Stock and Watson 2018)."""
    return min(weeks, math.ceil(1.3 * math.sqrt(weeks)))


def compute_weekly_quantile(weeks: int, freedom: float) -> float:
    """Computes the quantile for the Newey-West variance of so many weeks (Kiefer and Vogelsang 2005), or Student's for
    so few clusters of equal size, if that is larger."""
    share = choose_span(weeks) / weeks
    fixed = compute_student_quantile(math.inf) + 2.9694 * share + 0.4160 * share**2 - 0.5324 * share**3
    return max(fixed, compute_student_quantile(max(1.0, freedom)))
