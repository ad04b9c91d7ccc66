"""The ranking by fit: scores, and ranks with their ranges. It takes and returns numbers only.

Two families are distinguished by the interval of the difference of their scores, never by whether ranges overlap.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
LEAST = 0.5
"""Families with a smaller share of the weight known get no rank."""
TO_LIMIT = 1.959964
"""Standard deviations from the middle of a 95 % interval to its end."""
DIGITS = 10
"""Decimals kept; beyond them scores differ only by the order of summation."""


class KnownValue(NamedTuple):
    """A family's known figure on one measure: a value with its interval, or a range alone (no value, low and high). An
    interval without an end has no limit there."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A family's standing; it has no rank if too little of the weight is known. It `is_behind` if the first family is
    ahead of it by more than chance."""

    family: str
    known_share: float
    score: float | None = None
    rank: int | None = None
    rank_low: int | None = None
    rank_high: int | None = None
    is_behind: bool = False


def rank_families(
    figures: Mapping[str, Mapping[str, KnownValue]], weights: Mapping[str, float], rising: Mapping[str, bool]
) -> list[Standing]:
    """Ranks families best first, then lists those with too little known. `rising` says for which measures more is
    better."""
    # Sorted, so that the order of summation does not depend on the caller.
    measures = sorted(name for name, weight in weights.items() if weight > 0)
    families = sorted(figures)
    if not families or not measures:
        return [Standing(family, 0.0) for family in families]
    ends = _collect_ends(figures, families, measures)
    is_known = ~np.isnan(ends[0])
    own = np.array([float(weights[name]) for name in measures])
    shares = is_known @ (own / own.sum())
    # Shares are sums of floats: exactly half must pass.
    ranked = shares >= LEAST - 1e-9
    unranked = [
        Standing(family, float(share))
        for family, share, is_in in zip(families, shares, ranked, strict=True)
        if not is_in
    ]
    if not ranked.any():
        return unranked
    candidates = [family for family, is_in in zip(families, ranked, strict=True) if is_in]
    # Signs make the highest number the best for every measure.
    signs = np.array([1.0 if rising[name] else -1.0 for name in measures])
    return _rank_candidates(candidates, shares[ranked], ends[:, ranked], own, signs) + unranked


def _collect_ends(
    figures: Mapping[str, Mapping[str, KnownValue]], families: Sequence[str], measures: Sequence[str]
) -> Numbers:
    """Collects middle, low and high as (family, measure) arrays, and whether there is only a range; NaN if nothing
    is known."""
    ends = np.full((4, len(families), len(measures)), np.nan)
    for row, family in enumerate(families):
        for column, measure in enumerate(measures):
            value = figures[family].get(measure)
            if value is None or (value.value is None and (value.low is None or value.high is None)):
                continue
            if value.value is None:
                # With only a range, its middle is the value.
                ends[:, row, column] = (float(value.low or 0) + float(value.high or 0)) / 2, value.low, value.high, 1
            else:
                low = -np.inf if value.low is None else value.low
                high = np.inf if value.high is None else value.high
                ends[:, row, column] = value.value, min(low, value.value), max(high, value.value), 0
    return ends


def _rank_candidates(
    families: Sequence[str], shares: Numbers, ends: Numbers, own: Numbers, signs: Numbers
) -> list[Standing]:
    is_known = ~np.isnan(ends[0])
    worst, span, tells = _scale_of(ends[0] * signs)
    scores = _score_families(_position_values(ends[0] * signs, worst, span), is_known, own * tells)
    ranks = 1 + (scores[None, :] > scores[:, None]).sum(axis=1)
    is_ahead = _find_ahead(scores, ends, signs, own * tells, span)
    first, *_ = order = sorted(range(len(families)), key=lambda at: (ranks[at], families[at]))
    lows, highs = 1 + is_ahead.sum(axis=0), len(families) - is_ahead.sum(axis=1)
    return [
        Standing(
            families[at], float(shares[at]), float(scores[at]), int(ranks[at]), int(lows[at]), int(highs[at]),
            bool(is_ahead[first, at]),
        )
        for at in order
    ]  # fmt: skip


def _find_ahead(scores: Numbers, ends: Numbers, signs: Numbers, weights: Numbers, span: Numbers) -> BoolArray:
    """Finds which family (row) is ahead of which by more than chance; all these differences hold together with 95 %.

    How far a family's score reaches is added up over its measures, because its figures rest on the same threads. Two
    families rest on different ones, so that the error of their difference is the root of both squares (Zou and Donner
    2008). A range without a value counts as a whole.
    """
    is_known, is_range = ~np.isnan(ends[0]), ends[3] > 0
    weight = (is_known @ weights)[:, None]
    loads = is_known * weights / span / np.where(weight > 0, weight, 1.0)
    worse, better = np.where(signs > 0, ends[1:3], ends[2:0:-1])
    below, above = (
        np.nansum(loads * np.where(is_range, 0.0, np.abs(ends[0] - end)), axis=1) for end in (worse, better)
    )
    unknown = np.nansum(loads * np.where(is_range, (ends[2] - ends[1]) / 2, 0.0), axis=1)
    pairs = max(1, len(scores) * (len(scores) - 1) // 2)
    reach = NormalDist().inv_cdf(1 - 0.025 / pairs) / TO_LIMIT
    gaps = scores[:, None] - scores - reach * np.hypot(below[:, None], above) - unknown[:, None] - unknown
    return np.asarray(_round_scores(gaps) > 0)


def _scale_of(middle: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Returns, for each measure, its worst value, the span to its best, and 1 if it tells any two families apart,
    else 0."""
    is_known = ~np.isnan(middle)
    worst = np.min(np.where(is_known, middle, np.inf), axis=0)
    best = np.max(np.where(is_known, middle, -np.inf), axis=0)
    tells = np.where(is_known.any(axis=0) & (best > worst), 1.0, 0.0)
    return np.where(tells > 0, worst, 0.0), np.where(tells > 0, best - worst, 1.0), tells


def _position_values(values: Numbers, worst: Numbers, span: Numbers) -> Numbers:
    """Scales values from 0 (the worst candidate) to 1 (the best); unknown values become 0 and then carry no weight."""
    return np.nan_to_num((values - worst) / span, nan=0.0)


def _score_families(positions: Numbers, is_known: BoolArray, weights: Numbers) -> Numbers:
    """Averages positions, weighted over what is known of each family; 0.5 if no known measure tells families
    apart."""
    weight = is_known @ weights
    summed = (positions * is_known) @ weights
    return _round_scores(np.where(weight > 0, summed / np.where(weight > 0, weight, 1.0), 0.5))


def _round_scores(scores: Numbers) -> Numbers:
    return np.asarray(np.round(scores, DIGITS), dtype=np.float64)
