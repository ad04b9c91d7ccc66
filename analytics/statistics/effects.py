"""Effects: weighted sums of estimates with their error, and how far unseen items could move them."""

import math
from dataclasses import dataclass

import numpy as np
import scipy

from analytics.statistics.survival import TAIL, Floats


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
        return max(-self.limit, self.value - self.below - self._reach)

    @property
    def high(self) -> float:
        return min(self.limit, self.value + self.above + self._reach)

    @property
    def p_value(self) -> float:
        """Returns the p of the null that there is no difference."""
        nearest = self.value - self.below if self.value > 0 else -self.value - self.above
        return min(1.0, 2 * self.measure_tail(max(0.0, nearest)))

    def measure_tail(self, gap: float) -> float:
        """Measures the chance of so large a gap if there is none; what is counted without error leaves none to it."""
        return float(scipy.special.stdtr(self.freedom, -gap / self.error)) if self.error else float(gap <= 0)

    @property
    def _reach(self) -> float:
        return -float(scipy.special.stdtrit(self.freedom, TAIL)) * self.error


@dataclass(frozen=True, slots=True)
class Estimates:
    """Estimates, with their covariances, by one way of clustering or by several, and the freedom of each."""

    values: Floats
    covariances: Floats
    freedoms: Floats

    def choose(self, numbers: list[int]) -> "Estimates":
        """Chooses some of the estimates."""
        covariances = self.covariances[:, numbers][:, :, numbers]
        return Estimates(self.values[numbers], covariances, self.freedoms[numbers])

    def measure_variances(self) -> Floats:
        """Measures the variance of each estimate, by the way in which it is largest."""
        variances: Floats = self.covariances.diagonal(axis1=1, axis2=2).max(0)
        return variances

    def measure_gaps(self) -> Floats:
        """Measures the variance of the difference of each two, by the way in which it is largest."""
        own = self.covariances.diagonal(axis1=1, axis2=2)
        gaps: Floats = (own[:, :, None] + own[:, None, :] - 2 * self.covariances).max(0)
        return gaps

    def compare(self, weights: Floats, limit: float = math.inf) -> Effect:
        """Compares estimates by a weighted sum; those of weight 0 may be unknown."""
        value = float(weights @ np.where(weights == 0, 0, self.values))
        variance = float((weights @ self.covariances @ weights).max())
        # Welch and Satterthwaite's freedom of a sum of estimated variances.
        parts = weights**2 * self.measure_variances()
        doubt = float((parts**2 / self.freedoms).sum())
        freedom = float(parts.sum()) ** 2 / doubt if doubt > 0 else math.inf
        return Effect(value, math.sqrt(max(0, variance)), freedom, limit)


def adjust_by_holm(p_values: Floats) -> Floats:
    """Adjusts p values by Holm (1979), as `multipletests` of statsmodels does, which collects garbage at each call and
    takes a thousand times as long."""
    order = np.argsort(p_values, kind="stable")
    steps = (len(p_values) - np.arange(len(p_values))) * p_values[order]
    adjusted = np.empty_like(p_values)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(steps))
    return adjusted
