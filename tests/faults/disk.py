"""What a power cut leaves of a folder: only what was synced, under the names of now or of the last sync of each folder.

The idea is CrashMonkey's: while `watch` is on, each fsync is noted with the content that it brought to the disk. DuckDB
syncs its own files from within, so these stay as they are.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

ENGINE = "warehouse.duckdb"
"""The file that the engine syncs by itself, and the beginning of the names of its log and spill folder."""
Entry = tuple[int, int]
"""A file or folder as a list of names has it: its inode, and when it was last changed (0 for a folder)."""


@dataclass
class Disk:
    """A folder, and what of it is on the disk for good."""

    root: Path
    contents: dict[Entry, bytes] = field(default_factory=dict)
    """Synced content of files."""
    names: dict[int, dict[str, Entry]] = field(default_factory=dict)
    """Synced names of each folder, by its inode."""

    def __post_init__(self) -> None:
        for folder, _, files in os.walk(self.root):
            self._note(Path(folder))
            for name in files:
                self._note(Path(folder, name))

    @contextmanager
    def watch(self) -> Iterator[None]:
        """Notes every fsync of a file or folder within the root; nothing needs to reach a real disk."""
        with mock.patch("os.fsync", lambda descriptor: self._note(Path(os.readlink(f"/proc/self/fd/{descriptor}")))):
            yield

    def _note(self, path: Path) -> None:
        if path.is_dir():
            self.names[path.stat().st_ino] = _list_names(path)
        elif path.is_relative_to(self.root):
            self.contents[_identify(path)] = path.read_bytes()

    def leave(self, target: Path, keeps_names: bool) -> None:
        """Writes what a power cut leaves at this moment: renames, new files and removals since the last sync of their
        folder either all happened, or none."""
        found = {_identify(path): path for path in self.root.rglob("*")}
        self._leave_folder(self.root, target, keeps_names, found)

    def _leave_folder(self, folder: Path, target: Path, keeps_names: bool, found: dict[Entry, Path]) -> None:
        target.mkdir()
        present = _list_names(folder)
        names = present if keeps_names else self.names.get(folder.stat().st_ino, {})
        own = {name: entry for name, entry in present.items() if name.startswith(ENGINE)}
        # A log that was removed had been marked as written back, and the engine skips it should it come back.
        for name, entry in ({name: names[name] for name in names if not name.startswith(ENGINE)} | own).items():
            path = found.get(entry, Path())
            if path.is_dir() and entry in found:
                self._leave_folder(path, target / name, keeps_names, found)
            elif name in own:
                (target / name).write_bytes((folder / name).read_bytes())
            elif entry[1]:
                (target / name).write_bytes(self.contents.get(entry, b""))


def _identify(path: Path) -> Entry:
    state = path.lstat()
    return state.st_ino, 0 if stat.S_ISDIR(state.st_mode) else state.st_mtime_ns


def _list_names(folder: Path) -> dict[str, Entry]:
    return {path.name: _identify(path) for path in folder.iterdir()}
