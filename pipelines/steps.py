"""The steps that the command line and the flows share, as plain functions: collect, build, publish."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pipelines
from analytics.engine.build import Report, build
from pipelines.catalog.accounts import account_rows
from pipelines.catalog.entries import Channel
from pipelines.catalog.mention_rules import make_mention_rows
from pipelines.catalog.reader import SHIPPED, Catalog, read_catalog
from pipelines.collecting import run as collecting
from pipelines.collecting.run import Plan
from pipelines.people import People
from warehouse.database import open_warehouse
from warehouse.landing import open_zone
from warehouse.load import Loaded, has_rows, keep_catalog, load
from warehouse.lock import writing
from warehouse.publish import publish
from warehouse.settings import Settings
from warehouse.snapshot import Snapshot

FIRST_SINCE = timedelta(days=730)
"""How far back a first visit goes unless `--since` says otherwise."""
DEFAULT_REQUESTS = 400
"""Requests a run may make per channel unless `--budget` says otherwise."""
WEB = {
    "github": "https://github.com/{}", "huggingface": "https://huggingface.co/{}", "reddit": "https://www.reddit.com/r/{}",
    "stackexchange": "https://{}.com", "packages": "https://pypistats.org/packages/{}",
}  # fmt: skip
"""The page of a channel that a person may open."""


@dataclass(slots=True)
class Refreshed:
    """What a build and publish came to."""

    loaded: Loaded
    report: Report = field(default_factory=Report)
    snapshot: Snapshot | None = None
    """None when nothing changed, so that readers keep the version they have."""


def open_catalog(settings: Settings) -> Catalog:
    """The shipped families and those of HEARTBEAT_CATALOG (only those with HEARTBEAT_CATALOG_ONLY). Raises CatalogError."""
    own = [settings.catalog] if settings.catalog else []
    folders: list[Path] = own if settings.catalog_only else [SHIPPED, *own]
    return read_catalog(folders, settings.private_hosts)


def plan(
    settings: Settings, catalog: Catalog, since: datetime | None = None, requests: int = DEFAULT_REQUESTS, source: str = "",
    family: str = "", channel: str = "",
) -> Plan:  # fmt: skip
    """What to collect: every enabled channel that matches, on a first visit back to `since`."""
    return collecting.plan(catalog, since or settings.clock() - FIRST_SINCE, requests, source, family, channel)


def refresh(settings: Settings, catalog: Catalog, full: bool = False, publishes: bool = True) -> Refreshed:
    """Loads what was landed, builds what changed and publishes it, as the only writer. Raises Locked and WarehouseError."""
    with writing(settings.home, "build and publish"):
        connection = open_warehouse(settings.home)
        try:
            keep_catalog(connection, catalog_rows(catalog) | {"accounts": _account_rows(settings, catalog)})
            result = Refreshed(load(connection, open_zone(settings.landing_url), settings.clock()))
            result.report = build(connection, full)
            # Before the first row there is nothing of our own to show, and the sample world must not be replaced by emptiness.
            if publishes and has_rows(connection):
                result.snapshot = publish(connection, settings.home, settings.clock(), pipelines.VERSION)
            return result
        finally:
            connection.close()


def publish_only(settings: Settings) -> Snapshot | None:
    """Publishes the last build as it stands. None when readers already have it, or nothing was ever collected."""
    with writing(settings.home, "publish"):
        connection = open_warehouse(settings.home)
        try:
            return (
                publish(connection, settings.home, settings.clock(), pipelines.VERSION)
                if has_rows(connection)
                else None
            )
        finally:
            connection.close()


def catalog_rows(catalog: Catalog) -> dict[str, list[dict[str, object]]]:
    """The catalog as rows of `raw.catalog__…`, by table name."""
    families: list[dict[str, object]] = [
        {"family_id": one.id, "title": one.title, "side": one.side, "vendor": one.vendor, "mentions": list(one.mentions),
         "checked_on": one.checked_on}
        for one in catalog.families
    ]  # fmt: skip
    absences: list[dict[str, object]] = [
        {"family_id": one.id, "channel_kind": gap.kind, "state": gap.state, "why": gap.why}
        for one in catalog.families
        for gap in one.absences
    ]
    facts: list[dict[str, object]] = [
        {"family_id": one.id, **fact.model_dump()} for one in catalog.families for fact in one.facts
    ]
    listings: list[dict[str, object]] = [
        {"family_id": one.id, "pattern": listed} for one in catalog.families for listed in one.listed_as
    ]
    hosts: list[dict[str, object]] = [
        {"family_id": one.id, "host_id": host} for one in catalog.families for host in one.hosts
    ]
    channels = [_channel_row(one) for one in catalog.channels]
    return {
        "families": families, "channels": channels, "absences": absences, "facts": facts, "hosts": hosts, "listings": listings,
        "mentions": make_mention_rows(catalog.families),
    }  # fmt: skip


def _account_rows(settings: Settings, catalog: Catalog) -> list[dict[str, object]]:
    """Made anew at every build, so that what was settled by hand survives whatever is rebuilt; the key is read only where needed."""
    return account_rows(catalog.accounts, People(collecting.people_key(settings))) if catalog.accounts else []


def _channel_row(one: Channel) -> dict[str, object]:
    web = WEB.get(one.source, one.base_url or "https://{}").format(one.target)
    return {
        "channel_id": one.id, "family_id": one.family, "source": one.source, "target": one.target, "role": one.role,
        "channel_kind": one.kind, "is_official": one.official, "base_url": one.base_url, "format": one.format,
        "cadence_hours": one.cadence_hours, "is_enabled": one.enabled, "components": list(one.components),
        "models": list(one.models), "staff_known": bool(one.staff or one.groups), "url": web, "pair": one.pair, "terms": one.terms,
        "things": list(one.things),
    }  # fmt: skip
