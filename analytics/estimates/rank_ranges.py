"""
question: What rank does each family have, and which ranks could it have by chance?
grain: metric, segment, statistic, family_id, channel_kind, window
unit: rank
standard: percentile bootstrap of ranks, 1000 draws, 95 %
caveats: For headline statistics, among families with a figure in that kind of channel. Whole threads are resampled
  within their channel. Families whose ranges overlap show no difference. A family of whose items none, or all, have
  the property is the same in each draw: with few items its range is too narrow. Waits are drawn on a grid of hours.
  The seed is made from the names, so the same data give the same rows. Families that have ended have no rank.
data: claims/headlines.toml, claims/reader.py, metrics/*/*.sql, statistics/drawing.py, engine/items.py,
  statistics/resampling.py
version: 2
"""

from collections.abc import Iterator
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from analytics.claims.reader import Headline, read_headlines
from analytics.engine.items import read_share_items
from analytics.statistics.drawing import draw_figures, read_channels
from analytics.statistics.resampling import compute_rank_ranges, count_overlaps

WINDOWS = ("365d", "all")
FIGURES = """
select family_id, channel_kind, "window", value, n from metrics.{metric}
where channel_role = 'all' and segment = ? and statistic = ? and "window" in ('365d', 'all') and value is not null
    and family_id not in (select family_id from staging.families where ended_on is not null)
order by family_id
"""
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("metric", "segment", "statistic", "family_id", "channel_kind", "window")),
        ("value", pa.float64()), ("rank", pa.int64()), ("rank_low", pa.int64()), ("rank_high", pa.int64()),
        ("n", pa.int64()), ("families_count", pa.int64()), ("equals_count", pa.int64()), ("comparison", pa.string()),
    ]
)  # fmt: skip


def rank_ranges(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Ranks the families by kind of channel, window and headline statistic, one row per family."""
    rows = [
        row
        for headline in read_headlines()
        if read_share_items(headline.metric)
        for row in _rank_families(connection, headline)
    ]
    return pa.Table.from_pylist(rows, SCHEMA)


def _rank_families(connection: duckdb.DuckDBPyConnection, headline: Headline) -> Iterator[dict[str, Any]]:
    figures = connection.execute(
        FIGURES.format(metric=headline.metric), [headline.segment, headline.statistic]
    ).fetchall()
    for window in WINDOWS:
        channels = read_channels(connection, headline, window)
        for kind in sorted(
            {
                kind
                for family, kind, figure_window, *_ in figures
                if figure_window == window and (family, kind) in channels
            }
        ):
            group = [
                (family, value, n)
                for family, figure_kind, figure_window, value, n in figures
                if (figure_kind, figure_window) == (kind, window) and (family, kind) in channels
            ]
            draws = np.stack(
                [draw_figures(headline, channels[family, kind], family, kind, window) for family, _, _ in group]
            )
            ranges = compute_rank_ranges(np.array([value for _, value, _ in group]), draws, headline.is_high_better)
            for (family, value, n), range_, equals in zip(group, ranges, count_overlaps(ranges), strict=True):
                yield {
                    "metric": headline.metric, "segment": headline.segment, "statistic": headline.statistic,
                    "family_id": family, "channel_kind": kind, "window": window, "value": value, "rank": range_[0],
                    "rank_low": range_[1], "rank_high": range_[2], "n": n,
                    "families_count": len(group), "equals_count": equals,
                    "comparison": _word_comparison(len(group), equals),
                }  # fmt: skip


def _word_comparison(families: int, equals: int) -> str:
    if families == 1:
        return "nothing to compare with"
    return f"no difference shown to {equals} of {families - 1}" if equals else "differs from every other"
