"""Who fits best: scores, ranks with their ranges, and the share of weightings that each family wins. Numbers in, numbers out."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
DRAWS = 1000
"""Of values from their intervals; each goes with a weighting of its own."""
LEAST = 0.5
"""Families of which less than this share of the weight is known have no rank."""
TO_LIMIT = 1.959964
"""From the middle of a 95 % interval to its end, in standard deviations."""
DIGITS = 10
"""Beyond these, scores differ only by the order in which they were added."""


class Known(NamedTuple):
    """What is known of a family by one measure: a value with its interval, or only what is possible (no value, low and high)."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a family stands; no rank where too little of the weight is known. `wins` is a share of the weightings."""

    family: str
    known_share: float
    score: float | None = None
    rank: int | None = None
    rank_low: int | None = None
    rank_high: int | None = None
    wins: float = 0.0


def places(
    figures: Mapping[str, Mapping[str, Known]], weights: Mapping[str, float], rising: Mapping[str, bool]
) -> list[Place]:
    """Families from first to last, then those of which too little is known. `rising` says of which measures more is better."""
    measures = sorted(name for name, weight in weights.items() if weight > 0)
    families = sorted(figures)
    if not families or not measures:
        return [Place(family, 0.0) for family in families]
    ends = _ends(figures, families, measures)
    known = ~np.isnan(ends[0])
    own = np.array([float(weights[name]) for name in measures])
    shares = known @ (own / own.sum())
    ranked = shares >= LEAST - 1e-9
    found = [
        Place(family, float(share)) for family, share, is_in in zip(families, shares, ranked, strict=True) if not is_in
    ]
    if not ranked.any():
        return found
    kept = [family for family, is_in in zip(families, ranked, strict=True) if is_in]
    signs = np.array([1.0 if rising[name] else -1.0 for name in measures])
    return _placed(kept, shares[ranked], ends[:, ranked], own, signs, _seed(kept, measures)) + found


def _ends(figures: Mapping[str, Mapping[str, Known]], families: Sequence[str], measures: Sequence[str]) -> Numbers:
    """Middle, low and high by family and measure, and whether there is only a range; NaN where nothing is known."""
    found = np.full((4, len(families), len(measures)), np.nan)
    for row, family in enumerate(families):
        for column, measure in enumerate(measures):
            one = figures[family].get(measure)
            if one is None or (one.value is None and (one.low is None or one.high is None)):
                continue
            if one.value is None:
                found[:, row, column] = (float(one.low or 0) + float(one.high or 0)) / 2, one.low, one.high, 1
            else:
                low, high = (one.value if end is None else end for end in (one.low, one.high))
                found[:, row, column] = one.value, min(low, one.value), max(high, one.value), 0
    return found


def _seed(families: Sequence[str], measures: Sequence[str]) -> int:
    """From the names, so that the same question has the same answer for everybody."""
    return int.from_bytes(hashlib.sha256("\n".join([*families, "", *measures]).encode()).digest()[:8])


def _placed(
    families: Sequence[str], shares: Numbers, ends: Numbers, own: Numbers, signs: Numbers, seed: int
) -> list[Place]:
    chance = np.random.default_rng(seed)
    known = ~np.isnan(ends[0])
    worst, span, tells = _scale(ends[0] * signs)
    middle = _positions(ends[0] * signs, worst, span)
    scores = _scores(middle, known, own * tells)
    ranks = _ranks(scores[None, :])[0]
    drawn = _positions(_draws(ends, chance) * signs, worst, span)
    low, high = np.quantile(_ranks(_scores(drawn, known, own * tells)), [0.025, 0.975], axis=0, method="inverted_cdf")
    wins = _wins(drawn, known, tells, chance)
    found = [
        Place(
            family, float(shares[at]), float(scores[at]), int(ranks[at]), int(min(low[at], ranks[at])), int(max(high[at], ranks[at])),
            float(wins[at]),
        )
        for at, family in enumerate(families)
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.rank or 0, -one.wins, one.family))


def _scale(middle: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """The worst of each measure, its way to the best, and 1 where it tells any two families apart, else 0."""
    known = ~np.isnan(middle)
    worst = np.min(np.where(known, middle, np.inf), axis=0)
    best = np.max(np.where(known, middle, -np.inf), axis=0)
    tells = np.where(known.any(axis=0) & (best > worst), 1.0, 0.0)
    return np.where(tells > 0, worst, 0.0), np.where(tells > 0, best - worst, 1.0), tells


def _positions(values: Numbers, worst: Numbers, span: Numbers) -> Numbers:
    """From 0, the worst candidate, to 1, the best; 0 where nothing is known, which then weighs nothing."""
    return np.nan_to_num((values - worst) / span, nan=0.0)


def _scores(positions: Numbers, known: Flags, weights: Numbers) -> Numbers:
    """Means weighted by what is known of each family; where nothing that is known tells families apart, the middle."""
    weight = known @ weights
    summed = (positions * known) @ weights
    return _rounded(np.where(weight > 0, summed / np.where(weight > 0, weight, 1.0), 0.5))


def _rounded(scores: Numbers) -> Numbers:
    return np.asarray(np.round(scores, DIGITS), dtype=np.float64)


def _ranks(scores: Numbers) -> NDArray[np.int64]:
    """1 for the best of each row; equal scores have equal ranks."""
    return np.asarray(1 + (scores[:, None, :] > scores[:, :, None]).sum(axis=2), dtype=np.int64)


def _draws(ends: Numbers, chance: np.random.Generator) -> Numbers:
    """Values within each interval: normal around the value, cut at the ends; anywhere in a range that has no value."""
    middle, low, high, is_range = ends
    steps = chance.standard_normal((DRAWS, *middle.shape)) / TO_LIMIT
    normal = middle + steps * np.where(steps > 0, high - middle, middle - low)
    anywhere = low + (high - low) * chance.random((DRAWS, *middle.shape))
    return np.asarray(np.clip(np.where(is_range > 0, anywhere, normal), low, high), dtype=np.float64)


def _wins(drawn: Numbers, known: Flags, tells: Numbers, chance: np.random.Generator) -> Numbers:
    """In which share of all weightings, each as likely as any other and with figures drawn of its own, each family is first."""
    weights = chance.dirichlet(np.ones(len(tells)), len(drawn))
    told = (weights * tells) @ known.T
    summed = np.einsum("dm,dfm->df", weights * tells, drawn * known)
    scores = np.where(told > 0, summed / np.where(told > 0, told, 1.0), 0.5)
    # The same rule as for the chosen weights: who is hardly known cannot win.
    scores = _rounded(np.where(weights @ known.T >= LEAST - 1e-9, scores, -np.inf))
    best = scores.max(axis=1, keepdims=True)
    first = (scores == best) & np.isfinite(scores)
    # Ties are shared.
    return np.asarray((first / np.maximum(first.sum(axis=1, keepdims=True), 1)).mean(axis=0), dtype=np.float64)


def scaled(figures: Mapping[str, Known], is_rising: bool) -> dict[str, float]:
    """Where each family stands between the worst (0) and the best (1); all in the middle where they are alike."""
    families = sorted(figures)
    middle = _ends({family: {"": figures[family]} for family in families}, families, [""])[0] * (
        1.0 if is_rising else -1.0
    )
    found = middle[~np.isnan(middle[:, 0])] if families else middle
    if not len(found):
        return {}
    worst, span, tells = _scale(found)
    placed = _positions(middle, worst, span) if tells[0] else np.full(middle.shape, 0.5)
    return {family: float(placed[at, 0]) for at, family in enumerate(families) if not np.isnan(middle[at, 0])}
