"""Where copies of this home's data were written: backups, exports, public copies. Nobody rewrites them from here."""

import contextlib
import json
from enum import StrEnum
from pathlib import Path

from warehouse.durable import write_file
from warehouse.lock import hold_file_lock

FILE = "copies.json"


class CopyKind(StrEnum):
    """What was written somewhere."""

    BACKUP = "backup"
    EXPORT = "export"
    PUBLIC = "public copy"


def remember_place(home: Path, kind: CopyKind, *places: str) -> None:
    """Notes places, so that `heartbeat forget` can name them; a home that takes no note costs the note only."""
    if home.is_dir():
        with contextlib.suppress(OSError), hold_file_lock(home / "copies.lock"):
            noted = read_places(home)
            noted[kind] = sorted({*noted[kind], *places})
            write_file(home / FILE, json.dumps(noted, indent=1))


def read_places(home: Path) -> dict[CopyKind, list[str]]:
    """Reads the places of copies, by kind."""
    try:
        noted = json.loads((home / FILE).read_bytes())
        return {kind: list(map(str, noted.get(kind, []))) for kind in CopyKind}
    except (AttributeError, OSError, TypeError, ValueError):
        return {kind: [] for kind in CopyKind}
