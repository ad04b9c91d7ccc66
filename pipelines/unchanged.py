"""Whether a build would find nothing to do, by files alone: the engine and the sources need not be loaded for it.

A refresh leaves a mark in the home: the state of all that it rested on, and of the warehouse as it left it. What files
do not show, such as an object store, has no mark, and the build itself looks.
"""

import hashlib
import os
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pydantic import BaseModel, ValidationError

import pipelines
from warehouse.durable import write_file
from warehouse.places import is_object_address
from warehouse.settings import PEOPLE_KEY_FILE, WAREHOUSE_FILE, Settings

FILE = "built.json"
CODE = Path(pipelines.__file__).parent.parent
PACKAGES = ("analytics", "pipelines", "warehouse")


class BuildMark(BaseModel):
    """What a refresh rested on and left, in a home's `built.json`."""

    grounds: str = ""
    """Digest of the code, the settings, the catalog and the landing zone before it; empty if unknown."""
    warehouse: str = ""
    """State of the warehouse's file as the refresh left it."""
    tables: int | None = None
    """Number of tables that the build made or kept; None if it excluded a file, which the next one tries again."""
    set_aside: int = 0
    """Number of landed rows that could not be read."""


@contextmanager
def mark_build(settings: Settings) -> Iterator[BuildMark]:
    """Marks what a refresh rests on and leaves, if it gives the number of tables; one that fails leaves no mark. Its
    caller holds the writer's lock, and closes the warehouse before this ends."""
    path = settings.home / FILE
    path.unlink(missing_ok=True)
    mark = BuildMark(grounds=digest_grounds(settings))
    yield mark
    if mark.tables is not None and mark.grounds:
        mark.warehouse = _describe_warehouse(settings.home)
        with suppress(OSError):  # a full disk costs the next build a look, no more
            write_file(path, mark.model_dump_json())


def read_valid_mark(settings: Settings) -> BuildMark | None:
    """Reads the mark of the last refresh if a build would find nothing to do; None if it has to look."""
    try:
        mark = BuildMark.model_validate_json((settings.home / FILE).read_bytes())
    except (OSError, ValidationError):
        return None
    if not os.access(settings.home, os.W_OK):  # the build says so
        return None
    is_same = mark.warehouse != "" and mark.warehouse == _describe_warehouse(settings.home)
    return mark if is_same and mark.grounds == digest_grounds(settings) != "" else None


def digest_grounds(settings: Settings) -> str:
    """Digests all that a build rests on but the warehouse; empty if the landing zone is in an object store, since it
    would have to be listed."""
    if is_object_address(settings.landing_url):
        return ""
    folders = [CODE / name for name in PACKAGES] + [Path(settings.landing_url.removeprefix("file://"))]
    folders += [settings.catalog] if settings.catalog else []
    total = hashlib.sha256(f"{sys.version} {_describe_settings(settings)}\0".encode())
    for path in (settings.home / PEOPLE_KEY_FILE, Path(sysconfig.get_path("platlib"))):
        total.update(f"{_describe_file(path)}\0".encode())
    for folder in folders:
        for line in sorted(_list_states(folder)):
            total.update(f"{line}\0".encode(errors="surrogateescape"))
        total.update(b"\0")
    return total.hexdigest()


def _describe_settings(settings: Settings) -> str:
    key = hashlib.sha256(settings.people_key.get_secret_value().encode()).hexdigest()
    return f"{settings.catalog} {settings.catalog_only} {sorted(settings.private_hosts)} {settings.landing} {key}"


def _describe_warehouse(home: Path) -> str:
    """Describes the file; empty if a killed writer left what is not in it yet."""
    path = home / WAREHOUSE_FILE
    return "" if path.with_name(f"{path.name}.wal").exists() else _describe_file(path)


def _describe_file(path: Path | os.DirEntry[str]) -> str:
    try:
        status = path.stat()
    except OSError:
        return ""
    return f"{status.st_size} {status.st_mtime_ns}"


def _list_states(folder: Path | str, name: str = "") -> Iterator[str]:
    """Lists the files of a folder with their states, without compiled code; a folder that cannot be read has none."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                yield f"{name}/{entry.name} {_describe_file(entry)}"
            elif entry.name != "__pycache__":
                yield from _list_states(entry.path, f"{name}/{entry.name}")
