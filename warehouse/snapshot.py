"""The published snapshot: finds the current one and queries it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from warehouse.database import open_snapshot

POINTER = "current.json"
SAMPLE = "sample"
"""The folder in a home that holds the sample world's own home."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The publisher and source of a followed snapshot, and the trouble with that source, if there is any."""

    source: str
    """Path or address that it was read from, without credentials."""
    publisher: str
    licence: str
    data_as_of: datetime | None
    code_version: str
    left_out: tuple[str, ...] = ()
    trouble: str = ""
    """Why the source gave nothing newer; empty if it was reached."""
    troubled_at: datetime | None = None
    """When the trouble was first met."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One published version."""

    path: Path
    version: int
    published_at: datetime
    is_sample: bool
    build: int = field(default=0, compare=False)
    """Number of the build, which the pointer knows and the file does not."""
    origin: Origin | None = None
    """None for a snapshot of this installation's own."""


def published_folder(home: Path) -> Path:
    """Returns the folder of a home's published snapshots."""
    return home / "published"


def read_current(home: Path) -> Snapshot | None:
    """Returns the newest published snapshot of a home, else of its sample world, else None."""
    for candidate in (home, home / SAMPLE):
        pointer = published_folder(candidate) / POINTER
        try:
            fields = json.loads(pointer.read_text(encoding="utf-8"))
        except FileNotFoundError:
            continue
        path = published_folder(candidate) / fields["file"]
        published_at = datetime.fromisoformat(fields["published_at"])
        return Snapshot(path, fields["version"], published_at, fields["is_sample"], fields.get("build", 0))
    return None


def query(snapshot: Snapshot, sql: str, params: Sequence[Any] | Mapping[str, Any] | None = None) -> pa.Table:
    """Runs one read-only statement on a snapshot and returns its rows."""
    # Each version has its own file name, so a cached connection can never serve an older one.
    with _open_cached(snapshot.path).cursor() as cursor:
        return cursor.sql(sql, params=params).to_arrow_table()


def has_column(snapshot: Snapshot, schema: str, table: str, column: str) -> bool:
    """True if a table of the snapshot has a column, which a snapshot of another version may lack."""
    sql = "select 1 from duckdb_columns() where schema_name = ? and table_name = ? and column_name = ?"
    return bool(query(snapshot, sql, [schema, table, column]).num_rows)


def has_table(snapshot: Snapshot, table: str) -> bool:
    """True if the snapshot has a table (`schema.name`), which one published by another version may lack."""
    return table in _list_tables(snapshot)


@lru_cache(maxsize=8)
def _list_tables(snapshot: Snapshot) -> frozenset[str]:
    rows = query(snapshot, "select schema_name || '.' || table_name as name from duckdb_tables()").to_pylist()
    return frozenset(row["name"] for row in rows)


@lru_cache(maxsize=4)
def _open_cached(path: Path) -> duckdb.DuckDBPyConnection:
    return open_snapshot(path)
