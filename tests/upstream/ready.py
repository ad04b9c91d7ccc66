"""The ready snapshot of the sample world: built from the landed files, packed for the product, and compared."""

import lzma
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from pipelines import steps
from pipelines.catalog.reader import SHIPPED, read_catalog
from pipelines.commands import sample
from tests.upstream.packing import compress_files, unpack_archives
from warehouse.settings import Settings
from warehouse.snapshot import POINTER, SAMPLE, Snapshot, list_rows, query

NOW = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)
"""The frozen clock of the sample world: no shipped fact was read later."""
CLOSE = 1e-10
"""Threads add in an order of their own, so that the last digits of a figure differ from build to build."""
TABLES = """
select schema_name || '.' || table_name as name, comment from duckdb_tables() where not internal union all
select schema_name || '.' || view_name, comment from duckdb_views() where not internal and contains(sql, 'read_parquet')
order by all
"""
SHAPES = (
    TABLES,
    # DuckDB writes the names of columns to exclude in any order; files of rows are named after their content.
    "select schema_name, view_name, comment, regexp_replace(sql, 'EXCLUDE [(][^)]*[)]|[0-9a-f]{16}', '', 'g') as sql"
    " from duckdb_views() where not internal order by all",
    "select schema_name, table_name, column_index, column_name, data_type, comment from duckdb_columns()"
    " where not internal order by all",
)
"""What a snapshot has besides rows."""


def build_sample(home: Path) -> None:
    """Loads, builds and publishes the landed files of the sample world in a home."""
    own = Settings(HEARTBEAT_HOME=home / SAMPLE, HEARTBEAT_LANDING="", HEARTBEAT_NOW=NOW, _env_file=None)
    unpack_archives(Path(own.landing_url))
    steps.refresh_warehouse(own, read_catalog([SHIPPED]))


def pack_snapshot(snapshot: Snapshot) -> None:
    """Writes the snapshot, its rows and its pointer as the sample world that the product opens."""
    names = [*list_rows(snapshot.path), snapshot.path.name, POINTER]
    files = [(name, snapshot.path.with_name(name).read_bytes()) for name in names]
    sample.PACKED.write_bytes(compress_files(files, lzma.PRESET_DEFAULT))


def list_differences(one: Snapshot, other: Snapshot) -> list[str]:
    """Names the tables whose rows differ; if tables, views, columns or comments differ, returns the query that shows
    it."""
    if differing := [sql for sql in SHAPES if not query(one, sql).equals(query(other, sql))]:
        return differing
    names = [row["name"] for row in query(one, TABLES).to_pylist()]
    return [name for name in names if not _is_close(_read_table(one, name), _read_table(other, name))]


def _read_table(snapshot: Snapshot, name: str) -> pa.Table:
    """Reads a table, its rows in the order of what is exact."""
    columns = query(snapshot, f"describe {name}").to_pylist()
    columns.sort(key=lambda column: column["column_type"] == "DOUBLE")
    order = ", ".join(f'"{column["column_name"]}"' for column in columns)
    return query(snapshot, f"from {name} order by {order}")


def _is_close(one: pa.Table, other: pa.Table) -> bool:
    return len(one) == len(other) and all(
        np.allclose(own.to_numpy(), others.to_numpy(), rtol=CLOSE, atol=CLOSE, equal_nan=True)
        if own.type == pa.float64()
        else own.equals(others)
        for own, others in zip(one.columns, other.columns, strict=True)
    )
