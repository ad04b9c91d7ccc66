"""Comments on published tables and columns: the data dictionary within the file."""

from collections.abc import Collection
from pathlib import Path

import duckdb

from warehouse.database import quote_literal

Table = tuple[str, str]
"""Schema and name."""


def write_comments(connection: duckdb.DuckDBPyConnection, tables: Collection[Table]) -> None:
    """Comments these tables of the database attached as `snapshot` with what the last build says of them."""
    # The build itself comments nothing: it makes twice as many tables, and comments took a third of a small build.
    described = "join ledger.comments as said on said.name = {} where database_name = current_database()"
    _write(
        connection,
        tables,
        "select schema_name, table_name, null, said.comment from duckdb_tables() "
        + described.format("schema_name || '.' || table_name")
        + " union all select schema_name, table_name, column_name, said.comment from duckdb_columns() "
        + described.format("column_name"),
    )


def copy_layout(connection: duckdb.DuckDBPyConnection, former: Path, tables: Collection[Table]) -> set[Table]:
    """Copies to the database attached as `snapshot` those of these tables, empty and commented, that a former snapshot
    holds with the same columns and comments; returns them."""
    # Each comment is a statement: thousands of them take as long as all rows.
    connection.execute(f"attach {quote_literal(str(former))} as former (read_only)")
    try:
        ready = set(connection.execute(_ALIKE).fetchall()) & set(tables)
        connection.execute("copy from database former to snapshot (schema)")
        for schema, table in connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'snapshot'"
        ).fetchall():
            if (schema, table) not in ready:
                connection.execute(f"drop table snapshot.{schema}.{table}")
    finally:
        connection.execute("detach former")
    return ready


_ALIKE = """
with wanted as (
    select schema_name, table_name, column_index, column_name, data_type, said.comment
    from duckdb_columns() left join ledger.comments as said on said.name = column_name
    where database_name = current_database()
    union all
    select schema_name, table_name, 0, '', '', said.comment
    from duckdb_tables() left join ledger.comments as said on said.name = schema_name || '.' || table_name
    where database_name = current_database()
),

held as (
    select schema_name, table_name, column_index, column_name, data_type, comment
    from duckdb_columns() where database_name = 'former'
    union all
    select schema_name, table_name, 0, '', '', comment from duckdb_tables() where database_name = 'former'
),

layouts as (
    select schema_name, table_name, 'wanted' as side, list(wanted order by column_index) as layout
    from wanted group by all
    union all
    select schema_name, table_name, 'held', list(held order by column_index) from held group by all
)

select schema_name, table_name from layouts group by all
having count(*) = 2 and min(layout::varchar) = max(layout::varchar)
"""
"""Tables of the same columns, types and comments here and in the former snapshot."""


def copy_comments(connection: duckdb.DuckDBPyConnection, tables: Collection[Table]) -> None:
    """Copies the comments on these tables from the current database to the one attached as `snapshot`."""
    # `create table as` drops them.
    where = "where database_name = current_database() and comment is not null"
    _write(
        connection,
        tables,
        f"select schema_name, table_name, null, comment from duckdb_tables() {where}"
        f" union all select schema_name, table_name, column_name, comment from duckdb_columns() {where}",
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
