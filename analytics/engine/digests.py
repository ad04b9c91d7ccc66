"""Digests of a table's rows, by which a build tells what it changed: whole, and by the key that rows are told apart
by."""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from analytics.engine.visits import VISIT_COLUMNS

SPLITTER = 2**17 + 1
"""By Dekker's splitting leaves 36 bits of a fraction: how a sum ends depends on where in memory its rows lie."""


@dataclass(frozen=True, slots=True)
class Digest:
    """Digest of some rows, independent of their order and of the last digits of fractions."""

    whole: str
    rest: str
    """Without VISIT_COLUMNS."""


Digests = Mapping[str | None, Digest]
"""Digests by the key of the rows."""


def digest_rows(connection: duckdb.DuckDBPyConnection, source: str) -> Digest:
    """Computes the digest of all rows of a table, or of a query in brackets."""
    return digest_parts(connection, source, "''").get("", Digest("", ""))


def digest_parts(connection: duckdb.DuckDBPyConnection, source: str, key: str) -> Digests:
    """Computes the digests of the rows of a table, or of a query in brackets, by the value of a column."""
    return sum_hashes(connection, f"(select {key} as part, {render_hashes(connection, source)} from {source})")


def render_hashes(connection: duckdb.DuckDBPyConnection, source: str) -> str:
    """Renders two hashes of each row of a table, or of a query in brackets: `whole`, and the `rest` without
    VISIT_COLUMNS."""
    described = connection.sql(f"from {source}")
    shown = {
        name: f'"{name}" * {SPLITTER} - ("{name}" * {SPLITTER} - "{name}")' if kind == "DOUBLE" else f'"{name}"'
        for name, kind in zip(described.columns, described.types, strict=True)
    }
    others = [words for name, words in shown.items() if name not in VISIT_COLUMNS]
    return f"hash({', '.join(shown.values())}) as whole, hash({', '.join(others) or 'null'}) as rest"


def sum_hashes(connection: duckdb.DuckDBPyConnection, hashed: str) -> Digests:
    """Sums the hashes of rows to digests, by their `part`."""
    rows = connection.execute(
        f"select part, coalesce(sum(whole), 0)::varchar, coalesce(sum(rest), 0)::varchar, count(*) from {hashed}"
        " group by part"
    ).fetchall()
    return {part: Digest(f"{whole}/{count}", f"{rest}/{count}") for part, whole, rest, count in rows}
