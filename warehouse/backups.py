"""Backups: a copy of the warehouse with the rest that cannot be made again, and a home made from one.

A backup is a folder of its own within the given one; it counts once its manifest, which is written last, is there.
Then earlier ones are removed. Restic and the like keep several, encrypt them and move them elsewhere.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from warehouse.database import WarehouseError, copy_warehouse, open_warehouse
from warehouse.durable import explain_storage_faults, make_private_folder, replace_file, sync, write_file
from warehouse.faults import Fault
from warehouse.forgetting.register import FOLDER as FORGOTTEN
from warehouse.landing import list_landed, open_zone
from warehouse.lock import hold_lock
from warehouse.manifest import unpack_file
from warehouse.settings import PEOPLE_KEY_FILE, WAREHOUSE_FILE, Settings
from warehouse.snapshot import digest_file

MANIFEST = "backup.json"
CATALOG, LANDING = "catalog", "landing"
ASIDE = ".restoring"
"""The folder in a home that holds what is not verified yet."""
Manifest = dict[str, Any]
"""How many loads a backup holds, and the digests of its files by name."""


def write_backup(place: Path, settings: Settings, key: bytes, now: datetime) -> Manifest:
    """Writes a backup into a folder. Raises LandingError, WarehouseError or Locked."""
    if place.resolve().is_relative_to(settings.home.resolve()):
        raise WarehouseError(f"{place}: is in the home; choose a folder on another disk", Fault.NONE)
    target = place / f"heartbeat-{now.astimezone(UTC):%Y%m%dT%H%M%S%fZ}"
    with explain_storage_faults("backup", place), hold_lock(settings.home, "backup"):
        with closing(open_warehouse(settings.home)) as connection:
            ((loads,),) = connection.execute("select coalesce(max(load_id), 0) from ledger.files").fetchall()
            # A home that was lost or mistaken must not replace what is left of it.
            if any(loads < manifest["loads"] for manifest in read_backups(place).values()):
                why = "holds a backup with more loads than this home; restore that one, or back up into a new folder"
                raise WarehouseError(f"{place}: {why}", Fault.NONE)
            make_private_folder(target)
            # Reads each row: a damaged warehouse must not replace a good copy.
            copy_warehouse(connection, target / WAREHOUSE_FILE)
        files = {WAREHOUSE_FILE: _seal(target / WAREHOUSE_FILE)}
        for name, content in _read_files(settings, key):
            make_private_folder((target / name).parent)
            (target / name).write_bytes(content)
            files[name] = _seal(target / name)
        manifest = {"loads": loads, "files": files}
        write_file(target / MANIFEST, json.dumps(manifest, indent=1))
        for path in place.glob("heartbeat-*"):
            if path != target:
                shutil.rmtree(path)
    return manifest


def _holds_files(home: Path) -> bool:
    """Returns whether a home has more than locks, and folders that systemd or an image made for it."""
    return any(path.suffix != ".lock" and not path.is_dir() for path in home.rglob("*"))


def _read_files(settings: Settings, key: bytes) -> Iterator[tuple[str, bytes]]:
    """Reads what goes into a backup beside the warehouse, by its place in a home."""
    yield PEOPLE_KEY_FILE, key
    for family in settings.catalog.glob("*.toml") if settings.catalog else ():
        yield f"{CATALOG}/{family.name}", family.read_bytes()
    zone = open_zone(settings.landing_url)
    # A listing may show a file and miss one that landed just before it; the next listing shows both.
    newest = {path.partition("/")[0]: path for path in list_landed(zone)}
    landed = [path for path in list_landed(zone) if path <= newest.get(path.partition("/")[0], "")]
    for path in landed:
        content = zone.read(path)
        unpack_file(path, content)  # a damaged file must not replace a good copy
        yield f"{LANDING}/{path}", content
    for path in zone.list_keys(FORGOTTEN):
        yield f"{LANDING}/{path}", zone.read(path)


def _seal(path: Path) -> str:
    """Puts a file and its name on the disk, for its owner only, and returns its digest."""
    path.chmod(0o600)
    sync(path)
    sync(path.parent)
    return digest_file(path)


def read_backups(place: Path) -> dict[Path, Manifest]:
    """Reads the manifests of all whole backups in a folder, the oldest first. Raises WarehouseError."""
    backups = {}
    for path in sorted(place.glob(f"heartbeat-*/{MANIFEST}")):
        try:
            manifest = json.loads(path.read_bytes())
            backups[path.parent] = {"loads": int(manifest["loads"]), "files": dict(manifest["files"])}
        except (KeyError, TypeError, ValueError):
            raise WarehouseError(f"{path}: damaged; use another backup, and make the next in a new folder") from None
    return backups


def restore_backup(place: Path, home: Path) -> Manifest:
    """Makes a new home of the newest backup in a folder, whole or not at all. Raises WarehouseError or Locked."""
    backups, aside = read_backups(place), home / ASIDE
    if not backups:
        raise WarehouseError(f"{place}: no backup is here")
    # A killed restore left what lies aside, and what was moved from there.
    if home.exists() and not aside.exists() and _holds_files(home):
        raise WarehouseError(f"{home}: is in use; a backup is restored into a new or empty HEARTBEAT_HOME")
    folder, manifest = list(backups.items())[-1]
    with explain_storage_faults("restore", home), hold_lock(home, "restore", wait_seconds=1):
        shutil.rmtree(aside, ignore_errors=True)
        for name, digest in manifest["files"].items():
            source, target = folder / name, aside / name
            is_there = ".." not in Path(name).parts and target.is_relative_to(aside) and source.is_file()
            if is_there:
                make_private_folder(target.parent)
                shutil.copyfile(source, target)
            if not is_there or _seal(target) != digest:
                raise WarehouseError(f"{source}: damaged or gone; nothing was restored. Use another backup")
        # The warehouse last: a home that has one has all the rest.
        for path in sorted(aside.iterdir(), key=lambda path: path.name == WAREHOUSE_FILE):
            shutil.rmtree(home / path.name, ignore_errors=True)
            replace_file(path, home / path.name)
        aside.rmdir()
    return manifest
