"""A log file that several processes append to, and that is rotated by size."""

import fcntl
import os
from itertools import pairwise
from pathlib import Path
from threading import Lock

from warehouse.durable import make_private_folder

NAME = "heartbeat.jsonl"
MOST_BYTES = 5_000_000
MOST_FILES = 5
"""Former files kept beside the one that is written."""


class RotatedFile:
    """The file, of which each line is written by one call, so that lines of several processes never mix."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self._descriptor, self._lock = -1, Lock()

    def append(self, line: bytes) -> None:
        """Appends a line; where the file is full, it becomes a former one first. Raises OSError."""
        with self._lock:
            self._follow()
            if os.fstat(self._descriptor).st_size + len(line) > MOST_BYTES:
                self._rotate()
            os.write(self._descriptor, line)

    def close(self) -> None:
        """Closes the file; the next line opens it again."""
        with self._lock:
            if self._descriptor >= 0:
                os.close(self._descriptor)
            self._descriptor = -1

    def list_files(self) -> list[Path]:
        """Lists the files that are there, the oldest first."""
        return [path for path in (*reversed(self._name_former()), self.path) if path.exists()]

    def _name_former(self) -> list[Path]:
        return [self.path.with_name(f"{NAME}.{number}") for number in range(1, MOST_FILES + 1)]

    def _follow(self) -> None:
        """Opens the file that has the name now: another process may have rotated it, or its owner removed it."""
        if self._descriptor >= 0:
            try:
                if os.path.samestat(os.fstat(self._descriptor), self.path.stat()):
                    return
            except FileNotFoundError:
                pass
            os.close(self._descriptor)
            self._descriptor = -1
        make_private_folder(self.path.parent)
        self._descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def _rotate(self) -> None:
        with self.path.with_name("rotating.lock").open("a+") as lock:
            fcntl.flock(lock.fileno(), fcntl.LOCK_EX)
            # Another process may have done it while this one waited.
            if self.path.exists() and self.path.stat().st_size > MOST_BYTES // 2:
                names = [self.path, *self._name_former()]
                for newer, older in reversed(list(pairwise(names))):
                    if newer.exists():
                        newer.replace(older)
            self._follow()
