"""
question: How much do two families, or the two sides, differ in like cases?
grain: metric, segment, statistic, window, first_id, second_id
published: yes
phase: across
unit: share
standard: least squares on families and strata (of two families, Mantel-Haenszel's risk difference), variance clustered
  by week and person (see statistics/family_effects); sides by their families' values, each counted once
caveats: Like means the same kind of channel, role, question, language and age. Sides are
  compared in strata that both have; if they share no kind and role they have no row. For pairs, p_adjusted is
  Holm's over all pairs of one statistic and window; for sides it is on the board of claims. Families with too few
  items, and families that have ended, are excluded. What a rule reads in texts is compared as it is read. Items that
  were not seen widen the interval by either; above a twentieth of a side there is no row. In Python, because it solves
  equations.
data: claims/h[0-9]*.toml, claims/headlines.toml, claims/reader.py, claims/like_items.py, engine/items.py,
  statistics/family_effects.py, statistics/item_counts.py, statistics/effects.py
"""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from analytics.claims.like_items import FamilyItems, compare_items, list_item_figures, read_items
from analytics.statistics.effects import Effect, adjust_by_holm
from analytics.statistics.family_effects import fit_families

WINDOWS = ("365d", "all")
SIDES: dict[str, Any] = {"first_id": "open", "second_id": "proprietary"}
NAMES = ("metric", "segment", "statistic", "window", "first_id", "second_id")
NUMBERS = ("effect", "effect_low", "effect_high", "p_adjusted")
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in NAMES),
        *((name, pa.float64()) for name in NUMBERS),
        ("n", pa.int64()),
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
    comparable = compare_items(items).keep_comparable(least)
    if comparable and not comparable.is_hidden:
        yield SIDES | {"n": int(comparable.items.sum())} | _make_numbers(comparable.compare())
    yield from _make_pair_rows(items)


def _make_pair_rows(items: FamilyItems) -> Iterator[dict[str, Any]]:
    """Makes one row per pair that common strata connect, in alphabetical order."""
    size, unseen = len(items.families), items.measure_unseen(items.counts)
    fitted, counts = fit_families(items.counts, size), items.counts.sum_items(size)
    pairs = combinations(np.flatnonzero(~np.isnan(fitted.values)).tolist(), 2)
    weights = {pair: np.eye(size)[pair[0]] - np.eye(size)[pair[1]] for pair in pairs}
    effects = {
        pair: unseen.widen(fitted.compare(own, 1), own) for pair, own in weights.items() if not unseen.hides(own)
    }
    adjusted = adjust_by_holm(np.array([effect.p_value for effect in effects.values()]))
    for ((first, second), effect), p_adjusted in zip(effects.items(), adjusted.tolist(), strict=True):
        ids = {"first_id": items.families[first], "second_id": items.families[second]}
        row = {"n": int(counts[first] + counts[second]), "p_adjusted": p_adjusted}
        yield ids | row | _make_numbers(effect)


def _make_numbers(effect: Effect) -> dict[str, float]:
    return {"effect": effect.value, "effect_low": effect.low, "effect_high": effect.high}
