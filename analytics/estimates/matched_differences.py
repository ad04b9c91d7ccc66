"""
question: How much do two families, or the two sides, differ in like cases?
grain: metric, segment, statistic, window, first_id, second_id
published: yes
unit: share
standard: least squares on families and strata (of two families, Mantel-Haenszel's risk difference), variance clustered
  by week and person (see statistics/family_effects); sides by their families' values, and in general by Paule and
  Mandel with Knapp and Hartung's error
caveats: Like means the same kind of channel, role, question, language and age. Of the sides, `effect` is about these
  families, each counted once; `general_effect` about families in general, as if drawn from many more. Sides are
  compared in strata that both have; if they share no kind and role the note says so. For pairs, p_adjusted is
  Holm's over all pairs of one statistic and window; for sides it is on the board of claims. Families with too few
  items, and families that have ended, are excluded. What a rule reads in texts is compared as it is read. Items that
  were not seen widen the interval by either; above a twentieth of a side there are only these bounds, and no value. In
  Python, because it solves equations.
data: claims/h[0-9]*.toml, claims/headlines.toml, claims/reader.py, claims/like_items.py, engine/items.py,
  statistics/family_effects.py, statistics/item_counts.py, statistics/meta_analysis.py, statistics/effects.py,
  statistics/student.py
"""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from analytics.claims.like_items import Compared, FamilyItems, compare_items, list_item_figures, read_items
from analytics.statistics.effects import Effect, adjust_by_holm, join_freedoms
from analytics.statistics.family_effects import FamilyEffects, fit_families

WINDOWS = ("365d", "all")
SIDES: dict[str, Any] = {"first_id": "open", "second_id": "proprietary"}
UNLIKE = "no kind of channel has the same role on both sides"
NAMES = ("metric", "segment", "statistic", "window", "first_id", "second_id")
NUMBERS = ("effect", "effect_low", "effect_high", "p_adjusted", "general_effect", "general_low", "general_high")
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in NAMES),
        *((name, pa.float64()) for name in NUMBERS),
        ("n", pa.int64()),
        ("note", pa.string()),
    ]
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
    compared = compare_items(items)
    if comparable := compared.keep_comparable(least):
        yield _make_side_row(comparable)
    elif compared.is_unlike:
        yield SIDES | {"n": 0, "note": UNLIKE}
    yield from _make_pair_rows(items)


def _make_side_row(compared: Compared) -> dict[str, Any]:
    found, is_hidden = compared.compare(), compared.is_hidden
    row = SIDES | {"n": int(compared.items.sum())} | _make_numbers(found.these, is_hidden)
    if found.general and not is_hidden:
        row |= _name_interval("general", found.general) | {"general_effect": found.general.value}
    return row


def _make_pair_rows(items: FamilyItems) -> Iterator[dict[str, Any]]:
    """Makes one row per pair that is linked by common strata, in alphabetical order."""
    size, unseen = len(items.families), items.measure_unseen(items.counts)
    fitted, counts = fit_families(items.counts, size), items.counts.sum_items(size)
    pairs = [pair for pair in combinations(range(size), 2) if not np.isnan(fitted.gap_variances[pair])]
    weights = [np.eye(size)[first] - np.eye(size)[second] for first, second in pairs]
    effects = [unseen.widen(_compare_pair(fitted, pair), own) for pair, own in zip(pairs, weights, strict=True)]
    hidden = [unseen.hides(own) for own in weights]
    seen = [number for number, is_hidden in enumerate(hidden) if not is_hidden]
    adjusted = dict(zip(seen, adjust_by_holm(np.array([effects[one].p_value for one in seen])).tolist(), strict=True))
    for number, (first, second) in enumerate(pairs):
        ids = {"first_id": items.families[first], "second_id": items.families[second]}
        row = {"n": int(counts[first] + counts[second]), "p_adjusted": adjusted.get(number)}
        yield ids | row | _make_numbers(effects[number], hidden[number])


def _compare_pair(fitted: FamilyEffects, pair: tuple[int, int]) -> Effect:
    both = list(pair)
    freedom = join_freedoms(fitted.variances[both], fitted.freedoms[both])
    value = fitted.values[pair[0]] - fitted.values[pair[1]]
    return Effect(float(value), float(fitted.gap_variances[pair]) ** 0.5, freedom, 1)


def _make_numbers(effect: Effect, is_hidden: bool) -> dict[str, Any]:
    """Makes the columns of a comparison; if too much was not seen there are bounds and no value."""
    ends = _name_interval("effect", effect)
    if is_hidden:
        low, high = (round(100 * (effect.value + reach), 1) for reach in (-effect.below, effect.above))
        note = f"too many items of one side could not be seen, and the difference lies between {low} and {high} points"
        return ends | {"note": note}
    return ends | {"effect": effect.value}


def _name_interval(name: str, effect: Effect) -> dict[str, float]:
    return {f"{name}_low": effect.low, f"{name}_high": effect.high}
