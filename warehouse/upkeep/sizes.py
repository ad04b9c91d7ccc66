"""What an installation keeps, and how much room it takes."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from warehouse.landing import open_zone
from warehouse.objects.folder import FolderPlace
from warehouse.settings import WAREHOUSE_FILE, Settings

LANDED, OTHERS = "landed", "other files"
KINDS = {
    WAREHOUSE_FILE: "warehouse", f"{WAREHOUSE_FILE}.wal": "warehouse", "published": "published",
    "followed": "fetched snapshots", "attempts": "attempts", "logs": "logs", "prefect": "Prefect",
    "sample": "sample world",
}  # fmt: skip
"""What a file or folder in a home belongs to, by its name."""


@dataclass(slots=True)
class Size:
    """The room that one kind of files takes."""

    kind: str
    files: int = 0
    bytes: int = 0


def measure_sizes(settings: Settings) -> list[Size]:
    """Measures what is kept, by kind, the largest first. Raises LandingError where the landing zone cannot be read."""
    sizes: dict[str, Size] = {}
    for kind, size in _list_files(settings):
        own = sizes.setdefault(kind, Size(kind))
        own.files, own.bytes = own.files + 1, own.bytes + size
    return sorted(sizes.values(), key=lambda size: -size.bytes)


def _list_files(settings: Settings) -> Iterator[tuple[str, int]]:
    """Lists all files with their kinds; those that vanish meanwhile count as empty."""
    zone = open_zone(settings.landing_url)
    is_local = isinstance(zone, FolderPlace)
    for found in zone.list_all():
        yield LANDED if is_local else f"{LANDED} in {zone.label}", found.size
    home, landing = settings.home.absolute(), Path(zone.label) if is_local else None
    for folder, folders, names in os.walk(home):
        folders[:] = [name for name in folders if Path(folder, name) != landing]
        for name in names:
            path = Path(folder, name)
            yield KINDS.get(path.relative_to(home).parts[0], OTHERS), _measure_file(path)


def _measure_file(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
