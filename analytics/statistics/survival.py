"""Survival curves of many strata at once: the share that has ended in one way, by Aalen and Johansen, or at all, which
is Kaplan and Meier's, with its log-log band, and what is read off a curve."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import NormalDist
from typing import Any, Literal, NamedTuple

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

    size: int
    stratum: Whole
    hours: Floats
    at_risk: Whole
    events: Whole
    bounds: Whole
    """The place of the first wait of each row, and the number of waits."""
    starts: Whole
    """The first row of each stratum, and the number of rows."""

    def find_last(self, grid: Sequence[float]) -> Whole:
        """Finds the last row of each stratum by each hour of a grid, hours × strata; -1 where there is none."""
        rows = count_until(self, grid)
        return np.where(rows > 0, self.starts[:-1] + rows - 1, -1)


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
        return Steps(self.size, stratum, self.hours[is_first], at_risk, events, bounds, starts)

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

    def keep(self, kept: Flags) -> "Waits":
        """Keeps some of the waits, of as many strata."""
        stratum, hours, is_event, watched = self.stratum, self.hours, self.is_event, self.watched
        return Waits(self.size, stratum[kept], hours[kept], is_event[kept], watched[kept])


@dataclass(frozen=True)
class Curve:
    """The share that has ended, at all or in one way, with its error: one row a step of its waits."""

    waits: Waits
    ended: Whole
    """How many have ended, by stratum."""
    share: Floats
    error: Floats
    design: Floats
    """How many times as much as that of independent waits the variance is, by stratum."""

    @cached_property
    def band(self) -> tuple[Floats, Floats]:
        """Draws the band of all rows."""
        return self.limit(np.arange(len(self.share)), self.design)

    def limit(self, rows: Whole, design: Floats) -> tuple[Floats, Floats]:
        """Limits the share of some rows; `design` is by stratum. If the end has come for all, no more may still wait
        than the upper end of the row before, times the exact limit of those who were left."""
        steps, share = self.waits.steps, self.share[rows]
        low, high = _limit_log_log(share, self.error[rows], design[steps.stratum[rows]])
        all_ = rows[share == 1]
        own = design[steps.stratum[all_]]
        before = _limit_log_log(self.share[all_ - 1], self.error[all_ - 1], own)[0]
        before = np.where(all_ > steps.starts[steps.stratum[all_]], before, 0)
        low[share == 1], high[share == 1] = 1 - (1 - before) * limit_at_none(steps.at_risk[all_], own), 1
        return low, high


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


def count_until(rows: Steps | Waits, grid: Sequence[float], side: Literal["left", "right"] = "left") -> Whole:
    """Counts the rows of each stratum up to each hour of a sorted grid, or (`right`) before it: hours × strata."""
    cells = rows.stratum * (len(grid) + 1) + np.searchsorted(grid, rows.hours, side)
    counts = np.bincount(cells, minlength=rows.size * (len(grid) + 1)).reshape(rows.size, len(grid) + 1)
    return counts.cumsum(1).T[:-1]


def find_residuals(waits: Waits, chosen: Flags, stops: Sequence[float]) -> Iterator[Floats]:
    """Finds the martingale residual of each wait, as if nobody had looked after each of some hours: what happened to
    it, less the hazards that it went through. They are what clusters of waits share (Lee, Wei and Amato 1992). What
    ended in another way waits for this one for ever (Fine and Gray 1999)."""
    steps, others = waits.steps, waits.is_event & ~chosen
    gone = np.append(0, np.cumsum(~others))
    at_risk = waits.counts[steps.stratum] - gone[steps.bounds[:-1]] + gone[waits.starts[steps.stratum]]
    hazards = add_up(count(chosen, steps.bounds) / at_risk, steps.starts)
    residuals: Floats = chosen - np.repeat(hazards, np.diff(steps.bounds))
    for stop, rows in zip(stops, steps.find_last(stops), strict=True):
        until = np.append(hazards, 0)[rows]
        yield np.where(others | (waits.hours > stop), -until[waits.stratum], residuals)


def trace_curve(waits: Waits, chosen: Flags, design: Floats) -> Curve:
    """Traces the share of which the chosen end has come; what ended in another way never ends in this one."""
    steps, events = waits.steps, count(chosen, waits.steps.bounds)
    before = np.roll(add_up(1 - steps.events / steps.at_risk, steps.starts, np.multiply), 1)
    before[steps.starts[steps.starts < len(before)]] = 1
    share = add_up(before * events / steps.at_risk, steps.starts)
    share[share > 1 - NEARLY] = 1
    error = np.where(share < 1, np.sqrt(np.maximum(0, _sum_variance(steps, share, before, events))), 0)
    return Curve(waits, waits.count(chosen), share, error, design)


def _sum_variance(steps: Steps, share: Floats, before: Floats, events: Whole) -> Floats:
    """Sums up the variance by the delta method (Dinse and Larson 1986), which is Greenwood's if all ends are chosen."""
    at_risk, left = steps.at_risk, steps.at_risk - steps.events
    # If nobody is left, Greenwood's sum has nothing more to weigh.
    growth = np.where(left > 0, divide(steps.events, at_risk * left), 0)
    both = before * events / at_risk**2
    once = add_up(share * growth + both, steps.starts)
    twice = add_up(share**2 * growth + both * (before * (at_risk - events) / at_risk + 2 * share), steps.starts)
    return share**2 * add_up(growth, steps.starts) - 2 * share * once + twice


def _limit_log_log(share: Floats, error: Floats, design: Floats) -> tuple[Floats, Floats]:
    """Limits shares by the log-log band of those for whom the end has not come, of which a share of all has none."""
    waiting = np.where((share > 0) & (share < 1), 1 - share, np.nan)
    spread = NORMAL * np.sqrt(design) * error / (waiting * np.log(waiting))
    with np.errstate(over="ignore"):
        return np.where(share == 0, 0, 1 - waiting ** np.exp(spread)), 1 - waiting ** np.exp(-spread)


def limit_at_none(counts: npt.ArrayLike, design: Floats) -> Floats:
    """Limits the share of which none of so many were: exactly binomial, for the number of independent items that they
    are worth (Korn and Graubard 1998)."""
    limit: Floats = 1 - TAIL ** divide(design, counts)
    return limit


def read_shares(curve: Curve, grid: Sequence[float], designs: Floats) -> Figures:
    """Reads the share that has ended by each hour of a sorted grid, hours × strata, of which each cell has a design;
    nan if nothing was observed for so long. If none has, its limit is that of all of whom this is known: who has ended
    in another way never ends in this one."""
    waits, last, figures = curve.waits, curve.waits.steps.find_last(grid), np.zeros((3, *designs.shape))
    for place in range(len(grid)):
        has_row = last[place] >= 0
        rows = last[place][has_row]
        figures[:, place, has_row] = curve.share[rows], *curve.limit(rows, designs[place])
    value, low, high = figures
    lost = count_until(waits.keep(~waits.is_event), grid, "right")
    high = np.where(value == 0, limit_at_none(waits.counts - lost, designs), high)
    return Figures(*np.where(waits.known_until >= np.array(grid)[:, None], (value, low, high), np.nan))


def read_quantile(curve: Curve, level: float, unseen: Whole) -> Figures:
    """Reads the first hour at which the share and its band reach the level (Brookmeyer and Crowley 1982). If some
    were not seen, the interval allows for all of them ending at once and for none ever ending."""
    counts, stratum = curve.waits.counts, curve.waits.steps.stratum
    needed = level * (counts + unseen)
    if_all, if_none = (divide(number, counts)[stratum] for number in (needed - unseen, needed))
    return Figures(
        _pick_first(curve.waits, curve.share >= level - NEARLY),
        _pick_first(curve.waits, (if_all > 0) & (curve.band[1] >= if_all)),
        _pick_next(curve.waits, curve.band[0] <= if_none),
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
