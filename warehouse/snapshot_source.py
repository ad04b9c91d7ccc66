"""Resolves what a user names as a snapshot: nothing, a home, its folder of published snapshots, or one file."""

import json
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from warehouse.database import WarehouseError
from warehouse.settings import Settings
from warehouse.snapshot import POINTER, SAMPLE, Snapshot, published_folder, query, read_current


def resolve_snapshot(settings: Settings, source: str = "") -> Snapshot:
    """Returns the snapshot that `--from` names, or the newest one of the home. Raises WarehouseError."""
    if not source:
        snapshot = read_current(settings.home)
        if snapshot is None:
            raise WarehouseError(
                f"{settings.home}: nothing is published yet; run `heartbeat up`, or name a snapshot with --from"
            )
        return snapshot
    path = Path(source)
    for folder in (path, published_folder(path), published_folder(path / SAMPLE)):
        if (folder / POINTER).is_file():
            return _read_file(_follow_pointer(folder))
    if not path.is_file():
        raise WarehouseError(f"--from {source}: neither a home, nor a folder with {POINTER}, nor a .duckdb file")
    return _read_file(path)


def _follow_pointer(folder: Path) -> Path:
    try:
        name = json.loads((folder / POINTER).read_text(encoding="utf-8"))["file"]
    except (ValueError, KeyError, TypeError):
        raise WarehouseError(f"{folder / POINTER}: names no snapshot; publish anew") from None
    # A pointer names a file beside it, never one elsewhere.
    return folder / Path(str(name)).name


def _read_file(path: Path) -> Snapshot:
    # What a file says of itself is asked through the connection that readers keep to it.
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
