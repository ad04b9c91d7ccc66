"""Comments on published tables, views and columns: the data dictionary within the file."""

from collections.abc import Collection

import duckdb

from warehouse.database import quote_literal

Table = tuple[str, str]
"""Schema and name."""


def write_comments(connection: duckdb.DuckDBPyConnection, tables: Collection[Table]) -> None:
    """Comments these tables of the database attached as `snapshot` with what the last build says of them."""
    # The build itself comments nothing: it makes twice as many tables, and comments took a third of a small build.
    _write(
        connection,
        tables,
        "select table_schema, table_name, null, said.comment from information_schema.tables"
        " join ledger.comments as said on said.name = table_schema || '.' || table_name"
        " where table_catalog = current_database()"
        " union all select schema_name, table_name, column_name, said.comment from duckdb_columns()"
        " join ledger.comments as said on said.name = column_name where database_name = current_database()",
    )


def copy_comments(connection: duckdb.DuckDBPyConnection, tables: Collection[Table]) -> None:
    """Copies the comments on these tables from the current database to the one attached as `snapshot`."""
    # `create table as` drops them.
    _write(
        connection,
        tables,
        "select table_schema, table_name, null, table_comment from information_schema.tables"
        " where table_catalog = current_database() and table_comment is not null"
        " union all select schema_name, table_name, column_name, comment from duckdb_columns()"
        " where database_name = current_database() and comment is not null",
    )


def _write(connection: duckdb.DuckDBPyConnection, tables: Collection[Table], query: str) -> None:
    statements = [
        f'comment on column snapshot.{schema}.{table}."{column}" is {quote_literal(comment)}'
        if column
        else f"comment on table snapshot.{schema}.{table} is {quote_literal(comment)}"
        for schema, table, column, comment in connection.execute(query).fetchall()
        if (schema, table) in tables
    ]
    connection.execute(";\n".join(statements))
