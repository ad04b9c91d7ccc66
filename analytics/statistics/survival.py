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
class Rules:
    """The constants of `metrics.rules` that estimates need."""

    min_items_count: int
    min_events_count: int
    most_unseen_share: float


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
class Curve:
    """One row for each hour at which something ended, sorted by stratum and hours."""

    start: Whole
    """The place in `Waits` of the first item with these hours."""
    stratum: Whole
    hours: Floats
    at_risk: Floats
    events: Floats
    share: Floats
    greenwood: Floats
    low: Floats
    high: Floats
    first: Whole
    """The place of the first row of each stratum, and of one more after the last."""

    def pick_first(self, chosen: Flags) -> Floats:
        """Picks the first of the hours chosen in each stratum; nan if none is."""
        return pick(np.fmin, self.stratum[chosen], self.hours[chosen], len(self.first) - 1)


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
    rules: Rules

    @cached_property
    def counts(self) -> Whole:
        """Counts the items of each stratum."""
        return np.diff(self.starts)

    @cached_property
    def starts(self) -> Whole:
        """Finds where each stratum begins, and where the last one ends."""
        return find_starts(self.stratum, len(self.unseen))

    @cached_property
    def seen_share(self) -> Floats:
        """Returns the share of the items of each stratum that were seen."""
        return divide(self.counts, self.counts + self.unseen)

    @cached_property
    def is_hidden(self) -> Flags:
        """Returns where too many items were not seen for a value."""
        is_hidden: Flags = self.unseen > self.rules.most_unseen_share * (self.counts + self.unseen)
        return is_hidden

    @cached_property
    def reach(self) -> Floats:
        """Measures how many errors an interval reaches, since items of one week, and of one person, are alike."""
        return measure_reach(self, self.is_event)

    @cached_property
    def curve(self) -> Curve:
        """Traces the curve of those still waiting, with log-log bands."""
        return trace_curve(self)

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
        has_ended = self.curve.pick_first(self.curve.share == 0) <= hours
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


def find_places(stratum: Whole, row_hours: Floats, hours: float, size: int) -> Whole:
    """Finds the last row of each stratum at or before an hour; -1 if there is none."""
    rows = np.bincount(stratum[row_hours <= hours], minlength=size)
    return np.where(rows > 0, find_starts(stratum, size)[:-1] + rows - 1, -1)


def shift_back(values: Floats, stratum: Whole) -> Floats:
    """Returns the value of the next row of the same stratum; nan for the last."""
    following = np.append(values[1:], np.nan)
    following[:-1][stratum[1:] != stratum[:-1]] = np.nan
    return following


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
    limit: Floats = 1 - TAIL ** divide((reach / special.ndtri(1 - TAIL)) ** 2, counts)
    return limit


def measure_reach(waits: Waits, is_event: Flags) -> Floats:
    """Measures how many errors of independent items an interval reaches, by stratum: the quantile times the root of the
    design effect. That is the clustered variance of martingale residuals over that of independent items (Lee, Wei and
    Amato 1992), by weeks and people together (Cameron, Gelbach and Miller 2011), each with its quantile, but never less
    than by one of them or of independent items; where one cluster is all, that only the quantile widens. Weeks are
    those of a figure over all its channels, and resemble their neighbours."""
    size, ties = len(waits.unseen), find_ties(waits.stratum, waits.hours)
    stratum = waits.stratum[ties]
    events = np.add.reduceat(is_event, ties, dtype=float) if len(ties) else np.empty(0)
    hazards = events / (waits.starts[stratum + 1] - ties)
    times = np.diff(np.append(ties, len(waits.hours)))
    residuals: Floats = is_event - np.repeat(add_up(hazards, find_starts(stratum, size)), times)
    alone = np.bincount(waits.stratum, residuals**2, size)
    own, freedom = _sum_clusters(waits, waits.week, residuals)
    weeks, more = _sum_neighbours(waits, residuals)
    by_week, quantile = own + more, np.where(np.isinf(freedom), NORMAL, compute_weekly_quantile(weeks, freedom))
    squares = [NORMAL**2 * alone, quantile**2 * by_week]
    if (waits.person >= 0).any():
        by_person, people = _sum_clusters(waits, waits.person, residuals)
        pairs = waits.week * (waits.person.max() + 1) + waits.person
        is_pair = (waits.week >= 0) & (waits.person >= 0)
        both = by_week + by_person - _sum_clusters(waits, np.where(is_pair, pairs, -1), residuals)[0]
        student = special.stdtrit(np.maximum(1, people), 1 - TAIL)
        quantile = np.maximum(quantile, student)
        squares += [student**2 * by_person, quantile**2 * both]
    reach: Floats = np.where(alone > NEARLY, np.sqrt(divide(np.max(squares, axis=0), alone)), quantile)
    return reach


def _sum_clusters(waits: Waits, cluster: Whole, residuals: Floats) -> tuple[Floats, Floats]:
    """Sums the squared sums of clusters by stratum, each larger as it strays less from a mean that it is part of (Bell
    and McCaffrey 2002); the freedom is that of the effective number of clusters (Carter, Schnepel and Steigerwald
    2017), infinite without clusters. An item of none stands for itself, and so do all of a cluster without others."""
    size, next_free = len(waits.unseen), cluster.max(initial=-1) + 1
    numbers = np.where(cluster < 0, next_free + np.arange(len(cluster)), cluster)
    keys = waits.stratum * (numbers.max(initial=0) + 1) + numbers
    _, where, group = np.unique(keys, return_index=True, return_inverse=True)
    stratum, members = waits.stratum[where], np.bincount(group).astype(float)
    left = np.where(members > 1, 1 - members / waits.counts[stratum], 1)
    alone = np.bincount(group, residuals**2)
    squares = np.where(left > 0, divide(np.bincount(group, residuals) ** 2, left), alone)
    has_clusters = np.bincount(stratum, minlength=size) < waits.counts
    freedom = divide(waits.counts**2, np.bincount(stratum, members**2, size)) - 1
    summed: Floats = np.bincount(stratum, squares, size).astype(float)
    return summed, np.where(has_clusters, freedom, np.inf)


def _sum_neighbours(waits: Waits, residuals: Floats) -> tuple[Floats, Floats]:
    """Counts the weeks from the first to the last of each stratum, and sums what products of weeks beside each other
    add to the variance (Newey and West 1987)."""
    size, has_week, after = len(waits.unseen), waits.week >= 0, waits.week.max(initial=0) + 1
    keys, group = np.unique((waits.stratum * after + waits.week)[has_week], return_inverse=True)
    stratum, week = np.divmod(keys, after)
    members = np.bincount(group, minlength=len(keys))
    left = np.where(members > 1, 1 - members / waits.counts[stratum], 1)
    strays = np.where(left > 0, divide(np.bincount(group, residuals[has_week], len(keys)), np.sqrt(left)), 0)
    last, first = (pick(choose, stratum, week.astype(float), size) for choose in (np.fmax, np.fmin))
    weeks, more = np.fmax(1, 1 + last - first), np.zeros(size)
    spans = choose_span(weeks)
    for away in range(1, spans.max(initial=1)):
        near, far = stratum[:-away], stratum[away:]
        weights = np.maximum(0, 1 - (week[away:] - week[:-away]) / spans[far]) * (near == far)
        more += np.bincount(far, 2 * weights * strays[:-away] * strays[away:], size)
    return weeks, more


def trace_curve(waits: Waits) -> Curve:
    """Traces the Kaplan-Meier curve of each stratum. Where the last have ended, no more may still wait than the upper
    end of the row before, times the exact binomial limit of those who were left."""
    size, ties = len(waits.unseen), find_ties(waits.stratum, waits.hours)
    events = np.add.reduceat(waits.is_event, ties, dtype=float) if len(ties) else np.empty(0)
    ties, d = ties[events > 0], events[events > 0]
    stratum = waits.stratum[ties]
    n, first = (waits.starts[stratum + 1] - ties).astype(float), find_starts(stratum, size)
    with np.errstate(divide="ignore"):
        share = np.exp(add_up(np.log(1 - d / n), first))
    greenwood = add_up(np.where(d < n, divide(d, n * (n - d)), 0), first)
    low, high = draw_band(share, np.sqrt(greenwood), waits.reach[stratum])
    last = np.flatnonzero(d == n)
    before = np.where(last > first[stratum[last]], high[last - 1], 1)
    low[last], high[last] = 0, before * limit_at_none(n[last], waits.reach[stratum[last]])
    return Curve(ties, stratum, waits.hours[ties], n, d, share, greenwood, low, high, first)


def read_share(waits: Waits, hours: float) -> Figures:
    """Reads the share of those seen that has ended by an hour; nan where nothing was observed for so long. If none has,
    the limit is the exact binomial one."""
    curve = waits.curve
    place = find_places(curve.stratum, curve.hours, hours, len(waits.unseen))
    at_none = 1 - limit_at_none(waits.count_at_risk(hours), waits.reach)
    share, low, high = (
        np.where(place < 0, start, np.append(column, np.nan)[place])
        for column, start in ((curve.share, 1.0), (curve.low, at_none), (curve.high, 1.0))
    )
    return Figures(1 - share, 1 - high, 1 - low).keep(waits.is_known(hours))


def read_quantile(waits: Waits, level: float) -> Figures:
    """Reads the first hour at which the share has come down to its level, and where its band does (Brookmeyer and
    Crowley 1982). If some were not seen the interval runs from where all of them had ended at once to where none ever
    does."""
    curve, all_items = waits.curve, waits.counts + waits.unseen
    if_all, if_none = (divide(level * all_items - unseen, waits.counts)[curve.stratum] for unseen in (waits.unseen, 0))
    may_be_down = (if_all > 0) & (if_all < 1) & (curve.low <= 1 - if_all)
    may_be_up = (if_none <= 0) | (if_none >= 1) | (curve.high >= 1 - if_none)
    return Figures(
        curve.pick_first(curve.share <= 1 - level + NEARLY),
        curve.pick_first(may_be_down),
        find_upper_end(curve.stratum, curve.hours, may_be_up, len(waits.unseen)),
    )


def find_upper_end(stratum: Whole, hours: Floats, may_be_short: Flags, size: int) -> Floats:
    """Finds the hour after the last at which the level may not be reached; nan if that is the last of all."""
    next_hours = shift_back(hours, stratum)
    is_open = np.zeros(size, dtype=bool)
    is_open[stratum[may_be_short & np.isnan(next_hours)]] = True
    after = pick(np.fmax, stratum[may_be_short], next_hours[may_be_short], size)
    end = np.where(np.isnan(after), pick(np.fmin, stratum, hours, size), after)
    return np.where(is_open, np.nan, end)


def read_ended_median(waits: Waits) -> Figures:
    """Reads the median wait of those that ended, as if nobody else waited, by its order statistics."""
    curve, ended = waits.curve, waits.count(waits.is_event)
    so_far = add_up(curve.events, curve.first)
    places = waits.reach * np.sqrt(ended)
    ranks = (
        np.ceil(ended / 2), np.floor(ended / 2) + 1, np.floor((ended - places) / 2),
        np.minimum(ended, 1 + np.ceil((ended + places) / 2)),
    )  # fmt: skip
    lower, upper, low, high = (curve.pick_first(so_far >= rank[curve.stratum]) for rank in ranks)
    return Figures((lower + upper) / 2, low, high)
