"""Publishes the figures of this home for its readers."""

from contextlib import closing

import pipelines
from pipelines.attempts import record_attempt
from warehouse.attempts.entries import AttemptKind
from warehouse.database import Connection, WarehouseError, open_warehouse, warehouse_path
from warehouse.durable import explain_storage_faults
from warehouse.load import fit_threads, has_rows
from warehouse.lock import hold_lock
from warehouse.publish import publish_snapshot, read_build
from warehouse.settings import Settings
from warehouse.snapshot import Snapshot, published_folder


def publish_build(settings: Settings) -> str:
    """Publishes the last build, and returns what it came to: the new version, or why there is none.

    Raises WarehouseError if the warehouse was rebuilt and not built yet: an empty snapshot would hide the last good
    one.
    """
    with record_attempt(settings, AttemptKind.PUBLISH) as attempt, explain_storage_faults("publish", settings.home):
        with hold_lock(settings.home, "publish"), closing(open_warehouse(settings.home)) as connection:
            is_known = has_rows(connection) or published_folder(settings.home).exists()
            if is_known and not read_build(connection).id:
                raise WarehouseError(
                    f"{warehouse_path(settings.home)}: holds no build yet; run `heartbeat build` first"
                )
            if not has_rows(connection):
                attempt.result = "nothing to publish: nothing was collected yet; run `heartbeat collect` first"
                return attempt.result
            fit_threads(connection)
            snapshot = publish_snapshot(connection, settings.home, settings.clock(), pipelines.VERSION)
            attempt.result = _describe_published(snapshot)
        return attempt.result + (f": {snapshot.path}" if snapshot else "")


def publish_open(connection: Connection, settings: Settings) -> Snapshot | None:
    """Publishes the build of a warehouse that its writer has open, and returns the new version; None if readers have
    it already."""
    with record_attempt(settings, AttemptKind.PUBLISH) as attempt:
        snapshot = publish_snapshot(connection, settings.home, settings.clock(), pipelines.VERSION)
        attempt.result = _describe_published(snapshot)
    return snapshot


def _describe_published(snapshot: Snapshot | None) -> str:
    if snapshot is None:
        return "nothing to publish: readers already have the last build"
    return f"published version {snapshot.version}"
