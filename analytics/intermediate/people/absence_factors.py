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
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

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
select
    w.work, w.family_id, w.channel_kind, case when s.pools_roles then 'all' else w.channel_role
        end as channel_role, s."window", hash(w.actor_id) as person,
    cast(floor(w.age_days / 7) as bigint) as week, count(*) as works_count
from metrics.people_works as w
join metrics.scopes as s on w.age_days <= s.window_days and (w.is_pooled or not s.pools_roles)
group by all
order by all
"""
READ = 1_000_000
"""Rows that are held at once, of whole groups."""


def absence_factors(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Counts the people behind parts of the work of each group, and behind half of a hundred pieces of it."""
    rows: list[dict[str, Any]] = []
    strays = [STRAYS.empty_table()]
    for names, made in _read_groups(connection):
        person, pieces = np.unique(made["person"], return_inverse=True)[1], made["works_count"].to_numpy()
        counts = np.bincount(person, pieces).astype(np.int64)
        group = dict(zip(NAMES, names, strict=True)) | {"works_count": int(counts.sum())}
        few = _count_people(counts)
        rows.append(group | {"statistic": "half", "people_count": few, "people_low": few, "people_high": few})
        rows.append(group | {"statistic": "half_of_100"})
        if counts.sum() >= LEAST:
            owners = draw_people(counts, DRAWS, make_generator(*names))
            halves = count_halves(owners)
            loads, variance = measure_loads(counts, owners, halves)
            rows[-1] |= {"people_count": float(halves.mean()), "variance": variance}
            strays.append(list_strays(len(rows) - 1, made["week"], pieces, loads[person] * pieces))
        if sum(map(len, strays)) > READ:
            _widen(connection, rows, strays)
            del strays[1:]
    _widen(connection, rows, strays)
    return pa.Table.from_pylist(rows, SCHEMA)


def _read_groups(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[list[str], pa.Table]]:
    """Reads the work of one group after the other."""
    cursor = connection.cursor()
    batches = cursor.sql(MADE).to_arrow_reader(READ)
    parts = (part for batch in batches for part in _split_batch(batch))
    for names, group in groupby(parts, lambda part: [part[name][0].as_py() for name in NAMES]):
        yield names, pa.Table.from_batches(group)


def _split_batch(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """Splits sorted rows into those of each group."""
    runs = [pc.run_end_encode(batch[name]).run_ends.to_numpy() for name in NAMES]
    for start, end in pairwise([0, *np.unique(np.concatenate(runs)).tolist()]):
        yield batch.slice(start, end - start)


def _widen(connection: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]], strays: list[pa.Table]) -> None:
    """Adds the intervals of rows that have a variance, as wide as the likeness of weeks makes them."""
    designs = measure_designs(connection, pa.concat_tables(strays), len(rows))
    for row, design in zip(rows, designs.tolist(), strict=True):
        if "variance" in row:
            reach = NORMAL * math.sqrt(row.pop("variance") * design)
            row["people_low"], row["people_high"] = max(1.0, row["people_count"] - reach), row["people_count"] + reach


def list_strays(group: int, weeks: Sequence[int], pieces: npt.NDArray[np.int64], moved: npt.NDArray[np.float64]) -> Any:
    """Lists how much the pieces of each person and week move the mean; those of one person may differ."""
    nobody = pa.nulls(len(weeks), pa.uint64())
    return pa.table([[group] * len(weeks), weeks, nobody, pieces, moved, moved**2 / pieces], schema=STRAYS)


def _count_people(counts: npt.NDArray[np.int64]) -> int:
    """Counts the fewest people who together did at least half of the work."""
    done = np.cumsum(-np.sort(-counts))
    return 1 + int(np.argmax(2 * done >= done[-1]))
