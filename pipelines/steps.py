"""Collect, build and publish as plain functions, shared by the command line and the flows."""

from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec

from analytics.engine.build import BuildReport, build_tables
from analytics.engine.families import Builder, build_here
from analytics.engine.models import Model, read_models
from analytics.engine.restating import has_changed_definitions
from pipelines.attempts import record_attempt
from pipelines.catalog.accounts import make_account_rows
from pipelines.catalog.entries import Channel
from pipelines.catalog.mention_rules import make_mention_rows
from pipelines.catalog.reader import Catalog
from pipelines.collecting.people_key import open_people, read_key
from pipelines.publishing import publish_open
from pipelines.unchanged import mark_build
from warehouse.attempts.entries import AttemptKind
from warehouse.database import Connection, open_warehouse, warehouse_path
from warehouse.durable import explain_storage_faults
from warehouse.faults import Fault, LandingError
from warehouse.forgetting.gone import remove_gone
from warehouse.forgetting.register import Forgotten, read_forgotten
from warehouse.landing import Zone, open_zone
from warehouse.load import LoadReport, fit_threads, has_rows, load_new_files, replace_catalog
from warehouse.lock import hold_lock
from warehouse.settings import Settings, SettingsError
from warehouse.snapshot import Snapshot
from warehouse.wording import count_things

WEB = {
    "github": "https://github.com/{}", "huggingface": "https://huggingface.co/{}",
    "reddit": "https://www.reddit.com/r/{}",
    "stackexchange": "https://{}.com", "packages": "https://pypistats.org/packages/{}",
}  # fmt: skip
"""Public web page of a channel, by source."""


@dataclass(slots=True)
class RefreshResult:
    """The result of a load, build and publish."""

    loaded: LoadReport
    report: BuildReport = field(default_factory=BuildReport)
    snapshot: Snapshot | None = None
    """None when nothing changed and readers keep their current version."""


def refresh_warehouse(
    settings: Settings, catalog: Catalog, full: bool = False, publishes: bool = True, cluster: str = ""
) -> RefreshResult:
    """Loads landed files, builds what changed and publishes it, as the only writer. Raises Locked or WarehouseError.

    Each of the three is an attempt of its own. Nothing is built before the first row. `cluster` is the address of
    a Dask scheduler on whose workers families are built.
    """
    path, builder = warehouse_path(settings.home), _choose_builder(settings, cluster)
    with ExitStack() as stack:
        with record_attempt(settings, AttemptKind.LOAD) as attempt, explain_storage_faults("load", path):
            stack.enter_context(hold_lock(settings.home, "build and publish"))
            mark = stack.enter_context(mark_build(settings))
            connection = stack.enter_context(closing(open_warehouse(settings.home)))
            models = read_models()
            restated = _restate_loaded(connection, settings, catalog, models, builder)
            result = RefreshResult(load_landed(connection, settings, catalog))
            attempt.result = (
                f"{count_things(result.loaded.rows, 'row')} from {count_things(result.loaded.files, 'file')}"
            )
            if result.loaded.refused:
                attempt.conclude_partly(Fault.DAMAGED, result.loaded.refused)
        result.report = _build(connection, settings, models, builder, full)
        result.report.add_earlier(restated)
        # Before the first row there is nothing to show, and an empty snapshot would hide the sample world.
        if publishes and has_rows(connection):
            result.snapshot = publish_open(connection, settings)
        if not result.loaded.refused:
            mark.tables, mark.set_aside = result.report.count_tables(), result.report.set_aside
        return result


def _choose_builder(settings: Settings, cluster: str) -> Builder:
    if not cluster:
        return build_here
    if not find_spec("prefect_dask"):
        raise SettingsError("--on needs Dask, which is not installed: run `make setup-cluster` in the checkout")
    from pipelines.cluster import open_cluster

    return open_cluster(cluster, settings.building)


def _restate_loaded(
    connection: Connection, settings: Settings, catalog: Catalog, models: list[Model], builder: Builder
) -> BuildReport:
    """Builds what is loaded by definitions that changed, before newer rows come: after a visit nobody could say what a
    figure owes to the definition, and what it said before would be lost."""
    if not (has_rows(connection) and has_changed_definitions(connection, models)):
        return BuildReport()
    _replace_catalog(connection, settings, catalog)
    return _build(connection, settings, models, builder, about="what was loaded before, by definitions that changed")


def _build(
    connection: Connection,
    settings: Settings,
    models: list[Model],
    builder: Builder,
    full: bool = False,
    about: str = "",
) -> BuildReport:
    """Builds what changed, as an attempt of its own; nothing before the first row."""
    fit_threads(connection)
    build = record_attempt(settings, AttemptKind.BUILD, is_full=full, about=about)
    with build as attempt, explain_storage_faults("build", warehouse_path(settings.home)):
        report = build_tables(connection, models, full, builder) if has_rows(connection) else BuildReport()
        attempt.result = f"{len(report.built):,} tables built"
    return report


def _replace_catalog(connection: Connection, settings: Settings, catalog: Catalog) -> None:
    rows = make_catalog_rows(catalog) | {"accounts": _make_account_rows(settings, catalog)}
    replace_catalog(connection, rows)


def load_landed(connection: Connection, settings: Settings, catalog: Catalog) -> LoadReport:
    """Loads the catalog and, without what was forgotten, new landed files; deletes what its source deleted."""
    zone = open_zone(settings.landing_url)
    _replace_catalog(connection, settings, catalog)
    report = load_new_files(connection, zone, settings.clock(), _read_forgotten(zone, settings))
    try:
        remove_gone(connection, zone)
    except LandingError as error:
        report.refused.append(str(error))
    return report


def _read_forgotten(zone: Zone, settings: Settings) -> Forgotten:
    with suppress(SettingsError):  # without its key nothing is landed either
        return read_forgotten(zone, read_key(settings) or b"")
    return Forgotten(b"")


def make_catalog_rows(catalog: Catalog) -> dict[str, list[dict[str, object]]]:
    """Returns the catalog as rows of `raw.catalog__…`, by table name."""
    families: list[dict[str, object]] = [
        {"family_id": family.id, "title": family.title, "side": family.side, "vendor": family.vendor,
         "mentions": list(family.mentions), "checked_on": family.checked_on, "ended_on": family.ended_on,
         "successor": family.successor}
        for family in catalog.families
    ]  # fmt: skip
    absences: list[dict[str, object]] = [
        {"family_id": family.id, "channel_kind": gap.kind, "state": gap.state, "why": gap.why,
         "evidence": gap.evidence, "seen_on": gap.seen_on}
        for family in catalog.families
        for gap in family.absences
    ]  # fmt: skip
    facts: list[dict[str, object]] = [
        {"family_id": family.id, **fact.model_dump(), "models": list(fact.models)}
        for family in catalog.families
        for fact in family.facts
    ]
    listings: list[dict[str, object]] = [
        {"family_id": family.id, "pattern": listed} for family in catalog.families for listed in family.listed_as
    ]
    hosts: list[dict[str, object]] = [
        {"family_id": family.id, "host_id": host} for family in catalog.families for host in family.hosts
    ]
    channels = [_make_channel_row(channel) for channel in catalog.channels]
    return {
        "families": families, "channels": channels, "absences": absences, "facts": facts, "hosts": hosts,
        "listings": listings, "mentions": make_mention_rows(catalog.families),
    }  # fmt: skip


def _make_account_rows(settings: Settings, catalog: Catalog) -> list[dict[str, object]]:
    """Returns the rows of the accounts whose roles are set by hand."""
    # Only with accounts to convert: reading the key creates it.
    return make_account_rows(catalog.accounts, open_people(settings)) if catalog.accounts else []


def _make_channel_row(channel: Channel) -> dict[str, object]:
    web = WEB.get(channel.source, channel.base_url or "https://{}").format(channel.target)
    return {
        "channel_id": channel.id, "family_id": channel.family, "source": channel.source, "target": channel.target,
        "role": channel.role, "channel_kind": channel.kind, "is_official": channel.official,
        "base_url": channel.base_url, "format": channel.format, "cadence_hours": channel.cadence_hours,
        "is_enabled": channel.enabled, "components": list(channel.components), "models": list(channel.models),
        "url": web, "pair": channel.pair, "terms": channel.terms,
        "things": list(channel.things), "evidence": channel.evidence, "seen_on": channel.seen_on,
    }  # fmt: skip
