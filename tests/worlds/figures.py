"""All public figures of a warehouse, to be compared with those of another: to the twelfth digit, as sums may add up in
any order."""

import math
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

import duckdb

from tests.worlds.warehouse_rows import MODELS

PUBLIC_HEADERS = {model.path.stem: model.header for model in MODELS if model.is_public}
PUBLIC = sorted(PUBLIC_HEADERS)
KEYS = 'family_id, channel_kind, channel_role, segment, statistic, "window"'
Figures = dict[str, list[dict[str, Any]]]


def figures(connection: duckdb.DuckDBPyConnection) -> Figures:
    """The rows of every public metric in the order of their keys, as they are exported."""
    return {
        name: connection.sql(f"from metrics.{name} order by {KEYS}").to_arrow_table().to_pylist() for name in PUBLIC
    }


def differences(ours: Figures, theirs: Figures, tolerance: float = 1e-12) -> list[tuple[str, Any, Any]]:
    """The first row of each metric that is not the same in both."""
    return [found for name in PUBLIC for found in _first(name, ours[name], theirs[name], tolerance)]


def _first(
    name: str, ours: list[dict[str, Any]], theirs: list[dict[str, Any]], tolerance: float
) -> Iterator[tuple[str, Any, Any]]:
    for one, other in zip_longest(ours, theirs):
        # Nearly all rows are equal as they stand; looking at each of their values takes ten times as long.
        if one == other:
            continue
        if one is None or other is None or not all(_is_same(one[key], other[key], tolerance) for key in one):
            yield name, one, other
            return


def _is_same(one: Any, other: Any, tolerance: float) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=tolerance, abs_tol=tolerance)
    return bool(one == other)
