"""Models over families: one estimate and one variance a family go in, and what can be said of all of them comes out.

Families are pooled by the random-effects model of statsmodels: tau squared, the variance of true figures, by Paule and
Mandel (1982), the error of the mean by Knapp and Hartung (2003), never below the one that chance alone gives (Röver,
Knapp and Friede 2015). A family's pooled figure is its best linear unbiased prediction (Raudenbush and Bryk 1985): its
estimate drawn towards the mean, as far as its own data are few. The highest pooled figure is no winner of luck.

Two sides are compared by the mean of the figures of the one minus that of the other, each family counted once; only
chance within families makes it uncertain, because the families at hand are nearly all there are.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.statistics.effects import Effect, join_freedoms
from analytics.statistics.student import compute_student_quantile

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
LEAST_FAMILIES = 2
"""Families that a variance between them needs."""


@dataclass(frozen=True, slots=True)
class PooledFamilies:
    """Mean of the families, its error and freedom, tau squared, and the pooled figure of each family with its 95 %
    limits."""

    mean: float
    error: float
    freedom: float
    tau_squared: float
    values: Floats
    lows: Floats
    highs: Floats


def pool_families(values: Floats, variances: Floats) -> PooledFamilies:
    """Pools the figures of at least one family."""
    mean, error, freedom, tau_squared = _pool_mean(values, variances)
    variances = _keep_positive(values, variances)
    shares = variances / (variances + tau_squared)
    centres = shares * mean + (1 - shares) * values
    reach = compute_student_quantile(freedom) * np.sqrt(shares * tau_squared + (shares * error) ** 2)
    return PooledFamilies(mean, error, freedom, tau_squared, centres, centres - reach, centres + reach)


def _pool_mean(values: Floats, variances: Floats) -> tuple[float, float, float, float]:
    if len(values) < LEAST_FAMILIES:
        return float(values[0]), math.sqrt(variances[0]), math.inf, 0.0
    # Imported here because it brings pandas, which few commands need.
    from statsmodels.stats.meta_analysis import combine_effects

    # Families that do not differ at all have no heterogeneity to divide by.
    with np.errstate(divide="ignore"):
        found = combine_effects(values, _keep_positive(values, variances), method_re="iterated")
    error = max(float(found.sd_eff_w_re_hksj), float(found.sd_eff_w_re))
    return float(found.mean_effect_re), error, float(len(values) - 1), float(found.tau2)


def compare_sides(
    values: Floats, variances: Floats, is_open: Flags, freedoms: Floats | None = None, limit: float = math.inf
) -> Effect:
    """Compares the open families with the others: open minus proprietary; a side without families counts as 0.

    `freedoms` are the degrees of freedom of the variances, infinite if not given; `limit` bounds the difference.
    """
    weights = weigh_sides(is_open)
    parts = weights**2 * variances
    freedom = math.inf if freedoms is None else join_freedoms(parts, freedoms)
    return Effect(float(weights @ values), math.sqrt(float(parts.sum())), freedom, limit)


def weigh_sides(is_open: Flags) -> Floats:
    """Returns the weight of each family in the mean of the open ones minus that of the others."""
    weights: Floats = np.where(is_open, 1 / max(1, int(is_open.sum())), -1 / max(1, int((~is_open).sum())))
    return weights


def _keep_positive(values: Floats, variances: Floats) -> Floats:
    """Raises variances of 0, so that a family counted without error has much weight but not all of it."""
    scale = max(float(values.var()), float(np.max(variances, initial=0.0)), 1e-12)
    raised: Floats = np.maximum(variances, 1e-9 * scale)
    return raised
