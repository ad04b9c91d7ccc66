"""`heartbeat catalog check`: lists each family's channels, what it can be compared on, and what is missing."""

from pathlib import Path

from rich.console import Console

from pipelines.catalog.gaps import find_gaps
from pipelines.catalog.reader import SHIPPED, Catalog, read_catalog
from pipelines.collecting.planning import open_catalog
from pipelines.commands.progress import describe_pairs
from pipelines.text.values import remove_unseen
from warehouse.settings import Settings
from warehouse.wording import count_things


def print_check(out: Console, settings: Settings, folder: Path | None) -> bool:
    """Prints the families of a folder, or all families in use, with their gaps. True if there are none.

    Raises CatalogError.
    """
    catalog = _read_beside_shipped(settings, folder) if folder else open_catalog(settings)
    checked = {name for name, path in catalog.files.items() if not folder or path.parent == folder}
    families = [family for family in catalog.families if family.id in checked]
    for family in families:
        kinds = ", ".join(sorted({channel.kind for channel in family.channels}))
        title = f"{family.title} ({family.side}, {family.vendor})"
        counted = count_things(len(family.channels), "channel")
        for line in (f"{family.id}: {title}, {counted}: {kinds}", f"    {describe_pairs(family)}"):
            out.print(remove_unseen(line), markup=False)
    gaps = find_gaps(catalog, [folder] if folder else ())
    for gap in gaps:
        out.print(remove_unseen(gap), markup=False, soft_wrap=True)
    channels = [channel for channel in catalog.channels if channel.family in checked]
    closed = sum(not channel.enabled for channel in channels)
    counted = count_things(len(channels), "channel") + (f" ({closed:,} no longer collected)" if closed else "")
    verdict = f"{count_things(len(gaps), 'gap')} (collected anyway)" if gaps else "no gaps"
    out.print(f"{count_things(len(families), 'family', 'families')}, {counted}: {verdict}")
    return not gaps


def _read_beside_shipped(settings: Settings, folder: Path) -> Catalog:
    """Reads a folder together with the shipped families, unless HEARTBEAT_CATALOG_ONLY is set."""
    # A family refers to hosts and mentions of the shipped files, so on its own it would look incomplete.
    return read_catalog([folder] if settings.catalog_only else [SHIPPED, folder], settings.private_hosts)
