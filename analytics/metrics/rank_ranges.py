"""
question: At which place does each family stand, and between which places could it stand by chance?
grain: metric, segment, statistic, family_id, channel_kind, window
unit: rank
standard: percentile bootstrap of ranks, 1000 draws, 95 %
caveats: Of headline statistics, among families with a figure in that kind of channel. Whole threads are drawn anew within their channel.
  Families whose ranges overlap show no difference. A family of which none, or all, are so is drawn the same each time: its range is then
  too narrow for few items. Waits are drawn on a grid of hours. The seed is made of the names, so the same data give the same rows.
data: headlines.toml, claims.py, items.py, resampling.py
version: 1
"""

from collections.abc import Iterator
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from analytics.claims import Headline, read_headlines
from analytics.items import share_items
from analytics.resampling import drawn_answers, drawn_shares, generator, overlaps
from analytics.resampling import rank_ranges as ranged

GRID = (0.0, 0.25, 0.5, 1, 1.5, 2, 3, 4, 6, 8, 10, 12, 15, 18, 21, 24, 30, 36, 42, 48, 60, 72, 84, 96, 108, 120, 132, 144, 156, 168)
"""Hours on which waits are drawn; an answer counts at the end of its step."""
WINDOWS = ("365d", "all")
FIGURES = """
select family_id, channel_kind, "window", value, n from metrics.{metric}
where channel_role = 'all' and segment = ? and statistic = ? and "window" in ('365d', 'all') and value is not null
order by family_id
"""
SHARES = """
select family_id, channel_kind, channel_id, items_count, yes_count, cast(sum(threads_count) as bigint)
from (select * from metrics.item_cells {where}) where metric = ? and segment = ? and statistic = ?
group by all order by all
"""
ANSWERS = """
select d.family_id, d.channel_kind, t.channel_id, {step} as step, cast(d.is_event as integer) as is_event, count(*)
from metrics.survival_durations as d join metrics.thread_responses as t on t.thread_id = d.item_id
where d.subject = 'response' and d.segment = ? and d.is_pooled and not d.is_excluded {where}
group by all order by all
"""
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("metric", "segment", "statistic", "family_id", "channel_kind", "window")),
        ("value", pa.float64()), ("rank", pa.int64()), ("rank_low", pa.int64()), ("rank_high", pa.int64()), ("n", pa.int64()),
        ("families_count", pa.int64()), ("equals_count", pa.int64()), ("comparison", pa.string()),
    ]
)  # fmt: skip
Channels = dict[tuple[str, str], list[npt.NDArray[np.int64]]]


def rank_ranges(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """One row a family, kind of channel, window and headline statistic."""
    rows = [row for one in read_headlines() if share_items(one.metric) for row in _ranks(connection, one)]
    return pa.Table.from_pylist(rows, SCHEMA)


def _ranks(connection: duckdb.DuckDBPyConnection, one: Headline) -> Iterator[dict[str, Any]]:
    figures = connection.execute(FIGURES.format(metric=one.metric), [one.segment, one.statistic]).fetchall()
    for window in WINDOWS:
        channels = _channels(connection, one, window)
        for kind in sorted({kind for family, kind, of, *_ in figures if of == window and (family, kind) in channels}):
            group = [
                (family, value, n) for family, its, of, value, n in figures if (its, of) == (kind, window) and (family, kind) in channels
            ]
            draws = np.stack([_draw(one, channels[family, kind], family, kind, window) for family, _, _ in group])
            ranges = ranged(np.array([value for _, value, _ in group]), draws, one.better == "higher")
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


def _channels(connection: duckdb.DuckDBPyConnection, one: Headline, window: str) -> Channels:
    """The kinds of threads of each channel, by family and kind of channel."""
    if one.metric == "answered_share":
        where = "and d.age_days <= 365" if window == "365d" else ""
        rows = connection.execute(ANSWERS.format(step=_step(), where=where), [one.segment]).fetchall()
    else:
        where = "where age_group <> 'all'" if window == "365d" else ""
        rows = connection.execute(SHARES.format(where=where), [*one.key]).fetchall()
    by_channel: dict[tuple[str, str, str], list[tuple[int, ...]]] = {}
    for family, kind, channel, *counts in rows:
        by_channel.setdefault((family, kind, channel), []).append(tuple(counts))
    found: Channels = {}
    for (family, kind, _), kinds in by_channel.items():
        found.setdefault((family, kind), []).append(np.array(kinds, dtype=np.int64))
    return found


def _step() -> str:
    """The step of the grid in which a wait ends."""
    return "case " + " ".join(f"when d.duration_hours <= {hour} then {step}" for step, hour in enumerate(GRID)) + f" else {len(GRID)} end"


def _draw(one: Headline, channels: list[npt.NDArray[np.int64]], *names: str) -> npt.NDArray[np.float64]:
    rng = generator(*one.key, *names)
    return drawn_answers(channels, len(GRID), rng) if one.metric == "answered_share" else drawn_shares(channels, rng)
