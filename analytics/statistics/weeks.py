"""Sums of weeks that resemble their neighbours: how many products of weeks count, and the quantile that this takes."""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

TAIL = 0.025
"""Probability beyond each end of an interval."""


def choose_span(weeks: npt.ArrayLike) -> Any:
    """Chooses how many weeks apart products no longer count (Lazarus, Lewis, Stock and Watson 2018)."""
    return np.minimum(weeks, np.ceil(1.3 * np.sqrt(weeks))).astype(int)


def compute_weekly_quantile(weeks: npt.ArrayLike, freedom: npt.ArrayLike) -> Any:
    """Computes the quantile for the Newey-West variance of so many weeks (Kiefer and Vogelsang 2005), or Student's for
    so few clusters of equal size, if that is larger."""
    share = choose_span(weeks) / np.asarray(weeks)
    fixed = -special.ndtri(TAIL) + 2.9694 * share + 0.4160 * share**2 - 0.5324 * share**3
    return np.maximum(fixed, -special.stdtrit(np.maximum(1, freedom), TAIL))
