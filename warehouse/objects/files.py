"""The files of an object store as PyArrow reads and writes them, so that a landing zone is one wherever it lies."""

import io
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
from pyarrow import fs

from warehouse.objects.place import ObjectPlace, StoredObject, open_place


class ObjectFiles(fs.FileSystemHandler):  # type: ignore[misc]
    """The objects below a place, under the paths that a zone has for them."""

    def __init__(self, place: ObjectPlace, root: str) -> None:
        self.place, self._root = place, root

    def _key(self, path: str) -> str:
        return path.removeprefix(self._root).strip("/")

    def _info(self, found: StoredObject) -> fs.FileInfo:
        return fs.FileInfo(
            f"{self._root}/{found.key}", fs.FileType.File, size=found.size, mtime=found.changed_at.timestamp()
        )

    def get_type_name(self) -> str:
        """Returns the name of this kind of file system."""
        return "objects"

    def normalize_path(self, path: str) -> str:
        """Returns a path as it is."""
        return path

    def get_file_info(self, paths: Sequence[str]) -> list[fs.FileInfo]:
        """Looks for files by path."""
        found = ((path, self.place.find(self._key(path))) for path in paths)
        return [self._info(one) if one else fs.FileInfo(path, fs.FileType.NotFound) for path, one in found]

    def get_file_info_selector(self, selector: fs.FileSelector) -> list[fs.FileInfo]:
        """Lists the files of a folder, and its folders unless it lists all that is below it."""
        folder = self._key(selector.base_dir)
        if selector.recursive:
            return [self._info(found) for found in self.place.list_all(folder)]
        folders, objects = self.place.list_folder(folder)
        listed = [fs.FileInfo(f"{self._root}/{name}", fs.FileType.Directory) for name in folders]
        return [*listed, *(self._info(found) for found in objects)]

    def create_dir(self, path: str, recursive: bool) -> None:
        """Makes no folder: a store has none."""

    def delete_file(self, path: str) -> None:
        """Deletes a file."""
        self.place.delete(self._key(path))

    def open_input_file(self, path: str) -> pa.NativeFile:
        """Reads a file whole: a landed one is small. Raises FileNotFoundError."""
        found = self.place.read(self._key(path))
        if found is None:
            raise FileNotFoundError(path)
        return pa.BufferReader(found[0])

    def open_input_stream(self, path: str) -> pa.NativeFile:
        """Reads a file whole. Raises FileNotFoundError."""
        return self.open_input_file(path)

    def open_output_stream(self, path: str, metadata: Any) -> pa.NativeFile:
        """Opens a file that is there once it is closed, as a whole or not at all."""
        return pa.PythonFile(_ObjectBuffer(self.place, self._key(path)), mode="w")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ObjectFiles) and other.place is self.place

    def __ne__(self, other: object) -> bool:
        return not self == other

    def _refuse(self, *args: Any) -> Any:
        raise NotImplementedError("a landing zone has no use for it")

    delete_dir = delete_dir_contents = delete_root_dir_contents = _refuse
    move = copy_file = open_append_stream = _refuse


def open_object_files(url: str) -> tuple[fs.FileSystem, str]:
    """Opens the files at an address, without asking the store anything, and returns them with the path of their
    root. Raises StoreError."""
    place = open_place(url)
    root = place.label.partition("://")[2]
    return fs.PyFileSystem(ObjectFiles(place, root)), root


def find_place(files: fs.FileSystem) -> ObjectPlace | None:
    """Finds the place of a zone's files in an object store; None for a folder."""
    handler = files.handler if isinstance(files, fs.PyFileSystem) else None
    return handler.place if isinstance(handler, ObjectFiles) else None


class _ObjectBuffer(io.BytesIO):
    """What is written, until it is closed and put into the store in one request."""

    def __init__(self, place: ObjectPlace, key: str) -> None:
        super().__init__()
        self._place, self._key = place, key

    def close(self) -> None:
        if not self.closed:
            content = self.getvalue()
            super().close()
            self._place.put(self._key, content)
