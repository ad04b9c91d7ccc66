"""
question: What is each family's figure in like cases, which rank does it have, and how sure is that?
grain: metric, segment, statistic, family_id, channel_kind, window
published: yes
phase: daily
unit: rank
standard: least squares on families and strata (see statistics/family_effects); simultaneous ranges of ranks by Mogstad,
  Romano, Shaikh and Wilhelm (2024) with the studentized range (Games and Howell 1976)
caveats: Among families with a figure in that kind of channel. `adjusted_value` is what the family would have if all
  were asked the same mix of roles, questions, languages and ages, and ranks are by it. The ranges of all families
  together hold in 95 % of the cases, whatever was not seen. A family that shares no group with the others has no rank,
  nor have ended families and suspect figures. Made anew once a day has passed, or 1 % of the rows is new.
data: claims/headlines.toml, claims/reader.py, claims/comparing.py, metrics/*/*.sql, engine/items.py, statistics/*.py
"""

from collections.abc import Iterator
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from analytics.claims.comparing import Compared, fit_items, read_items
from analytics.claims.reader import read_headlines
from analytics.engine.items import read_metric_header
from analytics.engine.rows import make_rows

RANKED = """
select channel_kind, "window", list(family_id) from metrics.{metric}
where channel_role = 'all' and segment = ? and statistic = ? and "window" in ('365d', 'all') and value is not null
    and state = 'measured' and side in ('open', 'proprietary')
group by all
order by all
"""
COLUMNS = {
    "string": "metric segment statistic family_id channel_kind window",
    "double": "adjusted_value adjusted_low adjusted_high",
    "int64": "rank rank_low rank_high families_count level_count",
}


def family_ranks(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Ranks the families by kind of channel, window and headline statistic, one row per family."""
    rows: list[dict[str, Any]] = []
    for headline in read_headlines():
        query = connection.execute(RANKED.format(metric=headline.metric), [headline.segment, headline.statistic])
        is_high_better = read_metric_header(headline.metric).better == "high"
        for kind, window, measured in query.fetchall():
            fitted = fit_items(read_items(connection, headline, window, (kind, measured)))
            common = headline.model_dump() | {"channel_kind": kind, "window": window}
            rows += [common | row for row in _rank_families(fitted, is_high_better)]
    return make_rows(rows, COLUMNS)


def _rank_families(fitted: Compared, is_high_better: bool) -> Iterator[dict[str, Any]]:
    ranked = np.flatnonzero(~np.isnan(fitted.estimates.values)).tolist()
    if not ranked:
        return
    from analytics.statistics.ranking import rank_families  # late: what it needs takes half a second to load

    chosen, unseen = fitted.estimates.choose(ranked), (fitted.below[ranked], fitted.above[ranked])
    ranking = rank_families(chosen, is_high_better, *unseen)
    for number, place in enumerate(ranked):
        adjusted = fitted.compare(np.eye(len(fitted.families))[place])
        yield {
            "family_id": fitted.families[place], "adjusted_value": min(1.0, max(0.0, adjusted.value)),
            "adjusted_low": max(0.0, adjusted.low), "adjusted_high": min(1.0, adjusted.high),
            "families_count": len(ranked),
        } | {name: column[number] for name, column in ranking.items()}  # fmt: skip
