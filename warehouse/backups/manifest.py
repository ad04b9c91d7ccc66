"""The manifest of a backup: what it holds, with the digest by which each file, and the manifest itself, is verified."""

import hashlib
import json
from pathlib import Path, PurePosixPath
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from warehouse.database import WarehouseError
from warehouse.settings import PEOPLE_KEY_FILE

NAME = "backup.json"
"""Its name in the folder of a backup; it is written last, so that all files that it names are there."""
FORMAT = 1
FILES = "files"
"""The folder within a backup that holds the files."""
LANDING, ATTEMPTS, CATALOG, PUBLISHED, KEY = "landing", "attempts", "catalog", "published", PEOPLE_KEY_FILE
"""What of a home goes into a backup: names of folders, and of a file."""


def _check_place(name: str) -> str:
    parts = PurePosixPath(name).parts
    if name != "/".join(parts) or ".." in parts or parts[0] not in (LANDING, ATTEMPTS, CATALOG, PUBLISHED, KEY):
        raise ValueError("not a file of a home")
    return name


class KeptFile(BaseModel):
    """A file of a backup."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    size: int = Field(ge=0)
    """Bytes of the file."""
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class BackupManifest(BaseModel):
    """What a backup holds; `files` names each by its place in a home."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    made_at: AwareDatetime
    code_version: str
    settings: dict[str, str]
    """Settings that were set and name nothing secret, by variable."""
    files: dict[Annotated[str, AfterValidator(_check_place)], KeptFile]

    def list_landed(self) -> list[str]:
        """Lists the landed files."""
        return [name for name in self.files if name.startswith(f"{LANDING}/") and name.endswith(".parquet")]


def locate_file(place: Path, name: str, sha256: str) -> Path:
    """Returns where a backup keeps a file: under its own name and its digest, so that two contents never meet."""
    return place / FILES / f"{name}.{sha256[:16]}"


def render_manifest(manifest: BackupManifest) -> bytes:
    """Renders a manifest as JSON, with its format and its own digest."""
    text = _render_listed(manifest)
    return f'{{"format":{FORMAT},"sha256":"{_digest(text)}","backup":{text}}}\n'.encode()


def read_manifest(place: Path) -> BackupManifest | None:
    """Reads the manifest of a backup; None where there is none. Raises WarehouseError if it is damaged or newer."""
    path = place / NAME
    try:
        entries = json.loads(path.read_bytes())
        if int(entries["format"]) > FORMAT:
            words = f"format {entries['format']}; this one reads up to {FORMAT}"
            raise WarehouseError(f"{path}: written by a newer Heartbeat ({words}); update Heartbeat")
        manifest = BackupManifest.model_validate(entries["backup"])
        is_sound = entries["sha256"] == _digest(_render_listed(manifest))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError, ValidationError):
        is_sound = False
    if not is_sound:
        raise WarehouseError(
            f"{path}: damaged: it is not what was written, so nothing tells what its files are; use another backup, and"
            " make the next one in a new folder"
        )
    return manifest


def _render_listed(manifest: BackupManifest) -> str:
    return json.dumps(manifest.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
