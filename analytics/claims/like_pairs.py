"""Pairs of families compared by their items, one row each, and the columns of a comparison."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from analytics.claims.like_items import FamilyItems, FittedItems, fit_pairs
from analytics.statistics.matching import adjust_by_holm
from analytics.statistics.meta_analysis import Doubt, Effect, allow_doubt, join_freedoms, make_effect


def make_pair_rows(items: FamilyItems) -> Iterator[dict[str, Any]]:
    """Makes one row per pair that is linked by common strata, in alphabetical order."""
    families, (fitted, plain) = items.families, fit_pairs(items)
    counts = items.counts.sum_items(len(families))
    first, second = np.triu_indices(len(families), 1)
    linked = ~np.isnan(fitted.effects.gap_variances[first, second])
    pairs = list(zip(first[linked], second[linked], strict=True))
    compared = [_compare_pair(fitted, *pair) for pair in pairs]
    seen = [number for number, (_, doubt) in enumerate(compared) if not doubt.is_hidden]
    adjusted = dict(zip(seen, adjust_by_holm(np.array([compared[number][0].p_value for number in seen])), strict=True))
    for number, (pair, (effect, doubt)) in enumerate(zip(pairs, compared, strict=True)):
        names = {"first_id": families[pair[0]], "second_id": families[pair[1]], "n": int(counts[list(pair)].sum())}
        numbers = make_numbers(effect, _compare_pair(plain, *pair)[0], doubt)
        yield names | numbers | {"p_adjusted": adjusted.get(number)}


def _compare_pair(fitted: FittedItems, first: int, second: int) -> tuple[Effect, Doubt]:
    effects, pair = fitted.effects, [first, second]
    freedom = join_freedoms(effects.variances[pair], effects.freedoms[pair])
    error = math.sqrt(float(effects.gap_variances[first, second]))
    weights = np.zeros(len(fitted.values))
    weights[pair] = 1, -1
    doubt = fitted.find_doubt(weights)
    effect = make_effect(float(fitted.values[first] - fitted.values[second]), error, freedom, 1)
    return allow_doubt(effect, doubt, 1), doubt


def make_numbers(effect: Effect, plain: Effect, doubt: Doubt) -> dict[str, Any]:
    """Makes the columns of a comparison; where too much was not seen there are bounds and no value."""
    ends = name_interval("effect", effect) | name_interval("raw", plain)
    if doubt.is_hidden:
        low, high = (round(100 * (effect.value + reach), 1) for reach in (-effect.below, effect.above))
        note = f"too many items of one side could not be seen, and the difference lies between {low} and {high} points"
        return ends | {"note": note}
    return ends | {"effect": effect.value, "raw_effect": plain.value, "p_value": effect.p_value}


def name_interval(name: str, effect: Effect) -> dict[str, float]:
    """Names the ends of an interval as columns."""
    return {f"{name}_low": effect.low, f"{name}_high": effect.high}
