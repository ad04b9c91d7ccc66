"""Publishing: writes a new version, a read-only file with the files of rows beside it, then replaces the pointer."""

import contextlib
import hashlib
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

import duckdb

from warehouse.comments import write_comments
from warehouse.database import WarehouseError, quote_literal
from warehouse.durable import explain_storage_faults, make_private_folder, replace_file, roll_back, sync, write_file
from warehouse.load import insert_rows, is_sample
from warehouse.logs.log import log_event
from warehouse.news.changes import derive_news
from warehouse.news.items import NEWS_COLUMNS
from warehouse.snapshot import (
    POINTER,
    Pointer,
    Snapshot,
    digest_file,
    list_versions,
    name_folder,
    published_folder,
    read_pointer,
    read_sound_pointer,
    read_version,
    remove_unused_rows,
    render_rows,
    verify_file,
)

META = {
    "metrics": "definitions", "restatements": "restatements", "verdicts": "verdicts",
    "columns": "comments where not contains(name, '.')",
}  # fmt: skip
"""Tables about the metrics themselves: name in the snapshot's schema `meta`, and in the ledger. A column means the same
in all tables: a comment on each of them would be a quarter of a publish."""
STORAGE = "block_size 16384, storage_version 'v1.4.0', recovery_mode no_wal_writes"
"""How a snapshot is stored: with DuckDB's default blocks of 256 KiB its many small tables would take four times the
space, and its newest form is read by nothing older than the engine that wrote it. Half a file is thrown away, so
nothing is logged."""
MANY = 2_000
"""Number of rows from which a table is published as a Parquet file beside the snapshot, unless figures are not shown
without it: it takes a quarter of the space there, and stays from version to version as long as its rows do."""
LARGE = 50_000
"""Number of rows from which each family has a file of its own."""
KEEP = 3
"""Number of versions kept on disk, so that a reader in the middle of a page keeps the one it opened."""


@dataclass(frozen=True, slots=True)
class Build:
    """Which build a warehouse holds. Numbers begin again with a new warehouse; the id never comes again."""

    number: int = 0
    """Number of builds so far that changed something."""
    id: str = ""


def publish_snapshot(
    connection: duckdb.DuckDBPyConnection, home: Path, now: datetime, code_version: str
) -> Snapshot | None:
    """Publishes the warehouse's metrics, and the tables that their readers need, atomically.

    Returns None if readers already have the last build, whole. Raises WarehouseError if the disk gives out.
    """
    target = published_folder(home)
    make_private_folder(target)
    build, pointer = read_build(connection), _read_pointer(target)
    if pointer and Build(pointer.build, pointer.build_id) == build and read_sound_pointer(target):
        return None
    version = _choose_version(target, pointer, build)
    staging_path = target / f"snapshot-{version:08d}.tmp"
    snapshot = Snapshot(staging_path, version, now, is_sample(connection), build.number)
    with explain_storage_faults("publish", target):
        try:
            _remove(staging_path)
            _write_snapshot(connection, staging_path, snapshot, code_version)
            sync(staging_path)
            path = target / f"snapshot-{version:08d}-{digest_file(staging_path)}.duckdb"
            replace_file(staging_path, path)
            snapshot = replace(snapshot, path=path)
            write_file(target / POINTER, _make_pointer(snapshot, build).model_dump_json())
            _remove_old_versions(target, snapshot)
        finally:
            for rest in target.glob(f"{staging_path.name}*"):
                _remove(rest)
            remove_unused_rows(target)
    return snapshot


def read_build(connection: duckdb.DuckDBPyConnection) -> Build:
    """Reads which build the warehouse holds."""
    rows = connection.execute("select name, value from ledger.settings where name in ('build', 'build_id')").fetchall()
    values = dict(rows)
    return Build(int(values.get("build", 0)), values.get("build_id", ""))


def _read_pointer(target: Path) -> Pointer | None:
    with contextlib.suppress(WarehouseError):
        return read_pointer(target)
    return None


def _choose_version(target: Path, pointer: Pointer | None, build: Build) -> int:
    # A home that was restored has no versions; that there were as many as builds is the most it can know.
    numbers = [int(match[1]) for path in target.iterdir() if (match := re.match(r"snapshot-(\d+)", path.name))]
    return max([*numbers, pointer.version if pointer else 0, build.number - 1]) + 1


def _write_snapshot(connection: duckdb.DuckDBPyConnection, path: Path, snapshot: Snapshot, code_version: str) -> None:
    # One transaction, since otherwise each table and each comment would be a commit of its own.
    connection.execute(f"attach {quote_literal(str(path))} as snapshot ({STORAGE})")
    try:
        connection.execute("begin")
        try:
            _fill_snapshot(connection, snapshot, code_version)
            connection.execute("commit")
        except BaseException:
            roll_back(connection)
            raise
        connection.execute("checkpoint snapshot")
    finally:
        # A disk that gave out may have ended the whole database, and its error says why.
        with contextlib.suppress(duckdb.Error):
            connection.execute("detach snapshot")


def _fill_snapshot(connection: duckdb.DuckDBPyConnection, snapshot: Snapshot, code_version: str) -> None:
    tables = _list_published_tables(connection)
    name_folder(connection, snapshot.path.parent)
    for schema in ("staging", "metrics", "meta"):
        connection.execute(f"create schema if not exists snapshot.{schema}")
    for (schema, table), rows_count in tables.items():
        if rows_count >= MANY:
            written = _write_rows(connection, snapshot.path.parent, f"{schema}.{table}", rows_count >= LARGE)
            connection.execute(f"create view snapshot.{schema}.{table} as {render_rows(written)}")
        else:
            # Sorted, they take a seventh less space.
            connection.execute(f"create table snapshot.{schema}.{table} as from {schema}.{table} order by all")
    views = connection.execute(
        "select schema_name, view_name, sql from duckdb_views()"
        " where schema_name = 'metrics' and database_name = current_database()"
        " and view_name not in (select name from ledger.definitions where not is_published)"
    ).fetchall()
    for *_, sql in views:
        connection.execute(sql.replace("CREATE VIEW ", "create view snapshot.", 1))
    write_comments(connection, {*tables, *((schema, view) for schema, view, _ in views)})
    for name, ledger_table in META.items():
        connection.execute(f"create table snapshot.meta.{name} as from ledger.{ledger_table} order by all")
    connection.execute(f"create table snapshot.meta.news ({', '.join(NEWS_COLUMNS)})")
    insert_rows(connection, "snapshot.meta.news", list(map(asdict, derive_news(connection))))
    connection.execute(
        "create table snapshot.meta.snapshot as select ? as version, ?::timestamp as published_at,"
        " ? as is_sample, ? as code_version",
        [snapshot.version, snapshot.published_at.replace(tzinfo=None), snapshot.is_sample, code_version],
    )


def _write_rows(connection: duckdb.DuckDBPyConnection, folder: Path, table: str, is_split: bool) -> list[str]:
    """Writes the rows, or those of each family, into a file, unless there is one with the same rows; returns the files'
    names."""
    described = connection.sql(f"from {table}")
    shape = list(zip(described.columns, map(str, described.types), strict=True))
    family = "family_id" if is_split and "family_id" in described.columns else "null"
    order = "" if is_split else " order by all"
    query = f"select {family}, count(*), sum(hash(t)) from {table} as t group by all order by all"
    there = {name.rpartition("-")[0]: name for name in os.listdir(folder)}
    names = list[str]()
    for family_id, *counted in connection.execute(query).fetchall():
        digest = hashlib.blake2b(repr((shape, family_id, counted)).encode(), digest_size=8).hexdigest()
        is_own = f"{family} is not distinct from {'null' if family_id is None else quote_literal(family_id)}"
        rows = f"from {table} where {is_own}{order}"
        names.append(_write_part(connection, folder, there, f"rows-{table}-{digest}", rows))
    return names


def _write_part(
    connection: duckdb.DuckDBPyConnection, folder: Path, there: Mapping[str, str], stem: str, rows: str
) -> str:
    if name := there.get(stem):
        with contextlib.suppress(WarehouseError):
            verify_file(folder / name)
            return name
    staging_path = folder / f"{stem}.tmp"
    connection.execute(f"copy ({rows}) to {quote_literal(str(staging_path))} (format parquet, compression zstd)")
    sync(staging_path)
    path = folder / f"{stem}-{digest_file(staging_path)}.parquet"
    replace_file(staging_path, path)
    return path.name


def _list_published_tables(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], int]:
    """Lists the figures, and the tables whose header says that something outside the build reads them; says of each how
    many rows it has that the figures are shown without."""
    rows = connection.execute(
        "select schema_name, table_name, if(contains(("
        " select coalesce(string_agg(sql), '') from duckdb_views() semi join ledger.definitions on is_public"
        " and name = view_name), schema_name || '.' || table_name), 0, estimated_size)"
        " from duckdb_tables() where schema_name in ('staging', 'metrics') and database_name = current_database()"
        " and not contains(table_name, '__')"
        " and table_name not in (select name from ledger.definitions where not is_published) order by all"
    ).fetchall()
    return {(schema, table): rows_count for schema, table, rows_count in rows}


def _make_pointer(snapshot: Snapshot, build: Build) -> Pointer:
    return Pointer(
        file=snapshot.path.name, version=snapshot.version, published_at=snapshot.published_at,
        is_sample=snapshot.is_sample, build=build.number, build_id=build.id,
    )  # fmt: skip


def _remove_old_versions(target: Path, snapshot: Snapshot) -> None:
    """Removes all but the newest versions, and what killed readers and publishes left of those."""
    kept = {read_version(path) for path in list_versions(target)[:KEEP]} | {snapshot.version}
    for path in target.glob("snapshot-*"):
        match = re.match(r"snapshot-(\d+)", path.name)
        if match and (int(match[1]) not in kept or (path.suffix == ".tmp" and path.is_file())):
            _remove(path)
            log_event("removed", what=f"published/{path.name}", why=f"the newest {KEEP} versions are kept")


def _remove(path: Path) -> None:
    """Removes a file, or the folder into which a reader spilled; one that cannot be removed serves nobody, but harms
    nobody either."""
    with contextlib.suppress(OSError):
        shutil.rmtree(path) if path.is_dir() else os.unlink(path)
