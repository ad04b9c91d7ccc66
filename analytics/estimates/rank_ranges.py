"""
question: At which place does each family stand, and between which places could it stand by chance?
grain: metric, segment, statistic, family_id, channel_kind, window
unit: rank
standard: percentile bootstrap of ranks, 1000 draws, 95 %
caveats: Of headline statistics, among families with a figure in that kind of channel. Whole threads are drawn anew
  within their channel. Families whose ranges overlap show no difference. A family of which none, or all, are so is
  drawn the same each time: its range is then too narrow for few items. Waits are drawn on a grid of hours. The seed
  is made of the names, so the same data give the same rows.
data: claims/headlines.toml, claims/reader.py, metrics/*/*.sql, statistics/drawing.py, engine/items.py,
  statistics/resampling.py
version: 1
"""

from collections.abc import Iterator
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from analytics.claims.reader import Headline, read_headlines
from analytics.engine.items import share_items
from analytics.statistics.drawing import channels_of, draw
from analytics.statistics.resampling import overlaps
from analytics.statistics.resampling import rank_ranges as ranged

WINDOWS = ("365d", "all")
FIGURES = """
select family_id, channel_kind, "window", value, n from metrics.{metric}
where channel_role = 'all' and segment = ? and statistic = ? and "window" in ('365d', 'all') and value is not null
order by family_id
"""
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("metric", "segment", "statistic", "family_id", "channel_kind", "window")),
        ("value", pa.float64()), ("rank", pa.int64()), ("rank_low", pa.int64()), ("rank_high", pa.int64()), ("n", pa.int64()),
        ("families_count", pa.int64()), ("equals_count", pa.int64()), ("comparison", pa.string()),
    ]
)  # fmt: skip


def rank_ranges(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """One row a family, kind of channel, window and headline statistic."""
    rows = [row for one in read_headlines() if share_items(one.metric) for row in _ranks(connection, one)]
    return pa.Table.from_pylist(rows, SCHEMA)


def _ranks(connection: duckdb.DuckDBPyConnection, one: Headline) -> Iterator[dict[str, Any]]:
    figures = connection.execute(FIGURES.format(metric=one.metric), [one.segment, one.statistic]).fetchall()
    for window in WINDOWS:
        channels = channels_of(connection, one, window)
        for kind in sorted({kind for family, kind, of, *_ in figures if of == window and (family, kind) in channels}):
            group = [
                (family, value, n)
                for family, its, of, value, n in figures
                if (its, of) == (kind, window) and (family, kind) in channels
            ]
            draws = np.stack([draw(one, channels[family, kind], family, kind, window) for family, _, _ in group])
            ranges = ranged(np.array([value for _, value, _ in group]), draws, one.is_high_better)
            for (family, value, n), range_, equals in zip(group, ranges, overlaps(ranges), strict=True):
                yield {
                    "metric": one.metric, "segment": one.segment, "statistic": one.statistic, "family_id": family, "channel_kind": kind,
                    "window": window, "value": value, "rank": range_[0], "rank_low": range_[1], "rank_high": range_[2], "n": n,
                    "families_count": len(group), "equals_count": equals, "comparison": _words(len(group), equals),
                }  # fmt: skip


def _words(families: int, equals: int) -> str:
    if families == 1:
        return "nothing to compare with"
    return f"no difference shown to {equals} of {families - 1}" if equals else "differs from every other"
