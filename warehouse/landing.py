"""The landing zone: one immutable Parquet file per channel, run and part, with its own cursors and counts.

Folder `{channel_id}/{thousand}/`, file `{number}-{run_id}-{part}.parquet`. A zone is a folder, or in an object store.
Once a file is loaded, the warehouse is the archive: it is removed 30 days later.
"""

import io
import json
import re
import secrets
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.durable import make_private_folder
from warehouse.faults import LandingError, StoreError, ZoneError
from warehouse.forgetting.register import FOLDER as FORGOTTEN
from warehouse.forgetting.register import Forgotten
from warehouse.forgetting.scrubbing import scrub_body, scrub_texts
from warehouse.manifest import (
    REMEDY,
    SCHEMA,
    Manifest,
    RowsDigest,
    digest_rows,
    parse_manifest,
    seal_manifest,
)
from warehouse.objects.folder import STAGING_DIR, FolderPlace, Place, open_place

STAMP = "%Y%m%dT%H%M%SZ"  # how the name of a file says when its visit began
ROWS_PER_GROUP = 2_000
"""Rows per Parquet row group: one group per page would make files of many small pages five times as large."""


Zone = Place
"""An open landing zone."""


def open_zone(url: str) -> Zone:
    """Opens a path or URL (`s3://bucket/folder`, `gs://…`, `az://…`, `file:///…`). Raises LandingError."""
    try:
        zone = open_place(url)
        if isinstance(zone, FolderPlace):
            make_private_folder(Path(zone.label))
        else:
            # What is wrong with the address or its credentials is said here.
            zone.list_all(FORGOTTEN)
        return zone
    except StoreError as error:
        raise StoreError(f"landing zone (HEARTBEAT_LANDING): {error}") from None
    except (OSError, ValueError) as error:
        reason = "HEARTBEAT_LANDING must be a writable folder or an object-store URL"
        raise LandingError(f"landing zone {url}: {type(error).__name__}: {reason}") from None


def list_landed(zone: Zone, channel_id: str = "") -> list[str]:
    """Lists the landed files relative to the zone, oldest first within a channel."""
    keys = sorted(found.key for found in zone.list_all(channel_id))
    return [key for key in keys if key.endswith(".parquet") and not key.startswith(STAGING_DIR)]


def read_landed(zone: Zone, path: str) -> tuple[Manifest, pa.Table]:
    """Reads a landed file's manifest and rows (`SCHEMA`). Raises LandingError."""
    try:
        parquet = pq.ParquetFile(pa.BufferReader(zone.read(path)))
        manifest = parse_manifest(path, parquet.metadata.metadata)
        table = parquet.read().select(SCHEMA.names).cast(SCHEMA)
        digest = digest_rows(table)
    except (OSError, KeyError, ValueError, pa.ArrowException) as error:
        raise LandingError(f"{path}: unreadable ({error}); {REMEDY}") from None
    if manifest.rows_digest != digest:
        raise LandingError(f"{path}: damaged: its rows are not those that were landed; {REMEDY}")
    return manifest, table


def read_scrubbed(zone: Zone, path: str, forgotten: Forgotten) -> tuple[Manifest, pa.Table]:
    """Reads a landed file without what was forgotten, and rewrites one that holds it. Raises LandingError."""
    manifest, table = read_landed(zone, path)
    kept, scrubbed = _scrub_rows(table, forgotten), _scrub_manifest(manifest, forgotten)
    if kept is not table or scrubbed != manifest:
        sealed = replace(scrubbed, rows_digest=digest_rows(kept))
        sink = io.BytesIO()
        with pq.ParquetWriter(sink, SCHEMA, compression="zstd", compression_level=9) as parquet:
            parquet.write_table(kept, row_group_size=ROWS_PER_GROUP)
            parquet.add_key_value_metadata(seal_manifest(json.dumps(asdict(sealed))))
        zone.put(path, sink.getvalue())
    return scrubbed, kept


def _scrub_rows(table: pa.Table, forgotten: Forgotten) -> pa.Table:
    """Returns landed rows without what was forgotten; the same table if there is nothing to remove."""
    texts = table["body"].to_pylist() if forgotten.digests else []
    scrubbed = [scrub_body(forgotten, text or "") for text in texts]
    if scrubbed == texts:
        return table
    index = table.schema.get_field_index("body")
    kept = pa.array([text is not None for text in scrubbed])
    return table.set_column(index, "body", pa.array(scrubbed, pa.string())).filter(kept)


def _scrub_manifest(manifest: Manifest, forgotten: Forgotten) -> Manifest:
    if not forgotten.digests:
        return manifest
    cursors, outcomes = json.loads(scrub_texts(forgotten, json.dumps([manifest.cursors, manifest.outcomes])))
    return replace(manifest, cursors=cursors, outcomes=outcomes)


def read_manifest(zone: Zone, path: str) -> Manifest:
    """Reads the manifest of a landed file. Raises OSError, ArrowException, ValueError or LandingError."""
    return parse_manifest(path, pq.read_metadata(pa.BufferReader(zone.read(path))).metadata)


def list_channels(zone: Zone) -> list[str]:
    """Lists the channels of which something has landed, by id."""
    return sorted({path.partition("/")[0] for path in list_landed(zone)})


def read_newest_manifest(zone: Zone, channel_id: str) -> Manifest | None:
    """Reads the manifest of a channel's newest readable file, which holds the cursors. Raises ZoneError."""
    for path in reversed(list_landed(zone, channel_id)):
        try:
            return read_manifest(zone, path)
        except ZoneError:
            raise
        except (OSError, ValueError, pa.ArrowException, LandingError):
            # The loader reports this file; an older cursor only repeats work.
            continue
    return None


def read_stamp(path: str) -> datetime | None:
    """Reads from its name when the visit that landed a file began."""
    stamp = re.search(r"/\d+-(\d{8}T\d{6}Z)-[^/]*$", path)
    return datetime.strptime(stamp[1], STAMP).replace(tzinfo=UTC) if stamp else None


def read_last_visits(zone: Zone) -> dict[str, datetime]:
    """Reads when the last visit to each channel began, by channel id."""
    return {path.partition("/")[0]: stamp for path in list_landed(zone) if (stamp := read_stamp(path))}


class Writer:
    """Writes the pages of one channel's run, part by part.

    A part is landed when it is full and at the end; until then it is in memory.
    """

    def __init__(
        self, zone: Zone, manifest: Manifest, forgotten: Forgotten | None = None, rows_per_part: int = 20_000
    ) -> None:
        self.zone, self.manifest, self._limit = zone, manifest, rows_per_part
        self._forgotten = forgotten or Forgotten(b"")
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
            table = _scrub_rows(pa.table(list(zip(*self._pending, strict=True)), schema=SCHEMA), self._forgotten)
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

    def _open_part(self) -> None:
        self._rows, self._digest = 0, RowsDigest()
        self._sink = pa.BufferOutputStream()
        self._parquet = pq.ParquetWriter(self._sink, SCHEMA, compression="zstd", compression_level=9)

    @property
    def _target(self) -> str:
        one = self.manifest
        return f"{one.channel_id}/{one.number // 1000:05d}/{one.number:08d}-{one.run_id}-{one.part:04d}.parquet"

    def _land_part(self, finished_at: datetime) -> None:
        self._write_group()
        self.manifest.finished_at = finished_at.isoformat()
        self.manifest.rows_digest = self._digest.compute()
        self._parquet.add_key_value_metadata(
            seal_manifest(json.dumps(asdict(_scrub_manifest(self.manifest, self._forgotten))))
        )
        self._parquet.close()
        self.zone.put(self._target, self._sink.getvalue().to_pybytes())


def open_writer(
    zone: Zone, channel_id: str, source: str, started_at: datetime, is_sample: bool = False, key_id: str = "",
    forgotten: Forgotten | None = None,
) -> Writer:  # fmt: skip
    """Opens a writer for one run of a channel, starting from the cursors of its newest landed file. It lands nothing
    of what was forgotten."""
    previous = read_newest_manifest(zone, channel_id)
    run_id = f"{started_at.astimezone(UTC):{STAMP}}-{secrets.token_hex(4)}"
    number, cursors = (previous.number + 1, previous.cursors) if previous else (0, {})
    manifest = Manifest(channel_id, source, run_id, number, 0, started_at.isoformat())
    manifest = replace(manifest, is_sample=is_sample, key_id=key_id, cursors=dict(cursors))
    return Writer(zone, manifest, forgotten)


def remove_landed(zone: Zone, paths: Iterable[str]) -> int:
    """Removes loaded files, and returns how many. Those of a channel's newest visit, with its cursors, stay."""
    listed = list_landed(zone)
    newest = {path.partition("/")[0]: _find_visit(path) for path in listed}
    chosen = set(paths)
    gone = [path for path in listed if path in chosen and newest[path.partition("/")[0]] != _find_visit(path)]
    for path in gone:
        zone.delete(path)
    return len(gone)


def _find_visit(path: str) -> str:
    return path.rpartition("-")[0]
