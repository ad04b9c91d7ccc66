"""Backups: a copy of the warehouse with the rest that cannot be made again, and a home made from one.

A backup is a folder of its own within the given one; it counts once its manifest, which is written last, is there.
Then earlier ones are removed. Restic and the like keep several, encrypt them and move them elsewhere.
"""

import hashlib
import io
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

import duckdb

from warehouse.attempts.writer import FOLDER as ATTEMPTS
from warehouse.attempts.writer import is_locked, list_files
from warehouse.database import WarehouseError, open_snapshot, open_warehouse, warehouse_path
from warehouse.durable import explain_storage_faults, make_private_folder, replace_file, sync
from warehouse.faults import Fault
from warehouse.forgetting.register import FOLDER as FORGOTTEN
from warehouse.landing import list_landed, open_zone
from warehouse.load import read_loaded
from warehouse.lock import hold_lock
from warehouse.settings import PEOPLE_KEY_FILE, WAREHOUSE_FILE, Settings

MANIFEST = "backup.json"
CATALOG, LANDING = "catalog", "landing"
ASIDE = ".restoring"
"""The folder in a home that holds what is not verified yet."""
CHUNK = 2**20
Manifest = dict[str, Any]
"""When a backup was made, how many loads it holds, and the digests of its files by name."""


def write_backup(place: Path, settings: Settings, key: bytes | None, now: datetime) -> Manifest:
    """Writes a backup into a folder; without a key it lacks it. Raises WarehouseError or Locked."""
    if place.absolute().resolve().is_relative_to(settings.home.absolute().resolve()):
        raise WarehouseError(f"{place}: is in the home; choose a folder on another disk", Fault.NONE)
    target = place / f"heartbeat-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
    with (
        explain_storage_faults("backup", place),
        hold_lock(place, "backup", 1, name="backup"),
        hold_lock(settings.home, "backup"),
    ):
        with closing(open_warehouse(settings.home)) as connection:
            loaded = read_loaded(connection)
            ((loads,),) = connection.execute("select coalesce(max(load_id), 0) from ledger.files").fetchall()
            connection.execute("checkpoint")
        former = read_backups(place)
        _refuse_lost(place, settings, int(loads), list(former.values()))
        files = {name: _copy(source, target / name) for name, source in _open_files(settings, loaded, key)}
        _read_whole(target / WAREHOUSE_FILE)
        manifest = {"made_at": now.isoformat(), "loads": int(loads), "files": files}
        _copy(io.BytesIO(json.dumps(manifest, indent=1).encode()), target / MANIFEST)
        _sync_all(target)
        for path in place.glob("heartbeat-*"):
            if path != target:
                shutil.rmtree(path)
    return manifest


def read_backups(place: Path) -> dict[Path, Manifest]:
    """Reads the manifests of all whole backups in a folder, the oldest first. Raises WarehouseError."""
    backups = {}
    for path in sorted(place.glob(f"heartbeat-*/{MANIFEST}")):
        try:
            manifest = json.loads(path.read_bytes())
            is_sound = all(map(_is_inside, manifest["files"])) and manifest["loads"] >= 0 and manifest["made_at"] > ""
        except (KeyError, TypeError, ValueError):
            is_sound = False
        if not is_sound:
            raise WarehouseError(f"{path}: damaged; use another backup, and make the next one in a new folder")
        backups[path.parent] = manifest
    # Names give seconds only, in which two backups can be made.
    return dict(sorted(backups.items(), key=lambda item: (item[1]["made_at"], item[1]["loads"])))


def _is_inside(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return ".." not in parts and parts[0] in (WAREHOUSE_FILE, PEOPLE_KEY_FILE, ATTEMPTS, CATALOG, LANDING)


def _refuse_lost(place: Path, settings: Settings, loads: int, former: list[Manifest]) -> None:
    """Raises WarehouseError if a home that was lost or mistaken would replace what is left of it."""
    if not loads and not list_landed(open_zone(settings.landing_url)):
        raise WarehouseError(f"{settings.home}: nothing was landed yet, so there is nothing to back up", Fault.NONE)
    if any(loads < manifest["loads"] for manifest in former):
        raise WarehouseError(
            f"{place}: holds a backup with more loads than this home, and stays as it is. `heartbeat restore` makes a"
            " home of it; otherwise back up into a new folder",
            Fault.NONE,
        )


def _open_files(settings: Settings, loaded: set[str], key: bytes | None) -> Iterator[tuple[str, BinaryIO]]:
    """Opens all that goes into a backup, by its place in a home: landed files that are not loaded, and of each channel
    those of its newest visit, which hold its cursors."""
    yield WAREHOUSE_FILE, warehouse_path(settings.home).open("rb")
    if key is not None:
        yield PEOPLE_KEY_FILE, io.BytesIO(key)
    for _, attempt in list_files(settings.home / ATTEMPTS):
        if not is_locked(attempt):  # one that goes on would look like one that died
            yield f"{ATTEMPTS}/{attempt.name}", attempt.open("rb")
    for family in sorted(settings.catalog.glob("*.toml")) if settings.catalog else ():
        yield f"{CATALOG}/{family.name}", family.open("rb")
    zone = open_zone(settings.landing_url)
    # A listing may show a file and miss one that landed just before it; the next listing shows both.
    newest = {path.partition("/")[0]: path for path in list_landed(zone)}
    kept = [path for path in list_landed(zone) if path <= newest.get(path.partition("/")[0], "")]
    for path in kept:
        if path not in loaded or path.rpartition("-")[0] == newest[path.partition("/")[0]].rpartition("-")[0]:
            yield f"{LANDING}/{path}", io.BytesIO(zone.read(path))
    for path in zone.list_keys(FORGOTTEN):
        yield f"{LANDING}/{path}", io.BytesIO(zone.read(path))


def _copy(source: BinaryIO, target: Path) -> str:
    """Copies a file so that only its owner reads it, and returns its digest."""
    make_private_folder(target.parent)
    digest = hashlib.sha256()
    with source, os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _read_whole(path: Path) -> None:
    """Reads all rows of a copied warehouse: a damaged one must not replace a good copy. Raises WarehouseError."""
    try:
        with closing(open_snapshot(path)) as connection:
            for (table,) in connection.sql(
                "select distinct schema_name || '.\"' || table_name || '\"' from duckdb_tables()"
            ).fetchall():
                connection.execute(f"select max(hash(t)) from {table} as t").fetchall()
    except duckdb.Error as error:
        why = f"the warehouse is damaged ({str(error).splitlines()[0]}); the former backup stays as it is"
        raise WarehouseError(why, Fault.DAMAGED) from None


def _sync_all(root: Path) -> None:
    for folder, _, _ in os.walk(root):
        sync(Path(folder))
    sync(root.parent)


def restore_backup(place: Path, home: Path) -> Manifest:
    """Makes a new home of the newest backup in a folder, whole or not at all. Raises WarehouseError or Locked."""
    backups = read_backups(place)
    if not backups:
        raise WarehouseError(f"{place}: no backup is here")
    folder, manifest = list(backups.items())[-1]
    aside = home / ASIDE
    _refuse_used(home, aside.exists())
    with explain_storage_faults("restore", home), hold_lock(home, "restore", wait_seconds=1):
        shutil.rmtree(aside, ignore_errors=True)
        for name, digest in manifest["files"].items():
            path = folder / name
            if not path.is_file() or _copy(path.open("rb"), aside / name) != digest:
                raise WarehouseError(f"{path}: damaged or gone; nothing was restored. Use another backup")
        _sync_all(aside)
        # The warehouse last: a home that has one has all the rest.
        for path in sorted(aside.iterdir(), key=lambda path: path.name == WAREHOUSE_FILE):
            shutil.rmtree(home / path.name, ignore_errors=True)
            replace_file(path, home / path.name)
        aside.rmdir()
    return manifest


def _refuse_used(home: Path, was_killed: bool) -> None:
    """Raises WarehouseError if a home holds anything but what a killed restore left."""
    parts = (ASIDE, PEOPLE_KEY_FILE, ATTEMPTS, CATALOG, LANDING, WAREHOUSE_FILE) if was_killed else (ASIDE,)
    found = sorted(path.name for path in home.iterdir()) if home.exists() else []
    if others := [name for name in found if name not in parts and not name.endswith(".lock")]:
        raise WarehouseError(
            f"{home}: holds {', '.join(others[:5])} already; a backup is restored into a new or empty HEARTBEAT_HOME"
        )
