"""What our estimators are held against: the same estimates by independent libraries, or counted the long way. None of
our code is here."""

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations

import numpy as np
import numpy.typing as npt
from scipy import stats
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.meta_analysis import effectsize_2proportions
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.rates import confint_poisson
from statsmodels.stats.sandwich_covariance import S_crosssection, S_hac_simple, group_sums

Sample = Sequence[tuple[float, bool]]
"""Durations in hours, and whether it happened then (else it was watched until then)."""
Ends = Sequence[tuple[float, str | None]]
"""The same with the way in which it ended."""
Incidences = dict[tuple[str, float], tuple[float, float | None]]
"""Share and its error by the way of ending and the time."""
Floats = npt.NDArray[np.float64]
Estimate = tuple[float | None, float | None, float | None]
"""Value, low, high."""
Table = tuple[int, int, int, int]
"""So many of so many here, so many of so many there."""
Z = float(stats.norm.ppf(0.975))


def or_none(number: float) -> float | None:
    """What a library calls not a number, or infinite, is a hole with us."""
    return float(number) if math.isfinite(number) else None


def kaplan_meier(sample: Sample) -> SurvfuncRight:
    """statsmodels' curve with Greenwood's error; where the last of all ends, theirs divides by zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return SurvfuncRight(
            np.array([hours for hours, _ in sample]), np.array([float(happened) for _, happened in sample])
        )


def log_log_band(share: float, error: float) -> tuple[float | None, float | None]:
    """Of one point of a curve; none at its ends."""
    if not 0 < share < 1:
        return None, None
    spread = Z * error / (share * math.log(share))
    low, high = (math.exp(-math.exp(math.log(-math.log(share)) - side * spread)) for side in (1, -1))
    return low, high


def share_at_none(sample: Sample) -> float:
    """The limit of those who still wait once the last was seen to end: the upper end of the band before, times
    statsmodels' exact limit of those who were left."""
    theirs = kaplan_meier(sample)
    before = log_log_band(*(column[-2] for column in (theirs.surv_prob, theirs.surv_prob_se))) if len(
        theirs.surv_prob) > 1 else (None, None)  # fmt: skip
    return (before[1] or 1.0) * float(proportion_confint(0, theirs.n_risk[-1], method="beta")[1])


def quantile(sample: Sample, level: float) -> Estimate:
    """The interval is statsmodels', who give none where the curve jumps over the level: there it is where the bands of
    the curve stand below the level. Of the value, where a share is exactly the level, that time is taken (they take
    the next). That the last ended is no upper end with us, unless the limit of those still waiting says so."""
    theirs = kaplan_meier(sample)
    times, shares = theirs.surv_times, theirs.surv_prob
    at_none = share_at_none(sample) if len(shares) and shares[-1] == 0 else 0.0
    reached = times[shares <= 1 - level + 1e-12]
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = theirs.quantile_ci(level) if len(times) else (math.nan, math.nan)
    if math.isnan(low):
        bands = [log_log_band(*point) if point[0] > 0 else (0.0, at_none)
                 for point in zip(shares, theirs.surv_prob_se, strict=True)]  # fmt: skip
        low, high = (
            next((time for time, band in zip(times, bands, strict=True) if (band[end] or 0) < 1 - level), math.nan)
            for end in (0, 1)
        )
    high = math.nan if at_none >= 1 - level else high
    return (float(reached[0]) if len(reached) else None), or_none(low), or_none(high)


def median_of_ended(sample: Sample) -> float | None:
    """What other dashboards show: numpy's median of those that ended."""
    happened = [hours for hours, is_event in sample if is_event]
    return float(np.median(happened)) if happened else None


def incidences(sample: Ends, causes: Sequence[str]) -> Incidences:
    """statsmodels' share and its error by cause and time; no error where the last of all ends, since theirs divides by
    zero there."""
    codes = np.array([1 + causes.index(end) if end else 0 for _, end in sample])
    if not codes.any():
        return {}
    with np.errstate(divide="ignore", invalid="ignore"):
        theirs = CumIncidenceRight(np.array([hours for hours, _ in sample]), codes)
    return {
        (causes[place], time): (share, or_none(error))
        for place in range(codes.max())
        for time, share, error in zip(theirs.times, theirs.cinc[place], theirs.cinc_se[place], strict=True)
    }


def rate_limits(count: int, ages: Sequence[float], weeks: int = 52) -> tuple[float, float]:
    """statsmodels' exact limits for so many events over their dispersion, times it: that of the weeks in which events
    of such ages fell."""
    held = np.bincount(np.floor(ages).astype(int) // 7, minlength=weeks)[:weeks].astype(float)
    total, mean = held.sum(), held.mean()
    scale = total / weekly_worth([mean] * weeks, list(held - mean), total)[1] if total else 1.0
    low, high = confint_poisson(count / scale, 1, method="exact-c")
    return float(low) * scale, float(high) * scale


def uptime(incidents: Sequence[tuple[int, int, int]], hours: int, weights: Mapping[int, float]) -> float:
    """Hour by hour, the worst that was going on: incidents of (began so many hours ago, lasted so many, severity)."""
    lost = np.zeros(hours)
    for ago, length, severity in incidents:
        going_on = slice(max(0, ago - length), ago)
        lost[going_on] = np.maximum(lost[going_on], weights[severity])
    return float(1 - lost.mean())


def weekly_worth(sizes: Sequence[float], strays: Sequence[float], independent: float) -> tuple[float, float]:
    """How many independent items those of weeks in a row are worth, without and with the wider quantile: statsmodels'
    variance by Newey and West, scipy's Student quantile, and that of Kiefer and Vogelsang."""
    n, weeks = np.array(sizes, dtype=float), len(sizes)
    span = min(weeks, math.ceil(1.3 * math.sqrt(weeks)))
    careful = np.array(strays, dtype=float) / np.sqrt(1 - n / n.sum())
    variance = float(S_hac_simple(careful[:, None], nlags=span - 1)[0, 0])
    normal, share = stats.norm.ppf(0.975), span / weeks
    fixed = normal + 2.9694 * share + 0.4160 * share**2 - 0.5324 * share**3
    wide = variance * (max(fixed, stats.t.ppf(0.975, n.sum() ** 2 / (n**2).sum() - 1)) / normal) ** 2
    return n.sum() * independent / max(independent, variance), n.sum() * independent / max(independent, wide)


def risk_difference(tables: Sequence[Table]) -> float:
    """statsmodels' difference of each group, weighed as Mantel and Haenszel do."""
    a, n, c, m = np.array(tables).T
    differences, _ = effectsize_2proportions(a, n, c, m, statistic="diff", zero_correction=0)
    return float(np.average(differences, weights=n * m / (n + m)))


def least_squares_gaps(
    items: Sequence[npt.NDArray[np.int64]], yes: Floats, families: int, strata: int, by: str
) -> tuple[Floats, Floats]:
    """statsmodels' least squares on families and strata: values less that of the first family, and the variances of
    differences. `items` are family, stratum, week and person of each; `by` is `HC1` for independent items, or `week`,
    `person` or `both` for clusters of these within a family, weeks with their autocovariances."""
    family, stratum, week, person = items
    dummies = np.zeros((len(yes), families + strata))
    dummies[np.arange(len(yes)), family] = 1
    dummies[np.arange(len(yes)), families + stratum] = 1
    fitted = OLS(yes, np.delete(dummies, families, axis=1)).fit()
    scores, weeks, person = fitted.model.exog * fitted.resid[:, None], int(week.max()) + 1, person * families + family
    apart = group_sums(scores, family * 2 * weeks + week)
    middles = {
        "week": S_hac_simple(apart, math.ceil(1.3 * math.sqrt(weeks)) - 1),
        "person": S_crosssection(scores, person),
        "HC1": scores.T @ scores * len(yes) / (len(yes) - families - strata + 1),
    }
    middles["both"] = middles["week"] + middles["person"] - S_crosssection(scores, person * weeks + week)
    errors = fitted.normalized_cov_params @ middles[by] @ fitted.normalized_cov_params
    own = np.diag(errors)[:families]
    return fitted.params[:families] - fitted.params[0], own[:, None] + own - 2 * errors[:families, :families]


def widest_gap(families: int) -> float:
    """How many errors the widest of all differences of equal families spans in 95 %, by scipy's studentized range."""
    return float(stats.studentized_range.ppf(0.95, families, np.inf) / math.sqrt(2))


def fewest(works: Sequence[int], share: Fraction) -> int:
    """How few people did so much of the work: every group of people is tried, small groups first."""
    return next(
        size
        for size in range(1, len(works) + 1)
        for some in combinations(works, size)
        if sum(some) >= share * sum(works)
    )
