"""A table that says one row of something has no two: a join that lost a condition shows itself as a row too many."""

import duckdb
import pytest

from tests.worlds.rows import BY_TABLE, Rows, compute, measure
from tests.worlds.sample_part import conformed

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    """A warehouse in which all tables have rows."""
    rows = Rows()
    rows.tables.update(conformed())
    connection = measure(rows)
    compute(connection, *(name.partition(".")[2] for name in BY_TABLE))
    return connection


def test_every_metric_is_unique_by_its_grain_where_all_tables_have_rows(connection: duckdb.DuckDBPyConnection) -> None:
    """Even those that nobody publishes: what doubles in them is added up in others."""
    doubled = []
    for table, model in BY_TABLE.items():
        grain = ", ".join(f'"{name}"' for name in model.header.grain)
        if connection.sql(f"select {grain} from {table} group by all having count(*) > 1").fetchall():
            doubled.append(table)

    assert doubled == []
