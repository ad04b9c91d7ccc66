"""Survival curves of many strata at once: the share that has ended in one way, by Aalen and Johansen, or at all, which
is Kaplan and Meier's, with its log-log band, and what is read off a curve."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
TAIL = 0.025
"""Probability beyond either end of a 95 % interval."""
NORMAL = NormalDist().inv_cdf(1 - TAIL)
NEARLY = 1e-12
"""Rounding in sums of many steps can miss a share of exactly 0 or 1 by this."""


class Figures(NamedTuple):
    """Values and their limits, one a stratum."""

    value: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class Steps:
    """One row for each hour of a stratum at which waits ended or were last observed, sorted by stratum and hours."""

    stratum: Whole
    hours: Floats
    at_risk: Whole
    events: Whole
    bounds: Whole
    """The place of the first wait of each row, and the number of waits."""
    starts: Whole
    """The first row of each stratum, and the number of rows."""


@dataclass(frozen=True)
class Waits:
    """Waits that were seen, sorted by stratum and hours, of so many strata."""

    size: int
    stratum: Whole
    hours: Floats
    is_event: Flags
    watched: Floats
    """For how many hours it is known whether it had ended."""

    @cached_property
    def starts(self) -> Whole:
        """Finds where each stratum begins, and where the last one ends."""
        return np.searchsorted(self.stratum, np.arange(self.size + 1))

    @cached_property
    def counts(self) -> Whole:
        """Counts the waits of each stratum."""
        return np.diff(self.starts)

    @cached_property
    def steps(self) -> Steps:
        """Lists the hours at which anything happened."""
        is_first = np.ones(len(self.hours), dtype=bool)
        is_first[1:] = (np.diff(self.stratum) > 0) | (np.diff(self.hours) > 0)
        bounds, stratum = np.append(np.flatnonzero(is_first), len(self.hours)), self.stratum[is_first]
        at_risk, events = self.starts[stratum + 1] - bounds[:-1], count(self.is_event, bounds)
        starts = np.searchsorted(stratum, np.arange(self.size + 1))
        return Steps(stratum, self.hours[is_first], at_risk, events, bounds, starts)

    @cached_property
    def known_until(self) -> Floats:
        """Finds for how long anything was observed. That the last one observed has ended is not enough, unless another
        was watched for longer, or none were lost sight of."""
        is_last = self.steps.events == self.steps.at_risk
        has_ended = np.bincount(self.steps.stratum[is_last], minlength=self.size) > 0
        is_whole = self.count(self.is_event) == self.counts
        watched = np.where(is_whole, np.inf, self.find_latest(self.watched))
        return np.maximum(self.find_latest(self.hours), np.where(has_ended, watched, -np.inf))

    def find_latest(self, hours: Floats) -> Floats:
        """Finds the latest hour of each stratum; before any if it has none."""
        latest, has_any = np.full(self.size, -np.inf), self.counts > 0
        if len(hours):
            latest[has_any] = np.fmax.reduceat(hours, self.starts[:-1][has_any])
        return latest

    def count(self, chosen: Flags) -> Whole:
        """Counts the chosen waits of each stratum."""
        return count(chosen, self.starts)


@dataclass(frozen=True)
class Curve:
    """The share that has ended, at all or in one way, with its error and band: one row a step of its waits."""

    waits: Waits
    ended: Whole
    """How many have ended, by stratum."""
    design: Floats
    """How many times as much as that of independent waits the variance is, by stratum."""
    share: Floats
    error: Floats
    low: Floats
    high: Floats


def divide(above: npt.ArrayLike, below: npt.ArrayLike) -> Floats:
    """Divides, and gives nan for 0 / 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        quotient: Floats = np.divide(above, below)
    return quotient


def count(chosen: Flags, bounds: Whole) -> Whole:
    """Counts the chosen ones between each two bounds."""
    return np.diff(np.append(0, np.cumsum(chosen))[bounds])


def add_up(values: Any, starts: Whole, operation: np.ufunc = np.add) -> Floats:
    """Adds up the values of each stratum from its start: a sum over all strata would lose digits."""
    sums = np.empty(len(values))
    for start, end in pairwise(starts.tolist()):
        operation.accumulate(values[start:end], out=sums[start:end])
    return sums


def find_residuals(waits: Waits, chosen: Flags) -> Floats:
    """Finds the martingale residual of each wait: what happened to it, less the hazards that it went through. They are
    what clusters of waits share (Lee, Wei and Amato 1992). What ended in another way waits for this one for ever (Fine
    and Gray 1999)."""
    others = waits.is_event & ~chosen
    hours = np.where(others, waits.hours.max(initial=0) + 1, waits.hours)
    order = np.lexsort((hours, waits.stratum)) if others.any() else np.arange(len(hours))
    steps = Waits(waits.size, waits.stratum, hours[order], chosen[order], waits.watched[order]).steps
    hazards = add_up(steps.events / steps.at_risk, steps.starts)
    residuals = np.empty(len(order))
    residuals[order] = chosen[order] - np.repeat(hazards, np.diff(steps.bounds))
    return residuals


def trace_curve(waits: Waits, chosen: Flags, design: Floats) -> Curve:
    """Traces the share of which the chosen end has come; what ended in another way never ends in this one."""
    steps, events = waits.steps, count(chosen, waits.steps.bounds)
    before = np.roll(add_up(1 - steps.events / steps.at_risk, steps.starts, np.multiply), 1)
    before[steps.starts[steps.starts < len(before)]] = 1
    share = add_up(before * events / steps.at_risk, steps.starts)
    share[share > 1 - NEARLY] = 1
    error = np.where(share < 1, np.sqrt(np.maximum(0, _sum_variance(steps, share, before, events))), 0)
    low, high = _draw_band(steps, share, error, design[steps.stratum])
    return Curve(waits, waits.count(chosen), design, share, error, low, high)


def _sum_variance(steps: Steps, share: Floats, before: Floats, events: Whole) -> Floats:
    """Sums up the variance by the delta method (Dinse and Larson 1986), which is Greenwood's if all ends are chosen."""
    at_risk, left = steps.at_risk, steps.at_risk - steps.events
    # If nobody is left, Greenwood's sum has nothing more to weigh.
    growth = np.where(left > 0, divide(steps.events, at_risk * left), 0)
    both = before * events / at_risk**2
    once = add_up(share * growth + both, steps.starts)
    twice = add_up(share**2 * growth + both * (before * (at_risk - events) / at_risk + 2 * share), steps.starts)
    return share**2 * add_up(growth, steps.starts) - 2 * share * once + twice


def _draw_band(steps: Steps, share: Floats, error: Floats, design: Floats) -> tuple[Floats, Floats]:
    """Draws the log-log band of those for whom it has not come. If it has for all, no more may still wait than the
    upper end of the row before, times the exact limit of those who were left."""
    waiting = np.where((share > 0) & (share < 1), 1 - share, np.nan)
    spread = NORMAL * np.sqrt(design) * error / (waiting * np.log(waiting))
    with np.errstate(over="ignore"):
        low, high = 1 - waiting ** np.exp(spread), 1 - waiting ** np.exp(-spread)
    low[share == 0] = 0
    all_ = np.flatnonzero(share == 1)
    before = np.where(all_ > steps.starts[steps.stratum[all_]], low[all_ - 1], 0)
    low[all_], high[all_] = 1 - (1 - before) * limit_at_none(steps.at_risk[all_], design[all_]), 1
    return low, high


def limit_at_none(counts: npt.ArrayLike, design: Floats) -> Floats:
    """Limits the share of which none of so many were: exactly binomial, for the number of independent items that they
    are worth (Korn and Graubard 1998)."""
    limit: Floats = 1 - TAIL ** divide(design, counts)
    return limit


def read_share(curve: Curve, hours: float) -> Figures:
    """Reads the share that has ended by an hour; nan if nothing was observed for so long. If none has, its limit is
    that of all of whom this is known: who has ended in another way never ends in this one."""
    waits, steps = curve.waits, curve.waits.steps
    rows = np.bincount(steps.stratum[steps.hours <= hours], minlength=waits.size)
    last = np.where(rows > 0, steps.starts[:-1] + rows - 1, len(steps.hours))
    value, low, high = (np.append(column, 0)[last] for column in (curve.share, curve.low, curve.high))
    at_none = limit_at_none(waits.count(waits.is_event | (waits.hours >= hours)), curve.design)
    return Figures(*np.where(waits.known_until >= hours, (value, low, np.where(value == 0, at_none, high)), np.nan))


def read_quantile(curve: Curve, level: float, unseen: Whole) -> Figures:
    """Reads the first hour at which the share and its band reach the level (Brookmeyer and Crowley 1982). If some
    were not seen, the interval allows for all of them ending at once and for none ever ending."""
    counts, stratum = curve.waits.counts, curve.waits.steps.stratum
    needed = level * (counts + unseen)
    if_all, if_none = (divide(number, counts)[stratum] for number in (needed - unseen, needed))
    return Figures(
        _pick_first(curve.waits, curve.share >= level - NEARLY),
        _pick_first(curve.waits, (if_all > 0) & (curve.high >= if_all)),
        _pick_next(curve.waits, curve.low <= if_none),
    )


def _pick_first(waits: Waits, chosen: Flags) -> Floats:
    """Picks the first of the hours chosen in each stratum; nan if none is."""
    picked, rows = np.full(waits.size, np.nan), np.flatnonzero(chosen)[::-1]
    picked[waits.steps.stratum[rows]] = waits.steps.hours[rows]
    return picked


def _pick_next(waits: Waits, chosen: Flags) -> Floats:
    """Picks the hour after the last one chosen in each stratum; nan if that is the last of all."""
    steps, rows = waits.steps, np.flatnonzero(chosen)
    after = steps.starts[:-1].copy()
    after[steps.stratum[rows]] = rows + 1
    return np.where(after < steps.starts[1:], np.append(steps.hours, np.nan)[after], np.nan)
