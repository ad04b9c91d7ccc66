"""
question: How much do two families, or the two sides, differ in like cases?
grain: metric, segment, statistic, window, first_id, second_id
unit: share
standard: least squares on families and strata (of two families, Mantel-Haenszel's risk difference), variance clustered
  by channel and week; sides by their families' values, and in general by REML with Knapp and Hartung's error
caveats: Like means the same kind of channel, role, question, language and age; raw means all items of each together.
  Of the sides, `effect` is about these families, each counted once; `general_effect` about families in general, as if
  drawn from many more, and exchange_p is a check of that one. Sides are compared in strata that both have; where they
  share no kind and role there is no row (see comparison_balance). For pairs, p_adjusted is Holm's over all pairs of one
  statistic and window; for sides it is on the board of claims. Families with too few items, and families that have
  ended, are left out. In Python, because it solves equations.
data: claims/h[0-9]*.toml, claims/headlines.toml, claims/reader.py, claims/comparing.py, engine/items.py,
  statistics/matching.py, statistics/family_effects.py, statistics/meta_analysis.py, statistics/student.py
version: 3
"""

import math
from collections.abc import Iterator
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from analytics.claims.comparing import Compared, FamilyItems, compare_items, fit_pairs, list_item_figures, read_items
from analytics.statistics.family_effects import FamilyEffects, Floats
from analytics.statistics.matching import adjust_by_holm, compute_exchange_p
from analytics.statistics.meta_analysis import Effect, compare_sides, join_freedoms, make_effect

WINDOWS = ("365d", "all")
NAMES = ("metric", "segment", "statistic", "window", "first_id", "second_id")
NUMBERS = (
    "effect", "effect_low", "effect_high", "p_value", "p_adjusted", "raw_effect", "raw_low", "raw_high",
    "general_effect", "general_low", "general_high", "general_p_value", "exchange_p",
)  # fmt: skip
SCHEMA = pa.schema(
    [*((name, pa.string()) for name in NAMES), *((name, pa.float64()) for name in NUMBERS), ("n", pa.int64())]
)


def matched_differences(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Compares pairs of families, and the two sides, for each share that a claim or a headline names."""
    ((least,),) = connection.execute("select min_families_count from metrics.rules").fetchall()
    rows = [
        dict(zip(NAMES[:4], (*figure.key, window), strict=True)) | row
        for figure in list_item_figures()
        for window in WINDOWS
        for row in _make_rows(read_items(connection, figure, window), least)
    ]
    return pa.Table.from_pylist(rows, SCHEMA)


def _make_rows(items: FamilyItems, least: int) -> Iterator[dict[str, Any]]:
    if comparable := compare_items(items).keep_comparable(least):
        yield _make_side_row(comparable)
    effects, plain = fit_pairs(items)
    yield from _make_pair_rows(items.families, effects, plain, items.counts.sum_items(len(items.families)))


def _make_side_row(compared: Compared) -> dict[str, Any]:
    is_open, freedoms = compared.is_open, compared.freedoms
    like = compare_sides(compared.values, compared.variances, is_open, freedoms, 1)
    plain = compare_sides(compared.plain_values, compared.plain_variances, is_open, freedoms, 1)
    row = {"first_id": "open", "second_id": "proprietary", "n": int(compared.items.sum())}
    row |= {"exchange_p": compute_exchange_p(compared.values, is_open)} | _make_numbers(like.these, plain.these)
    if like.general:
        row |= _name_interval("general", like.general) | {"general_effect": like.general.value}
        row |= {"general_p_value": like.general.p_value}
    return row


def _make_pair_rows(
    families: tuple[str, ...], effects: FamilyEffects, plain: FamilyEffects, counts: Floats
) -> Iterator[dict[str, Any]]:
    """Makes one row per pair that is linked by common strata, in alphabetical order."""
    first, second = np.triu_indices(len(families), 1)
    linked = ~np.isnan(effects.gap_variances[first, second])
    pairs = list(zip(first[linked], second[linked], strict=True))
    compared = [_compare_pair(effects, *pair) for pair in pairs]
    adjusted = adjust_by_holm(np.array([effect.p_value for effect in compared]))
    for pair, effect, p_adjusted in zip(pairs, compared, adjusted, strict=True):
        names = {"first_id": families[pair[0]], "second_id": families[pair[1]], "n": int(counts[list(pair)].sum())}
        yield names | _make_numbers(effect, _compare_pair(plain, *pair)) | {"p_adjusted": p_adjusted}


def _compare_pair(effects: FamilyEffects, first: int, second: int) -> Effect:
    pair = [first, second]
    freedom = join_freedoms(effects.variances[pair], effects.freedoms[pair])
    gap = math.sqrt(float(effects.gap_variances[first, second]))
    return make_effect(float(effects.values[first] - effects.values[second]), gap, freedom, 1)


def _make_numbers(effect: Effect, plain: Effect) -> dict[str, Any]:
    values = {"effect": effect.value, "raw_effect": plain.value, "p_value": effect.p_value}
    return values | _name_interval("effect", effect) | _name_interval("raw", plain)


def _name_interval(name: str, effect: Effect) -> dict[str, float]:
    return {f"{name}_low": effect.low, f"{name}_high": effect.high}
