"""What our estimators are held against: the same estimates by independent libraries, or counted the long way. None of
our code is here."""

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special, stats
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.meta_analysis import effectsize_2proportions

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


def quantile(theirs: SurvfuncRight, level: float) -> Estimate:
    """The interval is statsmodels'; of the value, where a share is exactly the level, that time is taken (they take the
    next)."""
    reached = theirs.surv_times[theirs.surv_prob <= 1 - level + 1e-12]
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = theirs.quantile_ci(level) if len(theirs.surv_times) else (math.nan, math.nan)
    return (float(reached[0]) if len(reached) else None), or_none(low), or_none(high)


def restricted_mean(sample: Sample, until: float) -> Estimate:
    """The area under the curve step by step, with the variance of the textbook times n / (n - 1), and Student's
    interval on its logit; empty where nobody was followed so long."""
    theirs = kaplan_meier(sample)
    if max(hours for hours, _ in sample) < until and (len(theirs.surv_prob) == 0 or theirs.surv_prob[-1] > 0):
        return None, None, None
    early = theirs.surv_times < until
    edges = np.concatenate([[0], theirs.surv_times[early], [until]])
    areas = np.diff(edges) * np.concatenate([[1], theirs.surv_prob[early]])
    after = np.cumsum(areas[::-1])[::-1][1:]
    risk, died = theirs.n_risk[early], theirs.n_events[early]
    variance = sum(area**2 * d / (n * (n - d)) for area, n, d in zip(after, risk, died, strict=True) if d < n)
    n = len(sample)
    part, reach = float(areas.sum()) / until, float(stats.t.ppf(0.975, max(2, n - 1)))
    if part > 1 - 1e-12:
        return until, until * 0.025 ** (1 / n), until
    if part <= 0:
        return 0.0, 0.0, 0.0
    spread = reach * math.sqrt(variance * n / max(1, n - 1)) / until / (part * (1 - part))
    low, high = (until * float(special.expit(special.logit(part) + side * spread)) for side in (-1, 1))
    return part * until, low, high


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


def median_places(n: int) -> tuple[int, int]:
    """The places of the items between which scipy's exact test puts the median of n, from 1 on."""
    found = stats.quantile_test(np.arange(1, n + 1), p=0.5).confidence_interval(0.95)
    return int(found.low), int(found.high)


def garwood(count: int, tail: float = 0.025) -> tuple[float, float]:
    """The exact limits of a Poisson mean, by scipy's quantiles of the chi-square distribution."""
    return float(stats.chi2.ppf(tail, 2 * count) / 2) if count else 0.0, float(
        stats.chi2.ppf(1 - tail, 2 * (count + 1)) / 2
    )


def uptime(incidents: Sequence[tuple[int, int, int]], hours: int, weights: Mapping[int, float]) -> float:
    """Hour by hour, the worst that was going on: incidents of (began so many hours ago, lasted so many, severity)."""
    lost = np.zeros(hours)
    for ago, length, severity in incidents:
        going_on = slice(max(0, ago - length), ago)
        lost[going_on] = np.maximum(lost[going_on], weights[severity])
    return float(1 - lost.mean())


def paired_gap(pairs: Sequence[tuple[bool, bool]]) -> tuple[float, float, float]:
    """First less second of pairs, with the interval of Agresti and Min: mean and variance of all pairs and half a pair
    of each kind."""
    added = [(True, True), (True, False), (False, True), (False, False)]
    differences = [first - second for first, second in (*pairs, *added)]
    weights = [1.0] * len(pairs) + [0.5] * 4
    middle = float(np.average(differences, weights=weights))
    variance = float(np.average(np.subtract(differences, middle) ** 2, weights=weights)) / sum(weights)
    spread = Z * math.sqrt(variance)
    return (
        float(np.mean([first - second for first, second in pairs])),
        max(-1.0, middle - spread),
        min(1.0, middle + spread),
    )


def risk_difference(tables: Sequence[Table]) -> float:
    """statsmodels' difference of each group, weighed as Mantel and Haenszel do."""
    a, n, c, m = np.array(tables).T
    differences, _ = effectsize_2proportions(a, n, c, m, statistic="diff", zero_correction=0)
    return float(np.average(differences, weights=n * m / (n + m)))


def risk_variance(tables: Sequence[Table]) -> float:
    """Sato, Greenland and Robins (1989), as R's metafor reckons it (`rma.mh`, RD), group by group in exact
    fractions."""
    value = weight = p = q = Fraction(0)
    for a, n, c, m in tables:
        first, second = Fraction(n, n + m), Fraction(m, n + m)
        value += a * second - c * first
        weight += n * second
        p += c * first**2 - a * second**2 + first * second * (m - n) / 2
        q += (Fraction(a * (m - c), n + m) + Fraction(c * (n - a), n + m)) / 2
    return float((value / weight * p + q) / weight**2)


def common_odds_p(tables: Sequence[Table]) -> float:
    """The p of Mantel and Haenszel's test that no group differs."""
    return float(StratifiedTable([np.array([[a, n - a], [c, m - c]]) for a, n, c, m in tables]).test_null_odds().pvalue)


def exchange_p(first: Floats, second: Floats) -> float:
    """scipy's exact permutation test of the distance of two means."""
    return _exact((first, second), lambda x, y, axis: np.abs(x.mean(axis) - y.mean(axis)), "independent")


def sign_p(gaps: Floats) -> float:
    """scipy's exact test of paired samples: each sign is drawn anew."""
    return _exact((gaps,), lambda x, axis: np.abs(x.sum(axis)), "samples")


def _exact(data: tuple[Floats, ...], statistic: Callable[..., Any], kind: str) -> float:
    found = stats.permutation_test(
        data, statistic, permutation_type=kind, n_resamples=np.inf, alternative="greater", vectorized=True
    )  # fmt: skip
    return float(found.pvalue)


def drawn_one_by_one(threads: Sequence[tuple[int, int]], rng: np.random.Generator, draws: int) -> Floats:
    """The plain bootstrap of a share: threads of (items, items that are so) drawn with replacement, one by one."""
    items, yes = np.array(threads).T
    chosen = rng.integers(0, len(threads), (draws, len(threads)))
    shares: Floats = yes[chosen].sum(1) / items[chosen].sum(1)
    return shares


def rank_range(draws: Floats) -> list[tuple[int, int]]:
    """The places of each family in 95 % of the draws (families × draws, higher is better), by scipy's ranks."""
    best, worst = (stats.rankdata(-draws, method=method, axis=0) for method in ("min", "max"))
    low, high = np.quantile(best, 0.025, axis=1, method="lower"), np.quantile(worst, 0.975, axis=1, method="higher")
    return [(int(first), int(last)) for first, last in zip(low, high, strict=True)]


def fewest(works: Sequence[int], share: Fraction) -> int:
    """How few people did so much of the work: every group of people is tried, small groups first."""
    return next(
        size
        for size in range(1, len(works) + 1)
        for some in combinations(works, size)
        if sum(some) >= share * sum(works)
    )
