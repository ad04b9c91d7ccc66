"""
question: Of a hundred pieces of work, how few people did half?
grain: work, family_id, channel_kind, channel_role, window
unit: people
standard: rarefaction to a common number (Hurlbert 1971), with the infinitesimal jackknife's error for subsamples
  (Wager, Hastie and Efron 2014), 95 %
caveats: The number of people behind half of the work grows with the amount of work, so families are compared by a
  hundred pieces drawn at random from each, without replacement: `people_count` is the mean number over 2,000 draws. Its
  error comes from how much each person's pieces move the number in these draws. Pieces of one week, and of weeks beside
  each other, may be alike as in other figures (shapes/worth.sql): the variance is multiplied by the design effect of
  weeks, and the quantile is wider. `n_effective` is the work over that effect. Groups with fewer than
  170 have no row: their draws are too alike to show how much chance there is. The seed is made from the names, so the
  same data give the same rows. In Python, because it draws.
data: statistics/rarefaction.py, statistics/resampling.py, statistics/student.py,
  statistics/weeks.py
"""

import math
from collections.abc import Iterator
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from analytics.statistics.rarefaction import LEAST, count_halves, draw_people, measure_loads, measure_weeks
from analytics.statistics.resampling import DRAWS, make_generator
from analytics.statistics.student import compute_student_quantile

NAMES = ("work", "family_id", "channel_kind", "channel_role", "window")
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in NAMES), ("works_count", pa.int64()),
        *((name, pa.float64()) for name in ("people_count", "people_low", "people_high", "n_effective")),
    ]
)  # fmt: skip
MADE = """
with made as (
    select
        w.work, w.family_id, w.channel_kind, case when s.pools_roles then 'all' else w.channel_role
            end as channel_role, s."window", hash(w.actor_id) as person,
        cast(floor(w.age_days / 7) as bigint) as week,
        count(*) as works_count
    from metrics.people_works as w
    join metrics.scopes as s on w.age_days <= s.window_days and (w.is_pooled or not s.pools_roles)
    group by all
)
select
    work, family_id, channel_kind, channel_role, "window",
    list(person order by person, week) as people, list(week order by person, week) as weeks,
    list(works_count order by person, week) as counts
from made
group by all
having sum(works_count) >= ?
order by all
"""


def rarefied_halves(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Draws a hundred pieces of work of each group, and counts the people behind half of them."""
    return pa.Table.from_pylist(list(_make_rows(connection)), SCHEMA)


def _make_rows(connection: duckdb.DuckDBPyConnection) -> Iterator[dict[str, Any]]:
    for *names, people, weeks, listed in connection.execute(MADE, [LEAST]).fetchall():
        person, week = np.unique(people, return_inverse=True)[1], np.array(weeks) - min(weeks)
        pieces, rng = np.array(listed, dtype=np.int64), make_generator(*names)
        counts = np.bincount(person, pieces).astype(np.int64)
        owners = draw_people(counts, 2 * DRAWS, rng)
        halves = count_halves(owners)
        row = {"works_count": int(counts.sum()), "people_count": float(halves.mean())}
        loads, variance = measure_loads(counts, owners, halves)
        design, wide_design = measure_weeks(loads[person] * pieces, pieces, week)
        reach = math.sqrt(variance * wide_design) * compute_student_quantile(math.inf)
        row["n_effective"] = row["works_count"] / design
        row["people_low"], row["people_high"] = max(1.0, row["people_count"] - reach), row["people_count"] + reach
        yield dict(zip(NAMES, names, strict=True)) | row
