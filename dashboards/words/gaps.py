"""Differences of two figures, with an interval of their own: two intervals that overlap, or do not, are no test."""

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import NamedTuple

from dashboards.metric_row import Row

Z = NormalDist().inv_cdf(0.975)


class Difference(NamedTuple):
    """First figure minus second, with its interval; without a value if only ranges are known."""

    value: float | None
    low: float
    high: float

    @property
    def is_shown(self) -> bool:
        """Returns whether the interval leaves out 0."""
        return self.low > 0 or self.high < 0


def measure_gap(first: Row, second: Row, comparisons: int = 1, *, are_bounds: bool = False) -> Difference:
    """Measures the difference of two figures that rest on different items, from their intervals (Zou and Donner 2008).

    The interval is wide enough that so many comparisons hold together with 95 %. An unknown end has no limit. Where the
    ends of figures `are_bounds` of what is not known, either may lie anywhere between its own.
    """
    (first_low, first_high), (second_low, second_high) = _read_ends(first), _read_ends(second)
    is_ranged = first["value"] is None or second["value"] is None
    if is_ranged or are_bounds:
        value = None if is_ranged else first["value"] - second["value"]
        return Difference(value, first_low - second_high, first_high - second_low)
    wider = NormalDist().inv_cdf(1 - 0.025 / max(1, comparisons)) / Z
    value = float(first["value"] - second["value"])
    low = math.hypot(first["value"] - first_low, second_high - second["value"])
    high = math.hypot(first_high - first["value"], second["value"] - second_low)
    return Difference(value, value - wider * low, value + wider * high)


def select_level(first: Row, others: Sequence[Row], *, are_bounds: bool = False) -> list[Row]:
    """Selects the others to which the first shows no difference, all pairs of the figures taken together; where the
    first is a full count, those that reach it."""
    if first["low"] is None or first["low"] == first["high"]:
        ends = ((row, *_read_ends(row)) for row in others)
        return [row for row, low, high in ends if low <= first["value"] <= high]
    pairs = (len(others) + 1) * len(others) // 2
    return [row for row in others if not measure_gap(first, row, pairs, are_bounds=are_bounds).is_shown]


def _read_ends(row: Row) -> tuple[float, float]:
    """Reads the ends of an interval; an unknown one has no limit."""
    low, high = row["low"], row["high"]
    return -math.inf if low is None else float(low), math.inf if high is None else float(high)
