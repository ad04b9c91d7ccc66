"""Landed files without what was forgotten: each keeps its name, and gets new rows, cursors and digests.

Files of one visit are replaced in their place. A pack never changes, so that another one takes its place.
"""

import contextlib
import io
import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.durable import replace_file, sync
from warehouse.faults import LandingError
from warehouse.forgetting.register import Forgotten, Trace, hold_landing, read_forgotten, stamp_list
from warehouse.forgetting.scrubbing import Scrubber, read_place
from warehouse.landing import ROWS_PER_GROUP, Writer, Zone, list_landed, read_landed
from warehouse.manifest import SCHEMA, Manifest, RowsDigest, seal_manifest
from warehouse.objects.parts import STAGING_DIR
from warehouse.packing.packs import Footer, is_pack, write_pack

if TYPE_CHECKING:
    from warehouse.database import Connection

PADDING = "heartbeat-padding"
"""Entry of a footer that gives a file another size than the former one: by its size a backup tells them apart."""
Landed = tuple[Manifest, pa.Table]
Change = Callable[[str, Manifest, pa.Table], Landed]
"""Returns what a landed file, by its name, is to hold: the same objects where nothing changes."""


@dataclass(slots=True)
class Scrubbed:
    """What was taken out of files, and what else it showed to belong to it."""

    files: int = 0
    rows: int = 0
    texts: int = 0
    learned: set[tuple[Trace, str]] = field(default_factory=set)
    urls: set[str] = field(default_factory=set)
    """Links of rows that went."""


def make_scrub(forgotten: Forgotten, total: Scrubbed) -> Change:
    """Makes the change that takes out what was forgotten, and adds what that was to a total."""

    def scrub(name: str, manifest: Manifest, table: pa.Table) -> Landed:
        scrubber = Scrubber(forgotten, read_place(manifest.channel_id))
        kept, scrubbed = scrubber.scrub_rows(table), scrub_manifest(manifest, scrubber)
        if kept is table and scrubbed == manifest:
            return manifest, table
        total.files, total.rows = total.files + 1, total.rows + scrubber.rows
        total.texts += scrubber.texts + (scrubbed != manifest)
        total.learned |= scrubber.learned
        total.urls |= scrubber.urls
        return scrubbed, kept

    return scrub


def scrub_manifest(manifest: Manifest, scrubber: Scrubber) -> Manifest:
    """Returns a manifest whose cursors and outcomes name nothing forgotten; the same one where none did."""
    cursors, outcomes = scrubber.scrub_state(manifest.cursors), scrubber.scrub_state(manifest.outcomes)
    if cursors == manifest.cursors and outcomes == manifest.outcomes:
        return manifest
    return replace(manifest, cursors=cursors, outcomes=outcomes)


def change_stored(zone: Zone, path: str, change: Change, is_dry: bool = False) -> None:
    """Changes a file of the zone, of one visit or a pack, whole or not at all. Raises LandingError."""
    names = list(zone.shelf.open_pack(path).members) if is_pack(path) else [path]
    landed = [(name, read_landed(zone, name)) for name in names]
    changed = [(name, change(name, *former)) for name, former in landed]
    is_same = all(new[1] is old[1] and new[0] is old[0] for (_, new), (_, old) in zip(changed, landed, strict=True))
    if is_same or is_dry:
        return
    if is_pack(path):
        _replace_pack(zone, path, changed)
    else:
        former_size = zone.files.get_file_info(f"{zone.root}/{path}").size
        _place(zone, path, render_landed(*changed[0][1], former_size))


def _replace_pack(zone: Zone, path: str, landed: Sequence[tuple[str, Landed]]) -> None:
    """Puts a pack of the same landed files in the place of one. A run that is broken off in between leaves both, of
    which the next one makes the same, and tidying removes one."""
    file = PurePosixPath(path)
    target = f"{file.parent}/{file.name.rpartition('-')[0]}-{secrets.token_hex(8)}.parquet"
    _place(zone, target, render_pack(landed))
    zone.files.delete_file(f"{zone.root}/{path}")
    zone.shelf.close()


def seal_landed(manifest: Manifest, table: pa.Table) -> dict[str, str]:
    """Returns the entries of a landed file's footer, with the digest of its rows."""
    digest = RowsDigest()
    digest.add_rows(table)
    return seal_manifest(json.dumps(asdict(replace(manifest, rows_digest=digest.compute()))))


def render_landed(manifest: Manifest, table: pa.Table, former_size: int | None) -> bytes:
    """Renders a landed file that has another size than the former one."""
    entries = seal_landed(manifest, table)
    while True:
        content = _render(table, entries)
        if len(content) != former_size:
            return content
        entries[PADDING] = entries.get(PADDING, "") + "-"


def render_pack(landed: Sequence[tuple[str, Landed]]) -> bytes:
    """Renders a pack."""
    sink = io.BytesIO()
    write_pack(sink, ((name, _encode(seal_landed(manifest, table)), table) for name, (manifest, table) in landed))
    return sink.getvalue()


def _encode(entries: dict[str, str]) -> Footer:
    return {key.encode(): text.encode() for key, text in entries.items()}


def _render(table: pa.Table, entries: dict[str, str]) -> bytes:
    sink = io.BytesIO()
    with pq.ParquetWriter(sink, SCHEMA, compression="zstd", compression_level=9) as parquet:
        parquet.write_table(table, row_group_size=ROWS_PER_GROUP)
        parquet.add_key_value_metadata(entries)
    return sink.getvalue()


def _place(zone: Zone, path: str, content: bytes) -> None:
    """Writes a file of the zone, whole or not at all."""
    aside = f"{STAGING_DIR}/rewritten-{secrets.token_hex(8)}.parquet"
    zone.files.create_dir(f"{zone.root}/{STAGING_DIR}", recursive=True)
    # An object store shows a file only once it is complete.
    with zone.files.open_output_stream(f"{zone.root}/{aside if zone.is_local else path}", compression=None) as sink:
        sink.write(content)
    if zone.is_local:
        sync(Path(zone.root, aside))
        replace_file(Path(zone.root, aside), Path(zone.root, path))


def list_files_of(zone: Zone, names: Sequence[str]) -> Iterator[str]:
    """Lists the files that hold landed files, each once."""
    found = [(pack.path if (pack := zone.shelf.find(name)) else name) for name in names]
    yield from dict.fromkeys(found)


def scrub_unloaded(connection: "Connection", zone: Zone, forgotten: Forgotten) -> None:
    """Takes what was forgotten out of the landed files that no load has seen."""
    loaded = {path for (path,) in connection.execute("select path from ledger.files").fetchall()}
    for path in list_files_of(zone, [path for path in list_landed(zone) if path not in loaded]):
        with contextlib.suppress(LandingError):  # the load names it
            change_stored(zone, path, make_scrub(forgotten, Scrubbed()))


class GuardedWriter(Writer):
    """Keeps what was forgotten out of the files that a visit lands, also what is forgotten while it goes on."""

    def __init__(self, zone: Zone, manifest: Manifest, key: bytes) -> None:
        self._key, self._stamp = key, stamp_list(zone.files, zone.root)
        self._scrubber = Scrubber(read_forgotten(zone.files, zone.root, key), read_place(manifest.channel_id))
        super().__init__(zone, manifest)

    def _filter_rows(self, table: pa.Table) -> pa.Table:
        return self._scrubber.scrub_rows(table) if self._scrubber.forgotten else table

    def _filter_manifest(self) -> Manifest:
        return scrub_manifest(self.manifest, self._scrubber) if self._scrubber.forgotten else self.manifest

    def _place_part(self) -> None:
        if self.zone.place:
            # Nobody can hold a store: whoever adds to the list then finds the file, or this finds the longer list.
            super()._place_part()
            self._scrub_written()
            return
        # Under the lock nobody adds to the list: what lands now, lands by the list as it is.
        with hold_landing(self.zone.files, self.zone.root):
            self._scrub_written()
            super()._place_part()

    def _scrub_written(self) -> None:
        """Takes out of the part what was added to the list since the visit began."""
        stamp = stamp_list(self.zone.files, self.zone.root)
        if stamp != self._stamp:
            self._stamp = stamp
            self._scrubber.forgotten = read_forgotten(self.zone.files, self.zone.root, self._key)
            change_stored(self.zone, self._part.written, make_scrub(self._scrubber.forgotten, Scrubbed()))
