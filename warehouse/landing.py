"""The landing zone: one immutable Parquet file per channel, run and part, with its own cursors and counts.

Folder `{channel_id}/{thousand}/`, file `{number}-{run_id}-{part}.parquet`. A zone is a folder, or in an object store
that many machines share. Old files of a channel are packed into one, and are read by their names as before.
"""

import contextlib
import json
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import fs

from warehouse.durable import make_private_folder, remove_stale_files
from warehouse.faults import LandingError, StoreError, ZoneError
from warehouse.manifest import (
    REMEDY,
    SCHEMA,
    Manifest,
    RowsDigest,
    parse_manifest,
    repair_text,
    seal_manifest,
)
from warehouse.objects.addresses import hide_credentials, is_object_address
from warehouse.objects.files import find_place, open_object_files
from warehouse.objects.leases import Lease
from warehouse.objects.parts import STAGING_DIR, open_part
from warehouse.objects.place import ObjectPlace
from warehouse.packing.packs import Footer, Pack, Shelf, find_last_number, is_pack, read_loose
from warehouse.withdrawn.names import read_taken_back

T = TypeVar("T")
STAMP = "%Y%m%dT%H%M%SZ"  # how the name of a file tells when its visit began
ROWS_PER_GROUP = 2_000
"""Rows per Parquet row group: one group per page would make files of many small pages five times as large."""


@dataclass(frozen=True, slots=True)
class Zone:
    """An open landing zone."""

    files: fs.FileSystem
    root: str
    taken_back: frozenset[str] = frozenset()
    """Names of files that are ignored."""
    shelf: Shelf = field(init=False, compare=False)
    """Its packs, as listed last."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "shelf", Shelf(self.files, self.root))

    @property
    def is_local(self) -> bool:
        """True for a folder on this machine."""
        return isinstance(self.files, fs.LocalFileSystem)

    @property
    def place(self) -> ObjectPlace | None:
        """Its place in an object store; None for a folder."""
        return find_place(self.files)


def open_zone(url: str) -> Zone:
    """Opens a path or URL (`s3://bucket/folder`, `gs://…`, `az://…`, `file:///…`). Raises LandingError."""
    try:
        if is_object_address(url):
            files, root = open_object_files(url)
        else:
            files, root = fs.FileSystem.from_uri(url if "://" in url else Path(url).absolute().as_uri())
            make_private_folder(Path(root))
        return Zone(files, root, read_taken_back(files, root))
    except StoreError as error:
        raise StoreError(f"landing zone (HEARTBEAT_LANDING): {error}") from None
    except (OSError, ValueError, pa.ArrowInvalid) as error:
        # The library's own message repeats the URL, which may carry a key.
        reason = "HEARTBEAT_LANDING must be a writable folder or an object-store URL"
        raise LandingError(f"landing zone {hide_credentials(url)}: {type(error).__name__}: {reason}") from None


def list_stored(zone: Zone, channel_id: str = "") -> tuple[list[str], list[str]]:
    """Lists the files as they lie in the zone, relative to it: those of one visit each, and packs of such."""
    selector = fs.FileSelector(f"{zone.root}/{channel_id}".rstrip("/"), recursive=True, allow_not_found=True)
    paths = (info.path for info in zone.files.get_file_info(selector) if info.type == fs.FileType.File)
    relative = sorted(path[len(zone.root) :].lstrip("/") for path in paths if path.endswith(".parquet"))
    landed = [path for path in relative if not path.startswith(STAGING_DIR)]
    return [path for path in landed if not is_pack(path)], [path for path in landed if is_pack(path)]


def list_landed(zone: Zone, channel_id: str = "") -> list[str]:
    """Lists all landed files by name, also those in packs, relative to the zone, oldest first within a channel."""
    loose, packs = list_stored(zone, channel_id)
    packed = (name for pack in packs for name in zone.shelf.list_members(pack))
    return sorted({*loose, *packed} - zone.taken_back)


def read_landed(zone: Zone, path: str) -> tuple[Manifest, pa.Table]:
    """Reads a landed file's manifest and rows (`SCHEMA`). Raises LandingError."""
    try:
        footer, table = _read_by_name(zone, path, read_loose, lambda pack: zone.shelf.read_rows(pack, path))
        manifest = parse_manifest(path, footer)
        table = repair_text(table.select(SCHEMA.names)).cast(SCHEMA)
    except (OSError, KeyError, ValueError, pa.ArrowException) as error:
        raise LandingError(f"{path}: unreadable ({error}); {REMEDY}") from None
    digest = RowsDigest()
    digest.add_rows(table)
    if manifest.rows_digest not in ("", digest.compute()):
        raise LandingError(f"{path}: damaged: its rows are not those that were landed; {REMEDY}")
    return manifest, table


def read_footer(zone: Zone, path: str) -> Footer:
    """Reads the footer of a landed file. Raises OSError, ValueError, ArrowException or LandingError."""
    footer, _ = _read_by_name(zone, path, lambda file: (pq.read_metadata(file).metadata or {}, None), lambda _: None)
    return footer


def _read_by_name(
    zone: Zone, path: str, read: Callable[[pa.NativeFile], tuple[Footer, T]], read_packed: Callable[[Pack], T]
) -> tuple[Footer, T]:
    """Reads a landed file where it lies now: it may be packed, and packs be merged, since it was listed."""
    if is_pack(path):
        zone.shelf.open_pack(path)
    for is_last in (False, True):
        try:
            if pack := zone.shelf.find(path):
                return pack.read_footer(path), read_packed(pack)
            with zone.files.open_input_file(f"{zone.root}/{path}") as file:
                return read(file)
        except FileNotFoundError:
            if is_last:
                raise
            zone.shelf.close()
            list_landed(zone, path.partition("/")[0])
    raise AssertionError("unreachable: the last attempt returns or raises")


def list_channels(zone: Zone) -> list[str]:
    """Lists the channels that have a folder in the zone, by id."""
    entries = zone.files.get_file_info(fs.FileSelector(zone.root, allow_not_found=True))
    return sorted(
        info.base_name for info in entries if info.type == fs.FileType.Directory and not info.base_name.startswith(".")
    )


def read_newest_manifest(zone: Zone, channel_id: str) -> Manifest | None:
    """Reads the manifest of a channel's newest readable file, which holds the cursors. Raises ZoneError."""
    for path in _list_newest_first(zone, channel_id):
        try:
            return parse_manifest(path, read_footer(zone, path))
        except ZoneError:
            raise
        except (OSError, ValueError, pa.ArrowException, LandingError):
            # The loader reports this file; an older cursor only repeats work.
            continue
    return None


def _list_newest_first(zone: Zone, channel_id: str) -> Iterator[str]:
    """Lists a channel's landed files; a pack is opened only where no newer file will do."""
    loose, packs = list_stored(zone, channel_id)
    for path in sorted([*loose, *packs], key=find_last_number, reverse=True):
        names = reversed(zone.shelf.list_members(path)) if is_pack(path) else [path]
        yield from (name for name in names if name not in zone.taken_back)


def list_visits(zone: Zone, channel_id: str = "") -> dict[str, datetime]:
    """Lists when the visit that landed each file began, by path, as the names tell."""
    return {path: at for path in list_landed(zone, channel_id) if (at := _read_stamp(path))}


def _read_stamp(path: str) -> datetime | None:
    stamp = re.search(r"/\d+-(\d{8}T\d{6}Z)-[^/]*$", path)
    return datetime.strptime(stamp[1], STAMP).replace(tzinfo=UTC) if stamp else None


def read_last_visit(zone: Zone, channel_id: str) -> datetime | None:
    """Reads when the last visit to a channel began; None where nothing of it has landed."""
    return next(filter(None, map(_read_stamp, _list_newest_first(zone, channel_id))), None)


def read_last_visits(zone: Zone) -> dict[str, datetime]:
    """Reads when the last visit to each channel began, by channel id."""
    visits = {channel_id: read_last_visit(zone, channel_id) for channel_id in list_channels(zone)}
    return {channel_id: started_at for channel_id, started_at in visits.items() if started_at}


class Writer:
    """Writes the pages of one channel's run, part by part.

    A part is landed when it is full and at the end; until then it stays in the staging folder and is ignored.
    """

    def __init__(self, zone: Zone, manifest: Manifest, rows_per_part: int = 20_000) -> None:
        self.zone, self.manifest, self._limit = zone, manifest, rows_per_part
        self.lease: Lease | None = None  # where several workers share an object store
        self._rows = 0
        self.landed: list[str] = []
        """Names of the landed files, relative to the zone."""
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
            table = self._filter_rows(pa.table(list(zip(*self._pending, strict=True)), schema=SCHEMA))
            self._parquet.write_table(table)
            self._digest.add_rows(table)
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

    def discard(self) -> None:
        """Closes and removes the part that cannot be landed, so that it takes no room."""
        with contextlib.suppress(OSError, ValueError, pa.ArrowException):
            self._parquet.close()
        self._part.discard()

    def _open_part(self) -> None:
        self._rows, self._digest = 0, RowsDigest()
        self._part = open_part(self.zone.files, self.zone.root, self._target)
        self._parquet = pq.ParquetWriter(self._part.sink, SCHEMA, compression="zstd", compression_level=9)

    @property
    def _target(self) -> str:
        one = self.manifest
        return f"{one.channel_id}/{one.number // 1000:05d}/{one.number:08d}-{one.run_id}-{one.part:04d}.parquet"

    def _land_part(self, finished_at: datetime) -> None:
        self._write_group()
        self.manifest.finished_at = finished_at.isoformat()
        self.manifest.rows_digest = self._digest.compute()
        self._parquet.add_key_value_metadata(seal_manifest(json.dumps(asdict(self._filter_manifest()))))
        self._parquet.close()
        self._part.finish()
        if self.lease:
            self.lease.confirm()
        self._place_part()
        self.landed.append(self._target)

    def _filter_rows(self, table: pa.Table) -> pa.Table:
        return table

    def _filter_manifest(self) -> Manifest:
        return self.manifest

    def _place_part(self) -> None:
        self._part.place()


def open_writer(
    zone: Zone, channel_id: str, source: str, started_at: datetime, is_sample: bool = False, key_id: str = "",
    make: Callable[[Zone, Manifest], Writer] = Writer, lease: Lease | None = None,
) -> Writer:  # fmt: skip
    """Opens a writer for one run of a channel, starting from the cursors of its newest landed file."""
    previous = read_newest_manifest(zone, channel_id)
    run_id = f"{started_at.astimezone(UTC):{STAMP}}-{secrets.token_hex(4)}"
    number, cursors = (previous.number + 1, previous.cursors) if previous else (0, {})
    number = lease.claim_number(number) if lease else number
    manifest = Manifest(channel_id, source, run_id, number, 0, started_at.isoformat())
    writer = make(zone, replace(manifest, is_sample=is_sample, key_id=key_id, cursors=dict(cursors)))
    writer.lease = lease
    return writer


def remove_stale(zone: Zone) -> None:
    """Removes stale staging files left by killed runs."""
    if zone.is_local:
        remove_stale_files(Path(zone.root, STAGING_DIR), "*.parquet")
