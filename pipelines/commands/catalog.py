"""`heartbeat catalog check`: what the families hold, what each can be compared by, and what they lack."""

from pathlib import Path

from rich.console import Console

from pipelines.catalog.gaps import find_gaps
from pipelines.catalog.reader import SHIPPED, Catalog, read_catalog
from pipelines.commands.progress import describe_pairs
from pipelines.steps import open_catalog
from warehouse.settings import Settings


def print_check(out: Console, settings: Settings, folder: Path | None) -> bool:
    """Prints the families of a folder, or all in use, and their gaps. True where there is none. Raises CatalogError."""
    catalog = _read_beside_shipped(settings, folder) if folder else open_catalog(settings)
    checked = {name for name, path in catalog.files.items() if not folder or path.parent == folder}
    families = [family for family in catalog.families if family.id in checked]
    for family in families:
        kinds = ", ".join(sorted({channel.kind for channel in family.channels}))
        title = f"{family.title} ({family.side}, {family.vendor})"
        out.print(f"{family.id}: {title}, {len(family.channels)} channels: {kinds}", markup=False)
        out.print(f"    {describe_pairs(family)}", markup=False)
    gaps = find_gaps(catalog, [folder] if folder else ())
    for gap in gaps:
        out.print(gap, markup=False, soft_wrap=True)
    channels = sum(channel.family in checked for channel in catalog.channels)
    verdict = f"incomplete, {len(gaps)} gaps (they are collected all the same)" if gaps else "no fault found"
    out.print(f"{len(families)} families, {channels} channels: {verdict}")
    return not gaps


def _read_beside_shipped(settings: Settings, folder: Path) -> Catalog:
    """Reads a folder as it would be in use: beside the shipped families, whose hosts and mentions it shares, unless it
    is used alone."""
    return read_catalog([folder] if settings.catalog_only else [SHIPPED, folder], settings.private_hosts)
