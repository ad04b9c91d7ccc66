"""Files that survive a power cut, and errors of a full or failing disk said in words."""

import contextlib
import errno
import json
import os
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.faults import Fault, WarehouseError

if TYPE_CHECKING:
    import duckdb

_NO_ROOM, _CLOSED = "free some space", "make it readable and writable, or choose another place"
REMEDIES = {
    errno.ENOSPC: _NO_ROOM,
    errno.EDQUOT: _NO_ROOM,
    errno.EFBIG: _NO_ROOM,
    errno.EROFS: _CLOSED,
    errno.EPERM: _CLOSED,
    errno.EACCES: _CLOSED,
    errno.ENOTDIR: _CLOSED,
    errno.EEXIST: _CLOSED,
    errno.EIO: "the disk cannot read or write: check it (`dmesg`, `smartctl`), and restore a backup if data is lost",
    errno.ENOMEM: "free some memory",
}
"""What to do about each error number of a failing disk."""
STALE_SECONDS = 24 * 3600
"""Age at which what lies aside belongs to no process that lives."""
_QUOTED = re.compile(r'"exception_message": ?("(?:[^"\\]|\\.)*")')


def make_private_folder(folder: Path) -> None:
    """Makes a folder that only its owner may enter, with those above it that are missing, and puts their names on the
    disk; leaves existing ones as they are."""
    # Not the mask of the process, which would also hide the reports and exports that others are meant to read.
    for path in (*reversed(folder.parents), folder):
        if not path.is_dir():
            path.mkdir(mode=0o700, exist_ok=True)
            sync(path.parent)


def write_file(path: Path, text: str, mode: int = 0o666) -> None:
    """Writes a whole file or none: readers see the former content or the new one, also after a power cut.

    Its caller is the only one who writes it, so that what a killed one left behind is removed. `mode`: who may open it.
    """
    staging_path = path.with_name(f"{path.name}.tmp")
    staging_path.unlink(missing_ok=True)
    try:
        with open(os.open(staging_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        replace_file(staging_path, path)
    finally:
        staging_path.unlink(missing_ok=True)


def remove_stale_files(folder: Path, pattern: str) -> None:
    """Removes what killed processes left behind in a folder."""
    for path in folder.glob(pattern):
        # Another process may put its file in place meanwhile, and what cannot be removed harms nobody.
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > STALE_SECONDS:
                path.unlink()


def replace_file(source: Path, target: Path) -> None:
    """Moves a synced file over another, and syncs the folder, which holds the name."""
    os.replace(source, target)
    sync(target.parent)


def sync(path: Path) -> None:
    """Waits until a file's content, or a folder's list of names, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def list_engine_faults() -> tuple[type[Exception], ...]:
    """Lists what DuckDB raises when the disk or the memory gives out; the last one if a commit cannot be written.

    Nothing, in a process that has not imported it: one that only collects is smaller and faster without.
    """
    if "duckdb" not in sys.modules:
        return ()
    import duckdb

    return duckdb.IOException, duckdb.OutOfMemoryException, duckdb.FatalException, duckdb.TransactionException


def roll_back(connection: "duckdb.DuckDBPyConnection") -> None:
    """Rolls back what is left of a transaction. One that the disk has ended has nothing to roll back, and an error of
    that would hide the reason."""
    import duckdb

    with contextlib.suppress(duckdb.Error):
        connection.execute("rollback")


@contextlib.contextmanager
def in_transaction(connection: "duckdb.DuckDBPyConnection") -> Iterator[None]:
    """Commits what the block does, or on any error, also Ctrl-C, none of it."""
    connection.execute("begin")
    try:
        yield
        connection.execute("commit")
    except BaseException:
        roll_back(connection)
        raise


@contextlib.contextmanager
def explain_storage_faults(work: str, path: Path) -> Iterator[None]:
    """Turns what a full or failing disk raises into one sentence: what was done, where, and the room left there.

    Raises WarehouseError.
    """
    try:
        yield
    except Exception as error:
        if not isinstance(error, (*list_engine_faults(), MemoryError, OSError)):
            raise
        first = _find_first(error)
        reason = next(iter(str(first)[:300].splitlines()), "") or type(first).__name__
        stated = f"{work}: {path}: {reason}. {_describe_room(path)}: {find_remedy(first)}, then run it again"
        raise WarehouseError(stated, Fault.DISK) from error


def find_remedy(error: Exception | str) -> str:
    """Finds what to do about a failing disk, by the error number or by its words in DuckDB's message."""
    if isinstance(error, OSError) and error.errno in REMEDIES:
        return REMEDIES[error.errno]
    if isinstance(error, MemoryError):
        return REMEDIES[errno.ENOMEM]
    if "fsync failed" in str(error):  # DuckDB says it without the system's reason
        return REMEDIES[errno.EIO]
    known = (remedy for number, remedy in REMEDIES.items() if os.strerror(number) in str(error))
    return next(known, "free some space or memory")


def _find_first(error: Exception) -> Exception | str:
    """Finds the error after which DuckDB closed the database, which it repeats inside each later one, or that of a
    thread of it, which it quotes as JSON."""
    _, _, original = str(error).partition("Original error: ")
    quoted = _QUOTED.search(str(error))
    return json.loads(quoted[1]) if quoted else original.strip('"') or error


def measure_room(folder: Path) -> int:
    """Measures how many bytes a folder's disk still takes: none if it can hold no more files."""
    disk = os.statvfs(folder)
    return 0 if disk.f_files and not disk.f_favail else disk.f_bavail * disk.f_frsize


def _describe_room(path: Path) -> str:
    """Describes how much room a path's disk has."""
    folder = next((one for one in (path, *path.parents) if one.exists()), Path("/"))
    return f"{measure_room(folder) / 1e6:,.0f} MB are free there. Readers keep the last snapshot"
