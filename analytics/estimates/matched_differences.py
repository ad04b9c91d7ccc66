"""
question: How much do two families, or the two sides, differ in matched cases?
grain: metric, segment, statistic, window, first_id, second_id
unit: share
standard: Mantel-Haenszel risk difference over matched groups, variance of Sato, Greenland and Robins; between sides
  the mean over pairs
caveats: Matched means the same kind of channel, question, language and age; raw means all items of each together.
  Open against proprietary has the family as its unit: a huge family is the evidence of one family. For pairs,
  p_adjusted is Holm's over all pairs of one statistic and window; for sides it is on the board of claims. Families
  with too few items, and families that have ended, are left out. In Python, because it exchanges and resamples
  families.
data: claims/h[0-9]*.toml, claims/headlines.toml, claims/reader.py, claims/comparing.py, engine/items.py,
  statistics/matching.py, statistics/meta_analysis.py, statistics/student.py
version: 2
"""

from collections.abc import Iterator
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from analytics.claims.comparing import Compared, compare_families
from analytics.claims.reader import MetricStatistic, read_claims, read_headlines
from analytics.engine.items import read_share_items
from analytics.statistics.matching import adjust_by_holm, compare_pair, compare_sides
from analytics.statistics.meta_analysis import Effect

WINDOWS = ("365d", "all")
NAMES = ("metric", "segment", "statistic", "window", "first_id", "second_id")
NUMBERS = ("effect", "effect_low", "effect_high", "raw_effect", "raw_low", "raw_high", "p_value", "p_adjusted")
SCHEMA = pa.schema(
    [*((name, pa.string()) for name in NAMES), *((name, pa.float64()) for name in NUMBERS), ("n", pa.int64())]
)


def matched_differences(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Compares pairs of families, and the two sides, for each share that a claim or a headline names."""
    named = [*read_headlines(), *(test for claim in read_claims() for test in claim.tests)]
    figures = {figure.key: figure for figure in named if read_share_items(figure.metric)}
    rows = [
        row for key in sorted(figures) for window in WINDOWS for row in _make_rows(connection, figures[key], window)
    ]
    return pa.Table.from_pylist(rows, SCHEMA)


def _make_rows(connection: duckdb.DuckDBPyConnection, figure: MetricStatistic, window: str) -> Iterator[dict[str, Any]]:
    ((least,),) = connection.execute("select min_families_count from metrics.rules").fetchall()
    compared = compare_families(connection, figure, window)
    common = dict(zip(NAMES[:4], (*figure.key, window), strict=True))
    if comparable := compared.keep_comparable(least):
        effect, plain = (
            compare_sides(comparable.matched, comparable.is_open, 1),
            compare_sides(comparable.unmatched, comparable.is_open, 1),
        )
        if effect and plain:
            yield (
                common
                | {"first_id": "open", "second_id": "proprietary"}
                | _make_numbers(effect, plain, int(comparable.items.sum()))
            )
    yield from (common | row for row in _make_family_rows(compared))


def _make_family_rows(compared: Compared) -> Iterator[dict[str, Any]]:
    """Makes one row per pair, in alphabetical order."""
    first, second = np.triu_indices(len(compared.families), 1)
    shared = ~np.isnan(compared.matched.differences[first, second])
    pairs = list(zip(first[shared], second[shared], strict=True))
    effects = [compare_pair(compared.matched.differences[pair], compared.matched.variances[pair]) for pair in pairs]
    adjusted = adjust_by_holm(np.array([effect.p_value for effect in effects]))
    for pair, effect, p_adjusted in zip(pairs, effects, adjusted, strict=True):
        plain = compare_pair(compared.unmatched.differences[pair], compared.unmatched.variances[pair])
        names = {"first_id": compared.families[pair[0]], "second_id": compared.families[pair[1]]}
        yield names | _make_numbers(effect, plain, int(compared.items[list(pair)].sum())) | {"p_adjusted": p_adjusted}


def _make_numbers(effect: Effect, plain: Effect, n: int) -> dict[str, Any]:
    values = (effect.value, effect.low, effect.high, plain.value, plain.low, plain.high, effect.p_value)
    return {**dict(zip(NUMBERS, values, strict=False)), "n": n}
