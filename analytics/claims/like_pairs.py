"""Pairs of families compared by their items, one row each, and the columns of a comparison."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from analytics.claims.like_items import FamilyItems, FittedItems, fit_items
from analytics.statistics.effects import Doubt, Effect, adjust_by_holm, allow_doubt, join_freedoms
from analytics.statistics.item_counts import Whole


def make_pair_rows(items: FamilyItems) -> Iterator[dict[str, Any]]:
    """Makes one row per pair that is linked by common strata, in alphabetical order."""
    families, fitted = items.families, fit_items(items, items.counts)
    first, second = np.triu_indices(len(families), 1)
    linked = ~np.isnan(fitted.effects.gap_variances[first, second])
    first, second = first[linked], second[linked]
    compared = _compare_pairs(fitted, first, second)
    seen = [number for number, (_, doubt) in enumerate(compared) if not doubt.is_hidden]
    adjusted = dict(zip(seen, adjust_by_holm(np.array([compared[number][0].p_value for number in seen])), strict=True))
    counts = items.counts.sum_items(len(families))
    sizes = (counts[first] + counts[second]).astype(int).tolist()
    names = ((families[one], families[other]) for one, other in zip(first.tolist(), second.tolist(), strict=True))
    for number, ((one, other), size, (effect, doubt)) in enumerate(zip(names, sizes, compared, strict=True)):
        ids = {"first_id": one, "second_id": other, "n": size}
        yield ids | make_numbers(effect, doubt) | {"p_adjusted": adjusted.get(number)}


def _compare_pairs(fitted: FittedItems, first: Whole, second: Whole) -> list[tuple[Effect, Doubt]]:
    """Compares each of the first families with the second one beside it."""
    effects, numbers = fitted.effects, np.arange(len(first))
    weights = np.zeros((len(first), len(fitted.values)))
    weights[numbers, first], weights[numbers, second] = 1, -1
    pairs = np.stack([first, second], axis=1)
    freedoms = [join_freedoms(*parts) for parts in zip(effects.variances[pairs], effects.freedoms[pairs], strict=True)]
    values = (fitted.values[first] - fitted.values[second]).tolist()
    errors = np.sqrt(effects.gap_variances[first, second]).tolist()
    return [
        (allow_doubt(Effect(value, error, freedom, 1), doubt, 1), doubt)
        for value, error, freedom, doubt in zip(values, errors, freedoms, fitted.find_doubts(weights), strict=True)
    ]


def make_numbers(effect: Effect, doubt: Doubt) -> dict[str, Any]:
    """Makes the columns of a comparison; where too much was not seen there are bounds and no value."""
    ends = name_interval("effect", effect)
    if doubt.is_hidden:
        low, high = (round(100 * (effect.value + reach), 1) for reach in (-effect.below, effect.above))
        note = f"too many items of one side could not be seen, and the difference lies between {low} and {high} points"
        return ends | {"note": note}
    return ends | {"effect": effect.value}


def name_interval(name: str, effect: Effect) -> dict[str, float]:
    """Names the ends of an interval as columns."""
    return {f"{name}_low": effect.low, f"{name}_high": effect.high}
