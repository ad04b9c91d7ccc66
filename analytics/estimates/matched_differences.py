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
  items, and families that have ended, are excluded. What a rule reads in each item is put right by labels
  (reading_errors); families that the same labels put right share their error, and between them it cancels. Items that
  were not seen widen the interval by either; above a twentieth of a side there are only these bounds, and no value. In
  Python, because it solves equations.
data: claims/h[0-9]*.toml, claims/headlines.toml, claims/reader.py, claims/like_items.py, claims/like_pairs.py,
  claims/item_readings.py, engine/items.py, statistics/family_effects.py,
  statistics/item_counts.py, statistics/meta_analysis.py, statistics/effects.py, statistics/student.py
"""

from collections.abc import Iterator
from typing import Any

import duckdb
import pyarrow as pa

from analytics.claims.like_items import Compared, FamilyItems, compare_items, list_item_figures, read_items
from analytics.claims.like_pairs import make_numbers, make_pair_rows, name_interval
from analytics.statistics.meta_analysis import compare_sides

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
    elif compared.is_unlike and compared.is_open.any() and not compared.is_open.all():
        yield SIDES | {"n": 0, "note": UNLIKE}
    yield from make_pair_rows(items)


def _make_side_row(compared: Compared) -> dict[str, Any]:
    like = compare_sides(compared.values, compared.variances, compared.is_open, compared.freedoms, 1)
    like = like.allow_doubt(compared.doubt, 1)
    row = SIDES | {"n": int(compared.items.sum())} | make_numbers(like.these, compared.doubt)
    if like.general and not compared.doubt.is_hidden:
        row |= name_interval("general", like.general) | {"general_effect": like.general.value}
    return row
