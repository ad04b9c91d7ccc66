"""Estimators in other code: shares, medians, curves, design effects, limits and quantiles with numpy, scipy, pandas and
statsmodels. None of the product's is used."""

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special, stats
from statsmodels.duration.survfunc import SurvfuncRight
from statsmodels.stats.proportion import proportion_confint

Floats = npt.NDArray[np.float64]
Limits = tuple[float | None, float | None, float | None]
DAYS = {"30d": 30, "90d": 90, "365d": 365, "all": 1_000_000}
Z = float(stats.norm.ppf(0.975))
LIKENESS, ASSUMED = 0.05, 4
HOURS = {"within_24h": 24.0, "within_7d": 168.0, "within_30d": 720.0}
LEVELS = {"p25": 0.25, "p75": 0.75, "p80": 0.8, "p90": 0.9}
NEAR = (1e-9, 5e-4)
"""Of values; and of limits, on the scale of the value: Student's quantile of the product is right to 0.1 %."""


@dataclass(slots=True)
class Line:
    """One metric: figures compared, how many differ, and by how much at most."""

    name: str
    near: tuple[float, float] = NEAR
    compared: int = 0
    differing: int = 0
    worst_value: float = 0.0
    worst_limit: float = 0.0

    def take(self, ours: Any, theirs: Limits) -> None:
        """Compares one figure with its limits."""
        scale = max(1.0, abs(theirs[0] or 0.0))
        gaps = [_gap(a, b) / scale for a, b in zip((ours.value, ours.low, ours.high), theirs, strict=True)]
        self.compared += 1
        self.worst_value = max(self.worst_value, gaps[0])
        self.worst_limit = max(self.worst_limit, *gaps[1:])
        self.differing += gaps[0] > self.near[0] or max(gaps[1:]) > self.near[1]


def _gap(ours: Any, theirs: float | None) -> float:
    if theirs is None or pd.isna(ours):
        return 0.0 if theirs is None and pd.isna(ours) else math.inf
    return abs(float(ours) - theirs)


def widen(sizes: Floats, seen: float | None) -> tuple[float, float]:
    """The design effect and the quantile of items in clusters of such sizes; `seen` is what the data show."""
    if len(sizes) == sizes.sum():
        return 1.0, Z
    size = (sizes**2).sum() / sizes.sum()
    own, assumed = sizes.sum() / size - 1, 1 + (size - 1) * LIKENESS
    freedom = own + ASSUMED
    design = (own * (assumed if seen is None else seen) + ASSUMED * assumed) / freedom
    return max(1.0, design), float(stats.t.ppf(0.975, freedom))


def _ratio(sums: Floats, independent: float) -> float | None:
    """The variance between clusters over the independent one; None where either is unknown."""
    many = len(sums)
    return float((sums**2).sum()) * many / (many - 1) / independent if many > 1 and independent > 0 else None


def split_unseen(group: pd.DataFrame) -> tuple[pd.DataFrame, float]:
    """The items that were seen, and the part of all that they are."""
    if "is_unseen" not in group:
        return group, 1.0
    seen = group[~group.is_unseen.fillna(False).astype(bool)]
    return seen, len(seen) / len(group)


def share(items: pd.DataFrame, clusterings: list[str]) -> Limits:
    """A share with Wilson's limits for the number that its items are worth, from where no unseen item is a yes to where
    all are."""
    group, part = split_unseen(items)
    n, yes = float(len(group)), float(group.is_yes.sum())
    value, worth = yes / n, n
    for name in clusterings:
        sums = group.groupby(name).is_yes.agg(["size", "sum"])
        sizes = sums["size"].to_numpy(float)
        design, reach = widen(sizes, _ratio(sums["sum"].to_numpy(float) - value * sizes, n * value * (1 - value)))
        worth = min(worth, n / design / (reach / Z) ** 2)
    least, most = value * part, value * part + 1 - part
    (low, _), (_, high) = (
        proportion_confint(end * worth / part, worth / part, method="wilson") for end in (least, most)
    )
    return value, 0.0 if yes == 0 else float(low), 1.0 if yes == n else float(high)


def put_right(limits: Limits, shift: float, variance: float) -> Limits:
    """A share moved by the mean of label minus rule, its ends as far off as both errors together."""
    value, low, high = limits
    assert value is not None and low is not None and high is not None
    moved, error = value + shift, Z * math.sqrt(variance)
    below, above = math.hypot(value - low, error), math.hypot(high - value, error)
    return min(1.0, max(0.0, moved)), max(0.0, moved - below), min(1.0, moved + above)


def median(items: pd.DataFrame, clusterings: list[str]) -> Limits:
    """A median with the interpolated limits of its order statistics, for the number that its items are worth."""
    group, _ = split_unseen(items)
    amounts = np.sort(group.amount.to_numpy(float))
    n, middle, worth = len(amounts), float(np.median(amounts)), float(len(amounts))
    side = 0.5 * np.sign(middle - group.amount.to_numpy(float))
    for name in clusterings:
        sums = pd.DataFrame({"key": group[name], "side": side}).groupby("key").side.agg(["size", "sum"])
        design, reach = widen(sums["size"].to_numpy(float), _ratio(sums["sum"].to_numpy(float), n / 4))
        worth = min(worth, n / design / (reach / Z) ** 2)
    first = (n + 1 - n * Z / math.sqrt(worth)) / 2
    if first < 1:
        return middle, None, None
    low, high = np.interp([first, n + 1 - first], np.arange(1, n + 1), amounts)
    return middle, float(low), float(high)


@dataclass(slots=True)
class Curve:
    """A Kaplan-Meier curve of statsmodels, with what clusters do to it."""

    waits: pd.DataFrame
    fit: SurvfuncRight
    widened: dict[float, tuple[float, float]] = field(default_factory=dict)

    def widen(self, hours: float) -> tuple[float, float]:
        """The design effect up to these hours (those of the next row of 24, 168, 720 or all) and the quantile."""
        until = next((end for end in (24.0, 168.0, 720.0) if hours <= end), math.inf)
        if until not in self.widened:
            self.widened[until] = self._widen(until)
        return self.widened[until]

    def _widen(self, until: float) -> tuple[float, float]:
        """Sums what each item does to the log of the share by cluster."""
        times, events = self.waits.duration_hours.to_numpy(float), self.waits.is_event.to_numpy(bool)
        risk = np.array([(times >= one).sum() for one in self.fit.surv_times], dtype=float)
        steps = np.cumsum(self.fit.n_events / risk**2)
        place = np.searchsorted(self.fit.surv_times, np.minimum(times, until), side="right")
        exposed = np.concatenate([[0.0], steps])[place]
        ended = events & (times <= until)
        jump = np.zeros(len(times))
        jump[ended] = 1 / risk[np.searchsorted(self.fit.surv_times, times[ended])]
        pull = pd.Series(jump - exposed)
        sums = pull.groupby(self.waits.cluster.to_numpy()).agg(["size", "sum"])
        return widen(sums["size"].to_numpy(float), _ratio(sums["sum"].to_numpy(float), float((pull**2).sum())))

    def limit_end(self) -> tuple[float, float]:
        """The limit of those who still wait once the last has ended, and by how much those lost sight of before raise
        it: the binomial limit of those who were watched to the end, of the share that may have been waiting by then."""
        times, events = self.waits.duration_hours.to_numpy(float), self.waits.is_event.to_numpy(bool)
        design, reach = self.widen(float(times.max()))
        of_all = 1 - 0.025 ** (design / len(times))
        if events.all():
            return of_all, 0.0
        lost = times[~events].max()
        before, limit = int((self.fit.surv_times <= lost).sum()), 1 - 0.025 ** (design / (times > lost).sum())
        if before:
            left, error = self.fit.surv_prob[before - 1], self.fit.surv_prob_se[before - 1] * math.sqrt(design)
            limit *= max(limit_log_log(float(left), reach * float(error)))
        return limit, max(0.0, limit - of_all)


def limit_log_log(share: float, reach: float) -> tuple[float, float]:
    """The log-log limits of a share whose error reaches so far."""
    spread = reach / (share * math.log(share))
    low, high = (math.exp(-math.exp(math.log(-math.log(share)) - side * spread)) for side in (1, -1))
    return low, high


def fit_curve(waits: pd.DataFrame) -> Curve:
    """Fits the curve of some waits."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return Curve(waits, SurvfuncRight(waits.duration_hours.to_numpy(), waits.is_event.to_numpy(float)))


def answered(curve: Curve, hours: float) -> Limits:
    """The share answered by so many hours, with log-log limits; none where nobody was watched so long and some were
    lost sight of before."""
    times, events = curve.waits.duration_hours, curve.waits.is_event.astype(bool)
    before = np.searchsorted(curve.fit.surv_times, hours, side="right")
    left = float(curve.fit.surv_prob[before - 1]) if before else 1.0
    is_watched = left == 0 and (events.all() or curve.waits.watched_hours.max() >= hours)
    if times.max() < hours and not is_watched:
        return None, None, None
    design, reach = curve.widen(hours)
    if left == 0:
        return 1.0, 1 - curve.limit_end()[0], 1.0
    if left == 1:
        return 0.0, 0.0, 1 - 0.025 ** (design / int((times >= hours).sum()))
    low, high = limit_log_log(left, reach * float(curve.fit.surv_prob_se[before - 1]) * math.sqrt(design))
    return 1 - left, 1 - max(low, high), 1 - min(low, high)


def quantile(curve: Curve, level: float) -> Limits:
    """A quantile of waits, its limits by inverting the log-log test at each hour at which something ended."""
    times, left, errors = curve.fit.surv_times, curve.fit.surv_prob, curve.fit.surv_prob_se
    reached = times[left <= 1 - level + 1e-12]
    inside = []
    for place, (hours, still, error) in enumerate(zip(times, left, errors, strict=True)):
        if 0 < still < 1:
            design, reach = curve.widen(float(hours))
            gap = math.log(-math.log(still)) - math.log(-math.log(1 - level))
            if abs(gap * still * math.log(still) / (error * math.sqrt(design))) <= reach:
                inside.append(place)
    high = float(times[inside[-1] + 1]) if inside and inside[-1] + 1 < len(times) else None
    if len(left) and left[-1] == 0 and curve.limit_end()[0] >= 1 - level:
        high = None
    return (float(reached[0]) if len(reached) else None), (float(times[inside[0]]) if inside else None), high


def mean_wait(curve: Curve, until: float = 168.0) -> Limits:
    """The mean wait cut off, with Student's interval on the logit of its part."""
    early = curve.fit.surv_times < until
    edges = np.concatenate([[0], curve.fit.surv_times[early], [until]])
    areas = np.diff(edges) * np.concatenate([[1], curve.fit.surv_prob[early]])
    after = np.cumsum(areas[::-1])[::-1][1:]
    risk, ended, n = curve.fit.n_risk[early], curve.fit.n_events[early], len(curve.waits)
    variance = sum(area**2 * d / (m * (m - d)) for area, m, d in zip(after, risk, ended, strict=True) if d < m)
    design, reach = curve.widen(until)
    sizes = curve.waits.groupby("cluster").size().to_numpy(float)
    freedom = sizes.sum() ** 2 / (sizes**2).sum() - 1 + ASSUMED if len(sizes) < n else n - 1
    reach = float(stats.t.ppf(0.975, max(2, min(n - 1, freedom))))
    part = float(areas.sum()) / until
    if part >= 1 - 1e-12:
        return until, until * 0.025 ** (design / n), until
    spread = reach * math.sqrt(variance * design * n / (n - 1)) / until / (part * (1 - part))
    low, high = (float(special.expit(special.logit(part) + side * spread)) for side in (-1, 1))
    if curve.fit.surv_prob[-1] == 0:
        last = float(curve.fit.surv_times[-1])
        high = min(1.0, part + math.hypot(high - part, curve.limit_end()[1] * max(0.0, 1 - last / until)))
    return part * until, until * low, until * high


def select(items: pd.DataFrame, key: Any) -> pd.DataFrame:
    """The items of one figure."""
    chosen = items[(items.age_days <= DAYS[key.window])]
    return chosen[chosen.is_pooled] if key.channel_role == "all" else chosen[chosen.channel_role == key.channel_role]


def read_off(curve: Curve, statistic: str, part: float = 1.0) -> Limits:
    """Reads the figure of a statistic of waits off its curve, of items that are a part of all; of the others none or
    all were answered in time."""
    if statistic in HOURS:
        value, low, high = answered(curve, HOURS[statistic])
        return value, None if low is None else low * part, None if high is None else high * part + 1 - part
    return mean_wait(curve) if statistic == "rmst_7d" else quantile(curve, LEVELS.get(statistic, 0.5))
