"""Followed snapshots: what was fetched from somebody's published set, kept in the home and read from there."""

import contextlib
import hashlib
import os
import shutil
import time
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from warehouse.durable import write_file
from warehouse.settings import Settings, SettingsError
from warehouse.sharing.manifest import NAME, PublishedManifest
from warehouse.snapshot import POINTER, Origin, Snapshot, read_current

FOLDER = "followed"
LEFT_SECONDS = 3600.0
"""Age from which a folder that the engine writes to while it reads counts as left behind."""
KEEP = 2
"""Files kept per source, so that a reader in the middle of a page keeps the one it opened."""


class Followed(BaseModel):
    """The last good snapshot of a source, and how the last look at the source went; kept beside the snapshot."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    source: str
    manifest: PublishedManifest
    checked_at: AwareDatetime
    """When the source was last asked, whatever it answered."""
    trouble: str = ""
    troubled_at: AwareDatetime | None = None
    path: Path = Field(Path(), exclude=True)

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot, labelled with whose it is."""
        own = self.manifest
        origin = Origin(
            self.source, own.publisher, own.licence, own.data_as_of, own.code_version, own.left_out, self.trouble,
            self.troubled_at,
        )  # fmt: skip
        return Snapshot(self.path, own.version, own.published_at, own.is_sample, own.build, origin)


def label_source(source: str) -> str:
    """Returns the name of a source as it is shown and kept: an absolute path, or an address without credentials."""
    try:
        if "://" not in source:
            # A person unknown here makes `~name` the name of a folder.
            path = Path(os.path.expanduser(source.strip())).absolute()
            return str(path.parent if path.name == NAME else path)
        parts = urlsplit(source.strip())
    except ValueError:
        # The library's own message repeats the address, which may carry a password.
        raise SettingsError("no place of a published set; name a folder or https://HOST/FOLDER") from None
    path_to_set = parts.path.removesuffix(NAME).rstrip("/")
    return urlunsplit((parts.scheme.lower(), parts.netloc.rpartition("@")[2], path_to_set, parts.query, ""))


def followed_folder(home: Path, source: str) -> Path:
    """Returns the folder of a source's kept snapshots."""
    return home / FOLDER / hashlib.sha256(label_source(source).encode()).hexdigest()[:16]


def kept_path(folder: Path, manifest: PublishedManifest) -> Path:
    """Returns the path of a fetched file; no part of it is a stranger's text."""
    return folder / f"{manifest.sha256}.duckdb"


def read_followed(home: Path, source: str) -> Followed | None:
    """Reads what is kept of a source; None if nothing is, or if it is no longer what was fetched."""
    folder = followed_folder(home, source)
    try:
        followed = Followed.model_validate_json((folder / POINTER).read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
    path = kept_path(folder, followed.manifest)
    return followed.model_copy(update={"path": path}) if is_whole(path, followed.manifest) else None


def is_whole(path: Path, manifest: PublishedManifest) -> bool:
    """Returns whether a kept file is there and is what its manifest says."""
    try:
        state = path.stat()
    except FileNotFoundError:
        return False
    return state.st_size == manifest.size and _digest_file(path, state.st_mtime_ns) == manifest.sha256


# Read once per process and file: a dashboard asks every few seconds.
@lru_cache(maxsize=16)
def _digest_file(path: Path, _changed_at: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def keep_followed(home: Path, source: str, manifest: PublishedManifest, now: datetime) -> Followed:
    """Points at a file that was fetched and checked; removes all but the newest files of the source."""
    folder = followed_folder(home, source)
    path = kept_path(folder, manifest)
    followed = Followed(source=label_source(source), manifest=manifest, checked_at=now, path=path)
    write_file(folder / POINTER, followed.model_dump_json())
    others = [path for path in folder.glob("*.duckdb") if path != followed.path]
    for path in sorted(others, key=lambda path: path.stat().st_mtime)[: 1 - KEEP]:
        path.unlink(missing_ok=True)
    return followed


def remove_spills(home: Path, source: str) -> None:
    """Removes what readers that were killed have left beside the files of a source; what is in use is younger."""
    for folder in followed_folder(home, source).glob("*.tmp"):
        with contextlib.suppress(OSError):
            if time.time() - folder.stat().st_mtime > LEFT_SECONDS:
                shutil.rmtree(folder)


def note_trouble(home: Path, source: str, trouble: str, now: datetime) -> Followed | None:
    """Notes that a source gave nothing newer, and since when; None if nothing is kept of it.

    A disk that takes no note costs the note only.
    """
    followed = read_followed(home, source)
    if followed is None:
        return None
    since = followed.troubled_at if followed.trouble else now
    followed = followed.model_copy(update={"checked_at": now, "trouble": trouble, "troubled_at": since})
    with contextlib.suppress(OSError):
        write_file(followed.path.parent / POINTER, followed.model_dump_json())
    return followed


def read_shown(settings: Settings) -> Snapshot | None:
    """Returns the snapshot that readers see: the kept one of HEARTBEAT_SNAPSHOT if that is set, else the home's own."""
    if not settings.snapshot:
        return read_current(settings.home)
    followed = read_followed(settings.home, settings.snapshot)
    return followed.snapshot if followed else None
