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
    ends = [
        (
            -math.inf if row["low"] is None else float(row["low"]),
            math.inf if row["high"] is None else float(row["high"]),
        )
        for row in (first, second)
    ]
    if first["value"] is None or second["value"] is None:
        return Difference(None, ends[0][0] - ends[1][1], ends[0][1] - ends[1][0])
    if are_bounds:
        return Difference(first["value"] - second["value"], ends[0][0] - ends[1][1], ends[0][1] - ends[1][0])
    wider = NormalDist().inv_cdf(1 - 0.025 / max(1, comparisons)) / Z
    value = float(first["value"] - second["value"])
    (first_below, first_above), (second_below, second_above) = (
        (row["value"] - low, high - row["value"]) for row, (low, high) in zip((first, second), ends, strict=True)
    )
    low, high = math.hypot(first_below, second_above), math.hypot(first_above, second_below)
    return Difference(value, value - wider * low, value + wider * high)


def select_level(first: Row, others: Sequence[Row], *, are_bounds: bool = False) -> list[Row]:
    """Selects the others to which the first shows no difference, all pairs of the figures taken together; where the
    first is a full count, those that reach it."""
    if first["low"] is None or first["low"] == first["high"]:
        return [row for row in others if _reaches(row, first["value"])]
    pairs = (len(others) + 1) * len(others) // 2
    return [row for row in others if not measure_gap(first, row, pairs, are_bounds=are_bounds).is_shown]


def _reaches(row: Row, value: float) -> bool:
    low = -math.inf if row["low"] is None else row["low"]
    return bool(low <= value <= (math.inf if row["high"] is None else row["high"]))
