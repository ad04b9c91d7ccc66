"""Survival curves of many strata at once: Kaplan-Meier with Greenwood's error, design effects of clusters, the limit
where a curve comes to none, and what is read off a curve. Rows of `Waits` are sorted by stratum and hours."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
BOUNDS = np.array([24.0, 168.0, 720.0, np.inf])
"""Last hours for which each design effect holds."""
WEEK = 168.0
NEARLY_ALL = 1 - 1e-12
"""Rounding in sums of many steps can miss a share of exactly 1."""


@dataclass(frozen=True)
class Rules:
    """The constants of `metrics.rules` that estimates need."""

    normal_quantile: float
    student_first: float
    student_second: float
    student_third: float
    student_fourth: float
    tail_share: float
    assumed_likeness: float
    assumed_clusters: float
    min_items_count: int
    min_events_count: int
    min_effective_count: int
    most_unseen_share: float

    def find_reach(self, freedom: Floats) -> Floats:
        """Finds Student's quantile for these degrees of freedom."""
        third = self.student_third + self.student_fourth / freedom
        return self.normal_quantile + (self.student_first + (self.student_second + third / freedom) / freedom) / freedom


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
class Designs:
    """Design effects by stratum and the hours of BOUNDS, and Student's quantile and the degrees of freedom by stratum;
    `freedom` is nan without clusters."""

    effect: Floats
    reach: Floats
    freedom: Floats


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
    log_share: Floats
    greenwood: Floats
    events_so_far: Floats
    next_hours: Floats
    """The hours of the next row of the stratum; nan for the last."""
    low: Floats
    high: Floats
    first: Whole
    """The place of the first row of each stratum, and of one more after the last."""

    def pick_first(self, chosen: Flags) -> Floats:
        """Picks the first of the hours chosen in each stratum; nan if none is."""
        return pick(np.fmin, self.stratum[chosen], self.hours[chosen], len(self.first) - 1)


@dataclass(frozen=True)
class Ends:
    """What may still wait where a curve has come to none, by stratum; nan for curves that do not."""

    hours: Floats
    most_waiting: Floats
    lost_share: Floats
    """By how much those lost sight of before raise `most_waiting`."""
    known_until: Floats
    """Hours until which the end says something: for ever if none were lost sight of, else the longest watch."""


@dataclass(frozen=True)
class Waits:
    """Waits that were seen; `cluster`, `person` and `cause` are -1 for none, `unseen` counts the others by stratum."""

    stratum: Whole
    hours: Floats
    is_event: Flags
    watched: Floats
    cluster: Whole
    person: Whole
    cause: Whole
    is_old: Flags
    """Whether an item began so long ago that it shows how alike those of one cluster end."""
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
    def designs(self) -> Designs:
        """Measures how alike items of one cluster are."""
        return measure_designs(self, self.cluster)

    @cached_property
    def curve(self) -> Curve:
        """Traces the curve of those still waiting, with log-log bands."""
        return trace_curve(self)

    @cached_property
    def ends(self) -> Ends:
        """Finds what may still wait where curves come to none."""
        return find_ends(self)

    def count(self, chosen: Flags) -> Whole:
        """Counts the chosen items of each stratum."""
        return np.diff(np.append(0, np.cumsum(chosen))[self.starts])

    def count_at_risk(self, hours: float) -> Floats:
        """Counts the items that were still waiting and still observed just before an hour."""
        return self.count(self.hours >= hours).astype(float)

    def is_known(self, hours: float) -> Flags:
        """Returns whether anything was observed for so long. That the last one observed has ended is not enough, unless
        none were lost sight of before."""
        return (self.count_at_risk(hours) > 0) | (self.ends.hours <= hours) & (self.ends.known_until >= hours)


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


def find_ties(stratum: Whole, hours: Floats) -> Flags:
    """Finds the first of the rows of one stratum with the same hours."""
    first = np.ones(len(hours), dtype=bool)
    first[1:] = (stratum[1:] != stratum[:-1]) | (hours[1:] != hours[:-1])
    return first


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


def draw_band(share: Floats, log_share: Floats, log_error: Floats, reach: Floats) -> tuple[Floats, Floats]:
    """Draws the log-log band of a share by the error of its logarithm; nan at 0 and 1, where there is no error."""
    inside = np.where((share > 0) & (share < 1), share, np.nan)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        spread = reach * log_error / log_share
        return inside ** np.exp(-spread), inside ** np.exp(spread)


class Clusters:
    """Items of strata in clusters: `of` is the stratum of each cluster, `group` the cluster of each item."""

    def __init__(self, stratum: Whole, cluster: Whole, size: int, rules: Rules) -> None:
        key = stratum * (cluster.max(initial=0) + 1) + cluster
        _, where, self.group = np.unique(key, return_index=True, return_inverse=True)
        self.of, self.size, self.rules = stratum[where], size, rules
        self.members = np.bincount(self.group).astype(float)
        self.n, self.squares = self.add(self.members), self.add(self.members**2)
        self.groups = np.bincount(self.of, minlength=size)
        self.group_size = divide(self.squares, self.n)
        self.own_freedom = divide(self.n, self.group_size) - 1
        self.is_told = (self.n >= rules.min_items_count) & (self.groups < self.n)

    def add(self, parts: Floats | Whole) -> Floats:
        """Adds up a number of each cluster by stratum."""
        return np.bincount(self.of, parts, self.size).astype(float)

    def find_effect(self, alone: Floats, together: Floats, is_varied: Flags) -> Floats:
        """Finds the design effect: the variance of clusters over that of independent items, mixed with an assumed one,
        and never below 1."""
        assumed = 1 + (self.group_size - 1) * self.rules.assumed_likeness
        seen = divide(together * self.groups, (self.groups - 1.0) * alone)
        known = np.where(is_varied & (self.groups > 1), seen, assumed)
        freedom = self.own_freedom + self.rules.assumed_clusters
        effect = np.maximum(1, (self.own_freedom * known + self.rules.assumed_clusters * assumed) / freedom)
        return np.where(self.is_told, effect, 1)

    def find_reach(self) -> Floats:
        """Finds Student's quantile for the number of clusters."""
        reach = self.rules.find_reach(self.own_freedom + self.rules.assumed_clusters)
        return np.where(self.is_told, reach, self.rules.normal_quantile)


def measure_designs(waits: Waits, cluster: Whole) -> Designs:
    """Measures how much wider intervals are, because items of one cluster are alike. An item moves the log of the share
    by 1 over those at risk if it ends, minus the hazard that it was exposed to; the squared sums of these moves by
    cluster are set against those of independent items."""
    size, known = len(waits.unseen), cluster >= 0
    stratum, hours, is_event = waits.stratum[known], waits.hours[known], waits.is_event[known]
    starts, tie = find_starts(stratum, size), find_ties(stratum, hours)
    firsts, place = np.flatnonzero(tie), np.cumsum(tie) - 1
    risk = 1.0 / (starts[stratum + 1] - firsts[place])
    # The hazard of an hour contains all that ended at it.
    hazard = add_up(np.where(is_event, risk * risk, 0), starts)[np.append(firsts[1:], len(tie))[place] - 1]
    pull = np.where(is_event, risk, 0) - hazard
    clusters = Clusters(stratum, cluster[known], size, waits.rules)
    effects = []
    for bound in BOUNDS:
        early = hours <= bound
        pulls, lefts = np.bincount(clusters.group, np.where(early, pull, 0)), np.bincount(clusters.group, ~early)
        most = np.nan_to_num(pick(np.fmax, stratum[early], hazard[early], size))
        alone = np.bincount(stratum, np.where(early, pull**2, 0), size) + most**2 * clusters.add(lefts)
        together = clusters.add(pulls**2) - 2 * most * clusters.add(pulls * lefts) + most**2 * clusters.add(lefts**2)
        # If all end at once nothing is left but rounding, which says nothing of clusters.
        effects.append(clusters.find_effect(alone, together, alone * clusters.n > 1e-9))
    freedom = np.where(clusters.is_told, clusters.own_freedom + waits.rules.assumed_clusters, np.nan)
    return Designs(np.stack(effects, axis=1), clusters.find_reach(), freedom)


def trace_curve(waits: Waits) -> Curve:
    """Traces the Kaplan-Meier curve of each stratum."""
    size, designs = len(waits.unseen), waits.designs
    ties = np.flatnonzero(find_ties(waits.stratum, waits.hours))
    events = np.add.reduceat(waits.is_event.astype(float), ties) if len(ties) else np.empty(0)
    ties, d = ties[events > 0], events[events > 0]
    stratum, hours = waits.stratum[ties], waits.hours[ties]
    n = (waits.starts[stratum + 1] - ties).astype(float)
    first = find_starts(stratum, size)
    with np.errstate(divide="ignore"):
        log_share = add_up(np.log(1 - d / n), first)
    greenwood = add_up(np.where(d < n, divide(d, n * (n - d)), 0), first)
    share, effect = np.exp(log_share), designs.effect[stratum, np.searchsorted(BOUNDS, hours)]
    low, high = draw_band(share, log_share, np.sqrt(effect) * np.sqrt(greenwood), designs.reach[stratum])
    following = shift_back(hours, stratum)
    return Curve(ties, stratum, hours, n, d, share, log_share, greenwood, add_up(d, first), following, low, high, first)


def find_ends(waits: Waits) -> Ends:
    """Finds the limit of what may still wait where a curve comes to none: the exact binomial one of those who were left
    after the last was lost sight of, as a part of the share that may have been waiting before."""
    curve, tail, size = waits.curve, waits.rules.tail_share, len(waits.unseen)
    ends = Ends(*(np.full(size, np.nan) for _ in fields(Ends)))
    last = np.flatnonzero(curve.at_risk == curve.events)
    stratum = curve.stratum[last]
    is_open = ~waits.is_event
    lost_hours = pick(np.fmax, waits.stratum[is_open], waits.hours[is_open], size)
    is_cut = ~np.isnan(lost_hours[stratum])
    before = curve.hours <= lost_hours[curve.stratum]
    place = curve.first[stratum] + np.bincount(curve.stratum[before], minlength=size)[stratum]
    is_first = place == curve.first[stratum]
    share = np.where(is_first, 1, curve.share[place - 1])
    effect = waits.designs.effect[stratum, np.searchsorted(BOUNDS, curve.hours[last])]
    log_error = np.sqrt(effect * np.where(is_first, 0, curve.greenwood[place - 1]))
    high = draw_band(share, np.log(share), log_error, waits.designs.reach[stratum])[1]
    n = np.where(is_cut, curve.at_risk[place], waits.counts[stratum])
    most = np.where(share < 1, high, 1) * (1 - tail ** (effect / n))
    ends.hours[stratum], ends.most_waiting[stratum] = curve.hours[last], most
    ends.lost_share[stratum] = np.maximum(0, most - (1 - tail ** (effect / waits.counts[stratum])))
    longest = pick(np.fmax, waits.stratum, waits.watched, size)
    ends.known_until[stratum] = np.where(is_cut, longest[stratum], np.inf)
    return ends


def read_share(waits: Waits, hours: float) -> Figures:
    """Reads the share of those seen that has ended by an hour; nan where nothing was observed for so long."""
    curve, ends = waits.curve, waits.ends
    place = find_places(curve.stratum, curve.hours, hours, len(waits.unseen))
    share, log_share, greenwood = (
        np.append(column, start)[place]
        for column, start in ((curve.share, 1.0), (curve.log_share, 0.0), (curve.greenwood, 0.0))
    )
    effect = waits.designs.effect[:, np.searchsorted(BOUNDS, hours)]
    low, high = draw_band(share, log_share, np.sqrt(effect) * np.sqrt(greenwood), waits.designs.reach)
    most_at_none = 1 - waits.rules.tail_share ** divide(effect, waits.count_at_risk(hours))
    ended_low = np.select([share == 0, share == 1], [1 - ends.most_waiting, 0], 1 - high)
    ended_high = np.select([share == 0, share == 1], [1, most_at_none], 1 - low)
    return Figures(1 - share, ended_low, ended_high).keep(waits.is_known(hours))


def read_quantile(waits: Waits, level: float) -> Figures:
    """Reads the first hour at which the share has come down to its level. The interval runs from the first hour at
    which it is not above the level by more than chance to the first from which it stays below it by more. If some were
    not seen it runs from where all of them had ended at once to where none ever does."""
    curve, all_items = waits.curve, waits.counts + waits.unseen
    if_all, if_none = (divide(level * all_items - unseen, waits.counts)[curve.stratum] for unseen in (waits.unseen, 0))
    may_be_down = (if_all > 0) & (if_all < 1) & (np.nan_to_num(curve.low) <= 1 - if_all)
    high = np.where(np.isnan(curve.high), waits.ends.most_waiting[curve.stratum], curve.high)
    may_be_up = (if_none <= 0) | (if_none >= 1) | (high >= 1 - if_none)
    return Figures(
        curve.pick_first(curve.share <= 1 - level + 1e-12),
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


def read_mean(waits: Waits) -> Figures:
    """Reads the mean wait within the first week, restricted to it."""
    curve, ends, tail = waits.curve, waits.ends, waits.rules.tail_share
    early, size = curve.hours < WEEK, len(waits.unseen)
    stratum, (hours, n, d) = curve.stratum[early], (part[early] for part in (curve.hours, curve.at_risk, curve.events))
    starts = find_starts(stratum, size)
    area = curve.share[early] * (np.fmin(curve.next_hours[early], WEEK) - hours)
    after = add_up(area[::-1], len(area) - starts[::-1])[::-1]
    first = np.where(starts[1:] > starts[:-1], np.append(hours, 0)[starts[:-1]], WEEK)
    part = (np.bincount(stratum, area, size) + first) / WEEK
    error = np.sqrt(np.bincount(stratum, np.where(d < n, divide(after**2 * d, n * (n - d)), 0), size)) / WEEK
    total, effect = waits.counts, waits.designs.effect[:, 1]
    freedom = np.maximum(2, np.fmin(total - 1, waits.designs.freedom))
    spread = np.sqrt(effect * total / np.maximum(1.0, total - 1)) * waits.rules.find_reach(freedom)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        half = error * spread / (part * (1 - part))
        low, high = (1 / (1 + (1 - part) / part * np.exp(side * half)) for side in (1, -1))
    lost = np.nan_to_num(ends.lost_share * np.maximum(0, 1 - ends.hours / WEEK))
    is_at_end = [part >= NEARLY_ALL, part == 0]
    part_low = np.select(is_at_end, [tail ** divide(effect, total), 0], low)
    part_high = np.select(is_at_end, [1, 0], np.minimum(1, part + np.sqrt((high - part) ** 2 + lost**2)))
    seen = waits.seen_share
    figures = Figures(WEEK * part, WEEK * seen * part_low, WEEK * (1 - seen + seen * part_high))
    return figures.keep(waits.is_known(WEEK))


def read_ended_median(waits: Waits) -> Figures:
    """Reads the median wait of those that ended, as if nobody else waited."""
    curve, ended = waits.curve, waits.count(waits.is_event)
    places = waits.designs.reach * np.sqrt(waits.designs.effect[:, 1] * ended)
    ranks = (
        np.ceil(ended / 2), np.floor(ended / 2) + 1, np.floor((ended - places) / 2),
        np.minimum(ended, 1 + np.ceil((ended + places) / 2)),
    )  # fmt: skip
    lower, upper, low, high = (curve.pick_first(curve.events_so_far >= rank[curve.stratum]) for rank in ranks)
    return Figures((lower + upper) / 2, low, high)
