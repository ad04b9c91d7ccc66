"""Resolves what a user names as a snapshot: nothing, a home, its folder of published snapshots, or one file."""

from pathlib import Path

from warehouse.database import WarehouseError
from warehouse.settings import Settings
from warehouse.snapshot import POINTER, SAMPLE, Snapshot, published_folder, read_current, read_file, read_published


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
            snapshot = read_published(folder)
            if snapshot is not None:
                return snapshot
    if not path.is_file():
        raise WarehouseError(f"--from {source}: neither a home, nor a folder with {POINTER}, nor a .duckdb file")
    return read_file(path)
