"""Compacts the landing zone: packs the old files of each channel, so that many small files become few.

Each step may be the last one: a pack counts once it is whole, under the same names as the files that it holds, and
only then these are removed. The files of a channel's newest visit stay as they are, since the next visit, on whichever
machine, goes on from them.
"""

import contextlib
import secrets
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from warehouse.faults import LandingError, ZoneError
from warehouse.landing import Zone, list_channels, list_stored, read_footer, read_landed
from warehouse.manifest import SCHEMA, repair_text
from warehouse.objects.parts import open_part
from warehouse.packing.packs import (
    FOLDER,
    Footer,
    Pack,
    Shelf,
    find_last_number,
    is_pack,
    read_loose,
    write_pack,
)

LEAST_FILES = 24
"""Files of a channel from which on they are packed: about a week of visits every six hours."""
MOST_MEMBERS, MOST_ROWS = 4_000, 100_000
"""Bounds of a pack that takes in further files; one that has reached them stays as it is."""

OWN = b"heartbeat"
"""How the keys of a footer begin that are ours; the library adds others."""


@dataclass(slots=True)
class CompactionReport:
    """What a compaction did."""

    files_before: int = 0
    files_after: int = 0
    bytes_before: int = 0
    bytes_after: int = 0
    packed: int = 0
    """Landed files that went into packs."""
    left_out: list[str] = field(default_factory=list)
    """Why files stay as they are: they cannot be read."""


def compact_zone(zone: Zone, least_files: int = LEAST_FILES) -> CompactionReport:
    """Compacts all channels. The caller holds the locks of the writer and of the landing zone. Raises LandingError
    where a newer Heartbeat landed."""
    report = CompactionReport()
    report.files_before, report.bytes_before = _measure(zone)
    for channel_id in list_channels(zone):
        compact_channel(zone, channel_id, report, least_files)
    report.files_after, report.bytes_after = _measure(zone)
    return report


def _measure(zone: Zone) -> tuple[int, int]:
    loose, packs = list_stored(zone)
    infos = zone.files.get_file_info([f"{zone.root}/{path}" for path in [*loose, *packs]])
    return len(infos), sum(info.size or 0 for info in infos)


def compact_channel(zone: Zone, channel_id: str, report: CompactionReport, least_files: int = LEAST_FILES) -> None:
    """Packs a channel's files but those of its newest visit, where there are enough of them, and removes what a
    compaction that was killed left."""
    _remove_repeated(zone, channel_id)
    loose, packs = list_stored(zone, channel_id)
    newest = max((find_last_number(path)[0] for path in loose), default=0)
    settled = [path for path in loose if find_last_number(path)[0] < newest]
    if len(settled) < least_files:
        return
    base = _find_base(zone, packs)
    packed = _write_pack(zone, channel_id, sorted([*(base.members if base else ()), *settled]), report)
    sources = [path for path in settled if path in packed]
    for path in [*sources, *([base.path] if base and packed else [])]:
        _remove(zone, path)
    report.packed += len(sources)
    zone.shelf.close()
    if zone.is_local:
        _remove_emptied(Path(zone.root, channel_id))


def _remove_repeated(zone: Zone, channel_id: str) -> None:
    """Removes files that a pack holds, as a compaction leaves them that is killed between landing it and removing
    them."""
    loose, paths = list_stored(zone, channel_id)
    packs = sorted(_open_packs(zone, paths), key=lambda pack: (-len(pack.members), pack.path))
    for number, pack in enumerate(packs):
        others = [other.path for other in packs[number + 1 :] if other.members.keys() <= pack.members.keys()]
        for path in [*others, *(path for path in loose if path in pack.members)]:
            with contextlib.suppress(FileNotFoundError):  # removed as part of a larger pack
                if _holds(zone, pack, path):
                    _remove(zone, path)


def _open_packs(zone: Zone, paths: Sequence[str]) -> Iterator[Pack]:
    for path in paths:
        try:
            yield Pack(zone.files, zone.root, path)
        except ZoneError:
            raise
        except LandingError:  # the loader reports it
            continue


def _holds(zone: Zone, pack: Pack, path: str) -> bool:
    """Tells whether a pack holds all that a file does, footers and rows."""
    held, shelf = Shelf(zone.files, zone.root), Shelf(zone.files, zone.root)
    try:
        if not is_pack(path):
            return _has_same(held, pack, path, *_read_file(zone, path))
        other = shelf.open_pack(path)
        return all(
            _has_same(held, pack, name, other.read_footer(name), shelf.read_rows(other, name)) for name in other.members
        )
    except FileNotFoundError:
        raise
    except (LandingError, OSError, ValueError, pa.ArrowException):
        return False


def _has_same(shelf: Shelf, pack: Pack, name: str, footer: Footer, table: pa.Table) -> bool:
    return pack.read_footer(name) == footer and shelf.read_rows(pack, name).equals(table)


def _read_file(zone: Zone, path: str) -> tuple[Footer, pa.Table]:
    with zone.files.open_input_file(f"{zone.root}/{path}") as file:
        footer, table = read_loose(file)
    own = {key: text for key, text in footer.items() if key.startswith(OWN)}
    return own, repair_text(table.select(SCHEMA.names)).cast(SCHEMA)


def _find_base(zone: Zone, paths: Sequence[str]) -> Pack | None:
    """Finds the last pack, if it still has room; a damaged one stays as it is."""
    last = max(_open_packs(zone, paths), key=lambda pack: find_last_number(pack.path), default=None)
    if last is None or len(last.members) >= MOST_MEMBERS:
        return None
    return last if sum(member.count for _, member in last.members.values()) < MOST_ROWS else None


def _write_pack(zone: Zone, channel_id: str, names: Sequence[str], report: CompactionReport) -> frozenset[str]:
    """Writes a pack of landed files and lands it, once each of them was read back from it; returns the names of those
    that it holds."""
    numbers = [find_last_number(name)[0] for name in names]
    file_name = f"{min(numbers):08d}-{max(numbers):08d}-{secrets.token_hex(8)}.parquet"
    target = f"{channel_id}/{FOLDER}/{file_name}"
    part, is_landed = open_part(zone.files, zone.root, target), False
    try:
        held = write_pack(part.sink, _read_files(zone, names, report))
        part.finish()
        if not held:
            return held
        if zone.place:
            # An object store can only show it where it is to lie; whoever reads it there finds the same landed files.
            part.place()
        _verify(zone, part.written, held)
        if not zone.place:
            part.place()
        is_landed = True
    finally:
        if not is_landed:
            part.discard()
            if zone.place:
                with contextlib.suppress(LandingError):
                    _remove(zone, target)
    return held


def _read_files(zone: Zone, names: Sequence[str], report: CompactionReport) -> Iterator[tuple[str, Footer, pa.Table]]:
    """Reads landed files by name, and leaves out those that are damaged."""
    for name in names:
        try:
            table = read_landed(zone, name)[1]
            footer = read_footer(zone, name)
        except ZoneError:
            raise
        except LandingError as error:
            report.left_out.append(str(error))
            continue
        yield name, {key: text for key, text in footer.items() if key.startswith(OWN)}, table


def _verify(zone: Zone, path: str, names: Collection[str]) -> None:
    """Reads a pack back before anything of what it holds is removed. Raises LandingError if it is not the same."""
    shelf, pack = Shelf(zone.files, zone.root), Pack(zone.files, zone.root, path)
    for name in names:
        footer, table = read_footer(zone, name), read_landed(zone, name)[1]
        own = {key: text for key, text in footer.items() if key.startswith(OWN)}
        if not _has_same(shelf, pack, name, own, table):
            raise LandingError(f"{name}: not written to a pack as it is; nothing was removed. The disk may be failing")


def _remove(zone: Zone, path: str) -> None:
    zone.files.delete_file(f"{zone.root}/{path}")


def _remove_emptied(folder: Path) -> None:
    """Removes a channel's folders without files; the newest is where the next visit lands."""
    for path in sorted(path for path in folder.iterdir() if path.is_dir() and path.name != FOLDER)[:-1]:
        with contextlib.suppress(OSError):  # not empty
            path.rmdir()
