"""How far a first collection is, for the pages that are open meanwhile: a small file in the home."""

from datetime import datetime, timedelta
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, NonNegativeInt, ValidationError

from warehouse.durable import make_private_folder, write_file

FILE = "collecting.json"
STALE_AFTER = timedelta(seconds=30)
"""A run that has not written for so long was killed: it no longer collects."""


class CollectionProgress(BaseModel):
    """One state of a first collection."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    written_at: AwareDatetime
    finished: NonNegativeInt
    """Channels that were visited to the end."""
    total: NonNegativeInt
    rows: NonNegativeInt
    has_failed: bool = False
    """True once the run has ended without reaching any source."""


def write_progress(home: Path, progress: CollectionProgress) -> None:
    """Replaces the home's file; a reader sees the former state or this one."""
    make_private_folder(home)
    write_file(home / FILE, progress.model_dump_json())


def remove_progress(home: Path) -> None:
    """Removes the home's file, if there is one."""
    (home / FILE).unlink(missing_ok=True)


def read_progress(home: Path, now: datetime) -> CollectionProgress | None:
    """Reads the state of the run under way, or of the one that failed; None if there is neither."""
    try:
        progress = CollectionProgress.model_validate_json((home / FILE).read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
    return progress if progress.has_failed or abs(now - progress.written_at) <= STALE_AFTER else None
