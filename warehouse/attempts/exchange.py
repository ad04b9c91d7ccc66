"""The ledger beside a landing zone in an object store: each machine shows there what it tried, and one gathers it.

Only what has ended is shown: whether an attempt still runs is known on its own machine alone.
"""

import contextlib
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.attempts.writer import FILE, FOLDER, KEEP_TIME, MOST_KEPT, list_files
from warehouse.durable import make_private_folder, write_file

if TYPE_CHECKING:
    from warehouse.objects.place import ObjectPlace

SHARED = ".attempts"


def share_attempt(place: "ObjectPlace | None", home: Path, name: str) -> None:
    """Shows an attempt that has ended to other machines; does nothing where the zone is a folder, or no file of the
    attempt could be made. Raises StoreError and OSError."""
    path = home / FOLDER / f"{name}.jsonl"
    if place is not None and name and path.exists():
        place.put(f"{SHARED}/{_cut_number(path.name)}", path.read_bytes())


def fetch_attempts(place: "ObjectPlace | None", home: Path) -> int:
    """Fetches what other machines tried, removes what is older than what is kept, and returns how many came. Raises
    StoreError and OSError."""
    if place is None:
        return 0
    folder, oldest = home / FOLDER, datetime.now(UTC) - KEEP_TIME
    make_private_folder(folder)
    files = list_files(folder)
    held, number = {_cut_number(path.name) for _, path in files}, max((number for number, _ in files), default=0)
    shown = sorted(place.list_all(SHARED), key=lambda found: found.changed_at)
    count = 0
    for found in shown[-MOST_KEPT // 2 :]:
        name = found.key.rpartition("/")[2]
        if found.changed_at < oldest or name in held or not FILE.fullmatch(f"{number + 1:08d}-{name}"):
            continue
        if content := place.read(found.key):
            # Numbers are those of this home: what was learned last is the newest.
            number, count = number + 1, count + 1
            write_file(folder / f"{number:08d}-{name}", content[0].decode("utf-8", "replace"))
    for found in shown:
        if found.changed_at < oldest:
            with contextlib.suppress(OSError):
                place.delete(found.key)
    return count


def take_shared(place: "ObjectPlace | None", home: Path) -> None:
    """Takes home all that is shown there, since its words may name who is to be forgotten. Raises StoreError and
    OSError."""
    if place is not None:
        fetch_attempts(place, home)
        for found in place.list_all(SHARED):
            place.delete(found.key)


def _cut_number(name: str) -> str:
    """Returns the part of a file's name that is the same in every home."""
    return name.partition("-")[2]
