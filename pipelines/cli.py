"""The command line: `heartbeat …`. Each command is thin; what it does is in the modules that it names."""

import json
import os
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pipelines import steps
from pipelines.catalog.faults import CatalogError
from pipelines.catalog.reader import Catalog, read_catalog
from pipelines.commands import progress
from warehouse.database import WarehouseError
from warehouse.export import ExportError, export_metrics
from warehouse.landing import LandingError
from warehouse.lock import Locked
from warehouse.settings import Settings, SettingsError, read_settings
from warehouse.snapshot import Snapshot, read_current

EXPECTED = (CatalogError, ExportError, LandingError, Locked, SettingsError, WarehouseError, OSError)
"""Errors whose message says what to do; a traceback would only hide it."""
INTERRUPTED = 130
"""The exit code that typer gives after Ctrl-C."""
GRACE_SECONDS = 4
"""How long a run may take to end by itself after Ctrl-C."""

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
catalog_app = typer.Typer(no_args_is_help=True, help="The families that are compared, and their channels.")
app.add_typer(catalog_app, name="catalog")
out = Console(soft_wrap=True, highlight=False, width=None if sys.stdout.isatty() else 200)
"""A file or a pipe has no width of its own: tables there must not lose their words."""

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Since = Annotated[
    str, typer.Option(help="How far back a first visit goes: a day as YYYY-MM-DD; two years ago when left out.")
]
Requests = Annotated[int, typer.Option("--budget", min=1, help="Requests each channel may cost in this run.")]


def run() -> None:
    """Runs the command line; an expected error becomes one line and exit code 2."""
    code = 0
    try:
        app()
    except EXPECTED as error:
        print(f"heartbeat: {error}", file=sys.stderr)
        code = 2
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    _exit_now(code)


def _exit_now(code: int) -> None:
    """Ending is safe at any moment, and nobody has to wait for a request that is still under way in a thread."""
    if code == INTERRUPTED:
        print("heartbeat: ended; what was landed is kept, and the next run goes on", file=sys.stderr)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _handle_interrupt(_: int, __: object) -> None:
    """Ctrl-C ends a run within seconds, even where the exception is raised in a place that swallows it, such as a finalizer."""
    timer = threading.Timer(GRACE_SECONDS, _exit_now, [INTERRUPTED])
    timer.daemon = True
    timer.start()
    raise KeyboardInterrupt


@app.callback()
def heartbeat() -> None:
    """How well are people supported when they build on a large language model?"""


@app.command()
def up(
    sample: Annotated[bool, typer.Option("--sample", help="Open the sample world; collect nothing.")] = False,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")] = True,
    end_with_parent: Annotated[
        bool, typer.Option("--end-with-parent", help="End also when the parent process ends.")
    ] = False,
) -> None:
    """Collect once, build, publish; then the dashboard and the schedule, until Ctrl-C."""
    from pipelines.commands.up import Up

    sys.exit(Up(read_settings(), out).run(sample, browser, end_with_parent))


@app.command()
def collect(
    source: Annotated[str, typer.Option(help="Only this source.")] = "",
    family: Annotated[str, typer.Option(help="Only this family's channels.")] = "",
    channel: Annotated[str, typer.Option(help="Only this channel.")] = "",
    since: Since = "",
    budget: Requests = steps.DEFAULT_REQUESTS,
) -> None:
    """Visit the channels and land what came. Exit 1 when a channel failed."""
    signal.signal(signal.SIGINT, _handle_interrupt)
    settings = read_settings()
    catalog = steps.open_catalog(settings)
    _check_names(catalog, source, family, channel)
    results = progress.collect_with_progress(
        out, steps.make_plan(settings, catalog, _parse_day(since), budget, source, family, channel), settings
    )
    sys.exit(1 if any(outcome.state == "failed" for result in results for outcome in result.outcomes.values()) else 0)


@app.command()
def build(
    full: Annotated[bool, typer.Option("--full", help="Build everything anew, not only what changed.")] = False,
) -> None:
    """Load what was landed and build staging and metrics."""
    settings = read_settings()
    result = steps.refresh_warehouse(settings, steps.open_catalog(settings), full, publishes=False)
    progress.print_build(out, result)
    sys.exit(1 if result.loaded.refused else 0)


@app.command()
def publish() -> None:
    """Show the last build to readers, as a new version of the snapshot."""
    snapshot = steps.publish_build(read_settings())
    out.print(f"published version {snapshot.version}: {snapshot.path}" if snapshot else "nothing new to show")


@app.command()
def serve() -> None:
    """Run the schedule: a Prefect server on this machine and the deployments, until Ctrl-C."""
    from pipelines.commands.schedule import serve_schedule as serve_schedule

    sys.exit(serve_schedule(read_settings()))


@app.command()
def dashboard(
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")] = True,
) -> None:
    """Serve the pages only, until Ctrl-C."""
    from pipelines.commands.up import serve_dashboard

    sys.exit(serve_dashboard(read_settings(), browser))


@app.command()
def status(as_json: Json = False) -> None:
    """Freshness, coverage and last runs. Exit 1 when something is stale or failed."""
    from pipelines.commands.status import print_status, read_status

    settings = read_settings()
    found = read_status(_open_snapshot(settings), settings.clock())
    if as_json:
        print(json.dumps(found, indent=1))
    else:
        print_status(out, found)
    sys.exit(1 if found["is_stale"] or found["is_failed"] else 0)


@app.command()
def doctor(
    source: Annotated[str, typer.Option(help="Only endpoints of this source.")] = "",
    family: Annotated[str, typer.Option(help="Only endpoints of this family's channels.")] = "",
    channel: Annotated[str, typer.Option(help="Only endpoints of this channel.")] = "",
    offline: Annotated[bool, typer.Option("--offline", help="Ask no endpoint.")] = False,
    as_json: Json = False,
) -> None:
    """Settings, tokens, disk, locks, data, and whether each endpoint answers as before. Exit 1 when something is wrong."""
    from pipelines.commands.doctor import examine, print_report

    settings = read_settings()
    catalog = steps.open_catalog(settings)
    _check_names(catalog, source, family, channel)
    found = examine(settings, catalog, source, family, channel, offline)
    if as_json:
        print(json.dumps(found, indent=1))
    else:
        print_report(out, found)
    sys.exit(1 if found["is_wrong"] else 0)


@app.command()
def metrics(as_json: Json = False) -> None:
    """Every metric with its question, grain, unit, standard name and proof; and what of the method is left out, and why."""
    from pipelines.commands.metrics import print_method, read_method

    found = read_method(_open_snapshot(read_settings()))
    if as_json:
        print(json.dumps(found, indent=1))
    else:
        print_method(out, found)


@app.command()
def claims(as_json: Json = False) -> None:
    """What the figures say to each claim: verdict, effect, what it rests on, and since when."""
    from pipelines.commands.claims import print_board, read_board

    snapshot = _open_snapshot(read_settings())
    board = read_board(snapshot)
    if as_json:
        print(json.dumps(board, indent=1, default=lambda instant: instant.isoformat()))
    else:
        print_board(out, snapshot, board)


@app.command("export")
def export_(
    metric: Annotated[str, typer.Argument(help="Name of a metric, or all.")],
    form: Annotated[str, typer.Option("--format", help="csv, parquet or json.")] = "csv",
    folder: Annotated[Path, typer.Option("--out", help="Folder to write to.")] = Path("export"),
    family: Annotated[str, typer.Option(help="Only this family.")] = "",
    window: Annotated[str, typer.Option(help="Only this window: 30d, 90d, 365d or all.")] = "",
) -> None:
    """Write metrics of the published snapshot to files."""
    for path in export_metrics(_open_snapshot(read_settings()), [metric], folder, form, family, window):
        out.print(str(path), markup=False)


@app.command("receipt")
def receipt_(
    metric: Annotated[str, typer.Argument(help="Name of a metric.")],
    words: Annotated[
        list[str] | None,
        typer.Argument(help="family=… kind=… role=… segment=… statistic=… window=…", metavar="[KEY=VALUE]…"),
    ] = None,
    rows: Annotated[int, typer.Option(min=0, help="How many of the rows behind it are listed.")] = 20,
    as_json: Json = False,
) -> None:
    """What stands behind a figure: the query, the rows with their links, what was left out and why, the version, the visits."""
    from pipelines.commands.receipt import parse_words, print_receipt
    from pipelines.commands.receipt import receipt_to_json as receipt_json
    from warehouse.receipt import make_receipt

    found = make_receipt(_open_snapshot(read_settings()), metric, parse_words(words or []), rows)
    if as_json:
        print(receipt_json(found))
    else:
        print_receipt(out, found)


@app.command("report")
def report_(
    out_file: Annotated[
        str, typer.Option("--out", help="report.html or report.pdf; report.html when nothing else is asked for.")
    ] = "",
    brief: Annotated[str, typer.Option(help="Also the month on one page: brief.md or brief.html.")] = "",
    badges: Annotated[str, typer.Option(help="Also a badge (SVG) for each family: a folder that exists.")] = "",
    family: Annotated[list[str] | None, typer.Option(help="Only this family; may be given several times.")] = None,
    window: Annotated[str, typer.Option(help="30d, 90d, 365d or all.")] = "365d",
    kind: Annotated[str, typer.Option(help="Where people ask: tracker, forum, subreddit or tag.")] = "tracker",
) -> None:
    """Write the whole comparison to one file, a brief of the month, and badges. Exit 1 when a page could not be told."""
    from pipelines.commands.up import dashboard_environment

    asked = {"--out": out_file, "--brief": brief, "--badges": badges, "--window": window, "--kind": kind}
    words = [f"{name}={word}" for name, word in asked.items() if word] + [f"--family={one}" for one in family or []]
    os.execve(
        sys.executable,
        [sys.executable, "-P", "-m", "dashboards.report.report", *words],
        dashboard_environment(read_settings()),
    )


@catalog_app.command("check")
def catalog_check(
    folder: Annotated[Path | None, typer.Argument(help="A folder of family files; else the catalog in use.")] = None,
) -> None:
    """Check family files, and say what they hold."""
    settings = read_settings()
    catalog = read_catalog([folder], settings.private_hosts) if folder else steps.open_catalog(settings)
    for family in catalog.families:
        kinds = ", ".join(sorted({channel.kind for channel in family.channels}))
        what = f"{family.title} ({family.side}, {family.vendor})"
        out.print(f"{family.id}: {what}, {len(family.channels)} channels: {kinds}", markup=False)
        out.print(f"    {progress.describe_pairs(family)}", markup=False)
    out.print(f"{len(catalog.families)} families, {len(catalog.channels)} channels: no fault found")


def _open_snapshot(settings: Settings) -> Snapshot:
    snapshot = read_current(settings.home)
    if snapshot is None:
        raise WarehouseError(f"{settings.home}: nothing is published yet; run `heartbeat up`")
    return snapshot


def _parse_day(word: str) -> datetime | None:
    try:
        return datetime.strptime(word, "%Y-%m-%d").replace(tzinfo=UTC) if word else None
    except ValueError:
        raise SettingsError(f"--since {word!r}: write a day as YYYY-MM-DD") from None


def _check_names(catalog: Catalog, source: str, family: str, channel: str) -> None:
    _check_name("source", source, {one.source for one in catalog.channels})
    _check_name("family", family, {one.family for one in catalog.channels})
    _check_name("channel", channel, {one.id for one in catalog.channels})


def _check_name(what: str, word: str, known: set[str]) -> None:
    if word and word not in known:
        raise CatalogError(f"--{what} {word!r}: no such {what} in the catalog; it has {', '.join(sorted(known))}")
