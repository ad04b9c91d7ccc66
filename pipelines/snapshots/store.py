"""A published set in a folder of this machine or of an object store."""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from pipelines.http.download import Keep
from pipelines.http.errors import Gone, Retriable
from warehouse.faults import StoreError
from warehouse.objects.addresses import is_object_address
from warehouse.objects.folder import STAGING_DIR, FolderPlace, Place, open_place
from warehouse.objects.place import open_objects
from warehouse.settings import SettingsError
from warehouse.sharing.manifest import FILE

_CREDENTIALS = {
    "s3": (
        "AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    ),
    "gs": ("GOOGLE_APPLICATION_CREDENTIALS",),
}  # fmt: skip


class StorePlace:
    """Reads and writes the files of one folder."""

    def __init__(self, place: Place) -> None:
        self._place, self._label = place, place.label

    def fetch(self, name: str, keep: Keep) -> None:
        """Reads one file of the set. Raises SourceError."""
        # What `keep` raises is not the place's fault.
        for piece in self._read_pieces(name):
            keep(piece)

    def _read_pieces(self, name: str) -> Iterator[bytes]:
        try:
            yield from self._place.read_pieces(name)
        except FileNotFoundError:
            raise Gone(f"{self._label}: there is no {name}") from None
        except (OSError, StoreError) as error:
            raise Retriable(f"{self._label}: {name} cannot be read: {error}") from None

    def put_set(self, files: Sequence[Path], kept: frozenset[str]) -> None:
        """Puts the files in their order and removes snapshots not named in `kept`. Raises SourceError."""
        try:
            if isinstance(self._place, FolderPlace):
                Path(self._label).mkdir(parents=True, exist_ok=True)
            for path in files:
                self._place.put(path.name, path)
            for found in self._place.list_all():
                if re.fullmatch(FILE, found.key) and found.key not in kept:
                    self._place.delete(found.key)
            self._remove_staging()
        except (OSError, StoreError) as error:
            raise Retriable(f"{self._label}: cannot be written to: {error}") from None

    def _remove_staging(self) -> None:
        self._place.remove_stale()
        with suppress(OSError):
            os.rmdir(Path(self._label, STAGING_DIR))


def open_store(word: str, is_writing: bool) -> StorePlace:
    """Opens a path or the URL of an object store. Raises SettingsError."""
    try:
        if is_object_address(word) and not is_writing and not _has_credentials(word):
            return StorePlace(open_objects(word, is_anonymous=True))
        return StorePlace(open_place(word))
    except StoreError as error:
        raise SettingsError(str(error)) from None


def _has_credentials(word: str) -> bool:
    parts = urlsplit(word)
    return "@" in parts.netloc or any(os.environ.get(name) for name in _CREDENTIALS.get(parts.scheme, ()))
