"""A table that says one row of something has no two: a join that lost a condition shows itself as a row too many. What
an item is alike with is looked up where such items are."""

import duckdb
import pytest

from analytics.engine.shapes import CHAINS, find_clusters
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


def test_no_metric_looks_for_its_items_among_those_of_another_kind(connection: duckdb.DuckDBPyConnection) -> None:
    """A share of replies that looked among threads would take its items for independent."""
    found, missed = 0, []
    for table, model in BY_TABLE.items():
        if not CHAINS.get(model.header.shape):
            continue
        ((own, others),) = connection.execute(
            f"select count(c.item_id), count(a.item_id) filter (where c.item_id is null) from ({model.query}) as i"
            f" left join {find_clusters(model.header)} as c using (item_id)"
            " left join metrics.action_clusters as a using (item_id)"
        ).fetchall()
        found += own
        missed += [table] if others else []

    assert missed == []
    assert found > 1000
