"""A folder on this machine with the same verbs as a place in an object store."""

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from warehouse.durable import make_private_folder, remove_stale_files, replace_file, sync
from warehouse.objects.addresses import is_object_address
from warehouse.objects.place import PIECE_BYTES, ObjectPlace, StoredFile, open_objects

STAGING_DIR = ".aside"
"""Folder of incomplete files, so that half a file never counts as written."""


class FolderPlace:
    """One folder. All keys are relative to it. Every verb raises OSError where the disk cannot."""

    def __init__(self, root: Path) -> None:
        self.label = str(root)
        self._root = root

    def read(self, key: str) -> bytes:
        """Reads a file. Raises FileNotFoundError."""
        return (self._root / key).read_bytes()

    def read_pieces(self, key: str) -> Iterator[bytes]:
        """Reads a file piece by piece. Raises FileNotFoundError."""
        with (self._root / key).open("rb") as file:
            while piece := file.read(PIECE_BYTES):
                yield piece

    def list_all(self, folder: str = "") -> list[StoredFile]:
        """Lists all files below a folder."""
        found = []
        for parent, _, names in os.walk(self._root / folder):
            for name in names:
                path = Path(parent, name)
                with contextlib.suppress(FileNotFoundError):
                    found.append(StoredFile(path.relative_to(self._root).as_posix(), path.stat().st_size))
        return found

    def put(self, key: str, content: bytes | Path) -> None:
        """Writes a file over a former one, whole or not at all, also where the power is cut."""
        target = self._root / key
        aside = self._root / STAGING_DIR / f"{secrets.token_hex(4)}-{target.name}"
        make_private_folder(aside.parent)
        make_private_folder(target.parent)
        try:
            if isinstance(content, Path):
                shutil.copyfile(content, aside)
            else:
                aside.write_bytes(content)
            sync(aside)
            replace_file(aside, target)
        finally:
            aside.unlink(missing_ok=True)

    def delete(self, key: str) -> None:
        """Deletes a file, if it is there."""
        (self._root / key).unlink(missing_ok=True)

    def remove_stale(self) -> None:
        """Removes what killed processes left behind."""
        remove_stale_files(self._root / STAGING_DIR, "*")


Place = FolderPlace | ObjectPlace


def open_place(word: str) -> Place:
    """Opens the folder or the object store that a path or address names, without asking it anything.

    Raises StoreError.
    """
    if is_object_address(word):
        return open_objects(word)
    path = unquote(urlsplit(word).path) if word.startswith("file:") else word
    return FolderPlace(Path(path).absolute())
