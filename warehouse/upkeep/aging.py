"""Removes what nobody reads any more once it is old: loaded files, databases of Prefect set aside, and rotated logs."""

import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from warehouse.landing import Zone, read_stamp, remove_landed
from warehouse.logs.log import NAME

DAY_SECONDS = 24 * 3600


def remove_aged(home: Path, days: int) -> list[Path]:
    """Removes files of these kinds that did not change for so many days, and returns which."""
    oldest = time.time() - days * DAY_SECONDS
    removed = []
    for path in _list_candidates(home):
        try:
            if path.stat().st_mtime < oldest:
                path.unlink()
                removed.append(path)
        except FileNotFoundError:
            continue
    return removed


def _list_candidates(home: Path) -> Iterator[Path]:
    yield from (home / "prefect").glob("prefect.damaged")
    yield from (home / "logs").glob(f"{NAME}.1")


def remove_loaded(zone: Zone, loaded: Iterable[str], oldest: datetime) -> int:
    """Removes loaded files of visits before an instant, and returns how many."""
    return remove_landed(zone, (path for path in loaded if (read_stamp(path) or oldest) < oldest))
