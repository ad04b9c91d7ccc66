"""Tidies an installation, as the command and the schedule do each night."""

import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from pipelines.attempts import record_attempt
from warehouse.attempts.entries import AttemptKind
from warehouse.database import open_warehouse, warehouse_path
from warehouse.durable import explain_storage_faults
from warehouse.forgetting.shedding import shed_withdrawn
from warehouse.landing import open_zone, read_stamp, remove_landed
from warehouse.load import read_loaded
from warehouse.lock import hold_lock
from warehouse.logs.log import NAME
from warehouse.settings import Settings
from warehouse.wording import count_things


def tidy_home(settings: Settings) -> list[str]:
    """Removes what is old; returns what it did, a line each. Raises Locked, LandingError or WarehouseError."""
    with (
        record_attempt(settings, AttemptKind.TIDY) as attempt,
        explain_storage_faults("tidy", settings.home),
        hold_lock(settings.home, "tidy"),
    ):
        lines = list(filter(None, [_remove_loaded(settings), shed_withdrawn(settings.home)]))
        if _remove_rotated_log(settings.home, settings.keep_days):
            lines.append(f"removed because older than {settings.keep_days} days (HEARTBEAT_KEEP_DAYS): logs/{NAME}.1")
        attempt.result = "; ".join(lines)
        return lines


def _remove_loaded(settings: Settings) -> str:
    """Removes old landed files that the warehouse holds."""
    loaded: set[str] = set()
    if warehouse_path(settings.home).exists():
        with closing(open_warehouse(settings.home)) as connection:
            loaded = read_loaded(connection)
    oldest = settings.clock() - timedelta(days=settings.keep_days)
    old = (path for path in loaded if (read_stamp(path) or oldest) < oldest)
    count = remove_landed(open_zone(settings.landing_url), old)
    return f"removed {count_things(count, 'landed file')} that the warehouse has held for {settings.keep_days} days"


def _remove_rotated_log(home: Path, days: int) -> bool:
    """Removes the rotated log if it did not change for so many days; returns whether it did."""
    path = home / "logs" / f"{NAME}.1"
    if not path.exists() or path.stat().st_mtime >= time.time() - days * 24 * 3600:
        return False
    path.unlink()
    return True
