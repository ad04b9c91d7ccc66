"""Tidies an installation, as the command and the schedule do each night."""

from contextlib import closing
from datetime import timedelta

from pipelines.attempts import record_attempt
from warehouse.attempts.entries import AttemptKind
from warehouse.database import open_warehouse, warehouse_path
from warehouse.durable import explain_storage_faults
from warehouse.forgetting.shedding import shed_withdrawn
from warehouse.landing import open_zone
from warehouse.load import read_loaded
from warehouse.lock import hold_lock
from warehouse.settings import Settings
from warehouse.upkeep.aging import remove_aged, remove_loaded
from warehouse.wording import count_things


def tidy_home(settings: Settings) -> list[str]:
    """Removes what is old; returns what it did, a line each. Raises Locked, LandingError or WarehouseError."""
    with (
        record_attempt(settings, AttemptKind.TIDY) as attempt,
        explain_storage_faults("tidy", settings.home),
        hold_lock(settings.home, "tidy"),
    ):
        lines = list(filter(None, [_remove_loaded(settings), shed_withdrawn(settings.home)]))
        removed = [str(path.relative_to(settings.home)) for path in remove_aged(settings.home, settings.keep_days)]
        if removed:
            lines.append(
                f"removed because older than {settings.keep_days} days (HEARTBEAT_KEEP_DAYS): {', '.join(removed)}"
            )
        attempt.result = "; ".join(lines)
        return lines


def _remove_loaded(settings: Settings) -> str:
    """Removes old landed files that the warehouse holds."""
    loaded: set[str] = set()
    if warehouse_path(settings.home).exists():
        with closing(open_warehouse(settings.home)) as connection:
            loaded = read_loaded(connection)
    oldest = settings.clock() - timedelta(days=settings.keep_days)
    count = remove_loaded(open_zone(settings.landing_url), loaded, oldest)
    return f"removed {count_things(count, 'landed file')} that the warehouse has held for {settings.keep_days} days"
