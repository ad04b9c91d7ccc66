"""The published snapshot: finds the current one, or the newest sound one if that is damaged, and queries it."""

import hashlib
import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from warehouse.database import WarehouseError, interrupting, open_scratch, open_snapshot, quote_literal

POINTER = "current.json"
SAMPLE = "sample"
"""The folder in a home that holds the sample world's own home."""
FILE = re.compile(r"snapshot-(?P<version>\d{8,})-(?P<digest>[0-9a-f]{16})\.duckdb")
"""Name of a version: its number, and the digest of its content, by which it is verified without any other file."""
ROWS = re.compile(r"rows-[a-z]\w*\.\w+-[0-9a-f]{16}-(?P<digest>[0-9a-f]{16})\.parquet")
"""Name of a file of rows that versions share: its table, the digest of its rows, and that of its content."""
FOLDER_VARIABLE = "published"
"""The variable of a connection that holds the folder of the files of rows, with a slash."""
SMALL_BYTES = 10_000_000
"""Size up to which a file of rows is verified when its version is opened; a larger one is when somebody asks for
rows."""
_until: ContextVar[float] = ContextVar("until", default=float("inf"))
_opening = threading.Lock()
_verifying = threading.Lock()


class Pointer(BaseModel):
    """The content of `current.json`: which version readers should see, and of which build it is."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    file: str = Field(pattern=f"^{FILE.pattern}$")
    version: int = Field(ge=1)
    published_at: AwareDatetime
    is_sample: bool
    build: int = 0
    build_id: str = ""


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
    trouble: str = ""
    """Why this is not the version that was published last, or not all of it; empty if it is."""


def published_folder(home: Path) -> Path:
    """Returns the folder of a home's published snapshots."""
    return home / "published"


def read_current(home: Path) -> Snapshot | None:
    """Returns the newest published snapshot of a home, else of its sample world, else None.

    Raises WarehouseError if there are versions and none can be read.
    """
    for candidate in (home, home / SAMPLE):
        snapshot = read_published(published_folder(candidate))
        if snapshot is not None:
            return snapshot
    return None


def read_published(folder: Path) -> Snapshot | None:
    """Returns the version that a folder's pointer names, or the newest sound one with what is wrong; None if there is
    neither. Raises WarehouseError if there are versions and none can be read."""
    try:
        pointer = read_pointer(folder)
        if pointer is not None:
            return _open_pointed(folder, pointer)
        fault = f"{POINTER} is missing"
    except WarehouseError as error:
        fault = str(error)
    versions = list_versions(folder)
    for path in versions:
        try:
            verify_file(path)
            sound = read_file(path)
        except WarehouseError:
            continue
        return replace(sound, trouble=f"{fault}. Version {sound.version} is shown instead; run `heartbeat publish`")
    if versions or (folder / POINTER).exists():
        raise WarehouseError(f"{folder}: {fault}, and no other version can be read; run `heartbeat publish`")
    return None


def read_pointer(folder: Path) -> Pointer | None:
    """Reads a folder's pointer; None if there is none. Raises WarehouseError if it is damaged."""
    try:
        return Pointer.model_validate_json((folder / POINTER).read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise WarehouseError(f"{POINTER} cannot be read: {error.strerror}") from None
    except ValidationError:
        raise WarehouseError(f"{POINTER} is damaged: it names no snapshot") from None


def read_sound_pointer(folder: Path) -> Pointer | None:
    """Reads a folder's pointer; None if the pointer or one of the version's files is missing or damaged."""
    try:
        pointer = read_pointer(folder)
        if pointer is not None:
            verify_file(folder / pointer.file)
            verify_rows(folder / pointer.file)
    except WarehouseError:
        return None
    return pointer


def list_versions(folder: Path) -> list[Path]:
    """Lists the published files in a folder, newest first."""
    found = [path for path in folder.glob("snapshot-*.duckdb") if FILE.fullmatch(path.name)]
    return sorted(found, key=lambda path: (read_version(path), path.name), reverse=True)


def read_version(path: Path) -> int:
    """Reads the number of a version off the name of its file."""
    match = FILE.fullmatch(path.name)
    return int(match["version"]) if match else 0


def _open_pointed(folder: Path, pointer: Pointer) -> Snapshot:
    path = folder / pointer.file
    verify_file(path)
    trouble = _find_lost_rows(path)
    return Snapshot(path, pointer.version, pointer.published_at, pointer.is_sample, pointer.build, trouble=trouble)


def _find_lost_rows(path: Path) -> str:
    """Says which of a version's files of rows is gone or damaged, if any is."""
    lost = next(iter(_verify_small_rows(path).values()), "")
    return lost and f"{lost}, so the rows behind figures cannot be listed; run `heartbeat publish`"


def _verify_small_rows(path: Path) -> dict[str, str]:
    """Returns what is wrong with a version's files of rows, by name."""
    faults = {}
    for file in map(path.with_name, list_rows(path)):
        try:
            if not file.is_file() or file.stat().st_size <= SMALL_BYTES:
                verify_file(file)
        except WarehouseError as error:
            faults[file.name] = str(error)
    return faults


def verify_rows(path: Path) -> None:
    """Raises WarehouseError if one of a version's files of rows is gone or damaged."""
    for name in list_rows(path):
        verify_file(path.parent / name)


def verify_file(path: Path) -> None:
    """Raises WarehouseError if a published file is gone, cannot be read, or is not what its name says."""
    try:
        state = path.stat()
        # All open pages look at a new version at once: one reads it, the others wait.
        with _verifying:
            is_sound = _is_sound(path, state.st_size, state.st_mtime_ns)
    except FileNotFoundError:
        raise WarehouseError(f"{path.name} is gone") from None
    except OSError as error:
        raise WarehouseError(f"{path.name} cannot be read: {error.strerror}") from None
    if not is_sound:
        raise WarehouseError(f"{path.name} is damaged: it is no longer what was published")


# Read once per process and file: a dashboard asks every few seconds.
@lru_cache(maxsize=4096)
def _is_sound(path: Path, _size: int, _changed_at: int) -> bool:
    match = FILE.fullmatch(path.name) or ROWS.fullmatch(path.name)
    return bool(match and match["digest"] == digest_file(path))


def digest_file(path: Path) -> str:
    """Computes the digest of a file's content: 16 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=8)).hexdigest()


def read_file(path: Path) -> Snapshot:
    """Reads what a published file says of itself. Raises WarehouseError."""
    # Asked through the connection that readers keep to it.
    unread = Snapshot(path, 0, datetime.min.replace(tzinfo=UTC), is_sample=True)
    try:
        rows = query(unread, "select version, published_at, is_sample from meta.snapshot").to_pylist()
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise WarehouseError(f"{path}: not a published snapshot that can be read: {reason}") from None
    if not rows:
        raise WarehouseError(f"{path}: does not say when it was published")
    row, trouble = rows[0], _find_lost_rows(path)
    published_at = row["published_at"].replace(tzinfo=UTC)
    return Snapshot(path, row["version"], published_at, row["is_sample"], trouble=trouble)


def query(snapshot: Snapshot, sql: str, params: Sequence[Any] | Mapping[str, Any] | None = None) -> pa.Table:
    """Runs one read-only statement on a snapshot and returns its rows. Raises duckdb.InterruptException once the time
    that `limit_queries` gave is over."""
    # Each version has its own file name, so a cached connection can never serve an older one.
    with _open(snapshot.path) as cursor, interrupting(cursor, _until.get()):
        return cursor.sql(sql, params=params).to_arrow_table()


@contextmanager
def limit_queries(seconds: float) -> Iterator[None]:
    """Limits all queries inside the block to this many seconds in total."""
    token = _until.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _until.reset(token)


def has_table(snapshot: Snapshot, table: str) -> bool:
    """True if the snapshot has a table (`schema.name`), which one published by another version, or with a lost file of
    rows, may lack."""
    return table in _list_tables(snapshot)


@lru_cache(maxsize=8)
def _list_tables(snapshot: Snapshot) -> frozenset[str]:
    tables = query(
        snapshot,
        "select schema_name || '.' || table_name as name, '' as sql from duckdb_tables()"
        " union all select schema_name || '.' || view_name, sql from duckdb_views()",
    ).to_pylist()
    lost = _verify_small_rows(snapshot.path)
    return frozenset(table["name"] for table in tables if not any(file in table["sql"] for file in lost))


@lru_cache(maxsize=8)
def list_rows(path: Path) -> tuple[str, ...]:
    """Lists the names of the files of rows that a version's views read. Raises WarehouseError."""
    try:
        with _open(path) as cursor:
            return _read_rows(cursor)
    except duckdb.Error as error:
        raise WarehouseError(f"{path}: {str(error).splitlines()[0]}") from None


def _read_rows(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    views = connection.execute("select sql from duckdb_views() where not internal order by view_name").fetchall()
    return tuple(match[0] for (sql,) in views for match in ROWS.finditer(sql))


def render_rows(names: Sequence[str]) -> str:
    """Renders a query of files of rows, which are looked for in the folder that `name_folder` names, or without it
    where the query is run."""
    files = ", ".join(map(quote_literal, names))
    places = f"list_transform([{files}], lambda name: concat(getvariable('{FOLDER_VARIABLE}'), name))"
    return f"from read_parquet({places}, hive_partitioning = false)"


def remove_unused_rows(folder: Path) -> None:
    """Removes the files of rows that no version in a folder has; none while one of them does not say which it has."""
    files = list(folder.glob("rows-*"))
    if not files:
        return
    with suppress(OSError, duckdb.Error), open_scratch() as connection:
        for number, path in enumerate(list_versions(folder)):
            # Opening each for readers would take five times as long.
            connection.execute(f"attach {quote_literal(str(path))} as version_{number} (read_only)")
        used = _read_rows(connection)
        for path in files:
            if path.name not in used:
                path.unlink()


def _open(path: Path) -> duckdb.DuckDBPyConnection:
    # Two readers that open a new version at once would each set and lock its settings.
    with _opening:
        cursor = _open_cached(path).cursor()
    name_folder(cursor, path.parent)
    return cursor


@lru_cache(maxsize=4)
def _open_cached(path: Path) -> duckdb.DuckDBPyConnection:
    return open_snapshot(path, [file for file in path.parent.glob("rows-*") if ROWS.fullmatch(file.name)])


def name_folder(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Tells a connection in which folder the files of rows lie that the views of a snapshot read."""
    connection.execute(f"set variable {FOLDER_VARIABLE} = {quote_literal(f'{folder.absolute()}/')}")


def count_figures(snapshot: Snapshot) -> int:
    """Counts the tables of figures by a query. Raises WarehouseError if the file answers none."""
    try:
        rows = query(snapshot, "select 1 from information_schema.tables where table_schema = 'metrics'")
    except duckdb.Error as error:
        raise WarehouseError(f"{snapshot.path}: {str(error)[:200]}") from error
    return int(rows.num_rows)
