"""The landing zone: one immutable Parquet file per (channel, run, part), with its own cursor and counts.

Folder `{channel_id}/{thousand}/`, file `{number}-{run_id}-{part}.parquet`. The zone is a path or an object-store URL, so
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
META = b"heartbeat"
ASIDE = ".aside"
"""Where a file lies until it is whole, so that half a file is never taken for landed."""
STALE_ASIDE_SECONDS = 24 * 3600
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
    """How many of those expected a later visit has still to read; None: whatever was not among the rows of this visit."""
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
class Slip:
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
        what = (
            f"{type(error).__name__}: HEARTBEAT_LANDING must be a folder that can be written to, or an object-store URL"
        )
        raise LandingError(f"landing zone {_plain(url)}: {what}") from None
    return Zone(files, root)


def _plain(url: str) -> str:
    """The URL without credentials or parameters."""
    return url.split("?")[0].split("@")[-1]


def landed(zone: Zone, channel_id: str = "") -> list[str]:
    """Paths of all landed files, relative to the zone, oldest first within a channel."""
    selector = fs.FileSelector(f"{zone.root}/{channel_id}".rstrip("/"), recursive=True, allow_not_found=True)
    paths = (info.path for info in zone.files.get_file_info(selector) if info.type == fs.FileType.File)
    relative = (path[len(zone.root) :].lstrip("/") for path in paths if path.endswith(".parquet"))
    return sorted(path for path in relative if not path.startswith(ASIDE))


def read_landed(zone: Zone, path: str) -> tuple[Slip, pa.Table]:
    """A landed file: what it says of itself and its rows (`SCHEMA`). Raises LandingError."""
    try:
        with zone.files.open_input_file(f"{zone.root}/{path}") as file:
            parquet = pq.ParquetFile(file)
            slip, table = _slip(path, parquet.metadata.metadata), parquet.read()
    except (OSError, pa.ArrowInvalid) as error:
        raise LandingError(
            f"{path}: cannot be read ({error}); move it out of the landing zone and collect again"
        ) from None
    return slip, table


def newest(zone: Zone, channel_id: str) -> Slip | None:
    """The slip of a channel's newest readable file: it carries the cursors."""
    folders = zone.files.get_file_info(fs.FileSelector(f"{zone.root}/{channel_id}", allow_not_found=True))
    for folder in sorted((info.base_name for info in folders if info.type == fs.FileType.Directory), reverse=True):
        for path in reversed(landed(zone, f"{channel_id}/{folder}")):
            try:
                with zone.files.open_input_file(f"{zone.root}/{path}") as file:
                    return _slip(path, pq.read_metadata(file).metadata)
            except (OSError, pa.ArrowInvalid, LandingError):
                # The loader names this file to the operator; its cursor is not trusted, an older one only repeats work.
                continue
    return None


def _slip(path: str, metadata: Mapping[bytes, bytes] | None) -> Slip:
    try:
        return Slip(**json.loads((metadata or {})[META]))
    except (KeyError, TypeError, ValueError):
        raise LandingError(f"{path}: not a file of Heartbeat's; move it out of the landing zone") from None


class Writer:
    """Keeps the pages of one run of one channel, part by part.

    A part is landed when it is full and at the end; until then it lies aside and counts for nothing.
    """

    def __init__(self, zone: Zone, slip: Slip, rows_per_part: int = 20_000) -> None:
        self.zone, self.slip, self._limit = zone, slip, rows_per_part
        self._rows = 0
        self._waiting: list[tuple[Any, ...]] = []
        self._open()

    def keep(self, rows: Iterable[tuple[str, str, datetime | None, str]], seen_at: datetime) -> None:
        """Adds rows (thing, key, source time, body as JSON)."""
        before = len(self._waiting)
        self._waiting += ((thing, key, changed, seen_at, body) for thing, key, changed, body in rows)
        self._rows += len(self._waiting) - before
        if len(self._waiting) >= ROWS_PER_GROUP:
            self._write()

    def _write(self) -> None:
        if self._waiting:
            self._parquet.write_table(pa.table(list(zip(*self._waiting, strict=True)), schema=SCHEMA))
            self._waiting = []

    @property
    def is_full(self) -> bool:
        """Whether the next safe moment should start a new part."""
        return self._rows >= self._limit

    def turn(self, finished_at: datetime) -> None:
        """Lands this part and starts the next; the cursors so far are safe to go on from."""
        self._land(finished_at)
        self.slip.part += 1
        self.slip.outcomes = {}
        self._open()

    def finish(self, finished_at: datetime) -> None:
        """Lands the last part."""
        self.slip.is_last = True
        self._land(finished_at)

    def _open(self) -> None:
        self._rows = 0
        self._aside = f"{self.zone.root}/{ASIDE}/{self._name}"
        self.zone.files.create_dir(f"{self.zone.root}/{ASIDE}", recursive=True)
        # An object store shows a file only once it is written whole, so there it needs no place aside.
        self._sink = self.zone.files.open_output_stream(self._aside if self.zone.is_local else self._final)
        self._parquet = pq.ParquetWriter(self._sink, SCHEMA, compression="zstd", compression_level=9)

    @property
    def _name(self) -> str:
        return f"{self.slip.number:08d}-{self.slip.run_id}-{self.slip.part:04d}.parquet"

    @property
    def _final(self) -> str:
        return f"{self.zone.root}/{self.slip.channel_id}/{self.slip.number // 1000:05d}/{self._name}"

    def _land(self, finished_at: datetime) -> None:
        self._write()
        self.slip.finished_at = finished_at.isoformat()
        self._parquet.add_key_value_metadata({META.decode(): json.dumps(asdict(self.slip))})
        self._parquet.close()
        self._sink.close()
        if self.zone.is_local:
            _sync(self._aside)
            self.zone.files.create_dir(os.path.dirname(self._final), recursive=True)
            os.replace(self._aside, self._final)


def _sync(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def begin(zone: Zone, channel_id: str, source: str, started_at: datetime, is_sample: bool = False) -> Writer:
    """A writer for one run of a channel; its slip starts with the cursors of the newest landed file."""
    before = newest(zone, channel_id)
    run_id = f"{started_at:%Y%m%dT%H%M%S}Z-{secrets.token_hex(4)}"
    slip = Slip(
        channel_id, source, run_id, before.number + 1 if before else 0, 0, started_at.isoformat(), is_sample=is_sample
    )
    slip.cursors = dict(before.cursors) if before else {}
    return Writer(zone, slip)


def sweep(zone: Zone) -> None:
    """Removes what killed runs left aside long ago."""
    if not zone.is_local:
        return
    for path in Path(zone.root, ASIDE).glob("*.parquet"):
        # Another collector may land its file between the look and the touch.
        with contextlib.suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > STALE_ASIDE_SECONDS:
                path.unlink()
