"""Competing risks: the share that has ended in each way, by Aalen and Johansen, of many strata at once, with the
delta-method error (Dinse and Larson 1986) times the root of the design effect, and log-log bands."""

from dataclasses import dataclass

import numpy as np

from analytics.statistics.survival import (
    NEARLY_ALL,
    Curve,
    Ends,
    Figures,
    Flags,
    Floats,
    Rules,
    Waits,
    Whole,
    add_up,
    count_at_risk,
    divide,
    draw_band,
    find_places,
    find_starts,
    find_upper_end,
    is_known,
    pick,
    shift_back,
)


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


def trace_incidence(waits: Waits, curve: Curve, cause: int, is_old: Flags, rules: Rules) -> Incidence:
    """Traces the share that has ended in one way: what ended in another never ends in this one. Only items that are old
    enough show how alike those of one cluster are."""
    size, chosen = len(waits.unseen), waits.cause == cause
    place, d = np.unique(np.searchsorted(curve.start, np.flatnonzero(chosen), "right") - 1, return_counts=True)
    stratum, hours, n = curve.stratum[place], curve.hours[place], curve.at_risk[place]
    starts = find_starts(stratum, size)
    has_before = place > curve.first[stratum]
    rise = np.where(has_before, curve.share[place - 1], 1) / n
    share = add_up(rise * d, starts)
    variance = _sum_variance(share, rise, np.where(has_before, curve.greenwood[place - 1], 0), d, n, starts)
    effect, reach = _measure_designs(waits, chosen, is_old, rules)
    # Rounding in sums of many steps can miss a share of exactly 1, and its error of none.
    is_all = share > NEARLY_ALL
    share = np.where(is_all, 1, share)
    error = np.where(is_all, 0, np.sqrt(np.maximum(variance, 0)) * np.sqrt(effect[stratum]))
    low, high = draw_band(share, share * np.log(share), error, reach[stratum])
    return Incidence(
        stratum, hours, share, error, low, high, np.bincount(waits.stratum[chosen], minlength=size), effect
    )


def _sum_variance(share: Floats, rise: Floats, greenwood: Floats, d: Whole, n: Floats, starts: Whole) -> Floats:
    """Sums up the variance: between two rows of a cause its share is constant, and weighs the growth of Greenwood's sum
    by that of the row before."""
    grown = greenwood.copy()
    inside = np.setdiff1d(np.arange(len(grown)), starts)
    grown[inside] -= greenwood[inside - 1]
    before = share - rise * d
    once = add_up(before * grown + rise * d / n, starts)
    twice = add_up(before**2 * grown + rise * d * (rise * (n - d) + 2 * share) / n, starts)
    return share**2 * greenwood - 2 * share * once + twice


def _measure_designs(waits: Waits, chosen: Flags, is_old: Flags, rules: Rules) -> tuple[Floats, Floats]:
    """Measures by how much clusters make the error larger, and Student's quantile for their number, by stratum."""
    size, known = len(waits.unseen), is_old & (waits.cluster >= 0)
    key = waits.stratum[known] * (waits.cluster.max(initial=0) + 1) + waits.cluster[known]
    _, where, group = np.unique(key, return_index=True, return_inverse=True)
    of = waits.stratum[known][where]
    members = np.bincount(group).astype(float)
    ended = np.bincount(group, chosen[known], len(members))
    n, squares, all_ended = (np.bincount(of, part, size) for part in (members, members**2, ended))
    groups = np.bincount(of, minlength=size)
    counts = (n >= rules.min_items_count) & (groups < n) & (all_ended > 0)
    group_size = divide(squares, n)
    own_freedom = divide(n, group_size) - 1
    alone = divide(all_ended * (n - all_ended), n)
    share = divide(all_ended, n)
    together = np.bincount(of, ended**2, size) - 2 * share * np.bincount(of, ended * members, size) + share**2 * squares
    seen = np.where((groups > 1) & (alone > 0), divide(together * groups, (groups - 1.0) * alone), np.nan)
    effect = np.where(counts, rules.mix_designs(seen, own_freedom, group_size), 1)
    reach = np.where(counts, rules.find_reach(own_freedom + rules.assumed_clusters), rules.normal_quantile)
    return effect, reach


def _allow_for_lost(share: Floats, low: Floats, high: Floats, most: Floats, lost: Floats) -> tuple[Floats, Floats]:
    """Widens bands where all have ended: those lost sight of before may have ended in any way (Zou and Donner's
    MOVER)."""
    below = np.where(lost > 0, np.maximum(0, share - np.sqrt((share - low) ** 2 + lost**2)), low)
    above = np.where(lost > 0, np.minimum(1, share + np.sqrt((high - share) ** 2 + lost**2)), high)
    return np.where(share == 1, 1 - most, below), np.where(share == 1, 1, above)


def read_incidence(waits: Waits, found: Incidence, ends: Ends, hours: float, rules: Rules) -> Figures:
    """Reads the share of those seen that has ended in this way by an hour; nan where nothing was observed so long."""
    place = find_places(found.stratum, found.hours, hours, len(waits.unseen))
    share, low, high = (np.append(column, 0)[place] for column in (found.share, found.low, found.high))
    has_ended = ends.hours <= hours
    most, lost = (np.where(has_ended, part, np.nan) for part in (ends.most_waiting, ends.lost_share))
    low, high = _allow_for_lost(share, low, high, most, lost)
    most_at_none = 1 - rules.tail_share ** divide(found.effect, count_at_risk(waits, hours))
    low, high = np.where(share == 0, 0, low), np.where(share == 0, most_at_none, high)
    told = is_known(waits, ends, hours)
    return Figures(*(np.where(told, part, np.nan) for part in (share, low, high)))


def read_incidence_quantile(waits: Waits, found: Incidence, ends: Ends, level: float) -> Figures:
    """Reads the hour by which this share of all has ended in this way; nan if it never comes to that."""
    size, stratum = len(waits.unseen), found.stratum
    has_ended = ends.hours[stratum] <= found.hours
    most, lost = (np.where(has_ended, part[stratum], np.nan) for part in (ends.most_waiting, ends.lost_share))
    low, high = _allow_for_lost(found.share, found.low, found.high, most, lost)
    is_reached, may_be_reached = found.share >= level - 1e-12, high >= level
    next_hours = shift_back(found.hours, stratum)
    return Figures(
        pick(np.fmin, stratum[is_reached], found.hours[is_reached], size),
        pick(np.fmin, stratum[may_be_reached], found.hours[may_be_reached], size),
        find_upper_end(stratum, found.hours, next_hours, low <= level, size),
    )
