"""Publishing: writes a new versioned, read-only file, then replaces the pointer to it."""

import json
import os
import re
from datetime import datetime
from pathlib import Path

import duckdb

from warehouse.database import write_comments
from warehouse.load import is_sample
from warehouse.snapshot import POINTER, Snapshot, published_folder

META = {"metrics": "definitions", "methods": "methods", "restatements": "restatements", "verdicts": "verdicts"}
"""Tables about the metrics themselves: name in the snapshot's schema `meta`, and in the ledger."""
BLOCK_BYTES = 16_384
"""Block size of a snapshot: with DuckDB's default of 256 KiB its many small tables would triple its size."""
KEEP = 3
"""Number of versions kept on disk, so that a reader in the middle of a page keeps the one it opened."""


def publish_snapshot(
    connection: duckdb.DuckDBPyConnection, home: Path, now: datetime, code_version: str
) -> Snapshot | None:
    """Publishes the warehouse's conformed tables and metrics atomically.

    Returns None if readers already have the last build.
    """
    target = published_folder(home)
    target.mkdir(parents=True, exist_ok=True)
    build = read_build_number(connection)
    if _read_published_build(target) == build:
        return None
    version = _choose_version(home)
    snapshot = Snapshot(target / f"snapshot-{version:08d}.duckdb", version, now, is_sample(connection), build)
    staging_path = snapshot.path.with_suffix(".tmp")
    staging_path.unlink(missing_ok=True)
    _write_snapshot(connection, staging_path, snapshot, code_version)
    os.replace(staging_path, snapshot.path)
    _replace_pointer(target, snapshot, build)
    _remove_old_versions(target, snapshot)
    return snapshot


def read_build_number(connection: duckdb.DuckDBPyConnection) -> int:
    """Returns the number of builds so far that changed something."""
    rows = connection.execute("select value from ledger.settings where name = 'build'").fetchall()
    return int(rows[0][0]) if rows else 0


def _choose_version(home: Path) -> int:
    numbers = [
        int(match[1])
        for path in published_folder(home).iterdir()
        if (match := re.fullmatch(r"snapshot-(\d+)\.(duckdb|tmp)", path.name))
    ]
    return max(numbers, default=0) + 1


def _write_snapshot(connection: duckdb.DuckDBPyConnection, path: Path, snapshot: Snapshot, code_version: str) -> None:
    # One transaction, since otherwise each table and each comment would be a commit of its own.
    connection.execute(f"attach '{str(path).replace(chr(39), chr(39) * 2)}' as snapshot (block_size {BLOCK_BYTES})")
    try:
        connection.execute("begin")
        try:
            _fill_snapshot(connection, snapshot, code_version)
            connection.execute("commit")
        except BaseException:
            connection.execute("rollback")
            raise
        connection.execute("checkpoint snapshot")
    finally:
        connection.execute("detach snapshot")


def _fill_snapshot(connection: duckdb.DuckDBPyConnection, snapshot: Snapshot, code_version: str) -> None:
    for schema in ("staging", "metrics", "meta"):
        connection.execute(f"create schema snapshot.{schema}")
    tables = _list_published_tables(connection)
    for schema, table in tables:
        connection.execute(f"create table snapshot.{schema}.{table} as from {schema}.{table} order by all")
    write_comments(connection, tables)
    for name, ledger_table in META.items():
        connection.execute(f"create table snapshot.meta.{name} as from ledger.{ledger_table} order by all")
    connection.execute(
        "create table snapshot.meta.snapshot as select ? as version, ?::timestamp as published_at,"
        " ? as is_sample, ? as code_version",
        [snapshot.version, snapshot.published_at.replace(tzinfo=None), snapshot.is_sample, code_version],
    )


def _list_published_tables(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Lists metrics and conformed tables; per-source tables and large intermediate steps are not published."""
    rows = connection.execute(
        "select schema_name, table_name from duckdb_tables()"
        " where schema_name in ('staging', 'metrics') and database_name = current_database()"
        " and not contains(table_name, '__')"
        " and table_name not in (select name from ledger.definitions where not is_published) order by all"
    ).fetchall()
    return [(schema, table) for schema, table in rows]


def _read_published_build(target: Path) -> int | None:
    try:
        pointer = json.loads((target / POINTER).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    # A pointer to a missing file serves nobody, so publish again.
    return int(pointer["build"]) if (target / pointer["file"]).exists() else None


def _replace_pointer(target: Path, snapshot: Snapshot, build: int) -> None:
    staging_path = target / f"{POINTER}.tmp"
    pointer = {
        "file": snapshot.path.name,
        "version": snapshot.version,
        "published_at": snapshot.published_at.isoformat(),
        "is_sample": snapshot.is_sample,
        "build": build,
    }
    staging_path.write_text(json.dumps(pointer), encoding="utf-8")
    os.replace(staging_path, target / POINTER)


def _remove_old_versions(target: Path, snapshot: Snapshot) -> None:
    for path in sorted(target.glob("snapshot-*.*"))[:-KEEP]:
        if path != snapshot.path:
            path.unlink(missing_ok=True)
