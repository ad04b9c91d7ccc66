"""The sample world: files that the collectors landed from an emulator, run through the real load, build and publish."""

import hashlib
import shutil
import tarfile
from datetime import UTC, datetime
from pathlib import Path

from pipelines import steps
from pipelines.catalog.reader import SHIPPED, read_catalog
from warehouse.database import warehouse_path
from warehouse.lock import hold_lock
from warehouse.settings import Settings
from warehouse.snapshot import POINTER, SAMPLE, published_folder

NOW = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)
"""The frozen clock of the sample world: no shipped fact was read later."""
PACKED = Path(__file__).parents[2] / "warehouse" / "sample"
"""One archive of landed files for each source."""
ENDING = ".tar.xz"
UNPACKED = "unpacked"
"""The file in the sample world's home that names the archives it was made from."""


def sample_settings(settings: Settings) -> Settings:
    """Returns the settings, redirected to the sample world's own home inside the given one."""
    return settings.model_copy(update={"home": settings.home / SAMPLE, "landing": "", "now": NOW})


def list_archives(folder: Path) -> list[Path]:
    """Lists the archives of a folder, by source."""
    return sorted(folder.glob(f"*{ENDING}"))


def unpack_archives(landing: Path) -> None:
    """Unpacks every archive into a landing zone."""
    for path in list_archives(PACKED):
        with tarfile.open(path) as archive:
            archive.extractall(landing, filter="data")


def open_sample(settings: Settings) -> None:
    """Unpacks, builds and publishes the sample world; a second call changes nothing."""
    own = sample_settings(settings)
    _renew_landing(own)
    steps.refresh_warehouse(own, read_catalog([SHIPPED]))


def _renew_landing(settings: Settings) -> None:
    """Unpacks the archives unless that is done, and removes what was built from others: two worlds never mix."""
    mark, digest = settings.home / UNPACKED, _compute_digest()
    with hold_lock(settings.home, "unpack the sample world"):
        if mark.exists() and mark.read_text(encoding="ascii", errors="replace") == digest:
            return
        for path in (mark, warehouse_path(settings.home), published_folder(settings.home) / POINTER):
            path.unlink(missing_ok=True)
        shutil.rmtree(settings.landing_url, ignore_errors=True)
        unpack_archives(Path(settings.landing_url))
        mark.write_text(digest, encoding="ascii")


def _compute_digest() -> str:
    total = hashlib.sha256()
    for path in list_archives(PACKED):
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
