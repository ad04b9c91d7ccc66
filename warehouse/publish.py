"""Publishing: a new versioned, read-only file, then the pointer to it is replaced."""

import json
import os
import re
from datetime import datetime
from pathlib import Path

import duckdb

from warehouse.snapshot import POINTER, Snapshot, current, folder

KEEP = 3
"""How many versions stay on disk: a reader in the middle of a page keeps the one it holds."""


def publish(connection: duckdb.DuckDBPyConnection, home: Path, now: datetime, is_sample: bool, code_version: str) -> Snapshot:
    """Publishes the warehouse's conformed tables and metrics. Readers see the old version or the new, never half."""
    target = folder(home)
    target.mkdir(parents=True, exist_ok=True)
    version = _next_version(home)
    snapshot = Snapshot(target / f"snapshot-{version:08d}.duckdb", version, now, is_sample)
    aside = snapshot.path.with_suffix(".tmp")
    aside.unlink(missing_ok=True)
    _write(connection, aside, snapshot, code_version)
    os.replace(aside, snapshot.path)
    _point(target, snapshot)
    _prune(target, snapshot)
    return snapshot


def _next_version(home: Path) -> int:
    numbers = [int(found[1]) for path in folder(home).iterdir() if (found := re.fullmatch(r"snapshot-(\d+)\.(duckdb|tmp)", path.name))]
    return max(numbers, default=0) + 1


def _write(connection: duckdb.DuckDBPyConnection, path: Path, snapshot: Snapshot, code_version: str) -> None:
    connection.execute(f"attach '{str(path).replace(chr(39), chr(39) * 2)}' as snapshot")
    try:
        for schema in ("staging", "metrics", "meta"):
            connection.execute(f"create schema snapshot.{schema}")
        for schema, table in _published_tables(connection):
            connection.execute(f"create table snapshot.{schema}.{table} as from {schema}.{table} order by all")
            _copy_comments(connection, schema, table)
        connection.execute("create table snapshot.meta.metrics as from ledger.definitions order by all")
        connection.execute(
            "create table snapshot.meta.snapshot as select ? as version, ?::timestamp as published_at, ? as is_sample, ? as code_version",
            [snapshot.version, snapshot.published_at.replace(tzinfo=None), snapshot.is_sample, code_version],
        )
        connection.execute("checkpoint snapshot")
    finally:
        connection.execute("detach snapshot")


def _published_tables(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Metrics and conformed tables; what is typed per source stays behind."""
    rows = connection.execute(
        "select schema_name, table_name from duckdb_tables() where schema_name in ('staging', 'metrics') and database_name = current_database()"
        " and not contains(table_name, '__') order by all"
    ).fetchall()
    return [(schema, table) for schema, table in rows]


def _copy_comments(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> None:
    """`create table as` leaves comments behind; they are the data dictionary."""
    where = f"where database_name = current_database() and schema_name = '{schema}' and table_name = '{table}' and comment is not null"
    for (comment,) in connection.execute(f"select comment from duckdb_tables() {where}").fetchall():
        connection.execute(f"comment on table snapshot.{schema}.{table} is {_quoted(comment)}")
    for column, comment in connection.execute(f"select column_name, comment from duckdb_columns() {where}").fetchall():
        connection.execute(f'comment on column snapshot.{schema}.{table}."{column}" is {_quoted(comment)}')


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _point(target: Path, snapshot: Snapshot) -> None:
    aside = target / f"{POINTER}.tmp"
    pointer = {
        "file": snapshot.path.name,
        "version": snapshot.version,
        "published_at": snapshot.published_at.isoformat(),
        "is_sample": snapshot.is_sample,
    }
    aside.write_text(json.dumps(pointer), encoding="utf-8")
    os.replace(aside, target / POINTER)


def _prune(target: Path, snapshot: Snapshot) -> None:
    for path in sorted(target.glob("snapshot-*.*"))[:-KEEP]:
        if path != snapshot.path:
            path.unlink(missing_ok=True)


def current_version(home: Path) -> int:
    """The version that readers see now; 0 when nothing is published."""
    snapshot = current(home)
    return snapshot.version if snapshot else 0
