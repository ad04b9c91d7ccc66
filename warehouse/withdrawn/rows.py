"""Takes out of the warehouse what files brought that were taken back, as if they had never been loaded."""

from collections.abc import Collection

import duckdb

from warehouse.durable import roll_back

DATED = ("ledger.verdicts", "ledger.restatements")
"""Logs whose rows carry the time of the data that they rest on."""


def unload_files(connection: duckdb.DuckDBPyConnection, paths: Collection[str]) -> int:
    """Takes out the rows of these files in one transaction, and returns how many of the files were loaded.

    The next build is a full one: tables keep rows by key, and not what these were before.
    """
    rows = connection.execute("select path, load_id from ledger.files").fetchall()
    load_ids = [load_id for path, load_id in rows if path in paths]
    if load_ids:
        connection.execute("begin")
        try:
            _delete_rows(connection, load_ids)
            connection.execute("commit")
        except BaseException:
            roll_back(connection)
            raise
    return len(load_ids)


def _delete_rows(connection: duckdb.DuckDBPyConnection, load_ids: list[int]) -> None:
    ((first_at,),) = connection.execute(
        "select min(started_at) from raw.ledger__runs where list_contains(?, load_id)", [load_ids]
    ).fetchall()
    for log in DATED:
        connection.execute(f"delete from {log} where as_of_at >= ?", [first_at])
    tables = connection.execute(
        "select table_schema || '.' || table_name from information_schema.columns"
        " where table_schema in ('raw', 'ledger') and column_name = 'load_id' and table_name <> 'builds'"
    ).fetchall()
    for (table,) in tables:
        connection.execute(f"delete from {table} where list_contains(?, load_id)", [load_ids])
    connection.execute("delete from ledger.builds")
