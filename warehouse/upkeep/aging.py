"""Removes what nobody reads any more once it is old: loaded files and the rotated log."""

import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from warehouse.landing import Zone, read_stamp, remove_landed
from warehouse.logs.log import NAME

DAY_SECONDS = 24 * 3600


def remove_aged(home: Path, days: int) -> list[Path]:
    """Removes the rotated log if it did not change for so many days, and returns what was removed."""
    path = home / "logs" / f"{NAME}.1"
    try:
        if path.stat().st_mtime >= time.time() - days * DAY_SECONDS:
            return []
        path.unlink()
    except FileNotFoundError:
        return []
    return [path]


def remove_loaded(zone: Zone, loaded: Iterable[str], oldest: datetime) -> int:
    """Removes loaded files of visits before an instant, and returns how many."""
    return remove_landed(zone, (path for path in loaded if (read_stamp(path) or oldest) < oldest))
