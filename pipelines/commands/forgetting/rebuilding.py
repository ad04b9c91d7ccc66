"""Makes a home's warehouse anew from what was landed, and publishes it in the place of all earlier versions."""

import shutil
from contextlib import closing
from pathlib import Path

import pipelines
from pipelines import steps
from pipelines.catalog.reader import Catalog
from warehouse.database import open_warehouse, warehouse_path
from warehouse.durable import explain_storage_faults
from warehouse.forgetting.renewing import ASIDE, remove_other_versions, replace_warehouse
from warehouse.load import has_rows
from warehouse.lock import hold_lock
from warehouse.news.feed import write_feed
from warehouse.publish import publish_snapshot
from warehouse.settings import Settings
from warehouse.snapshot import POINTER, published_folder


def rebuild_home(settings: Settings, catalog: Catalog) -> list[str]:
    """Replaces the warehouse and all published versions, as the only writer, and returns which landed files could not
    be loaded. Raises Locked or WarehouseError."""
    path, target, aside = warehouse_path(settings.home), published_folder(settings.home), settings.home / ASIDE
    with hold_lock(settings.home, "forget"), explain_storage_faults("forget", path):
        refused = []
        if path.exists() or target.exists():
            shutil.rmtree(aside, ignore_errors=True)
            refused = steps.make_warehouse(settings, catalog, aside)
            replace_warehouse(warehouse_path(aside), path)
            shutil.rmtree(aside)
        if target.exists():
            _publish_alone(settings, target)
    return refused


def _publish_alone(settings: Settings, target: Path) -> None:
    with closing(open_warehouse(settings.home)) as connection:
        if has_rows(connection):
            publish_snapshot(connection, settings.home, settings.clock(), pipelines.VERSION)
            write_feed(settings.home, settings.dashboard_address)
        else:
            (target / POINTER).unlink(missing_ok=True)
    remove_other_versions(target)
