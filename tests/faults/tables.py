"""What readers have, table by table, to compare two homes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from warehouse.snapshot import query, read_current

OF_PUBLISHES = ("meta.snapshot", "meta.news")
"""Tables that depend on which publishes there were."""


def read_tables(home: Path) -> dict[str, list[object]]:
    """Reads every table of the snapshot that readers of a home have, and all comments; not when it was published, nor
    what changed from one publish to the next. Of fractions to the twelfth digit: sums add up in any order."""
    snapshot = read_current(home)
    assert snapshot is not None and not snapshot.trouble
    comments = "select table_name, column_name, comment from duckdb_columns() order by all"
    names = query(snapshot, "select schema_name || '.' || table_name as name from duckdb_tables() order by 1")
    tables = [name for name in names["name"].to_pylist() if name not in OF_PUBLISHES]
    return {"comments": query(snapshot, comments).to_pylist()} | {
        name: [_round_fractions(row) for row in query(snapshot, f"from {name} order by all").to_pylist()]
        for name in tables
    }


def _round_fractions(row: Mapping[str, object]) -> dict[str, object]:
    return {name: float(f"{cell:.12g}") if isinstance(cell, float) else cell for name, cell in row.items()}


def count_differences(one: Mapping[str, Sequence[object]], other: Mapping[str, Sequence[object]]) -> dict[str, int]:
    """Counts by table the rows that only one of two homes has."""
    differing = {}
    for name in sorted({*one, *other}):
        first, second = (Counter(map(repr, tables.get(name, ()))) for tables in (one, other))
        differing[name] = ((first - second) + (second - first)).total()
    return differing
