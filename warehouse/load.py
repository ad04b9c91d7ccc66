"""Loading: every landed file not yet in the ledger goes into `raw`, with its ledger row, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import duckdb
import pyarrow as pa

from warehouse.landing import LandingError, Slip, Zone, landed, read_landed

FILES_PER_TRANSACTION = 100
RAW = "channel_id varchar, key varchar, source_time timestamp, seen_at timestamp, body json, load_id bigint"


@dataclass(slots=True)
class Loaded:
    """What a load brought: files, rows, and files that could not be read, in words."""

    files: int = 0
    rows: int = 0
    refused: list[str] = field(default_factory=list)


def load(connection: duckdb.DuckDBPyConnection, zone: Zone, now: datetime) -> Loaded:
    """Loads what is new in the zone. Loading twice changes nothing; a file that cannot be read is named and left for later."""
    known = {path for (path,) in connection.execute("select path from ledger.files").fetchall()}
    new = [path for path in landed(zone) if path not in known]
    report = Loaded()
    for start in range(0, len(new), FILES_PER_TRANSACTION):
        connection.execute("begin")
        try:
            for path in new[start : start + FILES_PER_TRANSACTION]:
                _load_file(connection, zone, path, now, report)
            connection.execute("commit")
        except BaseException:
            connection.execute("rollback")
            raise
    return report


def _load_file(connection: duckdb.DuckDBPyConnection, zone: Zone, path: str, now: datetime, report: Loaded) -> None:
    try:
        slip, table = read_landed(zone, path)
    except LandingError as error:
        report.refused.append(str(error))
        return
    ((load_id,),) = connection.execute("select coalesce(max(load_id), 0) + 1 from ledger.files").fetchall()
    connection.register("landed", table)
    for thing in table.column("thing").unique().to_pylist():
        make_raw(connection, f"{slip.source}__{thing}")
        connection.execute(
            f"insert into raw.{slip.source}__{thing} select ?, key, source_time at time zone 'UTC', seen_at at time zone 'UTC', body, ?"
            " from landed where thing = ?",
            [slip.channel_id, load_id, thing],
        )
    connection.unregister("landed")
    _keep_ledger(connection, path, slip, table.num_rows, load_id, now)
    report.files += 1
    report.rows += table.num_rows


def make_raw(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Makes `raw.{name}` where it is missing. Raises LandingError for a name that no source could have."""
    if not name.replace("_", "").isalnum() or not name.isascii():
        raise LandingError(f"{name!r} cannot be the name of a raw table")
    connection.execute(f"create table if not exists raw.{name} ({RAW})")


def _keep_ledger(connection: duckdb.DuckDBPyConnection, path: str, slip: Slip, rows: int, load_id: int, now: datetime) -> None:
    connection.execute(
        "insert into ledger.files values (?, ?, ?, ?, ?, ?, ?)",
        [path, slip.channel_id, slip.run_id, slip.part, rows, load_id, _naive(now)],
    )
    if slip.is_sample:
        connection.execute("delete from ledger.settings where name = 'is_sample'")
        connection.execute("insert into ledger.settings values ('is_sample', 'true')")
    times = [_naive(datetime.fromisoformat(slip.started_at)), _naive(datetime.fromisoformat(slip.finished_at))]
    for thing, outcome in slip.outcomes.items():
        numbers = [outcome[name] for name in ("state", "rows", "expected", "requests", "points", "error")]
        further = [outcome.get(name) for name in ("total", "waiting", "older")]
        reach_at = outcome.get("reach_at")
        values = [slip.channel_id, slip.source, thing, slip.run_id, slip.part, *times, *numbers, load_id, *further]
        values.append(_naive(datetime.fromisoformat(reach_at)) if reach_at else None)
        connection.execute(f"insert into raw.ledger__runs values ({', '.join('?' * len(values))})", values)


def _naive(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(tzinfo=None)


def keep_catalog(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Replaces each `raw.catalog__…` named by the rows given."""
    connection.execute("begin")
    for name, rows in tables.items():
        columns = connection.sql(f"from raw.catalog__{name} limit 0").to_arrow_table().schema
        connection.register("entries", pa.Table.from_pylist(list(rows), schema=columns))
        connection.execute(f"delete from raw.catalog__{name}")
        connection.execute(f"insert into raw.catalog__{name} by name from entries")
        connection.unregister("entries")
    connection.execute("commit")


def has_rows(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether anything was ever loaded: runs that all failed bring files, but no rows."""
    return bool(connection.execute("select 1 from ledger.files where row_count > 0 limit 1").fetchall())


def is_sample(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether anything loaded was marked as made, not measured."""
    return bool(connection.execute("select 1 from ledger.settings where name = 'is_sample'").fetchall())
