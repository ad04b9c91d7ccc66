"""Competing risks: the share that has ended in each way, by Aalen and Johansen, of many strata at once, with the
delta-method error (Dinse and Larson 1986) and log-log bands, widened for clusters."""

import numpy as np

from analytics.statistics import survival
from analytics.statistics.survival import NEARLY, Curve, Floats, Waits, Whole, add_up


def trace_incidence(waits: Waits, cause: int) -> Curve:
    """Traces the share that has ended in one way: what ended in another never ends in this one. If all have ended in
    this way, no more than may still wait has not."""
    ends, chosen = waits.ends, waits.cause == cause
    place, d = np.unique(np.searchsorted(ends.place, np.flatnonzero(chosen), "right") - 1, return_counts=True)
    stratum, n = ends.stratum[place], ends.at_risk[place]
    starts = survival.find_starts(stratum, len(waits.unseen))
    has_before = place > ends.first[stratum]
    rise = np.where(has_before, ends.waiting[place - 1], 1) / n
    share = add_up(rise * d, starts)
    variance = _sum_variance(share, rise, np.where(has_before, ends.greenwood[place - 1], 0), d, n, starts)
    is_all = share > 1 - NEARLY
    error = np.where(is_all, 0, np.sqrt(np.maximum(variance, 0)))
    reach = survival.measure_reach(waits, chosen)
    low, high = survival.draw_band(share, error / share, reach[stratum])
    low, high = np.where(is_all, waits.curve.low[place], low), np.where(is_all, 1, high)
    share = np.where(is_all, 1, share)
    return Curve(stratum, ends.hours[place], share, error, low, high, waits.count(chosen), reach)


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
