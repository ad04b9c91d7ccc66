"""The part that a visit is writing: where it lies until it is whole, and how it lands.

In a folder it lies aside, on the same disk, and is renamed. For an object store it is kept in memory, and
written in one request that fails if the object exists.
"""

import contextlib
from pathlib import Path
from typing import Protocol

import pyarrow as pa
from pyarrow import fs

from warehouse.durable import make_private_folder, replace_file, sync
from warehouse.faults import LandingError
from warehouse.objects.files import find_place
from warehouse.objects.place import Conflict, ObjectPlace

STAGING_DIR = ".aside"
"""Folder of incomplete files, so that half a file never counts as landed."""


class LandingPart(Protocol):
    """A part under way."""

    sink: pa.NativeFile
    """Where its bytes go."""
    written: str
    """Where its file can be read once it is closed or, in an object store, landed; relative to the zone."""

    def finish(self) -> None:
        """Ends the writing of its bytes."""

    def place(self) -> None:
        """Lands it, whole or not at all. Raises OSError or LandingError."""

    def discard(self) -> None:
        """Removes what was written of it."""


def open_part(files: fs.FileSystem, root: str, target: str) -> LandingPart:
    """Opens the part that is to land under a name, relative to the zone."""
    place = find_place(files)
    return _ObjectPart(place, target) if place else _FolderPart(files, root, target)


class _FolderPart:
    def __init__(self, files: fs.FileSystem, root: str, target: str) -> None:
        self._root, self._target = Path(root), Path(root, target)
        self.written = f"{STAGING_DIR}/{self._target.name}"
        self._files, self._aside = files, f"{root}/{self.written}"
        files.create_dir(f"{root}/{STAGING_DIR}", recursive=True)
        self.sink = files.open_output_stream(self._aside)

    def finish(self) -> None:
        self.sink.close()

    def place(self) -> None:
        sync(Path(self._aside))
        make_private_folder(self._target.parent)
        replace_file(Path(self._aside), self._target)

    def discard(self) -> None:
        with contextlib.suppress(OSError, ValueError, pa.ArrowException):
            self.sink.close()
        with contextlib.suppress(OSError):
            self._files.delete_file(self._aside)


class _ObjectPart:
    def __init__(self, place: ObjectPlace, target: str) -> None:
        self._place, self.written = place, target
        self.sink = pa.BufferOutputStream()

    def finish(self) -> None:
        """Does nothing: the bytes are taken when the part lands."""

    def place(self) -> None:
        try:
            self._place.create(self.written, self.sink.getvalue().to_pybytes())
        except Conflict:
            raise LandingError(f"{self.written}: another run has landed a file of this name") from None

    def discard(self) -> None:
        self.sink.close()
