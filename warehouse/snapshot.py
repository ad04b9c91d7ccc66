"""The published snapshot: finds the current one, or the newest sound one if that is damaged, and queries it."""

import hashlib
import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from warehouse.database import WarehouseError, interrupting, open_snapshot

POINTER = "current.json"
SAMPLE = "sample"
"""The folder in a home that holds the sample world's own home."""
FILE = re.compile(r"snapshot-(?P<version>\d{8,})-(?P<digest>[0-9a-f]{16})\.duckdb")
"""Name of a version: its number, and the digest of its content, by which it is verified without any other file."""
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
    """Why this is not the version that was published last; empty if it is."""


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
    except ValidationError:
        raise WarehouseError(f"{POINTER} is damaged: it names no snapshot") from None


def read_sound_pointer(folder: Path) -> Pointer | None:
    """Reads a folder's pointer; None if the pointer or its file is missing or damaged."""
    try:
        pointer = read_pointer(folder)
        if pointer is not None:
            verify_file(folder / pointer.file)
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
    return Snapshot(path, pointer.version, pointer.published_at, pointer.is_sample, pointer.build)


def verify_file(path: Path) -> None:
    """Raises WarehouseError if a published file is gone, or is not what its name says."""
    try:
        state = path.stat()
    except FileNotFoundError:
        raise WarehouseError(f"{path.name} is gone") from None
    # All open pages look at a new version at once: one reads it, the others wait.
    with _verifying:
        is_sound = _is_sound(path, state.st_size, state.st_mtime_ns)
    if not is_sound:
        raise WarehouseError(f"{path.name} is damaged: it is no longer what was published")


# Read once per process and file: a dashboard asks every few seconds.
@lru_cache(maxsize=64)
def _is_sound(path: Path, _size: int, _changed_at: int) -> bool:
    match = FILE.fullmatch(path.name)
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
    row = rows[0]
    return Snapshot(path, row["version"], row["published_at"].replace(tzinfo=UTC), row["is_sample"])


def query(snapshot: Snapshot, sql: str, params: Sequence[Any] | Mapping[str, Any] | None = None) -> pa.Table:
    """Runs one read-only statement on a snapshot and returns its rows. Raises duckdb.InterruptException once the time
    that `limit_queries` gave is over."""
    # Each version has its own file name, so a cached connection can never serve an older one.
    with _open(snapshot.path).cursor() as cursor, interrupting(cursor, _until.get()):
        return cursor.sql(sql, params=params).to_arrow_table()


@contextmanager
def limit_queries(seconds: float) -> Iterator[None]:
    """Limits all queries inside the block to this many seconds in total."""
    token = _until.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _until.reset(token)


def open_reader(path: Path) -> duckdb.DuckDBPyConnection:
    """Opens any database file for reading; one of a published version may be open in this process already, and has its
    settings then."""
    return _open(path).cursor() if FILE.fullmatch(path.name) else open_snapshot(path)


def has_table(snapshot: Snapshot, table: str) -> bool:
    """True if the snapshot has a table (`schema.name`), which one published by another version may lack."""
    return table in _list_tables(snapshot)


@lru_cache(maxsize=8)
def _list_tables(snapshot: Snapshot) -> frozenset[str]:
    rows = query(snapshot, "select table_schema, table_name from information_schema.tables").to_pylist()
    return frozenset(f"{row['table_schema']}.{row['table_name']}" for row in rows)


def _open(path: Path) -> duckdb.DuckDBPyConnection:
    # Two readers that open a new version at once would each set and lock its settings.
    with _opening:
        return _open_cached(path)


@lru_cache(maxsize=4)
def _open_cached(path: Path) -> duckdb.DuckDBPyConnection:
    return open_snapshot(path)


def count_figures(snapshot: Snapshot) -> int:
    """Counts the tables of figures by a query. Raises WarehouseError if the file answers none."""
    try:
        rows = query(snapshot, "select 1 from information_schema.tables where table_schema = 'metrics'")
    except duckdb.Error as error:
        raise WarehouseError(f"{snapshot.path}: {str(error)[:200]}") from error
    return int(rows.num_rows)
