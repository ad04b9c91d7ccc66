"""
question: How much do two families, or the two sides, differ in like cases?
grain: metric, segment, statistic, window, first_id, second_id
published: yes
phase: daily
unit: share
standard: least squares on families and strata (of two families, Mantel-Haenszel's risk difference), variance clustered
  by week and person (see statistics/family_effects); sides by their families' values, each counted once
caveats: Like means the same kind of channel, role, question, language and age; sides are compared in strata that both
  have. For pairs, p_adjusted is Holm's over all pairs of one statistic and window; for sides it is on the board of
  claims. Families with too few items, and families that have ended, are excluded. Items that were not seen widen the
  interval by either; above a twentieth of a side there is no row. If a reader fails its gate on a side that is
  compared, `unread_note` says so in place of numbers, as for the tests of claims.
data: claims/*.toml, claims/[!v]*.py, engine/items.py, statistics/*.py
"""

from collections.abc import Iterator, Mapping
from itertools import chain, combinations
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from analytics.claims.comparing import Compared, FamilyItems, fit_items, fit_like_items, read_items
from analytics.claims.judging import find_failed_readers
from analytics.claims.reader import list_item_figures
from analytics.engine.rows import make_rows
from analytics.intermediate.coverage.reader_gates import SIDES
from analytics.statistics.effects import adjust_by_holm
from analytics.statistics.survival import Floats

COLUMNS = {
    "string": "metric segment statistic window first_id second_id unread_note",
    "double": "effect effect_low effect_high p_adjusted",
    "int64": "n",
}


def matched_differences(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Compares pairs of families, and the two sides, for each share that a claim or a headline names."""
    rows = (
        figure.model_dump() | {"window": window} | row
        for figure in list_item_figures()
        for failed in [{side == "open": find_failed_readers(connection, figure, [side]) for side in SIDES}]
        for window in ("365d", "all")
        for row in _compare_items(read_items(connection, figure, window), failed)
    )
    return make_rows(rows, COLUMNS)


def _compare_items(items: FamilyItems, failed: Mapping[bool, tuple[str, ...]]) -> Iterator[dict[str, Any]]:
    """Compares the sides, and the pairs that common strata connect, in alphabetical order."""
    sides, fitted, own = fit_like_items(items), fit_items(items), np.eye(len(items.families))
    weights = sides.weigh_sides()
    if sides.has_enough(weights) and not sides.is_hidden(weights):
        yield {"first_id": "open", "second_id": "proprietary"} | _make_numbers(sides, weights, failed)
    rows = [
        {"first_id": items.families[first], "second_id": items.families[second]}
        | _make_numbers(fitted, own[first] - own[second], failed)
        for first, second in combinations(np.flatnonzero(~np.isnan(fitted.estimates.values)).tolist(), 2)
        if not fitted.is_hidden(own[first] - own[second])
    ]
    read = [row for row in rows if not row["unread_note"]]
    adjusted = adjust_by_holm(np.array([row["p_value"] for row in read]))
    for row, p_adjusted in zip(read, adjusted.tolist(), strict=True):
        row["p_adjusted"] = p_adjusted
    yield from rows


def _make_numbers(compared: Compared, weights: Floats, failed: Mapping[bool, tuple[str, ...]]) -> dict[str, Any]:
    is_used = weights != 0
    n, reasons = int(compared.items[is_used].sum()), [failed[is_open] for is_open in compared.is_open[is_used].tolist()]
    if note := " ".join(dict.fromkeys(chain.from_iterable(reasons))):
        return {"n": n, "unread_note": note}
    effect = compared.compare(weights)
    ends = {"effect": effect.value, "effect_low": effect.low, "effect_high": effect.high}
    return ends | {"p_value": effect.p_value, "n": n, "unread_note": ""}
