"""The published snapshot: which one is current, and how it is read."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from warehouse.database import open_snapshot

POINTER = "current.json"
SAMPLE = "sample"
"""The folder inside a home where the sample world has a home of its own."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One published version."""

    path: Path
    version: int
    published_at: datetime
    is_sample: bool


def published_folder(home: Path) -> Path:
    """Where a home publishes."""
    return home / "published"


def read_current(home: Path) -> Snapshot | None:
    """The newest published snapshot of a home, else of its sample world, else None."""
    for candidate in (home, home / SAMPLE):
        pointer = published_folder(candidate) / POINTER
        try:
            fields = json.loads(pointer.read_text(encoding="utf-8"))
        except FileNotFoundError:
            continue
        path = published_folder(candidate) / fields["file"]
        return Snapshot(path, fields["version"], datetime.fromisoformat(fields["published_at"]), fields["is_sample"])
    return None


def query(snapshot: Snapshot, sql: str, params: Sequence[Any] | Mapping[str, Any] | None = None) -> pa.Table:
    """The rows of one read-only statement on a snapshot."""
    # Each version has a file name of its own, so a cached connection can never serve an older one under the same name.
    with _open_cached(snapshot.path).cursor() as cursor:
        return cursor.sql(sql, params=params).to_arrow_table()


def has_column(snapshot: Snapshot, schema: str, table: str, column: str) -> bool:
    """Tells whether a table of the snapshot has a column: one that another version published may lack it."""
    sql = "select 1 from duckdb_columns() where schema_name = ? and table_name = ? and column_name = ?"
    return bool(query(snapshot, sql, [schema, table, column]).num_rows)


@lru_cache(maxsize=4)
def _open_cached(path: Path) -> duckdb.DuckDBPyConnection:
    return open_snapshot(path)
