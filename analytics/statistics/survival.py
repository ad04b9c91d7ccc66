"""Survival curves of many strata at once: Kaplan-Meier with Greenwood's error and log-log bands, widened for clusters,
and what is read off a curve. Rows of `Waits` are sorted by stratum and hours."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy import special

from analytics.statistics.weeks import TAIL, choose_span, compute_weekly_quantile

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
NORMAL = float(special.ndtri(1 - TAIL))
NEARLY = 1e-12
"""Rounding in sums of many steps can miss a share of exactly 0 or 1 by this."""


@dataclass(frozen=True)
class Figures:
    """Values and their limits, one a stratum."""

    value: Floats
    low: Floats
    high: Floats

    def keep(self, kept: Flags) -> "Figures":
        """Keeps these figures, and makes all others nan."""
        return Figures(*(np.where(kept, part, np.nan) for part in (self.value, self.low, self.high)))


@dataclass(frozen=True)
class Ends:
    """One row for each hour at which something ended, sorted by stratum and hours."""

    place: Whole
    """The place in `Waits` of the first item with these hours."""
    stratum: Whole
    hours: Floats
    at_risk: Floats
    events: Floats
    waiting: Floats
    """The share that still waits, by Kaplan and Meier."""
    greenwood: Floats
    first: Whole
    """The place of the first row of each stratum, and of one more after the last."""


@dataclass(frozen=True)
class Curve:
    """The share that has ended at all, or in one way, with its band: one row for each hour at which something did."""

    stratum: Whole
    hours: Floats
    share: Floats
    error: Floats
    low: Floats
    high: Floats
    ended: Whole
    """How many have ended, by stratum."""
    reach: Floats
    """How many errors an interval reaches, by stratum."""


@dataclass(frozen=True)
class Waits:
    """Waits that were seen; `week`, `person` and `cause` are -1 for none, `unseen` counts the others by stratum."""

    stratum: Whole
    hours: Floats
    is_event: Flags
    watched: Floats
    week: Whole
    person: Whole
    cause: Whole
    unseen: Whole

    @cached_property
    def counts(self) -> Whole:
        """Counts the items of each stratum."""
        return np.diff(self.starts)

    @cached_property
    def starts(self) -> Whole:
        """Finds where each stratum begins, and where the last one ends."""
        return find_starts(self.stratum, len(self.unseen))

    @cached_property
    def ends(self) -> Ends:
        """Lists the hours at which something ended, with the share that still waits."""
        ties = find_ties(self.stratum, self.hours)
        events = np.add.reduceat(self.is_event, ties, dtype=float) if len(ties) else np.empty(0)
        ties, d = ties[events > 0], events[events > 0]
        stratum = self.stratum[ties]
        n, first = (self.starts[stratum + 1] - ties).astype(float), find_starts(stratum, len(self.unseen))
        with np.errstate(divide="ignore"):
            waiting = np.exp(add_up(np.log(1 - d / n), first))
        greenwood = add_up(np.where(d < n, divide(d, n * (n - d)), 0), first)
        return Ends(ties, stratum, self.hours[ties], n, d, waiting, greenwood, first)

    @cached_property
    def curve(self) -> Curve:
        """Traces the share that has ended, with log-log bands of those who wait. Where the last have ended, no more may
        still wait than the upper end of the row before, times the exact binomial limit of those who were left."""
        ends, reach = self.ends, measure_reach(self, self.is_event)
        own_reach, error = reach[ends.stratum], np.sqrt(ends.greenwood)
        low, high = draw_band(ends.waiting, error, own_reach)
        last = np.flatnonzero(ends.events == ends.at_risk)
        before = np.where(last > ends.first[ends.stratum[last]], high[last - 1], 1)
        low[last], high[last] = 0, before * limit_at_none(ends.at_risk[last], own_reach[last])
        ended, error = self.count(self.is_event), ends.waiting * error
        return Curve(ends.stratum, ends.hours, 1 - ends.waiting, error, 1 - high, 1 - low, ended, reach)

    @cached_property
    def watched_until(self) -> Floats:
        """Finds how long the longest watch of each stratum was; without end if all were seen to end."""
        longest = pick(np.fmax, self.stratum, self.watched, len(self.unseen))
        return np.where(self.count(self.is_event) == self.counts, np.inf, longest)

    def count(self, chosen: Flags) -> Whole:
        """Counts the chosen items of each stratum."""
        return np.diff(np.append(0, np.cumsum(chosen))[self.starts])

    def count_at_risk(self, hours: float) -> Floats:
        """Counts the items that were still waiting and still observed just before an hour."""
        return self.count(self.hours >= hours).astype(float)

    def is_known(self, hours: float) -> Flags:
        """Returns whether anything was observed for so long. That the last one observed has ended is not enough, unless
        another was watched for so long, or none were lost sight of."""
        has_ended = pick_first(self.curve, self.curve.share == 1, len(self.unseen)) <= hours
        return (self.count_at_risk(hours) > 0) | has_ended & (self.watched_until >= hours)


def divide(above: npt.ArrayLike, below: npt.ArrayLike) -> Floats:
    """Divides, and gives nan for 0 / 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        quotient: Floats = np.divide(above, below)
    return quotient


def pick(choose: Callable[..., None], stratum: Whole, values: Floats, size: int) -> Floats:
    """Picks the smallest or the largest (`np.fmin`, `np.fmax`) of the values of each stratum; nan if there is none."""
    picked = np.full(size, np.nan)
    choose.at(picked, stratum, values)  # type: ignore[attr-defined]
    return picked


def find_starts(stratum: Whole, size: int) -> Whole:
    """Finds where each stratum begins in sorted rows, and where the last one ends."""
    return np.searchsorted(stratum, np.arange(size + 1))


def find_ties(stratum: Whole, hours: Floats) -> Whole:
    """Finds the places of the first of the rows of one stratum with the same hours."""
    first = np.ones(len(hours), dtype=bool)
    first[1:] = (stratum[1:] != stratum[:-1]) | (hours[1:] != hours[:-1])
    return np.flatnonzero(first)


def pick_first(rows: Ends | Curve, chosen: Flags, size: int) -> Floats:
    """Picks the first of the hours chosen in each stratum; nan if none is."""
    return pick(np.fmin, rows.stratum[chosen], rows.hours[chosen], size)


def add_up(values: Floats, starts: Whole) -> Floats:
    """Adds up the values of each stratum from its start: a sum over all strata would lose digits."""
    sums = np.empty(len(values))
    for start, end in pairwise(starts):
        if end > start:
            np.cumsum(values[start:end], out=sums[start:end])
    return sums


def draw_band(share: Floats, log_error: Floats, reach: Floats) -> tuple[Floats, Floats]:
    """Draws the log-log band of a share by the error of its logarithm; nan at 0 and 1, where there is no error."""
    inside = np.where((share > 0) & (share < 1), share, np.nan)
    with np.errstate(over="ignore"):
        spread = reach * log_error / np.log(inside)
        return inside ** np.exp(-spread), inside ** np.exp(spread)


def limit_at_none(counts: npt.ArrayLike, reach: Floats) -> Floats:
    """Limits the share of which none of so many were: exactly binomial, for the number of independent items that they
    are worth (Korn and Graubard 1998)."""
    limit: Floats = 1 - TAIL ** divide((reach / NORMAL) ** 2, counts)
    return limit


def measure_reach(waits: Waits, is_event: Flags) -> Floats:
    """Measures how many errors of independent items an interval reaches, by stratum: the quantile times the root of the
    design effect. That is the clustered variance of martingale residuals over that of independent items (Lee, Wei and
    Amato 1992), by weeks and people together (Cameron, Gelbach and Miller 2011), each with its quantile, but never less
    than by one of them or of independent items; where one cluster is all, that only the quantile widens. Weeks are
    those of a figure over all its channels, and resemble their neighbours."""
    size, residuals = len(waits.unseen), _find_residuals(waits, is_event)
    alone = np.bincount(waits.stratum, residuals**2, size)
    by_week, quantile = _sum_weeks(waits, residuals)
    squares = [NORMAL**2 * alone, quantile**2 * by_week]
    if (waits.person >= 0).any():
        people = _sum_clusters(waits, waits.person, residuals)
        pairs = waits.week * (waits.person.max() + 1) + waits.person
        is_pair = (waits.week >= 0) & (waits.person >= 0)
        both = by_week + people.variance - _sum_clusters(waits, np.where(is_pair, pairs, -1), residuals).variance
        student = special.stdtrit(np.maximum(1, people.freedom), 1 - TAIL)
        quantile = np.maximum(quantile, student)
        squares += [student**2 * people.variance, quantile**2 * both]
    reach: Floats = np.where(alone > NEARLY, np.sqrt(divide(np.max(squares, axis=0), alone)), quantile)
    return reach


def _find_residuals(waits: Waits, is_event: Flags) -> Floats:
    """Finds the martingale residual of each item: what happened to it, less the hazards that it went through."""
    ties = find_ties(waits.stratum, waits.hours)
    stratum = waits.stratum[ties]
    events = np.add.reduceat(is_event, ties, dtype=float) if len(ties) else np.empty(0)
    hazards = add_up(events / (waits.starts[stratum + 1] - ties), find_starts(stratum, len(waits.unseen)))
    residuals: Floats = is_event - np.repeat(hazards, np.diff(np.append(ties, len(waits.hours))))
    return residuals


@dataclass(frozen=True)
class Clusters:
    """Clusters of items, sorted by stratum and number; an item of none stands for itself, with a number after them."""

    stratum: Whole
    number: Whole
    strays: Floats
    """The sum of residuals, larger as it strays less from a mean that it is part of (Bell and McCaffrey 2002)."""
    variance: Floats
    freedom: Floats


def _sum_clusters(waits: Waits, cluster: Whole, residuals: Floats) -> Clusters:
    """Sums the squared sums of clusters by stratum. The freedom is that of the effective number of clusters (Carter,
    Schnepel and Steigerwald 2017), infinite without clusters. All of a cluster without others stand for themselves."""
    size, next_free = len(waits.unseen), cluster.max(initial=-1) + 1
    numbers = np.where(cluster < 0, next_free + np.arange(len(cluster)), cluster)
    keys = waits.stratum * (numbers.max(initial=0) + 1) + numbers
    _, where, group = np.unique(keys, return_index=True, return_inverse=True)
    stratum, members = waits.stratum[where], np.bincount(group).astype(float)
    left = np.where(members > 1, 1 - members / waits.counts[stratum], 1)
    strays = np.where(left > 0, divide(np.bincount(group, residuals), np.sqrt(left)), 0)
    squares = np.where(left > 0, strays**2, np.bincount(group, residuals**2))
    has_clusters = np.bincount(stratum, minlength=size) < waits.counts
    freedom = divide(waits.counts**2, np.bincount(stratum, members**2, size)) - 1
    variance = np.bincount(stratum, squares, size).astype(float)
    return Clusters(stratum, numbers[where], strays, variance, np.where(has_clusters, freedom, np.inf))


def _sum_weeks(waits: Waits, residuals: Floats) -> tuple[Floats, Floats]:
    """Sums the variance by week with what products of weeks near each other add (Newey and West 1987), and finds the
    quantile that this takes."""
    clusters, size = _sum_clusters(waits, waits.week, residuals), len(waits.unseen)
    is_week = clusters.number <= waits.week.max(initial=-1)
    stratum, week, strays = (part[is_week] for part in (clusters.stratum, clusters.number, clusters.strays))
    last, first = (pick(choose, stratum, week.astype(float), size) for choose in (np.fmax, np.fmin))
    weeks, variance = np.fmax(1, 1 + last - first), clusters.variance.copy()
    spans = choose_span(weeks)
    for away in range(1, spans.max(initial=1)):
        near, far = stratum[:-away], stratum[away:]
        weights = np.maximum(0, 1 - (week[away:] - week[:-away]) / spans[far]) * (near == far)
        variance += np.bincount(far, 2 * weights * strays[:-away] * strays[away:], size)
    quantile = compute_weekly_quantile(weeks, clusters.freedom)
    return variance, np.where(np.isinf(clusters.freedom), NORMAL, quantile)


def read_share(waits: Waits, curve: Curve, hours: float) -> Figures:
    """Reads the share of those seen that has ended by an hour; nan where nothing was observed for so long. If none has,
    the limit is the exact binomial one, and no more than have not ended in another way."""
    at_none = np.fmin(
        limit_at_none(waits.count_at_risk(hours), curve.reach), 1 - _read_column(waits.curve, "low", hours, 0.0)
    )
    starts: dict[str, npt.ArrayLike] = {"share": 0.0, "low": 0.0, "high": at_none}
    read = (_read_column(curve, name, hours, start) for name, start in starts.items())
    return Figures(*read).keep(waits.is_known(hours))


def _read_column(curve: Curve, name: str, hours: float, start: npt.ArrayLike) -> Floats:
    """Reads a column at the last row of each stratum at or before an hour, and before the first what it starts with."""
    size = len(curve.reach)
    rows = np.bincount(curve.stratum[curve.hours <= hours], minlength=size)
    last = find_starts(curve.stratum, size)[:-1] + rows - 1
    return np.where(rows > 0, np.append(getattr(curve, name), np.nan)[last], start)


def read_quantile(waits: Waits, curve: Curve, level: float) -> Figures:
    """Reads the first hour at which the share has come up to its level, and where its band does (Brookmeyer and
    Crowley 1982). If some were not seen the interval runs from where all of them had ended at once to where none ever
    does."""
    size, needed = len(waits.unseen), level * (waits.counts + waits.unseen)
    if_all, if_none = (divide(count, waits.counts)[curve.stratum] for count in (needed - waits.unseen, needed))
    return Figures(
        pick_first(curve, curve.share >= level - NEARLY, size),
        pick_first(curve, (if_all > 0) & (curve.high >= if_all), size),
        _find_upper_end(curve, curve.low <= if_none, size),
    )


def _find_upper_end(curve: Curve, may_be_short: Flags, size: int) -> Floats:
    """Finds the hour after the last at which the level may not be reached; nan if that is the last of all."""
    starts = find_starts(curve.stratum, size)
    after = starts[:-1].copy()
    np.maximum.at(after, curve.stratum[may_be_short], np.flatnonzero(may_be_short) + 1)
    return np.where(after < starts[1:], np.append(curve.hours, np.nan)[after], np.nan)


def read_ended_median(waits: Waits) -> Figures:
    """Reads the median wait of those that ended, as if nobody else waited, by its order statistics."""
    ends, ended, size = waits.ends, waits.curve.ended, len(waits.unseen)
    so_far = add_up(ends.events, ends.first)
    places = waits.curve.reach * np.sqrt(ended)
    ranks = (
        np.ceil(ended / 2), np.floor(ended / 2) + 1, np.floor((ended - places) / 2),
        np.minimum(ended, 1 + np.ceil((ended + places) / 2)),
    )  # fmt: skip
    lower, upper, low, high = (pick_first(ends, so_far >= rank[ends.stratum], size) for rank in ranks)
    return Figures((lower + upper) / 2, low, high)
