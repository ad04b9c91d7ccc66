"""The build as a command: what it prints, and that it is over at once if nothing changed."""

from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from pipelines.attempts import record_attempt
from pipelines.unchanged import BuildMark, read_valid_mark
from warehouse.attempts.entries import AttemptKind, AttemptState
from warehouse.settings import Settings
from warehouse.wording import count_things

if TYPE_CHECKING:
    from pipelines.steps import RefreshResult


def build_and_print(console: Console, settings: Settings, full: bool, cluster: str) -> AttemptState:
    """Loads and builds what changed, or everything, here or on a cluster, and prints what came of it."""
    mark = None if full else read_valid_mark(settings)
    if mark:
        _keep_build(console, settings, mark)
        return AttemptState.DONE
    # With the engine and all sources, by whose declarations the catalog is checked.
    from pipelines import steps
    from pipelines.collecting import planning

    catalog = planning.open_catalog_for(settings, AttemptKind.LOAD)
    result = steps.refresh_warehouse(settings, catalog, full, publishes=False, cluster=cluster)
    print_build(console, result)
    return AttemptState.PARTIAL if result.loaded.refused else AttemptState.DONE


def _keep_build(console: Console, settings: Settings, mark: BuildMark) -> None:
    with record_attempt(settings, AttemptKind.LOAD) as attempt:
        attempt.result = "0 rows from 0 files"
        _print_load(console, 0, 0)
    with record_attempt(settings, AttemptKind.BUILD) as attempt:
        attempt.result = "0 tables built"
        _print_tables(console, 0, mark.tables or 0)
        _print_set_aside(console, mark.set_aside)


def print_build(console: Console, result: "RefreshResult") -> None:
    """Prints what was loaded, built and published, and names each file that was rejected."""
    _print_load(console, result.loaded.rows, result.loaded.files)
    for refusal in result.loaded.refused:
        console.print(f"    rejected: {escape(refusal)}")
    _print_tables(console, len(result.report.built), len(result.report.unchanged))
    if result.report.restated:
        figures = count_things(result.report.restated, "figure")
        console.print(
            f"{figures} of the same data changed with their definitions; once published, "
            "`heartbeat export restatements` writes what they said before, and why"
        )
    _print_set_aside(console, result.report.set_aside)
    if result.snapshot:
        console.print(f"published version {result.snapshot.version}")


def _print_load(console: Console, rows: int, files: int) -> None:
    console.print(f"loaded {count_things(rows, 'row')} from {count_things(files, 'new file')}")


def _print_tables(console: Console, built: int, unchanged: int) -> None:
    console.print(f"built {count_things(built, 'table')}, {unchanged} unchanged")


def _print_set_aside(console: Console, count: int) -> None:
    if count:
        rows = "row could not be read and counts" if count == 1 else "rows could not be read and count"
        console.print(f"{count:,} landed {rows} in no figure; `heartbeat status` names them")
