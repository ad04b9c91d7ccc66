"""The places that hold published sets: a folder, an object store, a web server, or a data set of the Hub."""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pipelines
from pipelines.http.download import Keep
from pipelines.http.errors import Gone, Retriable
from pipelines.snapshots.web import WebSource, locate_hub
from warehouse.faults import StoreError
from warehouse.places import STAGING_DIR, FolderPlace, Place, is_object_address, open_place
from warehouse.settings import SNAPSHOT, Settings, SettingsError
from warehouse.sharing.followed import label_source
from warehouse.sharing.manifest import FILE, NAME

if TYPE_CHECKING:
    from pipelines.snapshots.hub import HubPlace

KINDS = "a folder, an https address, s3://bucket/folder, gs://bucket/folder or hf://datasets/OWNER/NAME"
_HUB = re.compile(r"hf://datasets/([A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95})/?")
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
            for key in self._place.list_keys():
                if re.fullmatch(FILE, key) and key not in kept:
                    self._place.delete(key)
            with suppress(OSError):
                os.rmdir(Path(self._label, STAGING_DIR))
        except (OSError, StoreError) as error:
            raise Retriable(f"{self._label}: cannot be written to: {error}") from None


def open_store(word: str, is_writing: bool) -> StorePlace:
    """Opens a path or the URL of an object store. Raises SettingsError."""
    try:
        is_anonymous = is_object_address(word) and not is_writing and not _has_credentials(word)
        return StorePlace(open_place(word, is_anonymous))
    except StoreError as error:
        raise SettingsError(str(error)) from None


def _has_credentials(word: str) -> bool:
    return any(os.environ.get(name) for name in _CREDENTIALS.get(urlsplit(word).scheme, ()))


def open_source(settings: Settings, source: str) -> "WebSource | StorePlace":
    """Opens the place that a word names. Raises SettingsError for a word that names none."""
    address = source if _find_scheme(source) in ("http", "https") else ""
    if source.startswith("hf://"):
        address = locate_hub(_read_repository(source))
    if address:
        return WebSource(address, settings.private_hosts, pipelines.user_agent(settings.contact))
    return open_store(_check_store(source), is_writing=False)


def check_followed(settings: Settings) -> None:
    """Raises SettingsError if HEARTBEAT_SNAPSHOT names no place of a published set."""
    if not settings.snapshot:
        return
    try:
        open_source(settings, settings.snapshot)
        if "://" not in settings.snapshot and not Path(label_source(settings.snapshot), NAME).exists():
            raise SettingsError(f"{label_source(settings.snapshot)}: no {NAME} there; name {KINDS}")
    except SettingsError as error:
        raise SettingsError(f"{SNAPSHOT}: {error}") from None


def open_target(settings: Settings, target: str) -> "HubPlace | StorePlace":
    """Opens the place to publish to. Raises SettingsError for one that cannot be written to."""
    if _find_scheme(target) in ("http", "https"):
        raise SettingsError("--to: an https address can only be read; name a folder, s3://…, gs://… or hf://datasets/…")
    if target.startswith("hf://"):
        # Late, since the library takes a second to load.
        from pipelines.snapshots.hub import HubPlace

        return HubPlace(_read_repository(target), settings)
    return open_store(_check_store(target), is_writing=True)


def _find_scheme(word: str) -> str:
    try:
        return urlsplit(word).scheme
    except ValueError:
        return ""


def _read_repository(word: str) -> str:
    match = _HUB.fullmatch(word)
    if not match:
        raise SettingsError(f"{word!r}: name a data set of the Hub as hf://datasets/OWNER/NAME")
    return match[1]


def _check_store(word: str) -> str:
    """Returns a path in full, or the address of a store. Raises SettingsError for what is neither."""
    if word.endswith(".duckdb"):
        raise SettingsError(f"{word}: name the folder that holds it: {NAME} beside it says what the file must be")
    if "://" not in word:
        return label_source(word)
    if _find_scheme(word) not in ("s3", "gs", "file"):
        raise SettingsError(f"{label_source(word)}: use {KINDS}")
    return word.replace(f"/{NAME}", "")
