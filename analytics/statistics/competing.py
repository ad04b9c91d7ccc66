"""Competing risks: the share that has ended in each way, by Aalen and Johansen, of many strata at once, with the
delta-method error (Dinse and Larson 1986) times the root of the design effect, and log-log bands."""

from dataclasses import dataclass

import numpy as np

from analytics.statistics import survival
from analytics.statistics.survival import Clusters, Figures, Flags, Floats, Waits, Whole, divide


@dataclass(frozen=True)
class Incidence:
    """One row for each hour at which something ended in one way, sorted by stratum and hours."""

    stratum: Whole
    hours: Floats
    share: Floats
    error: Floats
    low: Floats
    high: Floats
    ended: Whole
    """How many ended in this way, by stratum."""
    effect: Floats
    """The design effect, by stratum."""


def trace_incidence(waits: Waits, cause: int) -> Incidence:
    """Traces the share that has ended in one way: what ended in another never ends in this one."""
    curve, size, chosen = waits.curve, len(waits.unseen), waits.cause == cause
    place, d = np.unique(np.searchsorted(curve.start, np.flatnonzero(chosen), "right") - 1, return_counts=True)
    stratum, hours, n = curve.stratum[place], curve.hours[place], curve.at_risk[place]
    starts = survival.find_starts(stratum, size)
    has_before = place > curve.first[stratum]
    rise = np.where(has_before, curve.share[place - 1], 1) / n
    share = survival.add_up(rise * d, starts)
    variance = _sum_variance(share, rise, np.where(has_before, curve.greenwood[place - 1], 0), d, n, starts)
    effect, reach = _measure_designs(waits, chosen)
    # Rounding can miss a share of exactly 1, and its error of none.
    is_all = share > survival.NEARLY_ALL
    share = np.where(is_all, 1, share)
    error = np.where(is_all, 0, np.sqrt(np.maximum(variance, 0)) * np.sqrt(effect[stratum]))
    low, high = survival.draw_band(share, share * np.log(share), error, reach[stratum])
    return Incidence(stratum, hours, share, error, low, high, waits.count(chosen), effect)


def _sum_variance(share: Floats, rise: Floats, greenwood: Floats, d: Whole, n: Floats, starts: Whole) -> Floats:
    """Sums up the variance: between two rows of a cause its share is constant, and weighs the growth of Greenwood's sum
    by that of the row before."""
    grown = greenwood.copy()
    inside = np.setdiff1d(np.arange(len(grown)), starts)
    grown[inside] -= greenwood[inside - 1]
    before = share - rise * d
    once = survival.add_up(before * grown + rise * d / n, starts)
    twice = survival.add_up(before**2 * grown + rise * d * (rise * (n - d) + 2 * share) / n, starts)
    return share**2 * greenwood - 2 * share * once + twice


def _measure_designs(waits: Waits, chosen: Flags) -> tuple[Floats, Floats]:
    """Measures by how much clusters make the error larger, and Student's quantile for their number, by stratum."""
    known = waits.is_old & (waits.cluster >= 0)
    clusters = Clusters(waits.stratum[known], waits.cluster[known], len(waits.unseen), waits.rules)
    ended = np.bincount(clusters.group, chosen[known], len(clusters.members))
    all_ended, n = clusters.add(ended), clusters.n
    alone, share = divide(all_ended * (n - all_ended), n), divide(all_ended, n)
    together = clusters.add(ended**2) - 2 * share * clusters.add(ended * clusters.members) + share**2 * clusters.squares
    has_any = all_ended > 0
    effect = np.where(has_any, clusters.find_effect(alone, together, alone > 0), 1)
    return effect, np.where(has_any, clusters.find_reach(), waits.rules.normal_quantile)


def _allow_for_lost(found: Figures, waits: Waits, stratum: Whole | slice, has_ended: Flags) -> Figures:
    """Widens bands where all have ended: those lost sight of before may have ended in any way (Zou and Donner's
    MOVER)."""
    share, lost = found.value, np.where(has_ended, waits.ends.lost_share[stratum], np.nan)
    below = np.where(lost > 0, np.maximum(0, share - np.sqrt((share - found.low) ** 2 + lost**2)), found.low)
    above = np.where(lost > 0, np.minimum(1, share + np.sqrt((found.high - share) ** 2 + lost**2)), found.high)
    is_all = share == 1
    return Figures(share, np.where(is_all, 1 - waits.ends.most_waiting[stratum], below), np.where(is_all, 1, above))


def read_incidence(waits: Waits, found: Incidence, hours: float) -> Figures:
    """Reads the share of those seen that has ended in this way by an hour; nan where nothing was observed so long."""
    place = survival.find_places(found.stratum, found.hours, hours, len(waits.unseen))
    read = Figures(*(np.append(column, 0)[place] for column in (found.share, found.low, found.high)))
    wide = _allow_for_lost(read, waits, slice(None), waits.ends.hours <= hours)
    most_at_none = 1 - waits.rules.tail_share ** divide(found.effect, waits.count_at_risk(hours))
    is_none = read.value == 0
    ends = np.where(is_none, 0, wide.low), np.where(is_none, most_at_none, wide.high)
    return Figures(read.value, *ends).keep(waits.is_known(hours))


def read_incidence_quantile(waits: Waits, found: Incidence, level: float) -> Figures:
    """Reads the hour by which this share of all has ended in this way; nan if it never comes to that."""
    size, stratum, hours = len(waits.unseen), found.stratum, found.hours
    has_ended = waits.ends.hours[stratum] <= hours
    wide = _allow_for_lost(Figures(found.share, found.low, found.high), waits, stratum, has_ended)
    first, earliest = (
        survival.pick(np.fmin, stratum[chosen], hours[chosen], size)
        for chosen in (found.share >= level - 1e-12, wide.high >= level)
    )
    return Figures(first, earliest, survival.find_upper_end(stratum, hours, wide.low <= level, size))
