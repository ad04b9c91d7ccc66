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
data: statistics/rarefaction.py, statistics/effects.py, statistics/weeks.py
"""

import math
from collections.abc import Iterator
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from analytics.statistics.effects import compute_student_quantile
from analytics.statistics.rarefaction import (
    DRAWS,
    LEAST,
    count_halves,
    draw_people,
    make_generator,
    measure_loads,
    measure_weeks,
)  # fmt: skip

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
    return pa.Table.from_pylist(list(_make_rows(connection)), SCHEMA)


def _make_rows(connection: duckdb.DuckDBPyConnection) -> Iterator[dict[str, Any]]:
    for *names, people, weeks, listed in connection.execute(MADE).fetchall():
        person, week = np.unique(people, return_inverse=True)[1], np.array(weeks) - min(weeks)
        pieces = np.array(listed, dtype=np.int64)
        counts = np.bincount(person, pieces).astype(np.int64)
        group = dict(zip(NAMES, names, strict=True)) | {"works_count": int(counts.sum())}
        few = _count_people(counts)
        yield group | {"statistic": "half", "people_count": few, "people_low": few, "people_high": few}
        row = group | {"statistic": "half_of_100"}
        if group["works_count"] < LEAST:
            yield row
            continue
        owners = draw_people(counts, DRAWS, make_generator(*names))
        halves = count_halves(owners)
        loads, variance = measure_loads(counts, owners, halves)
        design = measure_weeks(loads[person] * pieces, pieces, week)
        mean, reach = float(halves.mean()), math.sqrt(variance * design) * compute_student_quantile(math.inf)
        limits = {"people_low": max(1.0, mean - reach), "people_high": mean + reach}
        yield row | {"people_count": mean} | limits


def _count_people(counts: npt.NDArray[np.int64]) -> int:
    """Counts the fewest people who together did at least half of the work."""
    done = np.cumsum(-np.sort(-counts))
    return 1 + int(np.argmax(2 * done >= done[-1]))
