"""Survival curves of many strata at once: Kaplan-Meier with Greenwood's error, design effects of clusters, the limit
where a curve comes to none, and what is read off a curve. Rows of `Waits` are sorted by stratum and hours."""

from collections.abc import Callable
from dataclasses import dataclass
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

    def mix_designs(self, seen: Floats, own_freedom: Floats, group_size: Floats) -> Floats:
        """Mixes the design effect that was seen (nan: none) with the assumed one; it is never below 1."""
        assumed = 1 + (group_size - 1) * self.assumed_likeness
        known = np.where(np.isnan(seen), assumed, seen)
        return np.maximum(
            1, (own_freedom * known + self.assumed_clusters * assumed) / (own_freedom + self.assumed_clusters)
        )


@dataclass(frozen=True)
class Waits:
    """Waits that were seen; `cluster` and `cause` are -1 for none, `unseen` counts what was not seen by stratum."""

    stratum: Whole
    hours: Floats
    is_event: Flags
    watched: Floats
    cluster: Whole
    person: Whole
    cause: Whole
    unseen: Whole

    @cached_property
    def counts(self) -> Whole:
        """Counts the items of each stratum."""
        return np.bincount(self.stratum, minlength=len(self.unseen))

    @cached_property
    def seen_share(self) -> Floats:
        """Returns the share of the items of each stratum that were seen."""
        return divide(self.counts, self.counts + self.unseen)


@dataclass(frozen=True)
class Designs:
    """Design effects and Student's quantiles by stratum and the hours of BOUNDS; `freedom` is nan without clusters."""

    effect: Floats
    reach: Floats
    freedom: Floats


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
    effect: Floats
    error: Floats
    low: Floats
    high: Floats
    first: Whole
    """The place of the first row of each stratum, and of one more after the last."""

    def pick(self, choose: Callable[..., None], hours: Floats, chosen: Flags) -> Floats:
        """Picks the smallest or the largest (`np.fmin`, `np.fmax`) of the hours chosen in each stratum; nan if none."""
        return pick(choose, self.stratum[chosen], hours[chosen], len(self.first) - 1)


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


def find_places(stratum: Whole, row_hours: Floats, hours: float, size: int) -> Whole:
    """Finds the last row of each stratum at or before an hour; -1 if there is none."""
    rows = np.bincount(stratum[row_hours <= hours], minlength=size)
    return np.where(rows > 0, find_starts(stratum, size)[:-1] + rows - 1, -1)


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


def measure_designs(waits: Waits, cluster: Whole, rules: Rules) -> Designs:
    """Measures how much wider intervals are, because items of one cluster are alike. An item moves the log of the share
    by 1 over those at risk if it ends, minus the hazard that it was exposed to; the squared sums of these moves by
    cluster are set against those of independent items."""
    size = len(waits.unseen)
    effect, reach = np.ones((size, len(BOUNDS))), np.full((size, len(BOUNDS)), rules.normal_quantile)
    freedoms = np.full(size, np.nan)
    known = cluster >= 0
    if known.any():
        stratum, hours, is_event = waits.stratum[known], waits.hours[known], waits.is_event[known]
        starts = find_starts(stratum, size)
        tie = find_ties(stratum, hours)
        risk = 1.0 / (starts[stratum + 1] - np.flatnonzero(tie)[np.cumsum(tie) - 1])
        hazard = add_up(np.where(is_event, risk * risk, 0), starts)
        # The hazard of an hour contains all that ended at it.
        hazard = hazard[np.append(np.flatnonzero(tie)[1:], len(tie))[np.cumsum(tie) - 1] - 1]
        pull = np.where(is_event, risk, 0) - hazard
        key = stratum * (cluster.max() + 1) + cluster[known]
        _, where, group = np.unique(key, return_index=True, return_inverse=True)
        of, members = stratum[where], np.bincount(group).astype(float)
        n, groups = np.bincount(of, members, size), np.bincount(of, minlength=size)
        group_size = divide(np.bincount(of, members**2, size), n)
        own_freedom = divide(n, group_size) - 1
        counts = (n >= rules.min_items_count) & (groups < n)
        freedoms = np.where(counts, own_freedom + rules.assumed_clusters, np.nan)
        for number, bound in enumerate(BOUNDS):
            early = hours <= bound
            pulls = np.bincount(group, np.where(early, pull, 0))
            lefts = np.bincount(group, ~early)
            most = np.zeros(size)
            np.maximum.at(most, stratum[early], hazard[early])
            alone = np.bincount(stratum, np.where(early, pull**2, 0), size) + most**2 * np.bincount(of, lefts, size)
            together = (
                np.bincount(of, pulls**2, size) - 2 * most * np.bincount(of, pulls * lefts, size)
                + most**2 * np.bincount(of, lefts**2, size)
            )  # fmt: skip
            # If all end at once nothing is left but rounding, which says nothing of clusters.
            is_told = (groups > 1) & (alone * n > 1e-9)
            seen = np.where(is_told, divide(together * groups, (groups - 1.0) * alone), np.nan)
            effect[:, number] = np.where(counts, rules.mix_designs(seen, own_freedom, group_size), 1)
            reach[:, number] = np.where(counts, rules.find_reach(freedoms), rules.normal_quantile)
    return Designs(effect, reach, freedoms)


def find_ties(stratum: Whole, hours: Floats) -> Flags:
    """Finds the first of the rows of one stratum with the same hours."""
    first = np.ones(len(hours), dtype=bool)
    first[1:] = (stratum[1:] != stratum[:-1]) | (hours[1:] != hours[:-1])
    return first


def trace_curve(waits: Waits, designs: Designs) -> Curve:
    """Traces the Kaplan-Meier curve of each stratum."""
    size = len(waits.unseen)
    ties = np.flatnonzero(find_ties(waits.stratum, waits.hours))
    events = np.add.reduceat(waits.is_event.astype(float), ties) if len(ties) else np.empty(0)
    ties, d = ties[events > 0], events[events > 0]
    stratum, hours = waits.stratum[ties], waits.hours[ties]
    n = (find_starts(waits.stratum, size)[stratum + 1] - ties).astype(float)
    first = find_starts(stratum, size)
    with np.errstate(divide="ignore"):
        log_share = add_up(np.log(1 - d / n), first)
    greenwood = add_up(np.where(d < n, divide(d, n * (n - d)), 0), first)
    share, bound = np.exp(log_share), np.searchsorted(BOUNDS, hours)
    effect, reach = designs.effect[stratum, bound], designs.reach[stratum, bound]
    log_error = np.sqrt(effect) * np.sqrt(greenwood)
    low, high = draw_band(share, log_share, log_error, reach)
    return Curve(
        ties, stratum, hours, n, d, share, log_share, greenwood, add_up(d, first), shift_back(hours, stratum), effect,
        np.where(share > 0, share * log_error, np.nan), low, high, first,
    )  # fmt: skip


def shift_back(values: Floats, stratum: Whole) -> Floats:
    """Returns the value of the next row of the same stratum; nan for the last."""
    following = np.append(values[1:], np.nan)
    following[:-1][stratum[1:] != stratum[:-1]] = np.nan
    return following


def find_ends(waits: Waits, curve: Curve, designs: Designs, rules: Rules) -> Ends:
    """Finds the limit of what may still wait where a curve comes to none: the exact binomial one of those who were left
    after the last was lost sight of, as a part of the share that may have been waiting before."""
    size = len(waits.unseen)
    hours, most, lost_share, known_until = (np.full(size, np.nan) for _ in range(4))
    last = np.flatnonzero(curve.at_risk == curve.events)
    stratum = curve.stratum[last]
    hours[stratum] = curve.hours[last]
    is_open = ~waits.is_event
    lost_hours = pick(np.fmax, waits.stratum[is_open], waits.hours[is_open], size)
    is_cut = ~np.isnan(lost_hours[stratum])
    before = curve.hours <= lost_hours[curve.stratum]
    place = curve.first[stratum] + np.bincount(curve.stratum[before], minlength=size)[stratum]
    is_first = ~is_cut | (place == curve.first[stratum])
    share = np.where(is_first, 1, curve.share[place - 1])
    bound = np.searchsorted(BOUNDS, hours[stratum])
    effect, reach = designs.effect[stratum, bound], designs.reach[stratum, bound]
    log_error = np.sqrt(effect * np.where(is_first, 0, curve.greenwood[place - 1]))
    high = draw_band(share, np.log(share), log_error, reach)[1]
    n = np.where(is_cut, curve.at_risk[place], waits.counts[stratum])
    most[stratum] = np.where(share < 1, high, 1) * (1 - rules.tail_share ** (effect / n))
    uncut = 1 - rules.tail_share ** (effect / waits.counts[stratum])
    lost_share[stratum] = np.maximum(0, most[stratum] - uncut)
    longest = pick(np.fmax, waits.stratum, waits.watched, size)
    known_until[stratum] = np.where(is_cut, longest[stratum], np.inf)
    return Ends(hours, most, lost_share, known_until)


@dataclass(frozen=True)
class Figures:
    """Values and their limits, one a stratum."""

    value: Floats
    low: Floats
    high: Floats


def count_at_risk(waits: Waits, hours: float) -> Floats:
    """Counts the items of each stratum that were still waiting and still observed just before an hour."""
    return np.bincount(waits.stratum[waits.hours >= hours], minlength=len(waits.unseen)).astype(float)


def is_known(waits: Waits, ends: Ends, hours: float) -> Flags:
    """Returns whether anything was observed for so long. That the last one observed has ended is not enough, unless
    none were lost sight of before."""
    return (count_at_risk(waits, hours) > 0) | (ends.hours <= hours) & (ends.known_until >= hours)


def read_share(waits: Waits, curve: Curve, designs: Designs, ends: Ends, hours: float, rules: Rules) -> Figures:
    """Reads the share of those seen that has ended by an hour; nan where nothing was observed for so long."""
    place = find_places(curve.stratum, curve.hours, hours, len(waits.unseen))
    share, log_share, greenwood = (
        np.append(column, start)[place]
        for column, start in ((curve.share, 1.0), (curve.log_share, 0.0), (curve.greenwood, 0.0))
    )
    bound = np.searchsorted(BOUNDS, hours)
    effect, reach = designs.effect[:, bound], designs.reach[:, bound]
    low, high = draw_band(share, log_share, np.sqrt(effect) * np.sqrt(greenwood), reach)
    most_at_none = 1 - rules.tail_share ** divide(effect, count_at_risk(waits, hours))
    ended_low = np.select([share == 0, share == 1], [1 - ends.most_waiting, 0], 1 - high)
    ended_high = np.select([share == 0, share == 1], [1, most_at_none], 1 - low)
    told = is_known(waits, ends, hours)
    return Figures(*(np.where(told, part, np.nan) for part in (1 - share, ended_low, ended_high)))


def read_quantile(waits: Waits, curve: Curve, ends: Ends, level: float) -> Figures:
    """Reads the first hour at which the share has come down to its level. The interval runs from the first hour at
    which it is not above the level by more than chance to the first from which it stays below it by more. If some were
    not seen it runs from where all of them had ended at once to where none ever does."""
    all_items = waits.counts + waits.unseen
    if_all, if_none = (divide(level * all_items - unseen, waits.counts)[curve.stratum] for unseen in (waits.unseen, 0))
    may_be_down = (if_all > 0) & (if_all < 1) & (np.nan_to_num(curve.low) <= 1 - if_all)
    high = np.where(np.isnan(curve.high), ends.most_waiting[curve.stratum], curve.high)
    may_be_up = (if_none <= 0) | (if_none >= 1) | (high >= 1 - if_none)
    return Figures(
        curve.pick(np.fmin, curve.hours, curve.share <= 1 - level + 1e-12),
        curve.pick(np.fmin, curve.hours, may_be_down),
        find_upper_end(curve.stratum, curve.hours, curve.next_hours, may_be_up, len(waits.unseen)),
    )


def find_upper_end(stratum: Whole, hours: Floats, next_hours: Floats, may_be_short: Flags, size: int) -> Floats:
    """Finds the hour after the last at which the level may not be reached; nan if that is the last of all."""
    is_open = np.zeros(size, dtype=bool)
    is_open[stratum[may_be_short & np.isnan(next_hours)]] = True
    after = pick(np.fmax, stratum[may_be_short], next_hours[may_be_short], size)
    end = np.where(np.isnan(after), pick(np.fmin, stratum, hours, size), after)
    return np.where(is_open, np.nan, end)


def read_means(waits: Waits, curve: Curve, designs: Designs, ends: Ends, rules: Rules) -> Figures:
    """Reads the mean wait within the first week, restricted to it."""
    early = curve.hours < WEEK
    stratum, hours, n, d = curve.stratum[early], curve.hours[early], curve.at_risk[early], curve.events[early]
    size, starts = len(waits.unseen), find_starts(stratum, len(waits.unseen))
    area = curve.share[early] * (np.fmin(curve.next_hours[early], WEEK) - hours)
    after = add_up(area[::-1], len(area) - starts[::-1])[::-1]
    first = np.where(starts[1:] > starts[:-1], np.append(hours, 0)[starts[:-1]], WEEK)
    part = (np.bincount(stratum, area, size) + first) / WEEK
    squares = np.where(d < n, divide(after**2 * d, n * (n - d)), 0)
    error = np.sqrt(np.bincount(stratum, squares, size)) / WEEK
    part = np.where(is_known(waits, ends, WEEK), part, np.nan)
    lost = np.nan_to_num(ends.lost_share * np.maximum(0, 1 - ends.hours / WEEK))
    total, effect = waits.counts, designs.effect[:, 1]
    freedom = np.maximum(2, np.fmin(total - 1, designs.freedom))
    spread = np.sqrt(divide(effect * total, np.maximum(1.0, total - 1))) * rules.find_reach(freedom)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        half = error * spread / (part * (1 - part))
        low, high = (1 / (1 + (1 - part) / part * np.exp(side * half)) for side in (1, -1))
        at_all = rules.tail_share ** (effect / total)
    is_all, is_none = part >= NEARLY_ALL, part == 0
    part_low = np.select([is_all, is_none], [at_all, 0], low)
    part_high = np.select([is_all, is_none], [1, 0], np.minimum(1, part + np.sqrt((high - part) ** 2 + lost**2)))
    seen = waits.seen_share
    return Figures(WEEK * part, WEEK * seen * part_low, WEEK * (1 - seen + seen * part_high))


def read_ended_median(waits: Waits, curve: Curve, designs: Designs) -> Figures:
    """Reads the median wait of those that ended, as if nobody else waited."""
    ended = np.bincount(curve.stratum, curve.events, len(waits.unseen))
    places = designs.reach[:, 1] * np.sqrt(designs.effect[:, 1] * ended)
    ranks = (
        np.ceil(ended / 2), np.floor(ended / 2) + 1, np.floor((ended - places) / 2),
        np.minimum(ended, 1 + np.ceil((ended + places) / 2)),
    )  # fmt: skip
    lower, upper, low, high = (
        curve.pick(np.fmin, curve.hours, curve.events_so_far >= rank[curve.stratum]) for rank in ranks
    )
    return Figures((lower + upper) / 2, low, high)
