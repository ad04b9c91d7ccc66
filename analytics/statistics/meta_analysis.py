"""Models over families: one estimate and one variance a family go in, and what can be said of all of them comes out.

Families are pooled by a random-effects model: true figures spread with the variance tau squared around a mean, and each
estimate strays from its own by chance. Tau squared is estimated by restricted maximum likelihood, and
the error of the mean is Knapp and Hartung's. A family's pooled figure is its estimate drawn towards the mean, as far as
its own data are few; it is averaged over the values of tau that the data allow, because with twenty families no single
value is certain. The highest pooled figure is no winner of luck.

Two sides are compared twice. *These families*: the mean of the figures of the one side minus that of the other, each
family counted once; only chance within families makes it uncertain, because the families at hand are nearly all there
are. *Families in general*: as if they were drawn from many more; each side has a variance of its own, because sides
that differ in spread would otherwise make a false difference likely. The degrees of freedom lie halfway between those
of Satterthwaite's rule and those of the smaller side.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.statistics.effects import Effect, SideComparison, join_freedoms
from analytics.statistics.student import compute_student_quantile

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
ZOOMS = 5
"""Times that the search for tau is narrowed to two of its 200 steps: to less than a billionth of its reach."""
TAUS = 200
"""Values of tau that are tried, and over which pooled figures are averaged."""
REACH = 4.0
"""The largest tau considered, in standard deviations of the estimates."""
FEW_FREEDOMS = 10
"""Degrees of freedom that a pooled figure has at least, however few the families: its own items count as well."""
LEAST_FAMILIES = 2
"""Families that a variance between them needs."""


@dataclass(frozen=True, slots=True)
class PooledMean:
    """Mean of the families, its error and freedom, and tau squared."""

    mean: float
    error: float
    freedom: float
    tau_squared: float


@dataclass(frozen=True, slots=True)
class PooledFamilies(PooledMean):
    """The mean, and the pooled figure of each family with its 95 % limits."""

    values: Floats
    lows: Floats
    highs: Floats


@dataclass(frozen=True, slots=True)
class _Posterior:
    """Weights of the values of tau, and for each the mean, its variance, and each family's share of the mean."""

    weights: Floats
    means: Floats
    mean_variances: Floats
    shrinkage: Floats


def pool_families(values: Floats, variances: Floats) -> PooledFamilies:
    """Pools the figures of at least one family."""
    average = pool_mean(values, variances)
    variances = _keep_positive(values, variances)
    centres, deviations = _shrink_families(values, variances, _weigh_taus(values, variances))
    # The variances that go in are estimates too: normal limits would hold in 92 of 100 cases.
    reach = compute_student_quantile(max(FEW_FREEDOMS, len(values) - 1)) * deviations
    return PooledFamilies(
        average.mean, average.error, average.freedom, average.tau_squared, centres, centres - reach, centres + reach
    )


def pool_mean(values: Floats, variances: Floats) -> PooledMean:
    """Pools the figures of at least one family as far as their mean goes."""
    variances = _keep_positive(values, variances)
    tau_squared = estimate_tau_squared(values, variances)
    return PooledMean(*average_families(values, variances, tau_squared), float(max(1, len(values) - 1)), tau_squared)


def compare_sides(
    values: Floats,
    variances: Floats,
    is_open: Flags,
    freedoms: Floats | None = None,
    limit: float = math.inf,
) -> SideComparison:
    """Compares the open families with the others: open minus proprietary, at least one of each.

    `freedoms` are the degrees of freedom of the variances, infinite if not given; `limit` bounds the difference.
    """
    these = compare_these(values, variances, is_open, freedoms, limit)
    if min(is_open.sum(), (~is_open).sum()) < LEAST_FAMILIES:
        return SideComparison(these, None)
    first, second = (pool_mean(values[side], variances[side]) for side in (is_open, ~is_open))
    parts = np.array(((first.error**2, first.freedom), (second.error**2, second.freedom))).T
    # With few families the two variances that Satterthwaite's rule weighs are guesses, and it then counts too many.
    freedom = (join_freedoms(*parts) + float(parts[1].min())) / 2
    error = math.hypot(first.error, second.error)
    return SideComparison(these, Effect(first.mean - second.mean, error, freedom, limit))


def compare_these(
    values: Floats, variances: Floats, is_open: Flags, freedoms: Floats | None = None, limit: float = math.inf
) -> Effect:
    """Compares the open families with the others as `compare_sides` does, for these families only."""
    weights = weigh_sides(is_open)
    return _compare_weighted(float(weights @ values), weights, variances, freedoms, limit)


def weigh_sides(is_open: Flags) -> Floats:
    """Returns the weight of each family in the mean of the open ones minus that of the others."""
    weights: Floats = np.where(is_open, 1 / max(1, int(is_open.sum())), -1 / max(1, int((~is_open).sum())))
    return weights


def compare_with_level(values: Floats, variances: Floats, level: float) -> SideComparison:
    """Compares the mean of at least one family with a level: mean minus level."""
    weights = np.full(len(values), 1 / len(values))
    these = _compare_weighted(float(values.mean() - level), weights, variances, None, math.inf)
    if len(values) < LEAST_FAMILIES:
        return SideComparison(these, None)
    pooled = pool_mean(values, variances)
    return SideComparison(these, Effect(pooled.mean - level, pooled.error, pooled.freedom))


def average_families(values: Floats, variances: Floats, tau_squared: float) -> tuple[float, float]:
    """Averages the families, with Knapp and Hartung's error, which is never below the one that chance alone gives."""
    weights = 1 / (variances + tau_squared)
    mean, squares = float(weights @ values / weights.sum()), 0.0
    if len(values) >= LEAST_FAMILIES:
        squares = float(weights @ (values - mean) ** 2) / (len(values) - 1)
    # Families that happen to be closer than chance makes them are no evidence that chance is smaller.
    return mean, math.sqrt(max(1.0, squares) / weights.sum())


def estimate_tau_squared(values: Floats, variances: Floats) -> float:
    """Estimates the variance between families by restricted maximum likelihood."""
    if len(values) < LEAST_FAMILIES:
        return 0.0
    variances = _keep_positive(values, variances)
    low, high = 0.0, REACH * _measure_spread(values, variances)
    for _ in range(ZOOMS):
        taus = np.linspace(low, high, TAUS)
        likelihood, _, _ = _measure_likelihood(values, variances, taus**2)
        best = int(likelihood.argmax())
        low, high = taus[max(0, best - 1)], taus[min(TAUS - 1, best + 1)]
    return float(taus[best]) ** 2


def _measure_spread(values: Floats, variances: Floats) -> float:
    """Computes the standard deviation of the estimates, or of the most certain one if that is larger."""
    return math.sqrt(max(float(values.var(ddof=1)) if len(values) > 1 else 0.0, float(variances.min())))


def _measure_likelihood(values: Floats, variances: Floats, tau_squares: Floats) -> tuple[Floats, Floats, Floats]:
    """Computes the logarithm of the restricted likelihood, the mean, and the mean's weight, for each tau squared."""
    weights = 1 / (variances + tau_squares[:, None])
    totals = weights.sum(1)
    means = weights @ values / totals
    squares = (weights * (values - means[:, None]) ** 2).sum(1)
    return 0.5 * (np.log(weights).sum(1) - np.log(totals) - squares), means, totals


def _compare_weighted(
    value: float, weights: Floats, variances: Floats, freedoms: Floats | None, limit: float
) -> Effect:
    parts = weights**2 * variances
    freedom = math.inf if freedoms is None else join_freedoms(parts, freedoms)
    return Effect(value, math.sqrt(float(parts.sum())), freedom, limit)


def _weigh_taus(values: Floats, variances: Floats) -> _Posterior:
    """Weighs values of tau by the restricted likelihood."""
    reach = REACH * _measure_spread(values, variances)
    taus = np.linspace(0.0, reach, TAUS) if len(values) >= LEAST_FAMILIES else np.array([reach])
    likelihood, means, totals = _measure_likelihood(values, variances, taus**2)
    chances = np.exp(likelihood - likelihood.max())
    return _Posterior(chances / chances.sum(), means, 1 / totals, variances / (variances + taus[:, None] ** 2))


def _shrink_families(values: Floats, variances: Floats, posterior: _Posterior) -> tuple[Floats, Floats]:
    """Averages each family's pooled figure over tau, with its standard deviation."""
    shares = posterior.shrinkage
    centres = shares * posterior.means[:, None] + (1 - shares) * values
    within = variances * (1 - shares) + shares**2 * posterior.mean_variances[:, None]
    value = posterior.weights @ centres
    return value, np.sqrt(posterior.weights @ (within + (centres - value) ** 2))


def _keep_positive(values: Floats, variances: Floats) -> Floats:
    """Raises variances of 0, so that a family counted without error has much weight but not all of it."""
    scale = max(float(values.var()), float(np.max(variances, initial=0.0)), 1e-12)
    raised: Floats = np.maximum(variances, 1e-9 * scale)
    return raised
