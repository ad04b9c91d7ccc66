"""Writes a backup into a folder: what it lacks is added, and the manifest is replaced last."""

import contextlib
import hashlib
import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from pyarrow.fs import LocalFileSystem

from warehouse.backups.contents import Contents, Piece, describe_settings
from warehouse.backups.manifest import (
    FILES,
    LANDING,
    NAME,
    BackupManifest,
    KeptFile,
    locate_file,
    read_manifest,
    render_manifest,
)
from warehouse.database import WarehouseError
from warehouse.durable import explain_storage_faults, make_private_folder, replace_file, sync
from warehouse.faults import Fault
from warehouse.landing import list_landed
from warehouse.lock import COMPACTING, hold_lock
from warehouse.packing.packs import Shelf, is_pack

PART = ".part"
"""How the name of a file ends that is being written."""
OURS = re.compile(rf".+(\.[0-9a-f]{{16}}|{re.escape(PART)})")
"""Names of the files that a backup keeps, and that it may remove."""
OWN = {NAME, f"{NAME}{PART}", FILES, "backup.lock"}
"""What lies in the folder of a backup."""
CHUNK = 2**20


@dataclass(slots=True)
class BackupReport:
    """What a backup holds, and what it had to copy."""

    manifest: BackupManifest
    copied_files: int = 0
    copied_bytes: int = 0
    without_snapshot: str = ""


def write_backup(place: Path, contents: Contents, now: datetime, code_version: str) -> BackupReport:
    """Writes a backup, or brings the one in a folder up to date; the former one is whole until the new one is.

    Raises WarehouseError, and Locked if another process writes there.
    """
    _refuse_place(place, contents)
    with explain_storage_faults("backup", place), _hold_locks(place, contents):
        last = read_manifest(place)
        listed = last.files if last else {}
        report = BackupReport(BackupManifest(made_at=now, code_version=code_version, settings={}, files={}))
        try:
            sweep_unlisted(place)
            files = {
                piece.name: _keep(place, piece, listed.get(piece.name), report) for piece in contents.list_pieces()
            }
            settings = describe_settings(contents.settings)
            report.manifest = report.manifest.model_copy(update={"settings": settings, "files": files})
            _refuse_lost(place, contents, last, report.manifest)
            keep_manifest(place, report.manifest)
        finally:
            sweep_unlisted(place)
    report.without_snapshot = contents.without_snapshot
    return report


@contextlib.contextmanager
def _hold_locks(place: Path, contents: Contents) -> Iterator[None]:
    """Lets nobody else write this backup, nor compact what it copies. Raises Locked."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(hold_lock(place, "backup", wait_seconds=1, name="backup"))
        with contextlib.suppress(OSError):  # what lies on a disk that is read-only keeps still by itself
            stack.enter_context(hold_lock(contents.settings.home, "backup", name=COMPACTING))
        yield


def keep_manifest(place: Path, manifest: BackupManifest) -> None:
    """Replaces the manifest once all files that it names are on the disk."""
    sync_folders(place / FILES)
    copy_private(io.BytesIO(render_manifest(manifest)), place / f"{NAME}{PART}")
    replace_file(place / f"{NAME}{PART}", place / NAME)


def _refuse_place(place: Path, contents: Contents) -> None:
    """Raises WarehouseError where a backup would be lost with what it is of, or would mix with other files."""
    roots = [contents.settings.home, *([Path(contents.zone.root)] if contents.zone.is_local else [])]
    if any(place.absolute().resolve().is_relative_to(root.absolute().resolve()) for root in roots):
        raise WarehouseError(
            f"{place}: lies in what it would be a backup of; choose a folder on another disk", Fault.NONE
        )
    if place.exists() and not place.is_dir():
        raise WarehouseError(
            f"{place}: not a folder; a backup needs one, which later backups bring up to date", Fault.NONE
        )
    others = sorted(path.name for path in place.iterdir() if path.name not in OWN) if place.is_dir() else []
    if others:
        raise WarehouseError(
            f"{place}: holds other files ({others[0]}); choose a new or empty folder for backups", Fault.NONE
        )


def _refuse_lost(place: Path, contents: Contents, last: BackupManifest | None, new: BackupManifest) -> None:
    """Raises WarehouseError where nothing was landed, or something is gone that the last backup holds: a home that was
    lost or mistaken must not replace what is left of it."""
    if not new.list_landed():
        raise WarehouseError(
            f"{contents.settings.home}: nothing was landed yet, so there is nothing to back up", Fault.NONE
        )
    lost = _find_lost(place, contents, last, new) if last else []
    if lost:
        files = f"{len(lost):,} landed files that are" if len(lost) > 1 else "1 landed file that is"
        raise WarehouseError(
            f"{place}: holds {files} gone from this home (the first is {lost[0]}), and stays as it is. `heartbeat"
            " restore` makes a home of it; if that was meant to go, back up into a new folder",
            Fault.NONE,
        )


def _find_lost(place: Path, contents: Contents, last: BackupManifest, new: BackupManifest) -> list[str]:
    """Finds landed files of the last backup that are gone; those that were packed since are not."""
    known = {f"{LANDING}/{path}" for path in list_landed(replace(contents.zone, taken_back=frozenset()))}
    lost = []
    for name in sorted(name for name in last.files.keys() - new.files.keys() if name.startswith(LANDING)):
        held = {name}
        if is_pack(name):
            kept = locate_file(place, name, last.files[name].sha256).relative_to(place)
            # One that is damaged counts as gone under its own name.
            held = {f"{LANDING}/{path}" for path in Shelf(LocalFileSystem(), str(place)).list_members(str(kept))}
        lost += [name] if held - known else []
    return lost


def _keep(place: Path, piece: Piece, kept: KeptFile | None, report: BackupReport) -> KeptFile:
    """Keeps a file, and returns its entry; one that is there already is not read."""
    is_there = kept and piece.is_fixed and _has_size(locate_file(place, piece.name, kept.sha256), kept.size)
    if kept and is_there and not (_is_written_since(place, piece, kept) and piece.is_sound()):
        return kept
    part = (place / FILES / piece.name).with_name(PurePosixPath(piece.name).name + PART)
    make_private_folder(part.parent)
    with piece.open() as source:
        copied = copy_private(source, part)
    os.replace(part, locate_file(place, piece.name, copied.sha256))
    if copied != kept:
        report.copied_files += 1
        report.copied_bytes += copied.size
    return copied


def _is_written_since(place: Path, piece: Piece, kept: KeptFile) -> bool:
    """Tells whether a file was written anew since the last backup, as far as its size and its time tell."""
    if piece.written is None:
        return False
    return piece.written.size != kept.size or (piece.written.mtime_ns or 0) > (place / NAME).stat().st_mtime_ns


def _has_size(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except FileNotFoundError:
        return False


def copy_private(source: BinaryIO, target: Path) -> KeptFile:
    """Copies a file so that only its owner reads it, waits until it is on the disk, and returns size and digest."""
    target.unlink(missing_ok=True)
    digest, size = hashlib.sha256(), 0
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            size += file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return KeptFile(size=size, sha256=digest.hexdigest())


def sync_folders(root: Path) -> None:
    """Waits until the names of all files in a folder and those within it are on the disk."""
    for folder, _, _ in os.walk(root):
        sync(Path(folder))


def sweep_unlisted(place: Path) -> None:
    """Removes what the backup does not name: files of an earlier one, and those that a killed or failed one left."""
    manifest = read_manifest(place)
    listed = {locate_file(place, name, kept.sha256) for name, kept in (manifest.files if manifest else {}).items()}
    for path in [*(place / FILES).rglob("*"), place / f"{NAME}{PART}"]:
        if path.is_file() and OURS.fullmatch(path.name) and path not in listed:
            path.unlink()
