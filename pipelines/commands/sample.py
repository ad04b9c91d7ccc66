"""The sample world: files that the collectors landed from an emulator, run through the real load, build and publish."""

from datetime import UTC, datetime
from pathlib import Path

from pipelines import steps
from pipelines.catalog.reader import Catalog, read_catalog
from warehouse.settings import Settings
from warehouse.snapshot import SAMPLE

NOW = datetime(2026, 11, 1, 6, 0, tzinfo=UTC)
"""The frozen clock of the sample world."""
LANDED = Path(__file__).parents[2] / "warehouse" / "sample"
CATALOG = LANDED / "catalog"
"""A frozen copy of the families that the sample world was drawn from, so that new families do not change it."""


def sample_settings(settings: Settings) -> Settings:
    """Returns the settings, redirected to the sample world's own home inside the given one."""
    return settings.model_copy(update={"home": settings.home / SAMPLE, "landing": str(LANDED), "now": NOW})


def read_sample_catalog() -> Catalog:
    """Reads the families and channels that the sample world was drawn from."""
    return read_catalog([CATALOG])


def open_sample(settings: Settings) -> None:
    """Builds and publishes the sample world; a second call changes nothing."""
    steps.refresh_warehouse(sample_settings(settings), read_sample_catalog())
