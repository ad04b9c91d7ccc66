"""
question: How few people did half of the work, and how few half of a hundred pieces of it?
grain: work, family_id, channel_kind, channel_role, window, statistic
unit: people
standard: CHAOSS Contributor Absence Factor; rarefaction to a common number (Hurlbert 1971), with the infinitesimal
  jackknife's error for subsamples (Wager, Hastie and Efron 2014), 95 %
caveats: `half` is the smallest number of people who together did at least half, which grows
  with the amount of work, so families are compared by `half_of_100`: the people behind half of a hundred pieces drawn
  at random from each, without replacement, as the mean over 2,000 draws. Its error comes from how much each person's
  pieces move the number in these draws. Pieces of one week, and of weeks beside each other, may be alike as in other
  figures (shapes/worth.sql): the variance is multiplied by the design effect of weeks, and the quantile is wider.
  Groups with fewer than 200 have none: the variance over draws of a hundred has no unbiased estimate from fewer than
  twice as many. The seed is made from the names, so the same data give the same rows. A person with two
  accounts counts twice. In Python, because it draws.
data: statistics/rarefaction.py, statistics/survival.py, statistics/worth.py, shapes/worth.sql
"""

import math
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from analytics.statistics.rarefaction import DRAWS, LEAST, count_halves, draw_people, make_generator, measure_loads
from analytics.statistics.survival import NORMAL
from analytics.statistics.worth import STRAYS, measure_designs

NAMES = ("work", "family_id", "channel_kind", "channel_role", "window")
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in (*NAMES, "statistic")), ("works_count", pa.int64()),
        *((name, pa.float64()) for name in ("people_count", "people_low", "people_high")),
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
order by all
"""


def absence_factors(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Counts the people behind parts of the work of each group, and behind half of a hundred pieces of it."""
    rows: list[dict[str, Any]] = []
    strays = [STRAYS.empty_table()]
    for *names, people, weeks, pieces in connection.execute(MADE).fetchall():
        person, pieces = np.unique(people, return_inverse=True)[1], np.array(pieces)
        counts = np.bincount(person, pieces).astype(np.int64)
        group = dict(zip(NAMES, names, strict=True)) | {"works_count": int(counts.sum())}
        few = _count_people(counts)
        rows.append(group | {"statistic": "half", "people_count": few, "people_low": few, "people_high": few})
        rows.append(group | {"statistic": "half_of_100"})
        if group["works_count"] >= LEAST:
            owners = draw_people(counts, DRAWS, make_generator(*names))
            halves = count_halves(owners)
            loads, variance = measure_loads(counts, owners, halves)
            rows[-1] |= {"people_count": float(halves.mean()), "variance": variance}
            strays.append(list_strays(len(rows) - 1, weeks, pieces, loads[person] * pieces))
    designs = measure_designs(connection, pa.concat_tables(strays), len(rows))
    for row, design in zip(rows, designs.tolist(), strict=True):
        if "variance" in row:
            reach = NORMAL * math.sqrt(row["variance"] * design)
            row["people_low"], row["people_high"] = max(1.0, row["people_count"] - reach), row["people_count"] + reach
    return pa.Table.from_pylist(rows, SCHEMA)


def list_strays(group: int, weeks: list[int], pieces: npt.NDArray[np.int64], moved: npt.NDArray[np.float64]) -> Any:
    """Lists how much the pieces of each person and week move the mean; those of one person may differ."""
    nobody = pa.nulls(len(weeks), pa.uint64())
    return pa.table([[group] * len(weeks), weeks, nobody, pieces, moved, moved**2 / pieces], schema=STRAYS)


def _count_people(counts: npt.NDArray[np.int64]) -> int:
    """Counts the fewest people who together did at least half of the work."""
    done = np.cumsum(-np.sort(-counts))
    return 1 + int(np.argmax(2 * done >= done[-1]))
