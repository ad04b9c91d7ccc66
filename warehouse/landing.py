"""The landing zone: one Parquet file per channel, run and part, with its own cursors and counts.

Folder `{channel_id}/{thousand}/`, file `{number}-{run_id}-{part}.parquet`. A zone is a folder, or in an object store.
Once a file is loaded, the warehouse is the archive: it is removed 30 days later.
"""

import re
import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from warehouse.durable import make_private_folder
from warehouse.faults import LandingError, StoreError, ZoneError
from warehouse.forgetting.register import FOLDER as FORGOTTEN
from warehouse.forgetting.register import Forgotten
from warehouse.forgetting.scrubbing import scrub_table, scrub_value
from warehouse.manifest import REMEDY, Manifest, pack_file, unpack_file
from warehouse.places import FolderPlace, Place, open_place
from warehouse.typed import LandedRow, make_schema, refuse_unfit, type_rows

STAMP = "%Y%m%dT%H%M%SZ"  # how the name of a file says when its visit began
ROWS_PER_PART = 20_000
"""Rows from which on the next resumable page starts a new part."""
Zone = Place
"""An open landing zone."""


def open_zone(url: str) -> Zone:
    """Opens a path or URL (`s3://bucket/folder`, `gs://…`, `az://…`, `file:///…`). Raises LandingError."""
    try:
        zone = open_place(url)
        if isinstance(zone, FolderPlace):
            make_private_folder(Path(zone.label))
        else:
            # Here the store says what is wrong with the address or its credentials.
            zone.list_keys(FORGOTTEN)
        return zone
    except StoreError as error:
        raise StoreError(f"landing zone (HEARTBEAT_LANDING): {error}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        allowed = "write a folder that you may write to, or the address of an object store, into HEARTBEAT_LANDING"
        raise LandingError(f"landing zone {url}: {reason}; {allowed}") from None


def list_landed(zone: Zone, channel_id: str = "") -> list[str]:
    """Lists the landed files relative to the zone, oldest first within a channel."""
    return sorted(key for key in zone.list_keys(channel_id) if key.endswith(".parquet"))


def read_landed(zone: Zone, path: str) -> tuple[Manifest, pa.Table]:
    """Reads a landed file's manifest and rows (`SCHEMA` and their fields). Raises LandingError."""
    manifest, parquet = unpack_file(path, zone.read(path))
    try:
        table = parquet.read()
        schema = make_schema(manifest.source, table.schema.names)
        typed = table.select(schema.names).cast(schema)
        refuse_unfit(typed)
        return manifest, typed
    except (OSError, KeyError, ValueError, pa.ArrowException) as error:
        raise LandingError(f"{path}: unreadable ({error}); {REMEDY}") from None


def read_scrubbed(zone: Zone, path: str, forgotten: Forgotten) -> tuple[Manifest, pa.Table]:
    """Reads a landed file without what was forgotten, and rewrites one that holds it. Raises LandingError."""
    manifest, table = read_landed(zone, path)
    kept, scrubbed = scrub_table(forgotten, table), _scrub_manifest(manifest, forgotten)
    if kept is not table or scrubbed != manifest:
        _write_part(zone, path, scrubbed, kept)
    return scrubbed, kept


def _scrub_manifest(manifest: Manifest, forgotten: Forgotten) -> Manifest:
    if not forgotten.digests:
        return manifest
    cursors, outcomes = scrub_value(forgotten, [manifest.cursors, manifest.outcomes])
    return replace(manifest, cursors=cursors, outcomes=outcomes)


def _write_part(zone: Zone, path: str, manifest: Manifest, table: pa.Table) -> None:
    zone.put(path, pack_file(manifest, table, compression="zstd", compression_level=9))


def read_newest_manifest(zone: Zone, channel_id: str) -> Manifest | None:
    """Reads the manifest of a channel's newest readable file, which holds the cursors. Raises ZoneError."""
    for path in reversed(list_landed(zone, channel_id)):
        try:
            return unpack_file(path, zone.read(path))[0]
        except ZoneError:
            raise
        except (OSError, LandingError):
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

    def __init__(self, zone: Zone, manifest: Manifest, forgotten: Forgotten | None = None) -> None:
        self.zone, self.manifest, self._forgotten = zone, manifest, forgotten or Forgotten(b"")
        self._rows: list[LandedRow] = []

    def add_rows(self, rows: Iterable[tuple[str, str, datetime | None, str]], seen_at: datetime) -> None:
        """Adds rows (stream, key, source time, body as JSON)."""
        self._rows += ((thing, key, changed, seen_at, body) for thing, key, changed, body in rows)

    @property
    def is_full(self) -> bool:
        """True if the next resumable page should start a new part."""
        return len(self._rows) >= ROWS_PER_PART

    def rotate(self, finished_at: datetime) -> None:
        """Lands this part and starts the next; its cursors must be safe to resume from."""
        self._land_part(finished_at)
        self.manifest.part += 1
        self.manifest.outcomes = {}
        self._rows = []

    def finish(self, finished_at: datetime) -> None:
        """Lands the last part."""
        self.manifest.is_last = True
        self._land_part(finished_at)

    def _land_part(self, finished_at: datetime) -> None:
        one = self.manifest
        one.finished_at = finished_at.isoformat()
        table = scrub_table(self._forgotten, type_rows(one.source, self._rows))
        name = f"{one.number:08d}-{one.run_id}-{one.part:04d}.parquet"
        path = f"{one.channel_id}/{one.number // 1000:05d}/{name}"
        _write_part(self.zone, path, _scrub_manifest(one, self._forgotten), table)


def open_writer(
    zone: Zone, channel_id: str, source: str, started_at: datetime, is_sample: bool = False, key_id: str = "",
    forgotten: Forgotten | None = None,
) -> Writer:  # fmt: skip
    """Opens a writer for one run of a channel, with the cursors of its newest landed file; it skips the forgotten."""
    previous = read_newest_manifest(zone, channel_id)
    run_id = f"{started_at.astimezone(UTC):{STAMP}}-{secrets.token_hex(4)}"
    number, cursors = (previous.number + 1, previous.cursors) if previous else (0, {})
    manifest = Manifest(
        channel_id, source, run_id, number, 0, started_at.isoformat(), is_sample=is_sample, key_id=key_id,
        cursors=dict(cursors),
    )  # fmt: skip
    return Writer(zone, manifest, forgotten)


def remove_landed(zone: Zone, paths: Iterable[str]) -> int:
    """Removes loaded files, and returns how many. Those of a channel's newest visit stay, since they hold its
    cursors."""
    landed, chosen = list_landed(zone), set(paths)
    visits = {path: path.rpartition("-")[0] for path in landed}
    newest = {path.partition("/")[0]: visit for path, visit in visits.items()}
    gone = [path for path in landed if path in chosen and visits[path] != newest[path.partition("/")[0]]]
    for path in gone:
        zone.delete(path)
    return len(gone)
