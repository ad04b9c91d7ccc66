"""One writer at a time: a lock file that the system releases when its holder dies."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from warehouse.durable import explain_storage_faults, make_private_folder, write_file


class Locked(Exception):
    """Another process holds the lock; the message names it, and `holder` is its number and what it does."""

    def __init__(self, message: str, holder: str = "") -> None:
        super().__init__(message)
        self.holder = holder


@contextmanager
def hold_lock(home: Path, doing: str, wait_seconds: float = 600, name: str = "writer") -> Iterator[None]:
    """Holds a home's writer lock, or another lock by name. Raises Locked with the holder's name after
    `wait_seconds`."""
    make_private_folder(home)
    path = home / f"{name}.lock"
    with path.open("a+") as file:
        _acquire_lock(file.fileno(), path, wait_seconds)
        with suppress(OSError):  # a full disk takes no name, and the lock holds all the same
            file.truncate(0)
            os.write(file.fileno(), f"process {os.getpid()} ({doing})".encode())
        try:
            yield
        finally:
            file.truncate(0)


def _acquire_lock(descriptor: int, path: Path, wait_seconds: float) -> None:
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except OSError:
            if time.monotonic() >= deadline:
                who = path.read_text(errors="replace") or "another process"
                raise Locked(f"{path.parent}: {who} holds {path.name}; retry when it has finished", who) from None
            time.sleep(0.05)


@contextmanager
def hold_file_lock(path: Path) -> Iterator[None]:
    """Waits for a lock that is held for moments only."""
    with path.open("a+") as file:
        with suppress(OSError):  # a network file system may know no locks
            fcntl.flock(file.fileno(), fcntl.LOCK_EX)
        yield


def make_secret_file(path: Path, text: str) -> None:
    """Makes a file that only its owner may read, whole or not at all. If several processes and threads make it at
    once, the first one wins. Raises WarehouseError if the disk gives out."""
    # A lock and not a hard link, which some file systems lack.
    with explain_storage_faults(f"make {path.name}", path), hold_file_lock(path.with_suffix(".lock")):
        if not path.exists():
            write_file(path, text, 0o600)
