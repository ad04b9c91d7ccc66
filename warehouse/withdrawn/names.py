"""Landed files that are ignored by name, as the run that landed them had a wrong clock.

Nothing is deleted: a list in the landing zone names the files, and without it they count again.
"""

import json
import secrets
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from pyarrow import fs

from warehouse.durable import make_private_folder, write_file
from warehouse.faults import LandingError

FOLDER = ".taken-back"


def read_taken_back(files: fs.FileSystem, root: str) -> frozenset[str]:
    """Reads the names of all files taken back, relative to the landing zone. Raises LandingError."""
    names: set[str] = set()
    for info in files.get_file_info(fs.FileSelector(f"{root}/{FOLDER}", allow_not_found=True)):
        if info.path.endswith(".json"):
            try:
                with files.open_input_file(info.path) as file:
                    names.update(map(str, json.loads(file.read())["files"]))
            except (OSError, KeyError, RecursionError, TypeError, ValueError):
                where = f"{FOLDER}/{info.base_name}"
                raise LandingError(
                    f"{where}: unreadable; restore it, or the landed files that it names count"
                ) from None
    return frozenset(names)


def take_back(files: fs.FileSystem, root: str, paths: Sequence[str], now: datetime) -> None:
    """Takes landed files back: from now on, neither loading nor the next visit sees them."""
    target = f"{root}/{FOLDER}/{now:%Y%m%dT%H%M%S}Z-{secrets.token_hex(4)}.json"
    text = json.dumps({"taken_back_at": now.isoformat(), "files": sorted(paths)}, indent=1)
    if isinstance(files, fs.LocalFileSystem):
        make_private_folder(Path(target).parent)
        write_file(Path(target), text)
        return
    # An object store shows a file only once it is complete.
    with files.open_output_stream(target) as file:
        file.write(text.encode())
