"""The sample world: landed files that our collectors made at our own emulator, taken through the real load, build and
publish."""

from datetime import UTC, datetime
from pathlib import Path

from pipelines import steps
from pipelines.catalog.reader import Catalog, read_catalog
from warehouse.settings import Settings
from warehouse.snapshot import SAMPLE

NOW = datetime(2026, 11, 1, 6, 0, tzinfo=UTC)
"""The instant at which the sample world stands still."""
LANDED = Path(__file__).parents[2] / "warehouse" / "sample"
CATALOG = LANDED / "catalog"
"""The families as they were when the sample world was drawn: a family added since then does not change it."""


def sample_settings(settings: Settings) -> Settings:
    """The same settings, pointed at the sample world's own home inside the given one."""
    return settings.model_copy(update={"home": settings.home / SAMPLE, "landing": str(LANDED), "now": NOW})


def read_sample_catalog() -> Catalog:
    """Reads the families and channels that the sample world was drawn from."""
    return read_catalog([CATALOG])


def open_sample(settings: Settings) -> None:
    """Builds and publishes the sample world; the second time it changes nothing."""
    steps.refresh_warehouse(sample_settings(settings), read_sample_catalog())
