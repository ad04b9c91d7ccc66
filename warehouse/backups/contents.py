"""What of an installation goes into a backup: all that cannot be made again, and the snapshot that readers have."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from pyarrow import fs
from pydantic import SecretStr

from warehouse.attempts.writer import FOLDER, is_locked, list_files
from warehouse.backups.manifest import ATTEMPTS, CATALOG, KEY, LANDING, PUBLISHED
from warehouse.database import WarehouseError
from warehouse.faults import LandingError, StoreError
from warehouse.forgetting.register import FOLDER as FORGOTTEN
from warehouse.landing import Zone, list_stored, read_landed
from warehouse.packing.packs import is_pack
from warehouse.settings import Settings
from warehouse.sharing.followed import label_source
from warehouse.snapshot import POINTER, published_folder, read_pointer, verify_file
from warehouse.withdrawn.names import FOLDER as TAKEN_BACK

LEFT_OUT = ("home", "landing", "now")
"""Settings that are not those of the next home."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A file to keep."""

    name: str
    """Its place in a home."""
    open: Callable[[], BinaryIO]
    is_fixed: bool = True
    """True where a file of this name never changes, so that one kept before need not be read again."""
    written: fs.FileInfo | None = None
    """For a landed file of one visit: its size and time, since what is forgotten or deleted is taken out of it."""
    is_sound: Callable[[], bool] = bool
    """Tells whether a landed file holds what its own digests say; one that rotted takes the place of no good copy."""


@dataclass(slots=True)
class Contents:
    """The files of an installation, listed while others may write to it."""

    settings: Settings
    zone: Zone
    key: bytes | None
    """The key of the pseudonyms; None leaves it out."""
    without_snapshot: str = ""
    """Why no snapshot goes along; empty if one does."""

    def list_pieces(self) -> Iterator[Piece]:
        """Lists all files: the snapshot before what was landed, so that it shows nothing that the landed files do not
        hold, and the lists of what was taken back after it, so that none of it counts again."""
        yield from self.list_published()
        yield from self.list_forgotten()
        written = _list_written(self.zone)
        for path in [*list_settled(self.zone), *_list_taken_back(self.zone)]:
            source = f"{self.zone.root}/{path}"
            opening = partial(self.zone.files.open_input_stream, source, compression=None)
            checking = partial(_is_sound, self.zone, path)
            yield Piece(f"{LANDING}/{path}", opening, written=written.get(source), is_sound=checking)
        for _, attempt in list_files(self.settings.home / FOLDER):
            # One that goes on would be told as died.
            if not is_locked(attempt):
                yield Piece(f"{ATTEMPTS}/{attempt.name}", partial(_open_file, attempt))
        if self.settings.catalog:
            for family in sorted(self.settings.catalog.glob("*.toml")):
                yield Piece(f"{CATALOG}/{family.name}", partial(_open_file, family), is_fixed=False)
        if self.key is not None:
            yield Piece(KEY, partial(io.BytesIO, self.key), is_fixed=False)

    def list_forgotten(self) -> Iterator[Piece]:
        """Lists what says whom and what was forgotten, which grows and is written anew."""
        found = self.zone.files.get_file_info(fs.FileSelector(f"{self.zone.root}/{FORGOTTEN}", allow_not_found=True))
        for info in sorted(found, key=lambda info: info.base_name):
            if info.base_name.endswith(".json"):
                name = f"{LANDING}/{FORGOTTEN}/{info.base_name}"
                opening = partial(self.zone.files.open_input_stream, info.path, compression=None)
                yield Piece(name, opening, is_fixed=False)

    def list_published(self) -> Iterator[Piece]:
        """Lists the snapshot that readers have, and the pointer to it."""
        folder = published_folder(self.settings.home)
        try:
            pointer = read_pointer(folder)
            if pointer is None:
                self.without_snapshot = "nothing is published"
                return
            verify_file(folder / pointer.file)
        except WarehouseError as error:
            self.without_snapshot = str(error)
            return
        yield Piece(f"{PUBLISHED}/{pointer.file}", partial(_open_file, folder / pointer.file))
        yield Piece(f"{PUBLISHED}/{POINTER}", partial(io.BytesIO, pointer.model_dump_json().encode()), is_fixed=False)


def _open_file(path: Path) -> BinaryIO:
    return path.open("rb")


def list_settled(zone: Zone) -> list[str]:
    """Lists the files in which landed ones lie, also those taken back, such that none lacks an earlier one of its
    channel: its cursor says that the rows of that one were had."""
    newest = {path.partition("/")[0]: path for path in list_stored(zone)[0]}
    # A listing may show a file and miss one that landed just before it; the next listing shows both.
    loose, packs = list_stored(zone)
    return sorted([*(path for path in loose if path <= newest.get(path.partition("/")[0], "")), *packs])


def _list_written(zone: Zone) -> dict[str, fs.FileInfo]:
    """Lists when the landed files of one visit were written, and how large they are; a pack never changes."""
    found = zone.files.get_file_info(fs.FileSelector(zone.root, recursive=True, allow_not_found=True))
    return {info.path: info for info in found if info.path.endswith(".parquet") and not is_pack(info.path)}


def _is_sound(zone: Zone, path: str) -> bool:
    try:
        read_landed(zone, path)
    except StoreError:
        raise
    except LandingError:
        return False
    return True


def _list_taken_back(zone: Zone) -> list[str]:
    found = zone.files.get_file_info(fs.FileSelector(f"{zone.root}/{TAKEN_BACK}", allow_not_found=True))
    return sorted(f"{TAKEN_BACK}/{info.base_name}" for info in found if info.base_name.endswith(".json"))


def describe_settings(settings: Settings) -> dict[str, str]:
    """Describes the settings that are set, by variable: no token, no key, and addresses without credentials."""
    fields = type(settings).model_fields
    values = {name: getattr(settings, name) for name in sorted(settings.model_fields_set - set(LEFT_OUT))}
    return {
        str(fields[name].alias): label_source(str(value)) if name == "snapshot" else str(value)
        for name, value in values.items()
        if not isinstance(value, SecretStr)
    }
