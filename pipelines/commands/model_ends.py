"""`heartbeat ends`: the program of `pipelines/commands/ends`, which looks first into the home."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from warehouse.ends.evidence import Evidence
    from warehouse.settings import Settings


def ends(context: typer.Context) -> None:
    """Find model ids in a project, and when those models end."""
    # Imported late, to keep `heartbeat --help` fast.
    from pipelines.commands.ends import program
    from warehouse.settings import ENV_FILE, read_settings

    options = program.read_options(context.args)
    # A file of settings in a folder that is checked is the project's, which must not set today's date or the source.
    is_checked = any(Path().resolve().is_relative_to(Path(word).resolve()) for word in options.words)
    settings = read_settings(None if is_checked else ENV_FILE)
    source = options.source or settings.snapshot
    is_brought = is_checked and not source and "home" not in settings.model_fields_set
    home = settings.home.absolute() if is_brought else None
    sys.exit(program.check(options, _open_evidence(settings, source), settings.clock(), home))


def _open_evidence(settings: "Settings", source: str) -> "Evidence":
    """Reads `ends.json` where it is named, else makes it of the snapshot of a home, a folder or a file."""
    from dataclasses import replace

    from pipelines.commands.ends.source import read_evidence
    from warehouse.ends.evidence import NAME
    from warehouse.notices import make_evidence
    from warehouse.snapshot_source import resolve_snapshot

    if "://" in source or source.endswith(".json") or (Path(source, NAME).is_file() and source):
        return read_evidence(source)
    snapshot = resolve_snapshot(settings, source)
    return replace(make_evidence(snapshot), source=source or str(settings.home), trouble=snapshot.trouble)
