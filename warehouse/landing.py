"""The landing zone: one immutable Parquet file per channel, run and part, with its own cursors and counts.

Folder `{channel_id}/{thousand}/`, file `{number}-{run_id}-{part}.parquet`. The zone is a path or an object-store URL,
so
collectors on any machine may write to it; none of them opens the warehouse.
"""

import contextlib
import json
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

from warehouse.durable import replace_file, sync
from warehouse.faults import Fault
from warehouse.notes import Note

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
"""Folder of incomplete files, so that half a file never counts as landed."""
STALE_SECONDS = 24 * 3600
ROWS_PER_GROUP = 2_000
"""Rows per Parquet row group: one group per page would make files of many small pages five times as large."""


class LandingError(Exception):
    """An unusable landed file or landing zone; the message names it and what to do."""


@dataclass(slots=True)
class Outcome:
    """The outcome of one visit to one stream."""

    state: str = "failed"
    """complete | unchanged | partial | failed | skipped"""
    rows: int = 0
    expected: int | None = None
    total: int | None = None
    """Number of items that the source reports holding in all; None if not reported."""
    waiting: int | None = None
    """Number of expected items left to a later visit; None means all except the rows of this visit."""
    older: int | None = None
    """Number of items that the source holds from before the collected window; None if not reported."""
    passed_over: int = 0
    """Number of items that the source does not return in full: they are missing, and asked again by later visits."""
    reach_at: str = ""
    """Start of the range read completely; empty for streams that are not read backwards."""
    requests: int = 0
    points: int = 0
    error: str = ""
    fault: Fault = Fault.NONE
    """The cause of `error`; files of older versions lack it."""
    notes: list[Note] = field(default_factory=list)
    """What the reader passed over or left out, by name."""


@dataclass(slots=True)
class Manifest:
    """The metadata of a landed file, stored in its Parquet footer."""

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
    """An open landing zone."""

    files: fs.FileSystem
    root: str

    @property
    def is_local(self) -> bool:
        """True for a folder on this machine."""
        return isinstance(self.files, fs.LocalFileSystem)


def open_zone(url: str) -> Zone:
    """Opens a path or URL (`s3://bucket/folder`, `gs://…`, `file:///…`). Raises LandingError."""
    try:
        files, root = fs.FileSystem.from_uri(url if "://" in url else Path(url).absolute().as_uri())
        files.create_dir(root, recursive=True)
    except (OSError, ValueError, pa.ArrowInvalid) as error:
        # The library's own message repeats the URL, which may carry a key.
        reason = f"{type(error).__name__}: HEARTBEAT_LANDING must be a writable folder or an object-store URL"
        raise LandingError(f"landing zone {_hide_credentials(url)}: {reason}") from None
    return Zone(files, root)


def _hide_credentials(url: str) -> str:
    """Returns the URL without credentials or parameters."""
    return url.split("?")[0].split("@")[-1]


def list_landed(zone: Zone, channel_id: str = "") -> list[str]:
    """Lists all landed files, relative to the zone, oldest first within a channel."""
    selector = fs.FileSelector(f"{zone.root}/{channel_id}".rstrip("/"), recursive=True, allow_not_found=True)
    paths = (info.path for info in zone.files.get_file_info(selector) if info.type == fs.FileType.File)
    relative = (path[len(zone.root) :].lstrip("/") for path in paths if path.endswith(".parquet"))
    return sorted(path for path in relative if not path.startswith(STAGING_DIR))


def read_landed(zone: Zone, path: str) -> tuple[Manifest, pa.Table]:
    """Reads a landed file's manifest and rows (`SCHEMA`). Raises LandingError."""
    try:
        with zone.files.open_input_file(f"{zone.root}/{path}") as file:
            parquet = pq.ParquetFile(file)
            manifest, table = _parse_manifest(path, parquet.metadata.metadata), parquet.read()
        return manifest, _repair_text(table.select(SCHEMA.names)).cast(SCHEMA)
    except (OSError, KeyError, pa.ArrowException) as error:
        raise LandingError(f"{path}: unreadable ({error}); move it out of the landing zone and collect again") from None


def _repair_text(table: pa.Table) -> pa.Table:
    """Replaces bytes that are no UTF-8: DuckDB would refuse the whole file for one of them."""
    try:
        table.validate(full=True)
        return table
    except pa.ArrowInvalid:
        for index, name in enumerate(table.schema.names):
            if table.schema.types[index] in (pa.string(), pa.large_string()):
                values = table[name].cast(pa.binary()).to_pylist()
                texts = [None if value is None else value.decode("utf-8", "replace") for value in values]
                table = table.set_column(index, name, pa.array(texts, pa.string()))
        return table


def read_newest_manifest(zone: Zone, channel_id: str) -> Manifest | None:
    """Reads the manifest of a channel's newest readable file, which holds the cursors."""
    folders = zone.files.get_file_info(fs.FileSelector(f"{zone.root}/{channel_id}", allow_not_found=True))
    for folder in sorted((info.base_name for info in folders if info.type == fs.FileType.Directory), reverse=True):
        for path in reversed(list_landed(zone, f"{channel_id}/{folder}")):
            try:
                with zone.files.open_input_file(f"{zone.root}/{path}") as file:
                    return _parse_manifest(path, pq.read_metadata(file).metadata)
            except (OSError, pa.ArrowInvalid, LandingError):
                # The loader reports this file; an older cursor only repeats work.
                continue
    return None


def _parse_manifest(path: str, metadata: Mapping[bytes, bytes] | None) -> Manifest:
    try:
        manifest = Manifest(**json.loads((metadata or {})[MANIFEST_KEY]))
        if _is_sound(manifest):
            return manifest
    except (AttributeError, KeyError, TypeError, ValueError):
        pass
    raise LandingError(f"{path}: not a Heartbeat file; move it out of the landing zone") from None


def _is_sound(manifest: Manifest) -> bool:
    """Tells whether a manifest has what the ledger and the next visit rest on. Raises TypeError or ValueError."""
    datetime.fromisoformat(manifest.started_at)
    datetime.fromisoformat(manifest.finished_at or manifest.started_at)
    texts = (manifest.channel_id, manifest.run_id, manifest.source)
    numbers = (manifest.number, manifest.part)
    tables = (manifest.cursors, manifest.outcomes, *manifest.outcomes.values(), *manifest.cursors.values())
    return (
        all(isinstance(text, str) and text.isprintable() and text for text in texts)
        and all(isinstance(number, int) and 0 <= number < 2**31 for number in numbers)
        and all(isinstance(table, dict) for table in tables)
    )


class Writer:
    """Writes the pages of one channel's run, part by part.

    A part is landed when it is full and at the end; until then it stays in the staging folder and is ignored.
    """

    def __init__(self, zone: Zone, manifest: Manifest, rows_per_part: int = 20_000) -> None:
        self.zone, self.manifest, self._limit = zone, manifest, rows_per_part
        self._rows = 0
        self._pending: list[tuple[Any, ...]] = []
        self._open_part()

    def add_rows(self, rows: Iterable[tuple[str, str, datetime | None, str]], seen_at: datetime) -> None:
        """Adds rows (stream, key, source time, body as JSON)."""
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
        """True when the next resumable page should start a new part."""
        return self._rows >= self._limit

    def rotate(self, finished_at: datetime) -> None:
        """Lands this part and starts the next; its cursors must be safe to resume from."""
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
        # An object store shows a file only once it is complete, so no staging is needed there.
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
            staging_path, target_path = Path(self._staging_path), Path(self._target_path)
            sync(staging_path)
            target_path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(staging_path, target_path)


def open_writer(zone: Zone, channel_id: str, source: str, started_at: datetime, is_sample: bool = False) -> Writer:
    """Opens a writer for one run of a channel, starting from the cursors of its newest landed file."""
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
    """Removes stale staging files left by killed runs."""
    if not zone.is_local:
        return
    for path in Path(zone.root, STAGING_DIR).glob("*.parquet"):
        # Another collector may land its file between the listing and the check.
        with contextlib.suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > STALE_SECONDS:
                path.unlink()
