"""Digests of a table's rows, by which a build finds what it changed: of all rows, or by the value of a column."""

from collections.abc import Mapping

import duckdb

SPLITTER = 2**17 + 1
"""By Dekker's splitting leaves 36 bits of a fraction: how a sum ends depends on where in memory its rows lie."""
Digests = Mapping[str | None, str]
"""Digests by the value of a column."""


def digest_rows(connection: duckdb.DuckDBPyConnection, source: str) -> str:
    """Computes the digest of all rows of a table, or of a query in brackets."""
    return digest_parts(connection, source, "''").get("", "")


def digest_parts(connection: duckdb.DuckDBPyConnection, source: str, key: str) -> Digests:
    """Computes digests of the rows of a table, or of a query in brackets, by the value of a column.

    They do not depend on the order of the rows, nor on the last digits of fractions.
    """
    described = connection.sql(f"from {source}")
    columns = ", ".join(
        f'"{name}" * {SPLITTER} - ("{name}" * {SPLITTER} - "{name}")' if kind == "DOUBLE" else f'"{name}"'
        for name, kind in zip(described.columns, described.types, strict=True)
    )
    rows = connection.execute(
        f"select {key}, coalesce(sum(hash({columns})), 0)::varchar || '/' || count(*) from {source} group by all"
    ).fetchall()
    return dict(rows)
