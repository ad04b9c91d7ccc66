"""Makes a new home of a backup: every file is verified on its way, and the home gets all of them or none."""

import shutil
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from warehouse.backups.manifest import (
    ATTEMPTS,
    CATALOG,
    KEY,
    LANDING,
    NAME,
    PUBLISHED,
    BackupManifest,
    locate_file,
    read_manifest,
)
from warehouse.backups.writing import copy_private, sync_folders
from warehouse.database import WarehouseError, open_warehouse, quote_literal, warehouse_path
from warehouse.durable import explain_storage_faults, make_private_folder, replace_file, sync
from warehouse.lock import hold_lock
from warehouse.settings import WAREHOUSE_FILE
from warehouse.snapshot import list_versions

ASIDE = ".restoring"
"""The folder in a home that holds what is not whole yet."""
MOVED = (KEY, CATALOG, ATTEMPTS, PUBLISHED, WAREHOUSE_FILE, LANDING)
"""In this order: a home with landed files has all the rest."""
LOGS = ("methods", "restatements", "verdicts", "news", "news_states")
"""Logs of the warehouse that cannot be made from landed files; a snapshot holds them in `meta`."""
MOST_NAMED = 5


@dataclass(slots=True)
class RestoreReport:
    """What a home was made of."""

    manifest: BackupManifest
    damaged: list[str] = field(default_factory=list)
    """Files that are missing in the home: what the backup has of them is not what was kept."""
    without_logs: str = ""
    """Why the logs of verdicts and restatements begin anew; empty if they do not."""


def restore_backup(place: Path, home: Path, skips_damaged: bool) -> RestoreReport:
    """Makes a home, which must not hold anything yet, of a backup. Raises WarehouseError, and Locked if another process
    does the same."""
    manifest = read_manifest(place)
    if manifest is None:
        raise WarehouseError(f"{place}: no backup is here: {NAME} is missing")
    report, aside = RestoreReport(manifest), home / ASIDE
    _refuse_used(home)
    with explain_storage_faults("restore", home), hold_lock(home, "restore", wait_seconds=1):
        _refuse_used(home)
        try:
            shutil.rmtree(aside, ignore_errors=True)
            report.damaged = [name for name in manifest.files if not _copy_verified(place, name, manifest, aside)]
            if report.damaged and not skips_damaged:
                raise WarehouseError(_describe_damage(place, report))
            sync_folders(aside)
            report.without_logs = _restore_logs(aside, manifest.made_at)
            for name in MOVED:
                if (aside / name).exists():
                    replace_file(aside / name, home / name)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return report


def _refuse_used(home: Path) -> None:
    # A killed restore leaves its folder and its lock, and a backup of nothing its lock.
    found = sorted(path.name for path in home.iterdir()) if home.exists() else []
    others = [name for name in found if name != ASIDE and not name.endswith(".lock")]
    if others:
        raise WarehouseError(
            f"{home}: holds {', '.join(others[:MOST_NAMED])} already; a backup is restored into a new or empty"
            " HEARTBEAT_HOME only"
        )


def _copy_verified(place: Path, name: str, manifest: BackupManifest, aside: Path) -> bool:
    """Copies a file, and tells whether it is what was kept; what is not is removed again."""
    kept, target = manifest.files[name], aside / name
    make_private_folder(target.parent)
    try:
        source = locate_file(place, name, kept.sha256).open("rb")
    except FileNotFoundError:
        return False
    with source:
        is_sound = copy_private(source, target) == kept
    if not is_sound:
        target.unlink()
    return is_sound


def _describe_damage(place: Path, report: RestoreReport) -> str:
    count, total = len(report.damaged), len(report.manifest.files)
    more = f" and {count - MOST_NAMED:,} more" if count > MOST_NAMED else ""
    named = ", ".join(report.damaged[:MOST_NAMED])
    return (
        f"{place}: {count:,} of {total:,} files are damaged or gone: {named}{more}. Nothing was restored; the other"
        f" {total - count:,} can be restored with --skip-damaged"
    )


def _restore_logs(home: Path, made_at: datetime) -> str:
    """Makes a warehouse with the logs of the snapshot: since when verdicts hold, and what was restated.

    Returns why it could not; empty if it did, or if there is no snapshot.
    """
    snapshots = list_versions(home / PUBLISHED)
    if not snapshots:
        return ""
    try:
        with closing(open_warehouse(home)) as connection:
            connection.execute(f"attach {quote_literal(str(snapshots[0]))} as snapshot (read_only)")
            found = connection.execute(
                "select table_name from duckdb_tables() where database_name = 'snapshot' and schema_name = 'meta'"
            ).fetchall()
            # A snapshot of a former version holds fewer logs.
            for log in [log for log in LOGS if (log,) in found]:
                # A wrong clock that was noticed since may have dated rows ahead.
                connection.execute(
                    f"insert into ledger.{log} by name from snapshot.meta.{log}"
                    " where as_of_at is null or as_of_at <= ?",
                    [made_at.astimezone(UTC).replace(tzinfo=None)],
                )
            connection.execute("detach snapshot")
        sync(warehouse_path(home))
    except (duckdb.Error, WarehouseError) as error:
        # Such as a snapshot of another engine: all else is as good without it.
        warehouse_path(home).unlink(missing_ok=True)
        return str(error).splitlines()[0]
    return ""
