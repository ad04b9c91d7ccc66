"""Comments on published tables and views; with `meta.columns` they are the data dictionary within the file."""

from collections.abc import Collection

import duckdb

from warehouse.database import quote_literal

Table = tuple[str, str]
"""Schema and name."""


def write_comments(connection: duckdb.DuckDBPyConnection, tables: Collection[Table]) -> None:
    """Comments these tables of the database attached as `snapshot` with what the last build says of them."""
    # The build itself comments nothing: it makes twice as many tables, and comments took a third of a small build.
    names = "split_part(name, '.', 1), split_part(name, '.', 2)"
    _write(connection, tables, f"select {names}, comment from ledger.comments")


def copy_comments(connection: duckdb.DuckDBPyConnection, tables: Collection[Table]) -> None:
    """Copies the comments on these tables from the current database to the one attached as `snapshot`."""
    # `create table as` drops them.
    _write(
        connection,
        tables,
        "select table_schema, table_name, table_comment from information_schema.tables"
        " where table_catalog = current_database() and table_comment is not null",
    )


def _write(connection: duckdb.DuckDBPyConnection, tables: Collection[Table], query: str) -> None:
    statements = [
        f"comment on table snapshot.{schema}.{table} is {quote_literal(comment)}"
        for schema, table, comment in connection.execute(query).fetchall()
        if (schema, table) in tables
    ]
    connection.execute(";\n".join(statements))
