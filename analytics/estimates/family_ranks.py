"""
question: What is each family's figure likely to be, which rank does it have, and how sure is that?
grain: metric, segment, statistic, family_id, channel_kind, window
published: yes
phase: across
unit: rank
standard: partial pooling (random effects, Paule and Mandel) on the arcsine scale; simultaneous ranges of ranks
  by Mogstad, Romano, Shaikh and Wilhelm (2024) with the studentized range (Games and Howell 1976)
caveats: For headline statistics, among families with a figure in that kind of channel. `pooled_value` is what the
  family would have if all were asked the same mix of roles, questions, languages and ages, drawn towards the mean of
  the families as far as its own data are few, so that the first is not first by luck. The ranges
  of all families together hold in 95 % of the cases, whatever was not seen. A family that shares no group with the
  others has no rank.
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
from analytics.claims.reader import Headline, read_headlines
from analytics.engine.items import read_share_items
from analytics.statistics.family_effects import fit_families
from analytics.statistics.ranking import rank_shares

FIGURES = """
select channel_kind, "window", family_id, value, n from metrics.{metric}
where channel_role = 'all' and segment = ? and statistic = ? and "window" in ('365d', 'all') and value is not null
    and state = 'measured' and side in ('open', 'proprietary')
    and family_id not in (select family_id from staging.families where ended_on is not null)
    and not exists (select 1 from metrics.trial_metrics where metric = '{metric}')
order by all
"""
NAMES = ("metric", "segment", "statistic", "family_id", "channel_kind", "window")
NUMBERS = ("value", "pooled_value", "pooled_low", "pooled_high")
COUNTS = ("rank", "rank_low", "rank_high", "n", "families_count", "level_count")
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in NAMES), *((name, pa.float64()) for name in NUMBERS),
        *((name, pa.int64()) for name in COUNTS),
    ]
)  # fmt: skip
Figures = dict[str, tuple[float, int]]
"""Value and number of items of each family."""


def family_ranks(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Ranks the families by kind of channel, window and headline statistic, one row per family."""
    rows: list[dict[str, Any]] = []
    for headline in read_headlines():
        if not read_share_items(headline.metric):
            continue
        for (kind, window), figures in _read_figures(connection, headline).items():
            items = read_items(connection, headline, window, [kind])
            common = dict(zip(NAMES[:3], headline.key, strict=True)) | {"channel_kind": kind, "window": window}
            rows += [common | row for row in _rank_families(headline, figures, items)]
    return pa.Table.from_pylist(rows, SCHEMA)


def _read_figures(connection: duckdb.DuckDBPyConnection, headline: Headline) -> dict[tuple[str, str], Figures]:
    query = connection.execute(FIGURES.format(metric=headline.metric), [headline.segment, headline.statistic])
    figures: dict[tuple[str, str], Figures] = {}
    for kind, window, family, value, n in query.fetchall():
        figures.setdefault((kind, window), {})[family] = (value, n)
    return figures


def _rank_families(headline: Headline, figures: Figures, items: FamilyItems) -> Iterator[dict[str, Any]]:
    known = items.keep_families(tuple(family for family in items.families if family in figures))
    effects = fit_families(known.counts, len(known.families))
    ranked = effects.find_largest_place()
    families = [known.families[number] for number in ranked]
    if len(families) < 2:
        return
    values = np.array([figures[family][0] for family in families])
    shares = effects.values[ranked] - effects.values[ranked].mean() + values.mean()
    counts = known.counts.sum_items(len(known.families))[ranked]
    hidden = np.bincount(known.counts.family, known.counts.unseen, len(known.families))[ranked]
    spread, unseen = (effects.variances[ranked], effects.freedoms[ranked]), hidden / np.maximum(1, hidden + counts)
    ranking = rank_shares(shares, *spread, counts, headline.is_high_better, unseen)
    for number, family in enumerate(families):
        value, n = figures[family]
        yield {"family_id": family, "value": value, "n": n} | ranking.describe(number)
