"""Publishing: a new versioned, read-only file, then the pointer to it is replaced."""

import json
import os
import re
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

import duckdb

from warehouse.load import is_sample
from warehouse.snapshot import POINTER, Snapshot, folder

META = {"metrics": "definitions", "methods": "methods", "restatements": "restatements", "verdicts": "verdicts"}
"""What readers are told of the figures themselves: table of the snapshot's schema `meta`, and of the ledger."""
BLOCK_BYTES = 16_384
"""A snapshot has many small tables: in DuckDB's usual blocks of 256 KiB it would be three times as large."""
KEEP = 3
"""How many versions stay on disk: a reader in the middle of a page keeps the one it holds."""


def publish(connection: duckdb.DuckDBPyConnection, home: Path, now: datetime, code_version: str) -> Snapshot | None:
    """Publishes the warehouse's conformed tables and metrics. Readers see the old version or the new, never half.

    None when the last build is what readers already have.
    """
    target = folder(home)
    target.mkdir(parents=True, exist_ok=True)
    build = build_number(connection)
    if _published_build(target) == build:
        return None
    version = _next_version(home)
    snapshot = Snapshot(target / f"snapshot-{version:08d}.duckdb", version, now, is_sample(connection))
    aside = snapshot.path.with_suffix(".tmp")
    aside.unlink(missing_ok=True)
    _write(connection, aside, snapshot, code_version)
    os.replace(aside, snapshot.path)
    _point(target, snapshot, build)
    _prune(target, snapshot)
    return snapshot


def build_number(connection: duckdb.DuckDBPyConnection) -> int:
    """How many builds changed something so far."""
    found = connection.execute("select value from ledger.settings where name = 'build'").fetchall()
    return int(found[0][0]) if found else 0


def _next_version(home: Path) -> int:
    numbers = [
        int(found[1])
        for path in folder(home).iterdir()
        if (found := re.fullmatch(r"snapshot-(\d+)\.(duckdb|tmp)", path.name))
    ]
    return max(numbers, default=0) + 1


def _write(connection: duckdb.DuckDBPyConnection, path: Path, snapshot: Snapshot, code_version: str) -> None:
    """In one transaction: else each table and each comment would be a commit of its own."""
    connection.execute(f"attach '{str(path).replace(chr(39), chr(39) * 2)}' as snapshot (block_size {BLOCK_BYTES})")
    try:
        connection.execute("begin")
        try:
            _fill(connection, snapshot, code_version)
            connection.execute("commit")
        except BaseException:
            connection.execute("rollback")
            raise
        connection.execute("checkpoint snapshot")
    finally:
        connection.execute("detach snapshot")


def _fill(connection: duckdb.DuckDBPyConnection, snapshot: Snapshot, code_version: str) -> None:
    for schema in ("staging", "metrics", "meta"):
        connection.execute(f"create schema snapshot.{schema}")
    tables = _published_tables(connection)
    for schema, table in tables:
        connection.execute(f"create table snapshot.{schema}.{table} as from {schema}.{table} order by all")
    _copy_comments(connection, set(tables))
    for name, kept in META.items():
        connection.execute(f"create table snapshot.meta.{name} as from ledger.{kept} order by all")
    connection.execute(
        "create table snapshot.meta.snapshot as select ? as version, ?::timestamp as published_at, ? as is_sample, ? as code_version",
        [snapshot.version, snapshot.published_at.replace(tzinfo=None), snapshot.is_sample, code_version],
    )


def _published_tables(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Metrics and conformed tables; what is typed per source, and large steps on the way, stay behind."""
    rows = connection.execute(
        "select schema_name, table_name from duckdb_tables()"
        " where schema_name in ('staging', 'metrics') and database_name = current_database()"
        " and not contains(table_name, '__')"
        " and table_name not in (select name from ledger.definitions where not is_published) order by all"
    ).fetchall()
    return [(schema, table) for schema, table in rows]


def _copy_comments(connection: duckdb.DuckDBPyConnection, tables: Collection[tuple[str, str]]) -> None:
    """`create table as` leaves comments behind; they are the data dictionary."""
    where = "where database_name = current_database() and comment is not null"
    told = connection.execute(
        f"select schema_name, table_name, null as column_name, comment from duckdb_tables() {where}"
        f" union all select schema_name, table_name, column_name, comment from duckdb_columns() {where}"
    ).fetchall()
    statements = [
        f'comment on column snapshot.{schema}.{table}."{column}" is {_quoted(comment)}'
        if column
        else f"comment on table snapshot.{schema}.{table} is {_quoted(comment)}"
        for schema, table, column, comment in told
        if (schema, table) in tables
    ]
    connection.execute(";\n".join(statements))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _published_build(target: Path) -> int | None:
    try:
        pointer = json.loads((target / POINTER).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    # A pointer whose file is gone shows nothing to anybody: publish again.
    return int(pointer["build"]) if (target / pointer["file"]).exists() else None


def _point(target: Path, snapshot: Snapshot, build: int) -> None:
    aside = target / f"{POINTER}.tmp"
    pointer = {
        "file": snapshot.path.name,
        "version": snapshot.version,
        "published_at": snapshot.published_at.isoformat(),
        "is_sample": snapshot.is_sample,
        "build": build,
    }
    aside.write_text(json.dumps(pointer), encoding="utf-8")
    os.replace(aside, target / POINTER)


def _prune(target: Path, snapshot: Snapshot) -> None:
    for path in sorted(target.glob("snapshot-*.*"))[:-KEEP]:
        if path != snapshot.path:
            path.unlink(missing_ok=True)
