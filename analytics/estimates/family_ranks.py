"""
question: What is each family's figure in like cases, which rank does it have, and how sure is that?
grain: metric, segment, statistic, family_id, channel_kind, window
published: yes
phase: across
unit: rank
standard: least squares on families and strata (see statistics/family_effects); simultaneous ranges of ranks by Mogstad,
  Romano, Shaikh and Wilhelm (2024) with the studentized range (Games and Howell 1976)
caveats: For headline statistics, among families with a figure in that kind of channel. `adjusted_value` is what the
  family would have if all were asked the same mix of roles, questions, languages and ages, and ranks are by it. It is
  not drawn towards the mean, so the highest may be so by luck; the ranges of all families together hold in 95 % of
  the cases, whatever was not seen. A family that shares no group with the others has no rank.
  Ended families, trials (trial_metrics) and suspect figures have no rank.
data: claims/headlines.toml, claims/reader.py, claims/like_items.py, metrics/*/*.sql, engine/items.py,
  statistics/*.py
"""

from collections.abc import Iterator
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from analytics.claims.like_items import FamilyItems, read_items
from analytics.claims.reader import read_headlines
from analytics.engine.items import read_share_items
from analytics.statistics.family_effects import fit_families
from analytics.statistics.ranking import rank_families

RANKED = """
select channel_kind, "window", list(family_id) from metrics.{metric}
where channel_role = 'all' and segment = ? and statistic = ? and "window" in ('365d', 'all') and value is not null
    and state = 'measured' and side in ('open', 'proprietary')
    and family_id not in (select family_id from staging.families where ended_on is not null)
    and not exists (select 1 from metrics.trial_metrics where metric = '{metric}')
group by all
order by all
"""
NAMES = ("metric", "segment", "statistic", "family_id", "channel_kind", "window")
NUMBERS = ("adjusted_value", "adjusted_low", "adjusted_high")
COUNTS = ("rank", "rank_low", "rank_high", "families_count", "level_count")
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in NAMES), *((name, pa.float64()) for name in NUMBERS),
        *((name, pa.int64()) for name in COUNTS),
    ]
)  # fmt: skip


def family_ranks(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Ranks the families by kind of channel, window and headline statistic, one row per family."""
    rows: list[dict[str, Any]] = []
    for headline in read_headlines():
        if not read_share_items(headline.metric):
            continue
        query = connection.execute(RANKED.format(metric=headline.metric), [headline.segment, headline.statistic])
        for kind, window, measured in query.fetchall():
            items = read_items(connection, headline, window, [kind])
            kept = items.keep_families(tuple(family for family in items.families if family in measured))
            common = dict(zip(NAMES[:3], headline.key, strict=True)) | {"channel_kind": kind, "window": window}
            rows += [common | row for row in _rank_families(kept, headline.is_high_better)]
    return pa.Table.from_pylist(rows, SCHEMA)


def _rank_families(items: FamilyItems, is_high_better: bool) -> Iterator[dict[str, Any]]:
    effects, unseen = fit_families(items.counts, len(items.families)), items.measure_unseen(items.counts)
    ranked = np.flatnonzero(~np.isnan(effects.values)).tolist()
    if not ranked:
        return
    ranking = rank_families(effects.choose(ranked), is_high_better, unseen.below[ranked], unseen.above[ranked])
    for number, place in enumerate(ranked):
        own = np.eye(len(items.families))[place]
        adjusted = unseen.widen(effects.compare(own), own)
        yield {
            "family_id": items.families[place], "adjusted_value": min(1.0, max(0.0, adjusted.value)),
            "adjusted_low": max(0.0, adjusted.low), "adjusted_high": min(1.0, adjusted.high),
            "families_count": len(ranked),
        } | {name: column[number] for name, column in ranking.items()}  # fmt: skip
