"""Effects: differences with their error, and how far unseen items could move them.

An interval and its p come from one statistic.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.statistics.student import compute_student_p, compute_student_quantile

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Effect:
    """Difference with its standard error and degrees of freedom, and how far it could lie `below` and `above` by what
    was not seen, which its 95 % interval and two-sided p allow for; both are computed when they are asked for."""

    value: float
    error: float
    freedom: float = math.inf
    limit: float = math.inf
    """How far a difference can go."""
    below: float = 0.0
    above: float = 0.0

    @property
    def low(self) -> float:
        """Returns the lower end of the interval."""
        return max(-self.limit, self.value - self.below - self._reach)

    @property
    def high(self) -> float:
        """Returns the upper end of the interval."""
        return min(self.limit, self.value + self.above + self._reach)

    @property
    def p_value(self) -> float:
        """Returns the p of the null that there is no difference."""
        nearest = max(0.0, self.value - self.below) if self.value > 0 else min(0.0, self.value + self.above)
        return compute_student_p(nearest / self.error, self.freedom) if self.error > 0 else float(nearest == 0)

    @property
    def _reach(self) -> float:
        return compute_student_quantile(self.freedom) * self.error


def adjust_by_holm(p_values: Floats) -> Floats:
    """Adjusts p values by Holm (1979), as `multipletests` of statsmodels does, which collects garbage at each call and
    takes a thousand times as long."""
    order = np.argsort(p_values, kind="stable")
    steps = (len(p_values) - np.arange(len(p_values))) * p_values[order]
    adjusted = np.empty_like(p_values)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(steps))
    return adjusted


def join_freedoms(variances: Floats, freedoms: Floats) -> float:
    """Computes the freedom of a sum of estimated variances by Welch and Satterthwaite's rule."""
    doubt = float((variances**2 / freedoms).sum())
    return float(variances.sum()) ** 2 / doubt if doubt > 0 else math.inf
