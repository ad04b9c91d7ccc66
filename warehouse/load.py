"""Loading: inserts every landed file not yet in the ledger into `raw`, with its ledger row, in one transaction."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import duckdb
import pyarrow as pa

from warehouse.landing import LandingError, Manifest, Zone, list_landed, read_landed

FILES_PER_TRANSACTION, ROWS_PER_TRANSACTION = 100, 100_000
"""Limits of one transaction: batching many files needs only one statement per raw table."""
RAW = "channel_id varchar, key varchar, source_time timestamp, seen_at timestamp, body json, load_id bigint"

LandedFile = tuple[str, Manifest, pa.Table]
"""A landed file: its path, manifest and rows."""


@dataclass(slots=True)
class LoadReport:
    """The result of a load: counts of files and rows, and a message for each rejected file."""

    files: int = 0
    rows: int = 0
    refused: list[str] = field(default_factory=list)


def load_new_files(connection: duckdb.DuckDBPyConnection, zone: Zone, now: datetime) -> LoadReport:
    """Loads the zone's new files. A second load changes nothing; unreadable files are reported and retried next
    time."""
    loaded_paths = {path for (path,) in connection.execute("select path from ledger.files").fetchall()}
    report = LoadReport()
    for files in _read_batches(zone, [path for path in list_landed(zone) if path not in loaded_paths], report):
        connection.execute("begin")
        try:
            _load_files(connection, files, now)
            connection.execute("commit")
        except BaseException:
            # Also on Ctrl-C: half a batch must not be committed.
            connection.execute("rollback")
            raise
        report.files += len(files)
        report.rows += sum(table.num_rows for _, _, table in files)
    return report


def _read_batches(zone: Zone, paths: Iterable[str], report: LoadReport) -> Iterator[list[LandedFile]]:
    files: list[LandedFile] = []
    for path in paths:
        try:
            files.append((path, *read_landed(zone, path)))
        except LandingError as error:
            report.refused.append(str(error))
        if len(files) >= FILES_PER_TRANSACTION or sum(table.num_rows for _, _, table in files) >= ROWS_PER_TRANSACTION:
            yield files
            files = []
    if files:
        yield files


def _load_files(connection: duckdb.DuckDBPyConnection, files: Sequence[LandedFile], now: datetime) -> None:
    # Each file gets its own number, so that a build can tell what was loaded since the last one.
    ((last_load_id,),) = connection.execute("select coalesce(max(load_id), 0) from ledger.files").fetchall()
    by_source: dict[str, list[pa.Table]] = {}
    for load_id, (_, manifest, table) in enumerate(files, last_load_id + 1):
        channel, number = (
            pa.repeat(manifest.channel_id, table.num_rows),
            pa.repeat(pa.scalar(load_id, pa.int64()), table.num_rows),
        )
        by_source.setdefault(manifest.source, []).append(
            table.append_column("channel_id", channel).append_column("load_id", number)
        )
    for source, tables in by_source.items():
        connection.register("landed", pa.concat_tables(tables))
        for (thing,) in connection.execute("select distinct thing from landed order by thing").fetchall():
            create_raw_table(connection, f"{source}__{thing}")
            connection.execute(
                f"insert into raw.{source}__{thing} select channel_id, key, source_time at time zone 'UTC',"
                " seen_at at time zone 'UTC', body, load_id from landed where thing = ?",
                [thing],
            )
        connection.unregister("landed")
    _write_ledger(connection, files, last_load_id, now)


def create_raw_table(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Creates `raw.{name}` if it is missing. Raises LandingError for an invalid name."""
    if not name.replace("_", "").isalnum() or not name.isascii():
        raise LandingError(f"{name!r}: not a valid name for a raw table; use ASCII letters, digits and '_'")
    connection.execute(f"create table if not exists raw.{name} ({RAW})")


def _write_ledger(
    connection: duckdb.DuckDBPyConnection, files: Sequence[LandedFile], last_load_id: int, now: datetime
) -> None:
    """Writes one ledger row per file, and one per stream outcome."""
    file_rows, run_rows = [], []
    for load_id, (path, manifest, table) in enumerate(files, last_load_id + 1):
        file_key = {
            "channel_id": manifest.channel_id,
            "run_id": manifest.run_id,
            "part": manifest.part,
            "load_id": load_id,
        }
        file_rows.append({**file_key, "path": path, "row_count": table.num_rows, "loaded_at": _to_naive_utc(now)})
        for thing, outcome in manifest.outcomes.items():
            stated_times = {
                "started_at": manifest.started_at,
                "finished_at": manifest.finished_at,
                "reach_at": outcome.get("reach_at"),
            }
            times = {
                name: _to_naive_utc(datetime.fromisoformat(time)) if time else None
                for name, time in stated_times.items()
            }
            run_rows.append({**file_key, **outcome, **times, "source": manifest.source, "thing": thing})
    _insert_rows(connection, "ledger.files", file_rows)
    _insert_rows(connection, "raw.ledger__runs", run_rows)
    if any(manifest.is_sample for _, manifest, _ in files):
        connection.execute("delete from ledger.settings where name = 'is_sample'")
        connection.execute("insert into ledger.settings values ('is_sample', 'true')")


def _insert_rows(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts rows by column name; fields without a column are dropped."""
    columns = connection.sql(f"from {table} limit 0").to_arrow_table().schema
    connection.register("entries", pa.Table.from_pylist(list(rows), schema=columns))
    connection.execute(f"insert into {table} by name from entries")
    connection.unregister("entries")


def _to_naive_utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(tzinfo=None)


def replace_catalog(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Replaces the rows of each given `raw.catalog__…` table."""
    connection.execute("begin")
    for name, rows in tables.items():
        connection.execute(f"delete from raw.catalog__{name}")
        _insert_rows(connection, f"raw.catalog__{name}", rows)
    connection.execute("commit")


def has_rows(connection: duckdb.DuckDBPyConnection) -> bool:
    """True if any row was ever loaded; failed runs land files without rows."""
    return bool(connection.execute("select 1 from ledger.files where row_count > 0 limit 1").fetchall())


def is_sample(connection: duckdb.DuckDBPyConnection) -> bool:
    """True if any loaded file is marked as simulated, not measured."""
    return bool(connection.execute("select 1 from ledger.settings where name = 'is_sample'").fetchall())
