"""
question: Of a hundred pieces of work, how few people did half?
grain: work, family_id, channel_kind, channel_role, window
unit: people
standard: rarefaction to a common number (Hurlbert 1971), percentile bootstrap, 1000 draws, 95 %
caveats: The number of people behind half of the work grows with the amount of work, so families are compared by a
  hundred pieces drawn at random from each: `people_count` is the middle number over draws without replacement, the
  range is that of draws with replacement, which is how far a hundred pieces tell it. Groups with fewer than a hundred
  have no row. Pieces are drawn one by one, although one person often answers several in a row: the range is rather too
  narrow. The seed is made from the names, so the same data give the same rows. In Python, because it draws.
data: statistics/resampling.py
by: family
version: 1
"""

from collections.abc import Iterator
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from analytics.statistics.resampling import DRAWS, TAIL, make_generator

PIECES = 100
NAMES = ("work", "family_id", "channel_kind", "channel_role", "window")
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in NAMES), ("works_count", pa.int64()),
        *((name, pa.float64()) for name in ("people_count", "people_low", "people_high")),
    ]
)  # fmt: skip
MADE = """
with made as (
    select
        w.work, w.family_id, w.channel_kind, case when s.pools_roles then 'all' else w.channel_role
            end as channel_role, s."window", w.actor_id, count(*) as works_count
    from metrics.people_works as w
    join metrics.scopes as s on w.age_days <= s.window_days and (w.is_pooled or not s.pools_roles)
    group by all
)
select
    work, family_id, channel_kind, channel_role, "window",
    list(works_count order by works_count desc, actor_id) as counts
from made
group by all
having sum(works_count) >= ?
order by all
"""


def rarefied_halves(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Draws a hundred pieces of work of each group, and counts the people behind half of them."""
    return pa.Table.from_pylist(list(_make_rows(connection)), SCHEMA)


def _make_rows(connection: duckdb.DuckDBPyConnection) -> Iterator[dict[str, Any]]:
    for *names, listed in connection.execute(MADE, [PIECES]).fetchall():
        counts, rng = np.array(listed, dtype=np.int64), make_generator(*names)
        middle = pick_quantile(count_halves(rng.multivariate_hypergeometric(counts, PIECES, size=DRAWS)), 0.5)
        drawn = count_halves(rng.multinomial(PIECES, counts / counts.sum(), size=DRAWS))
        yield dict(zip(NAMES, names, strict=True)) | {
            "works_count": int(counts.sum()),
            "people_count": middle,
            "people_low": min(middle, pick_quantile(drawn, TAIL)),
            "people_high": max(middle, pick_quantile(drawn, 1 - TAIL)),
        }


def count_halves(drawn: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Counts the fewest people behind at least half of the pieces; `drawn` is draws × people."""
    done = np.cumsum(-np.sort(-drawn, axis=1), axis=1)
    halves: npt.NDArray[np.int64] = 1 + np.argmax(2 * done >= drawn.sum(axis=1, keepdims=True), axis=1)
    return halves


def pick_quantile(values: npt.NDArray[np.int64], share: float) -> float:
    """Picks the quantile that is one of the values."""
    return float(np.quantile(values, share, method="inverted_cdf"))
