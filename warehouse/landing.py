"""The landing zone: one immutable Parquet file per (channel, run, part), with its own cursor and counts.

Folder `{channel_id}/{thousand}/`, file `{number}-{run_id}-{part}.parquet`. The zone is a path or an object-store URL,
so
collectors on any machine may write to it; none of them opens the warehouse.
"""

import contextlib
import json
import os
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import fs

from warehouse.faults import Fault

INSTANT = pa.timestamp("us", tz="UTC")
SCHEMA = pa.schema(
    [
        ("thing", pa.string()),
        ("key", pa.string()),
        ("source_time", INSTANT),
        ("seen_at", INSTANT),
        ("body", pa.string()),
    ]
)
MANIFEST_KEY = b"heartbeat"
STAGING_DIR = ".aside"
"""Where a file lies until it is whole, so that half a file is never taken for landed."""
STALE_SECONDS = 24 * 3600
ROWS_PER_GROUP = 2_000
"""Rows written at once: a group a page would make files of many small pages five times as large."""


class LandingError(Exception):
    """A landed file or the zone itself cannot be used; the message names it and what to do."""


@dataclass(slots=True)
class Outcome:
    """What one visit to one thing came to."""

    state: str = "failed"
    """complete | unchanged | partial | failed | skipped"""
    rows: int = 0
    expected: int | None = None
    total: int | None = None
    """How many items the source says it holds in all; None: it does not say."""
    waiting: int | None = None
    """How many of those expected a later visit has still to read; None: whatever was not among the rows of this
    visit."""
    older: int | None = None
    """How many items the source holds from before the time that is collected; None: it does not say."""
    reach_at: str = ""
    """From which instant on everything was read; empty where nothing is read backwards."""
    requests: int = 0
    points: int = 0
    error: str = ""
    fault: Fault = Fault.NONE
    """The cause behind `error`; files of former versions lack it."""


@dataclass(slots=True)
class Manifest:
    """What a landed file says of itself, kept in its Parquet footer."""

    channel_id: str
    source: str
    run_id: str
    number: int
    part: int
    started_at: str
    finished_at: str = ""
    is_last: bool = False
    is_sample: bool = False
    cursors: dict[str, Any] = field(default_factory=dict)
    outcomes: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Zone:
    """A landing zone that was opened."""

    files: fs.FileSystem
    root: str

    @property
    def is_local(self) -> bool:
        """Whether it is a folder of this machine."""
        return isinstance(self.files, fs.LocalFileSystem)


def open_zone(url: str) -> Zone:
    """Opens a path or URL (`s3://bucket/folder`, `gs://…`, `file:///…`). Raises LandingError."""
    try:
        files, root = fs.FileSystem.from_uri(url if "://" in url else Path(url).absolute().as_uri())
        files.create_dir(root, recursive=True)
    except (OSError, ValueError, pa.ArrowInvalid) as error:
        # The library's own message repeats the URL, which may carry a key.
        reason = (
            f"{type(error).__name__}: HEARTBEAT_LANDING must be a folder that can be written to, or an object-store URL"
        )
        raise LandingError(f"landing zone {_hide_credentials(url)}: {reason}") from None
    return Zone(files, root)


def _hide_credentials(url: str) -> str:
    """The URL without credentials or parameters."""
    return url.split("?")[0].split("@")[-1]


def list_landed(zone: Zone, channel_id: str = "") -> list[str]:
    """Paths of all landed files, relative to the zone, oldest first within a channel."""
    selector = fs.FileSelector(f"{zone.root}/{channel_id}".rstrip("/"), recursive=True, allow_not_found=True)
    paths = (info.path for info in zone.files.get_file_info(selector) if info.type == fs.FileType.File)
    relative = (path[len(zone.root) :].lstrip("/") for path in paths if path.endswith(".parquet"))
    return sorted(path for path in relative if not path.startswith(STAGING_DIR))


def read_landed(zone: Zone, path: str) -> tuple[Manifest, pa.Table]:
    """A landed file: what it says of itself and its rows (`SCHEMA`). Raises LandingError."""
    try:
        with zone.files.open_input_file(f"{zone.root}/{path}") as file:
            parquet = pq.ParquetFile(file)
            manifest, table = _parse_manifest(path, parquet.metadata.metadata), parquet.read()
    except (OSError, pa.ArrowInvalid) as error:
        raise LandingError(
            f"{path}: cannot be read ({error}); move it out of the landing zone and collect again"
        ) from None
    return manifest, table


def read_newest_manifest(zone: Zone, channel_id: str) -> Manifest | None:
    """The slip of a channel's newest readable file: it carries the cursors."""
    folders = zone.files.get_file_info(fs.FileSelector(f"{zone.root}/{channel_id}", allow_not_found=True))
    for folder in sorted((info.base_name for info in folders if info.type == fs.FileType.Directory), reverse=True):
        for path in reversed(list_landed(zone, f"{channel_id}/{folder}")):
            try:
                with zone.files.open_input_file(f"{zone.root}/{path}") as file:
                    return _parse_manifest(path, pq.read_metadata(file).metadata)
            except (OSError, pa.ArrowInvalid, LandingError):
                # The loader names this file to the operator; its cursor is not trusted, an older one only repeats work.
                continue
    return None


def _parse_manifest(path: str, metadata: Mapping[bytes, bytes] | None) -> Manifest:
    try:
        return Manifest(**json.loads((metadata or {})[MANIFEST_KEY]))
    except (KeyError, TypeError, ValueError):
        raise LandingError(f"{path}: not a file of Heartbeat's; move it out of the landing zone") from None


class Writer:
    """Keeps the pages of one run of one channel, part by part.

    A part is landed when it is full and at the end; until then it lies aside and counts for nothing.
    """

    def __init__(self, zone: Zone, manifest: Manifest, rows_per_part: int = 20_000) -> None:
        self.zone, self.manifest, self._limit = zone, manifest, rows_per_part
        self._rows = 0
        self._pending: list[tuple[Any, ...]] = []
        self._open_part()

    def add_rows(self, rows: Iterable[tuple[str, str, datetime | None, str]], seen_at: datetime) -> None:
        """Adds rows (thing, key, source time, body as JSON)."""
        before = len(self._pending)
        self._pending += ((thing, key, changed, seen_at, body) for thing, key, changed, body in rows)
        self._rows += len(self._pending) - before
        if len(self._pending) >= ROWS_PER_GROUP:
            self._write_group()

    def _write_group(self) -> None:
        if self._pending:
            self._parquet.write_table(pa.table(list(zip(*self._pending, strict=True)), schema=SCHEMA))
            self._pending = []

    @property
    def is_full(self) -> bool:
        """Whether the next safe moment should start a new part."""
        return self._rows >= self._limit

    def rotate(self, finished_at: datetime) -> None:
        """Lands this part and starts the next; the cursors so far are safe to go on from."""
        self._land_part(finished_at)
        self.manifest.part += 1
        self.manifest.outcomes = {}
        self._open_part()

    def finish(self, finished_at: datetime) -> None:
        """Lands the last part."""
        self.manifest.is_last = True
        self._land_part(finished_at)

    def _open_part(self) -> None:
        self._rows = 0
        self._staging_path = f"{self.zone.root}/{STAGING_DIR}/{self._file_name}"
        self.zone.files.create_dir(f"{self.zone.root}/{STAGING_DIR}", recursive=True)
        # An object store shows a file only once it is written whole, so there it needs no place aside.
        self._sink = self.zone.files.open_output_stream(self._staging_path if self.zone.is_local else self._target_path)
        self._parquet = pq.ParquetWriter(self._sink, SCHEMA, compression="zstd", compression_level=9)

    @property
    def _file_name(self) -> str:
        return f"{self.manifest.number:08d}-{self.manifest.run_id}-{self.manifest.part:04d}.parquet"

    @property
    def _target_path(self) -> str:
        return f"{self.zone.root}/{self.manifest.channel_id}/{self.manifest.number // 1000:05d}/{self._file_name}"

    def _land_part(self, finished_at: datetime) -> None:
        self._write_group()
        self.manifest.finished_at = finished_at.isoformat()
        self._parquet.add_key_value_metadata({MANIFEST_KEY.decode(): json.dumps(asdict(self.manifest))})
        self._parquet.close()
        self._sink.close()
        if self.zone.is_local:
            _sync_file(self._staging_path)
            self.zone.files.create_dir(os.path.dirname(self._target_path), recursive=True)
            os.replace(self._staging_path, self._target_path)


def _sync_file(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def open_writer(zone: Zone, channel_id: str, source: str, started_at: datetime, is_sample: bool = False) -> Writer:
    """A writer for one run of a channel; its slip starts with the cursors of the newest landed file."""
    previous = read_newest_manifest(zone, channel_id)
    run_id = f"{started_at:%Y%m%dT%H%M%S}Z-{secrets.token_hex(4)}"
    manifest = Manifest(
        channel_id,
        source,
        run_id,
        previous.number + 1 if previous else 0,
        0,
        started_at.isoformat(),
        is_sample=is_sample,
    )
    manifest.cursors = dict(previous.cursors) if previous else {}
    return Writer(zone, manifest)


def remove_stale(zone: Zone) -> None:
    """Removes what killed runs left aside long ago."""
    if not zone.is_local:
        return
    for path in Path(zone.root, STAGING_DIR).glob("*.parquet"):
        # Another collector may land its file between the look and the touch.
        with contextlib.suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > STALE_SECONDS:
                path.unlink()
