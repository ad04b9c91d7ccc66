"""History of verdicts: a row for each change of a claim or of the verdict on it. Rows are never changed."""

from collections.abc import Iterable

import duckdb

TABLE = "metrics.claim_verdicts"
KEEP = f"""
insert into ledger.verdicts
with last as (from ledger.verdicts qualify number = max(number) over (partition by claim_id))
select
    v.claim_id, coalesce(l.number, 0) + 1, v.claim_version, v.verdict, v.effect, v.effect_low, v.effect_high, v.n,
    v.as_of_at
from {TABLE} as v
left join last as l on l.claim_id = v.claim_id
where v.as_of_at is not null and (l.claim_id is null or l.claim_version <> v.claim_version or l.verdict <> v.verdict)
"""
"""Dated by the data, not by the clock: the same data give the same history. Before the first good visit there is
nothing to say."""


def keep_verdicts(connection: duckdb.DuckDBPyConnection, built: Iterable[str]) -> None:
    """Adds new verdicts if the board was rebuilt."""
    if TABLE in built:
        connection.execute(KEEP)
