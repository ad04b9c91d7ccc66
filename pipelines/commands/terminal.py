"""What all commands share: where they print, which options they take, how they end, and what they read first."""

import os
import sys
import threading
from typing import Annotated

import typer
from rich.console import Console

from pipelines.catalog.faults import CatalogError
from pipelines.catalog.reader import Catalog
from warehouse.database import WarehouseError
from warehouse.settings import Settings
from warehouse.snapshot import Snapshot, read_current

INTERRUPTED = 130
"""The exit code that typer gives after Ctrl-C."""
GRACE_SECONDS = 4
"""How long a run may take to end by itself after Ctrl-C."""

out = Console(soft_wrap=True, highlight=False, width=None if sys.stdout.isatty() else 200)
"""A file or a pipe has no width of its own: tables there must not lose their words."""

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def exit_now(code: int) -> None:
    """Ends the process at once, which is safe at any moment: nobody waits for a request still under way in a thread."""
    if code == INTERRUPTED:
        print("heartbeat: ended; what was landed is kept, and the next run goes on", file=sys.stderr)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def handle_interrupt(_: int, __: object) -> None:
    """Ends a run within seconds of Ctrl-C, even where the exception is raised in a place that swallows it, such as a
    finalizer."""
    timer = threading.Timer(GRACE_SECONDS, exit_now, [INTERRUPTED])
    timer.daemon = True
    timer.start()
    raise KeyboardInterrupt


def open_current_snapshot(settings: Settings) -> Snapshot:
    """Gives the published snapshot. Raises WarehouseError where nothing is published yet."""
    snapshot = read_current(settings.home)
    if snapshot is None:
        raise WarehouseError(f"{settings.home}: nothing is published yet; run `heartbeat up`")
    return snapshot


def check_names(catalog: Catalog, source: str, family: str, channel: str) -> None:
    """Raises CatalogError for a name that the catalog does not have; an empty name means all."""
    _check_name("source", source, {entry.source for entry in catalog.channels})
    _check_name("family", family, {entry.family for entry in catalog.channels})
    _check_name("channel", channel, {entry.id for entry in catalog.channels})


def _check_name(what: str, word: str, names: set[str]) -> None:
    if word and word not in names:
        raise CatalogError(f"--{what} {word!r}: no such {what} in the catalog; it has {', '.join(sorted(names))}")
