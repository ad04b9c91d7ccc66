"""Loading: inserts every landed file not yet in the ledger into `raw`, with its ledger row, in one transaction."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from warehouse.database import quote_literal
from warehouse.durable import in_transaction
from warehouse.faults import LandingError, ZoneError
from warehouse.forgetting.register import Forgotten
from warehouse.landing import Zone, list_landed, read_scrubbed
from warehouse.manifest import REMEDY, Manifest
from warehouse.notes import MOST_NOTES, MOST_SEEN
from warehouse.schema.fields import FIELDS, list_fields

FILES_PER_TRANSACTION, ROWS_PER_TRANSACTION = 100, 100_000
"""Limits of one transaction: batching many files needs only one statement per raw table."""
FEW_ROWS = 20_000
"""Landed rows up to which a second thread costs a build more than it saves; the sample world has 66,000."""
CLOCK_TOLERANCE = timedelta(hours=1)

COUNTS = frozenset(("rows", "expected", "total", "waiting", "older", "requests", "points", "passed_over"))
"""Numbers of an outcome. Some are what a source said, which may be anything."""
LARGEST_COUNT = 2**53
LONGEST_NAME = 100
LONGEST_TEXT = 10_000

UNLOADABLE = (duckdb.DataError, duckdb.ProgrammingError, ValueError, OverflowError)
"""Errors that what a file holds can cause; those of the disk or of memory end the load."""

LandedFile = tuple[str, Manifest, pa.Table]
"""A landed file: its path, manifest and rows."""


@dataclass(slots=True)
class LoadReport:
    """The result of a load: counts of files and rows, and a message for each rejected file."""

    files: int = 0
    rows: int = 0
    refused: list[str] = field(default_factory=list)


def load_new_files(
    connection: duckdb.DuckDBPyConnection, zone: Zone, now: datetime, forgotten: Forgotten | None = None
) -> LoadReport:
    """Loads the zone's new files without what was forgotten. A second load changes nothing; unreadable files are
    reported and retried next time."""
    report = LoadReport()
    loaded = read_loaded(connection)
    paths = [path for path in list_landed(zone) if path not in loaded]
    for files in _read_batches(zone, paths, now, report, forgotten or Forgotten(b"")):
        try:
            _load_batch(connection, files, now, report)
        except UNLOADABLE:
            # One file of the batch cannot be loaded: alone, it holds up no other.
            for file in files:
                try:
                    _load_batch(connection, [file], now, report)
                except UNLOADABLE as error:
                    reason = f"{type(error).__name__}: {str(error)[:200].splitlines()[0]}"
                    report.refused.append(f"{file[0]}: cannot be loaded ({reason}); move it out of the landing zone")
    return report


def read_loaded(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Reads the paths of all files that were loaded; some may be gone from the zone since."""
    return {path for (path,) in connection.execute("select path from ledger.files").fetchall()}


def _load_batch(
    connection: duckdb.DuckDBPyConnection, files: Sequence[LandedFile], now: datetime, report: LoadReport
) -> None:
    """Loads files in one transaction and counts them."""
    with in_transaction(connection):
        _load_files(connection, files, now)
    report.files += len(files)
    report.rows += sum(table.num_rows for _, _, table in files)


def _read_batches(
    zone: Zone, paths: Iterable[str], now: datetime, report: LoadReport, forgotten: Forgotten
) -> Iterator[list[LandedFile]]:
    files: list[LandedFile] = []
    for path in paths:
        try:
            # Also without what landed before it was forgotten, or was restored.
            manifest, table = read_scrubbed(zone, path, forgotten)
            _refuse_future(manifest, path, now)
            for thing in (*pc.unique(table["thing"]).to_pylist(), *manifest.outcomes):
                _refuse_unknown(f"{manifest.source}__{thing}", path)
            files.append((path, manifest, table))
        except ZoneError:
            raise
        except LandingError as error:
            report.refused.append(str(error))
        if len(files) >= FILES_PER_TRANSACTION or sum(table.num_rows for _, _, table in files) >= ROWS_PER_TRANSACTION:
            yield files
            files = []
    if files:
        yield files


def _refuse_future(manifest: Manifest, path: str, now: datetime) -> None:
    """Refuses a visit that began in the future: it would date all figures ahead. Raises LandingError."""
    if datetime.fromisoformat(manifest.started_at) > now + CLOCK_TOLERANCE:
        raise LandingError(
            f"{path}: begun at {manifest.started_at}, but it is {now.isoformat()} here; set this machine's clock, or"
            " delete the file if the clock of the machine that landed it was wrong"
        )


def _load_files(connection: duckdb.DuckDBPyConnection, files: Sequence[LandedFile], now: datetime) -> None:
    # Each file gets its own number, so that a build can say what was loaded since the last one.
    ((last_load_id,),) = connection.execute("select coalesce(max(load_id), 0) from ledger.files").fetchall()
    by_source: dict[str, list[pa.Table]] = {}
    for load_id, (_, manifest, table) in enumerate(files, last_load_id + 1):
        if not table.num_rows:
            continue
        channel, number = (
            pa.repeat(manifest.channel_id, table.num_rows),
            pa.repeat(pa.scalar(load_id, pa.int64()), table.num_rows),
        )
        by_source.setdefault(manifest.source, []).append(
            table.append_column("channel_id", channel).append_column("load_id", number)
        )
    for source, tables in by_source.items():
        landed = pa.concat_tables(tables, promote_options="default")
        connection.register("landed", landed)
        for thing in sorted(pc.unique(landed["thing"]).to_pylist()):
            insert_landed(connection, f"{source}__{thing}", landed.schema.names)
        connection.unregister("landed")
    _write_ledger(connection, files, last_load_id, now)


def insert_landed(connection: duckdb.DuckDBPyConnection, stream: str, columns: Collection[str]) -> None:
    """Inserts the rows of one stream in `landed`, with those of its fields that are there."""
    fields = ", ".join(name for name in list_fields(stream) if name in columns)
    connection.execute(
        f"insert into raw.{stream} by name select channel_id, key, source_time at time zone 'UTC' as source_time,"
        f" seen_at at time zone 'UTC' as seen_at, misfit, load_id, {fields} from landed where thing = ?",
        [stream.partition("__")[2]],
    )


def _refuse_unknown(stream: str, path: str) -> None:
    if stream not in FIELDS:
        raise LandingError(f"{path}: {stream[:LONGEST_NAME]!r} is no stream of this version of Heartbeat; {REMEDY}")


def _write_ledger(
    connection: duckdb.DuckDBPyConnection, files: Sequence[LandedFile], last_load_id: int, now: datetime
) -> None:
    """Writes one ledger row per file, and one per stream outcome."""
    file_rows, run_rows, note_rows = [], [], []
    for load_id, (path, manifest, table) in enumerate(files, last_load_id + 1):
        file_key = {name: getattr(manifest, name) for name in ("channel_id", "run_id", "part")} | {"load_id": load_id}
        file_rows.append({**file_key, "path": path, "row_count": table.num_rows, "loaded_at": _to_naive_utc(now)})
        for thing, outcome in manifest.outcomes.items():
            times = {
                "started_at": _read_time(manifest.started_at), "finished_at": _read_time(manifest.finished_at),
                "reach_at": _read_time(outcome.get("reach_at")), "known_until": _read_time(outcome.get("known_until")),
            }  # fmt: skip
            run_rows.append({**file_key, **_clean_outcome(outcome), **times, "source": manifest.source, "thing": thing})
            note_rows += [{**file_key, "thing": thing, **note} for note in _read_notes(outcome.get("notes"))]
    insert_rows(connection, "ledger.files", file_rows)
    insert_rows(connection, "raw.ledger__notes", note_rows)
    insert_rows(connection, "raw.ledger__runs", run_rows)
    if any(manifest.is_sample for _, manifest, _ in files):
        connection.execute("delete from ledger.settings where name = 'is_sample'")
        connection.execute("insert into ledger.settings values ('is_sample', 'true')")


def _read_time(time: object) -> datetime | None:
    """Reads an instant of a manifest; None if it is none."""
    try:
        return _to_naive_utc(datetime.fromisoformat(str(time))) if time else None
    except (ValueError, OverflowError):
        return None


def _clean_outcome(outcome: Mapping[str, Any]) -> dict[str, Any]:
    """Returns an outcome with numbers that fit the ledger and texts that can be stored; what is neither is empty."""
    cleaned: dict[str, Any] = {}
    for name, value in outcome.items():
        if name in COUNTS:
            is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST_COUNT
            cleaned[name] = value if is_count else None
        else:
            cleaned[name] = _clean_text(value) if isinstance(value, str) else None
    return cleaned


def _clean_text(text: object) -> str:
    """Returns a text that can be stored: lone surrogates become question marks."""
    return str(text)[:LONGEST_TEXT].encode("utf-8", "replace").decode()


def _read_notes(notes: object) -> list[dict[str, Any]]:
    """Reads the notes of an outcome as rows; empty if there are none."""
    listed = [note for note in notes if isinstance(note, dict)] if isinstance(notes, list) else []
    rows = []
    for note in listed[:MOST_NOTES]:
        seen, count = note.get("seen"), note.get("count")
        rows.append(
            {
                "note_kind": _clean_text(note.get("kind", "")),
                "subject": _clean_text(note.get("subject", "")),
                "seen": [_clean_text(name) for name in seen[:MOST_SEEN]] if isinstance(seen, list) else [],
                "count": count if isinstance(count, int) and 0 <= count <= LARGEST_COUNT else 1,
            }
        )
    return rows


def insert_rows(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts rows by column name; fields without a column are dropped."""
    described = connection.sql(f"from {table} limit 0")
    shape = dict(zip(described.columns, map(str, described.types), strict=True))
    fields = json.dumps([{name: row.get(name) for name in shape} for row in rows], default=str)
    # Not by way of pyarrow, which imports pandas for the first value: a fifth of a second in a round without news.
    query = f"select unnest(from_json_strict(?, {quote_literal(json.dumps([shape]))}), max_depth := 2)"
    connection.execute(f"insert into {table} by name {query}", [fields])


def _to_naive_utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(tzinfo=None)


def replace_catalog(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Replaces the rows of each given `raw.catalog__…` table."""
    with in_transaction(connection):
        for name, rows in tables.items():
            connection.execute(f"delete from raw.catalog__{name}")
            insert_rows(connection, f"raw.catalog__{name}", rows)


def fit_threads(connection: duckdb.DuckDBPyConnection) -> None:
    """Gives a warehouse of few landed rows one thread: handing work to more takes a fifth of its build."""
    ((rows,),) = connection.execute("select coalesce(sum(row_count), 0) from ledger.files").fetchall()
    connection.execute("set threads = 1" if rows <= FEW_ROWS else "reset threads")


def has_rows(connection: duckdb.DuckDBPyConnection) -> bool:
    """True if any row was ever loaded; failed runs land files without rows."""
    return bool(connection.execute("select 1 from ledger.files where row_count > 0 limit 1").fetchall())


def is_sample(connection: duckdb.DuckDBPyConnection) -> bool:
    """True if any loaded file is marked as simulated, not measured."""
    return bool(connection.execute("select 1 from ledger.settings where name = 'is_sample'").fetchall())
