"""How many threads a warehouse gets."""

import duckdb
import pytest

from tests.worlds.warehouse_rows import empty_warehouse
from warehouse.load import FEW_ROWS, fit_threads


def _count_threads(connection: duckdb.DuckDBPyConnection) -> int:
    ((threads,),) = connection.execute("select current_setting('threads')").fetchall()
    return int(threads)


@pytest.mark.parametrize(("rows", "threads"), [(0, 1), (FEW_ROWS, 1), (FEW_ROWS + 1, None)])
def test_only_many_rows_get_more_than_one_thread(rows: int, threads: int | None) -> None:
    """They get as many as DuckDB takes by itself."""
    own = _count_threads(duckdb.connect(":memory:"))
    connection = empty_warehouse()
    connection.execute("insert into ledger.files values ('a', 'b', 'c', 0, ?, 1, now()::timestamp)", [rows])
    fit_threads(connection)

    assert _count_threads(connection) == (threads or own)
