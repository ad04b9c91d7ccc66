"""Shared parts of all commands: the console, common options, exit handling and name checks."""

import os
import sys
import threading
from typing import Annotated

import typer
from rich.console import Console

from pipelines.catalog.faults import CatalogError
from pipelines.catalog.reader import Catalog
from pipelines.snapshots.following import open_published
from warehouse.database import WarehouseError
from warehouse.settings import Settings
from warehouse.snapshot import Snapshot, read_current

INTERRUPTED = 130
"""The exit code that Typer returns after Ctrl-C."""
GRACE_SECONDS = 4
"""Time that a run gets to stop cleanly after Ctrl-C."""

out = Console(soft_wrap=True, highlight=False, width=None if sys.stdout.isatty() else 200)
"""Console for all output; a fixed width keeps tables from being cut in a file or pipe."""

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def exit_now(code: int) -> None:
    """Ends the process immediately, without waiting for requests still running in threads."""
    if code == INTERRUPTED:
        print("heartbeat: stopped; landed data is kept, and the next run resumes from there", file=sys.stderr)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def handle_interrupt(_: int, __: object) -> None:
    """Ends a run within seconds of Ctrl-C."""
    # The exception alone is not enough: a finalizer, for one, swallows it.
    timer = threading.Timer(GRACE_SECONDS, exit_now, [INTERRUPTED])
    timer.daemon = True
    timer.start()
    raise KeyboardInterrupt


def open_current_snapshot(settings: Settings) -> Snapshot:
    """Opens the snapshot that readers see: the one of HEARTBEAT_SNAPSHOT, else the home's own.

    Raises WarehouseError if there is none.
    """
    if settings.snapshot:
        followed = open_published(settings, settings.snapshot)
        if followed.origin and followed.origin.trouble:
            what = f"{followed.origin.trouble}; using the snapshot of {followed.published_at:%Y-%m-%d %H:%M} UTC"
            print(f"heartbeat: {what}", file=sys.stderr)
        return followed
    snapshot = read_current(settings.home)
    if snapshot is None:
        raise WarehouseError(f"{settings.home}: nothing is published yet; run `heartbeat up`")
    return snapshot


def check_names(catalog: Catalog, source: str, family: str, channel: str) -> None:
    """Raises CatalogError for a name that is not in the catalog; an empty name means all."""
    _check_name("source", source, {entry.source for entry in catalog.channels})
    _check_name("family", family, {entry.family for entry in catalog.channels})
    _check_name("channel", channel, {entry.id for entry in catalog.channels})


def _check_name(what: str, word: str, names: set[str]) -> None:
    if word and word not in names:
        raise CatalogError(f"--{what} {word!r}: no such {what} in the catalog; use one of {', '.join(sorted(names))}")
