"""Where copies of this home's data were written: backups, exports, public copies. Nobody rewrites them from here."""

import contextlib
import json
from pathlib import Path

from warehouse.durable import write_file
from warehouse.lock import hold_file_lock

FILE = "copies.json"


def remember_place(home: Path, kind: str, *places: str) -> None:
    """Notes places, so that `heartbeat forget` can name them; a home that takes no note costs the note only."""
    if home.is_dir():
        with contextlib.suppress(OSError), hold_file_lock(home / "copies.lock"):
            noted = read_places(home)
            noted[kind] = sorted({*noted.get(kind, []), *places})
            write_file(home / FILE, json.dumps(noted, indent=1))


def read_places(home: Path) -> dict[str, list[str]]:
    """Reads the places of copies, by kind."""
    try:
        return dict(json.loads((home / FILE).read_bytes()))
    except (OSError, TypeError, ValueError):
        return {}
