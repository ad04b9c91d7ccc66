"""Commands that run something: collect, build, publish, and what serves until Ctrl-C. Each is thin; the work is in the
modules that it names."""

import signal
import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from pipelines import steps
from pipelines.commands import progress
from pipelines.commands.terminal import check_names, handle_interrupt, out
from warehouse.settings import SettingsError, read_settings

Since = Annotated[
    str, typer.Option(help="How far back a first visit goes: a day as YYYY-MM-DD; two years ago when left out.")
]
Requests = Annotated[int, typer.Option("--budget", min=1, help="Requests each channel may cost in this run.")]


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


def collect(
    source: Annotated[str, typer.Option(help="Only this source.")] = "",
    family: Annotated[str, typer.Option(help="Only this family's channels.")] = "",
    channel: Annotated[str, typer.Option(help="Only this channel.")] = "",
    since: Since = "",
    budget: Requests = steps.DEFAULT_REQUESTS,
) -> None:
    """Visit the channels and land what came. Exit 1 when a channel failed."""
    signal.signal(signal.SIGINT, handle_interrupt)
    settings = read_settings()
    catalog = steps.open_catalog(settings)
    check_names(catalog, source, family, channel)
    results = progress.collect_with_progress(
        out, steps.make_plan(settings, catalog, _parse_day(since), budget, source, family, channel), settings
    )
    sys.exit(1 if any(outcome.state == "failed" for result in results for outcome in result.outcomes.values()) else 0)


def build(
    full: Annotated[bool, typer.Option("--full", help="Build everything anew, not only what changed.")] = False,
) -> None:
    """Load what was landed and build staging and metrics."""
    settings = read_settings()
    result = steps.refresh_warehouse(settings, steps.open_catalog(settings), full, publishes=False)
    progress.print_build(out, result)
    sys.exit(1 if result.loaded.refused else 0)


def publish() -> None:
    """Show the last build to readers, as a new version of the snapshot."""
    snapshot = steps.publish_build(read_settings())
    out.print(f"published version {snapshot.version}: {snapshot.path}" if snapshot else "nothing new to show")


def serve() -> None:
    """Run the schedule: a Prefect server on this machine and the deployments, until Ctrl-C."""
    from pipelines.commands.schedule import serve_schedule

    sys.exit(serve_schedule(read_settings()))


def dashboard(
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")] = True,
) -> None:
    """Serve the pages only, until Ctrl-C."""
    from pipelines.commands.up import serve_dashboard

    sys.exit(serve_dashboard(read_settings(), browser))


def _parse_day(word: str) -> datetime | None:
    try:
        return datetime.strptime(word, "%Y-%m-%d").replace(tzinfo=UTC) if word else None
    except ValueError:
        raise SettingsError(f"--since {word!r}: write a day as YYYY-MM-DD") from None
