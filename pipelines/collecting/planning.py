"""What a run collects: the catalog as the settings have it, and the channels of it that match.

It imports no engine of the warehouse, which a run that only collects never opens.
"""

from datetime import datetime, timedelta
from pathlib import Path

from pipelines.attempts import record_refusal
from pipelines.catalog.faults import CatalogError
from pipelines.catalog.mention_rules import list_mention_rules
from pipelines.catalog.reader import SHIPPED, Catalog, read_catalog
from pipelines.collecting.run import Plan
from pipelines.http.budget import DEFAULT_REQUESTS
from pipelines.text.mentions import Mentions
from warehouse.attempts.entries import AttemptKind
from warehouse.settings import Settings

FIRST_SINCE = timedelta(days=730)
"""Default length of the backfill on a first visit; `--since` overrides it."""


def open_catalog(settings: Settings) -> Catalog:
    """Reads the shipped families and those of HEARTBEAT_CATALOG, or only the latter with HEARTBEAT_CATALOG_ONLY.

    Raises CatalogError.
    """
    own = [settings.catalog] if settings.catalog else []
    if settings.catalog_only and not own:
        raise CatalogError("HEARTBEAT_CATALOG_ONLY is set without HEARTBEAT_CATALOG: set that to a folder of families")
    folders: list[Path] = own if settings.catalog_only else [SHIPPED, *own]
    return read_catalog(folders, settings.private_hosts)


def open_catalog_for(settings: Settings, kind: AttemptKind) -> Catalog:
    """Reads the catalog for a collect or a load; one that cannot be read is an attempt refused. Raises CatalogError."""
    try:
        return open_catalog(settings)
    except CatalogError as error:
        record_refusal(settings, kind, error)
        raise


def make_plan(
    settings: Settings, catalog: Catalog, since: datetime | None = None, requests: int = DEFAULT_REQUESTS,
    source: str = "", family: str = "", channel: str = "", is_sample: bool = False,
) -> Plan:  # fmt: skip
    """Plans the enabled channels that match (an empty filter matches all); first visits go back to `since`."""
    chosen = (
        candidate
        for candidate in catalog.channels
        if candidate.enabled
        and source in ("", candidate.source)
        and family in ("", candidate.family)
        and channel in ("", candidate.id)
    )
    mentions = Mentions(list_mention_rules(catalog.families))
    since = since or settings.clock() - FIRST_SINCE
    return Plan(tuple(chosen), since, requests, is_sample, mentions, catalog.flagships)
