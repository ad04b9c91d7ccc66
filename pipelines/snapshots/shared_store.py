"""A published set in an object store, whose manifest is replaced only if nobody else has replaced it.

Order: the snapshot, named by its digest; the manifest, on the condition that it is as it was read; the card, file by
file, as long as the manifest is ours. So whatever publishers do at once, the card is that of the manifest.
"""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
from pyarrow import fs

from pipelines.http.errors import Retriable
from pipelines.snapshots.store import StorePlace, locate_store, open_store, rests_on_profile, shorten_error
from pipelines.snapshots.superseding import Superseded
from warehouse.faults import StoreError
from warehouse.objects.addresses import is_object_address
from warehouse.objects.place import Conflict, ObjectPlace, Stamp, open_place
from warehouse.settings import SettingsError
from warehouse.sharing.manifest import NAME

TRIES = 10
"""How often a file of the card is written anew that another publisher has just written."""


class SharedStorePlace(StorePlace):
    """Reads and writes one folder of an object store. Raises SettingsError for an address that names none."""

    def __init__(self, label: str, files: fs.FileSystem, root: str, word: str) -> None:
        super().__init__(label, files, root)
        try:
            self._objects: ObjectPlace = open_place(word)
        except StoreError as error:
            raise SettingsError(str(error)) from None

    def put_set(
        self, files: Sequence[Path], manifest: Path, kept: frozenset[str], seen: str, gone: frozenset[str] = frozenset()
    ) -> None:
        """Puts the snapshot, then the manifest, then the others, and removes snapshots not named in `kept` that no
        other publisher may be about to name, and those named in `gone`. Raises SourceError and Superseded."""
        try:
            self._put_files(files, manifest.read_bytes(), kept, seen, gone - {files[0].name})
        except Conflict:
            raise Superseded(self._label) from None
        except StoreError as error:
            raise Retriable(str(error)) from None
        except (OSError, pa.ArrowException) as error:
            raise Retriable(f"{self._label}: cannot be written to: {shorten_error(error)}") from None

    def _put_files(
        self, files: Sequence[Path], manifest: bytes, kept: frozenset[str], seen: str, gone: frozenset[str]
    ) -> None:
        since = self._find_manifest_time()
        former, stamp = self._objects.read(NAME) or (b"", None)
        if (hashlib.sha256(former).hexdigest() if stamp else "") != seen:
            raise Conflict(NAME)
        self._put(files[0])
        self._write(NAME, manifest, stamp)
        if not self._objects.find(files[0].name):  # the publisher before may have removed it as an old one
            self._put(files[0])
        self._remove_named(gone, manifest)
        is_whole = all(self._put_beside(manifest, path) for path in files[1:])
        if is_whole and since:
            # Of what is to be forgotten, also a snapshot of the same second goes.
            self._remove_before(since + timedelta(seconds=bool(gone)), kept, manifest)
        if gone and not is_whole:  # the card may still be the former one
            raise Conflict(NAME)

    def _find_manifest_time(self) -> datetime | None:
        return next((one.changed_at for one in self._objects.list_folder()[1] if one.key == NAME), None)

    def _write(self, key: str, content: bytes, stamp: Stamp | None) -> None:
        if stamp:
            self._objects.change(key, content, stamp)
        else:
            self._objects.create(key, content)

    def _is_ours(self, manifest: bytes) -> bool:
        found = self._objects.read(NAME)
        return found is not None and found[0] == manifest

    def _put_beside(self, manifest: bytes, path: Path) -> bool:
        """Puts a file of the card, unless the manifest is another publisher's now, whose card it is then."""
        for _ in range(TRIES):
            found = self._objects.read(path.name)
            if not self._is_ours(manifest):
                return False
            with suppress(Conflict):
                self._write(path.name, path.read_bytes(), found[1] if found else None)
                return True
        return False

    def _remove_named(self, names: frozenset[str], manifest: bytes) -> None:
        """Removes snapshots whatever their age. Raises Conflict where another publisher's manifest may name one, and
        StoreError for one that stays."""
        for name in sorted(names):
            if not self._is_ours(manifest):
                raise Conflict(NAME)
            self._objects.delete(name)
            if self._objects.find(name):
                raise StoreError(f"{self._label}: {name} was deleted and is still there; delete it by hand")

    def _remove_before(self, since: datetime, kept: frozenset[str], manifest: bytes) -> None:
        """Removes snapshots older than the former manifest. A younger one may be of a publisher at work; whoever put an
        older one and is still at work meets another manifest than it has read, and puts it again."""
        for one in self._objects.list_folder()[1]:
            if one.key.startswith("heartbeat-") and one.key not in kept:
                found = self._objects.find(one.key)
                # Stores tell whole seconds.
                if found and found.changed_at < since and self._is_ours(manifest):
                    self._objects.delete(one.key)


def open_shared(word: str) -> StorePlace:
    """Opens a path or the URL of an object store to publish there. Raises SettingsError."""
    if not is_object_address(word) or rests_on_profile(word):
        return open_store(word, is_writing=True)
    return SharedStorePlace(*locate_store(word, is_writing=True), word)
