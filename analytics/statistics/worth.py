"""How much the likeness of items widens what Python estimates: by the same statement as shares and medians."""

import duckdb
import numpy as np
import pyarrow as pa

from analytics.engine.shapes import fill_parts
from analytics.statistics.survival import Floats

STRAYS = pa.schema(
    [("figure_id", pa.int64()), ("week", pa.int64()), ("person_key", pa.uint64())]
    + [(name, pa.float64()) for name in ("n", "stray", "alone")]
)
DESIGNS = fill_parts("""
with strays as (
    select figure_id, week, person_key, sum(n) as n, sum(stray) as stray, sum(alone) as alone
    from given_strays
    group by all
),

{{worth}}

-- Sums of fractions depend on the order of rows.
select t.figure_id, round(t.n / w.n_worth, 9) as design
from totals as t
join worth as w on w.figure_id = t.figure_id
""")


def measure_designs(connection: duckdb.DuckDBPyConnection, strays: pa.Table, size: int) -> Floats:
    """Measures how many times as much as that of independent items the variance of each figure is; 1 for one without
    items. Figures are numbered from 0 to `size`; `strays` are as in shapes/worth.sql, which reads metrics.rules."""
    connection.register("given_strays", strays)
    found = connection.sql(DESIGNS).fetchnumpy()
    connection.unregister("given_strays")
    designs = np.ones(size)
    designs[found["figure_id"]] = found["design"]
    return designs
