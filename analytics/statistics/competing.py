"""Competing risks: the share that has ended in each way, by Aalen and Johansen, of many strata at once, with the
delta-method error (Dinse and Larson 1986) and log-log bands, widened for clusters."""

from dataclasses import dataclass

import numpy as np

from analytics.statistics import survival
from analytics.statistics.survival import NEARLY, Figures, Floats, Waits, Whole


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
    reach: Floats
    """How many errors an interval reaches, by stratum."""


def trace_incidence(waits: Waits, cause: int) -> Incidence:
    """Traces the share that has ended in one way: what ended in another never ends in this one. If all have ended in
    this way, no more than may still wait has not."""
    curve, size, chosen = waits.curve, len(waits.unseen), waits.cause == cause
    place, d = np.unique(np.searchsorted(curve.start, np.flatnonzero(chosen), "right") - 1, return_counts=True)
    stratum, hours, n = curve.stratum[place], curve.hours[place], curve.at_risk[place]
    starts = survival.find_starts(stratum, size)
    has_before = place > curve.first[stratum]
    rise = np.where(has_before, curve.share[place - 1], 1) / n
    share = survival.add_up(rise * d, starts)
    variance = _sum_variance(share, rise, np.where(has_before, curve.greenwood[place - 1], 0), d, n, starts)
    is_all = share > 1 - NEARLY
    error = np.where(is_all, 0, np.sqrt(np.maximum(variance, 0)))
    reach = survival.measure_reach(waits, chosen)
    low, high = survival.draw_band(share, error / share, reach[stratum])
    low, high = np.where(is_all, 1 - curve.high[place], low), np.where(is_all, 1, high)
    return Incidence(stratum, hours, np.where(is_all, 1, share), error, low, high, waits.count(chosen), reach)


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


def read_incidence(waits: Waits, found: Incidence, hours: float) -> Figures:
    """Reads the share of those seen that has ended in this way by an hour; nan where nothing was observed so long.
    Where none has, no more can have than has not ended in another way."""
    place = survival.find_places(found.stratum, found.hours, hours, len(waits.unseen))
    at_none = survival.limit_at_none(waits.count_at_risk(hours), found.reach)
    at_none = np.fmin(at_none, 1 - survival.read_share(waits, hours).low)
    value, low, high = (
        np.where(place < 0, start, np.append(column, np.nan)[place])
        for column, start in ((found.share, 0.0), (found.low, 0.0), (found.high, at_none))
    )
    return Figures(value, low, high).keep(waits.is_known(hours))


def read_incidence_quantile(waits: Waits, found: Incidence, level: float) -> Figures:
    """Reads the hour by which this share of all has ended in this way; nan if it never comes to that."""
    size, stratum, hours = len(waits.unseen), found.stratum, found.hours
    first, earliest = (
        survival.pick(np.fmin, stratum[chosen], hours[chosen], size)
        for chosen in (found.share >= level - NEARLY, found.high >= level)
    )
    return Figures(first, earliest, survival.find_upper_end(stratum, hours, found.low <= level, size))
