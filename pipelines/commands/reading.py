"""Commands that show the published data or write it to files. Each is thin and delegates to the module it imports."""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.commands.terminal import All, Json, open_current_snapshot, out, print_error
from pipelines.text.values import remove_unseen

if TYPE_CHECKING:
    from warehouse.settings import Settings

RESTATEMENTS = "restatements"
"""Word that exports what figures said before their definition changed, instead of the name of a metric."""


def status(as_json: Json = False, is_whole: All = False) -> None:
    """Show what is wrong, freshness and coverage. Exits with 1 if anything is an error or a warning."""
    # Commands import their modules late, to keep `heartbeat --help` fast.
    from pipelines.commands import status as shown_status
    from pipelines.commands.problems import list_problems, print_problems, read_problems
    from warehouse.database import WarehouseError
    from warehouse.findings import is_wrong
    from warehouse.settings import read_settings

    settings = read_settings()
    try:
        snapshot = open_current_snapshot(settings)
    except WarehouseError as error:
        # Also if nothing can be shown, the ledger of attempts says what was tried.
        _, problems = read_problems(settings)
        if as_json:
            stated = {"snapshot": None, "trouble": str(error), "problems": list_problems(problems)}
            print(json.dumps(stated, indent=1))
        elif problems:
            print_problems(out, problems, settings.clock())
        if not any(problem.why == str(error) for problem in problems):
            raise
        sys.exit(2)
    _, problems = read_problems(settings)
    stated = shown_status.read_status(snapshot, settings, problems)
    if as_json:
        print(json.dumps(stated | {"problems": list_problems(problems)}, indent=1))
    else:
        print_problems(out, problems, settings.clock())
        shown_status.print_status(out, stated, is_whole)
    sys.exit(1 if is_wrong(problems) else 0)


def doctor(as_json: Json = False, is_whole: All = False) -> None:
    """Show what is wrong, and check settings, tokens and locks. Exits with 1 if anything is wrong."""
    from pipelines.collecting import planning
    from pipelines.commands.checks import print_checks, run_checks
    from pipelines.commands.problems import list_problems, print_problems, read_problems
    from warehouse.findings import is_wrong as is_any_wrong
    from warehouse.settings import read_settings

    settings = read_settings()
    checks = run_checks(settings, planning.open_catalog(settings))
    _, problems = read_problems(settings)
    is_wrong = is_any_wrong(problems) or any(check.state == "wrong" for check in checks)
    if as_json:
        stated = {"is_wrong": is_wrong, "problems": list_problems(problems), "checks": [asdict(one) for one in checks]}
        print(json.dumps(stated, indent=1))
    else:
        print_problems(out, problems, settings.clock())
        print_checks(out, checks, is_whole)
    sys.exit(1 if is_wrong else 0)


def metrics(
    name: Annotated[str, typer.Argument(help="Show only this metric, with its unit, standard and tests.")] = "",
    as_json: Json = False,
) -> None:
    """List every metric with its question."""
    from pipelines.commands.metrics import print_metrics, read_metrics
    from warehouse.settings import read_settings

    rows = read_metrics(open_current_snapshot(read_settings()), name)
    if as_json:
        print(json.dumps(rows, indent=1))
    else:
        print_metrics(out, rows, is_whole=bool(name))


def claims(
    name: Annotated[str, typer.Argument(help="Show only this claim, for example H2.")] = "",
    as_json: Json = False,
    is_registered: Annotated[
        bool, typer.Option("--registered", help="Print the text whose SHA-256 is the digest, to register it elsewhere.")
    ] = False,
) -> None:
    """Show each claim with its verdict and since when. With --json also effects with intervals, each test, and what
    would refute a claim."""
    from pipelines.commands.claims import print_board, read_board, read_registration
    from warehouse.settings import read_settings

    snapshot = open_current_snapshot(read_settings())
    if is_registered:
        sys.stdout.write(remove_unseen(read_registration(snapshot)["registered_text"]))
        return
    board = read_board(snapshot, name)
    if as_json:
        print(json.dumps(board, indent=1, default=lambda instant: instant.isoformat()))
    else:
        print_board(out, snapshot, board)


def export(
    metric: Annotated[
        str,
        typer.Argument(
            help="Name of a metric, all (as Parquet: partitions of one table), or restatements: what figures said "
            "before a definition changed, and why."
        ),
    ],
    form: Annotated[str, typer.Option("--format", help="csv, parquet or json.")] = "csv",
    folder: Annotated[Path, typer.Option("--out", help="Folder to write to.")] = Path("export"),
    family: Annotated[str, typer.Option(help="Only this family.")] = "",
    window: Annotated[str, typer.Option(help="Only this window: 30d, 90d, 365d or all.")] = "",
) -> None:
    """Export metrics of the published snapshot to files. Exits with 1 if a metric has nothing for these options."""
    from warehouse.settings import read_settings

    settings = read_settings()
    paths, lacking = _export_figures(settings, metric, folder, form, family, window)
    _remember_exports(settings, *map(str, paths))
    for path in paths:
        out.print(str(path), markup=False)
    if lacking:
        print_error(lacking)
        sys.exit(1)


def _export_figures(
    settings: "Settings", metric: str, folder: Path, form: str, family: str, window: str
) -> tuple[list[Path], str]:
    """Writes metrics, or the log of restatements; returns the paths, and in words which metrics have no such row."""
    from warehouse.export import describe_lacking, export_metrics, list_lacking
    from warehouse.restatements import export_restatements

    snapshot = open_current_snapshot(settings)
    if metric == RESTATEMENTS:
        return export_restatements(snapshot, folder, form, family, window), ""
    paths = export_metrics(snapshot, [metric], folder, form, family, window)
    lacking = list_lacking(snapshot, [metric], family, window)
    return paths, describe_lacking(snapshot, lacking, family, window) if lacking else ""


def _remember_exports(settings: "Settings", *places: str) -> None:
    # Each file, since its folder may hold what others wrote.
    from warehouse.forgetting.places import remember_place

    remember_place(settings.home, "export", *(str(Path(place).absolute()) for place in filter(None, places)))


def receipt(
    metric: Annotated[str, typer.Argument(help="Name of a metric.")],
    words: Annotated[
        list[str] | None,
        typer.Argument(help="family=… kind=… role=… segment=… statistic=… window=…", metavar="KEY=VALUE"),
    ] = None,
    as_json: Json = False,
    is_whole: All = False,
) -> None:
    """Show how a figure was made. Prints its query, its rows with links, the excluded rows, the version of its method
    and the visits."""
    from pipelines.commands.receipt import FEW, parse_words, print_receipt, receipt_to_json
    from warehouse.receipts.receipt import make_receipt, trace_items
    from warehouse.settings import read_settings

    most = 20 if is_whole or as_json else FEW
    settings = read_settings()
    snapshot = open_current_snapshot(settings)
    figure_receipt = make_receipt(snapshot, metric, parse_words(words or []), most)
    if snapshot.origin is None:
        trace_items(figure_receipt, snapshot)
    if as_json:
        print(receipt_to_json(figure_receipt))
    else:
        print_receipt(out, figure_receipt, is_whole)


def site(
    folder: Annotated[Path, typer.Option("--out", help="Folder to write to: a new one, or a site made earlier.")],
    address: Annotated[
        str, typer.Option(help="Address at which it will be public, for link previews, news and the list of pages.")
    ] = "",
) -> None:
    """Write the comparison as a static site, for GitHub Pages or any web server. Exits with 1 if a page could not be
    built."""
    from pipelines.commands.serving.dashboard import dashboard_environment
    from warehouse.settings import read_settings

    settings = read_settings()
    open_current_snapshot(settings)
    _remember_exports(settings, str(folder))
    # Replaces this process, so that signals and the exit code pass through unchanged.
    os.execve(
        sys.executable,
        [sys.executable, "-P", "-m", "dashboards.site.site", f"--out={folder}", f"--address={address}"],
        dashboard_environment(settings),
    )


def check_catalog(
    folder: Annotated[Path | None, typer.Argument(help="Folder of family files. Default: the catalog in use.")] = None,
) -> None:
    """Check family files and list their channels and gaps. Exits with 1 if a family is incomplete."""
    from pipelines.commands.catalog.check import print_check
    from warehouse.settings import read_settings

    sys.exit(0 if print_check(out, read_settings(), folder) else 1)


def list_facts() -> None:
    """List the facts read by hand with their pages. Those read longest ago come first."""
    from pipelines.collecting import planning
    from pipelines.commands.catalog.facts import print_facts
    from warehouse.settings import read_settings

    settings = read_settings()
    print_facts(out, planning.open_catalog(settings), settings.clock())
