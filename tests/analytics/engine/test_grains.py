"""A table that says one row of something has no two: a join that lost a condition shows itself as a row too many."""

import pytest

from tests.worlds.rows import BY_TABLE, Rows, compute, measure
from tests.worlds.sample_part import conformed


@pytest.mark.slow
def test_every_metric_is_unique_by_its_grain_where_all_tables_have_rows() -> None:
    """Also those that nobody publishes: what doubles in them is added up in others."""
    rows = Rows()
    rows.tables.update(conformed())
    connection = measure(rows)
    compute(connection, *(name.removeprefix("metrics.") for name in BY_TABLE))
    doubled = []
    for table, model in BY_TABLE.items():
        grain = ", ".join(f'"{name}"' for name in model.header.grain)
        if connection.sql(f"select {grain} from {table} group by all having count(*) > 1").fetchall():
            doubled.append(table)

    assert doubled == []
