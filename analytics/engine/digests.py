"""Digests of a table's rows, by which a build finds what changed."""

import duckdb

SPLITTER = 2**17 + 1
"""By Dekker's splitting leaves 36 bits of a fraction: how a sum ends depends on where in memory its rows lie."""


def digest_rows(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """Computes the digest of a table's rows, whatever their order and the last digits of their fractions."""
    query = f"select coalesce(sum({render_row_hash(connection, table)}), 0)::varchar || '/' || count(*) from {table}"
    ((digest,),) = connection.execute(query).fetchall()
    return str(digest)


def digest_parts(connection: duckdb.DuckDBPyConnection, rows: str, name: str) -> set[tuple[str, str]]:
    """Computes the digest of each part of these rows, beside its name."""
    row_hash = render_row_hash(connection, f"({rows})")
    query = f"select {name}, sum({row_hash})::varchar || '/' || count(*) from ({rows}) group by 1"
    return set(connection.execute(query).fetchall())


def render_row_hash(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """Renders the hash of a row of a table, without the last digits of fractions."""
    described = connection.sql(f"from {table}")
    columns = (
        f'"{name}" * {SPLITTER} - ("{name}" * {SPLITTER} - "{name}")' if kind == "DOUBLE" else f'"{name}"'
        for name, kind in zip(described.columns, described.types, strict=True)
    )
    return f"hash({', '.join(columns)})"
