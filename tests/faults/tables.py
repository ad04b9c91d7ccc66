"""What readers have, table by table, to compare two homes."""

from pathlib import Path

from warehouse.snapshot import query, read_current


def read_tables(home: Path) -> dict[str, list[object]]:
    """Reads every table of the snapshot that readers of a home have, and all comments; not when it was published."""
    snapshot = read_current(home)
    assert snapshot is not None and not snapshot.trouble
    comments = "select table_name, column_name, comment from duckdb_columns() order by all"
    names = query(snapshot, "select schema_name || '.' || table_name as name from duckdb_tables() order by 1")
    tables = [name for name in names["name"].to_pylist() if name != "meta.snapshot"]
    return {"comments": query(snapshot, comments).to_pylist()} | {
        name: query(snapshot, f"from {name} order by all").to_pylist() for name in tables
    }
