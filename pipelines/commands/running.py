"""Commands that collect, build, publish or serve. Each is thin and delegates to the module it imports."""

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
    str, typer.Option(help="Start of the backfill on a first visit, as YYYY-MM-DD. Default: two years ago.")
]
Requests = Annotated[int, typer.Option("--budget", min=1, help="Maximum number of requests per channel in this run.")]


def up(
    sample: Annotated[bool, typer.Option("--sample", help="Open the sample world without collecting.")] = False,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the dashboard in a browser.")] = True,
    end_with_parent: Annotated[
        bool, typer.Option("--end-with-parent", help="Also stop when the parent process ends.")
    ] = False,
) -> None:
    """Collect once, build and publish, then serve the dashboard and the schedule until Ctrl-C."""
    from pipelines.commands.serving.up import Up

    sys.exit(Up(read_settings(), out).run(sample, browser, end_with_parent))


def collect(
    source: Annotated[str, typer.Option(help="Only this source.")] = "",
    family: Annotated[str, typer.Option(help="Only this family's channels.")] = "",
    channel: Annotated[str, typer.Option(help="Only this channel.")] = "",
    since: Since = "",
    budget: Requests = steps.DEFAULT_REQUESTS,
) -> None:
    """Collect from the channels into the landing zone. Exits with 1 if a channel failed."""
    signal.signal(signal.SIGINT, handle_interrupt)
    settings = read_settings()
    catalog = steps.open_catalog(settings)
    check_names(catalog, source, family, channel)
    results = progress.collect_with_progress(
        out, steps.make_plan(settings, catalog, _parse_day(since), budget, source, family, channel), settings
    )
    sys.exit(1 if any(outcome.state == "failed" for result in results for outcome in result.outcomes.values()) else 0)


def build(
    full: Annotated[bool, typer.Option("--full", help="Rebuild everything, not only what changed.")] = False,
) -> None:
    """Load landed files and build the staging tables and metrics."""
    settings = read_settings()
    result = steps.refresh_warehouse(settings, steps.open_catalog(settings), full, publishes=False)
    progress.print_build(out, result)
    sys.exit(1 if result.loaded.refused else 0)


def publish() -> None:
    """Publish the last build as a new version of the snapshot."""
    snapshot = steps.publish_build(read_settings())
    out.print(
        f"published version {snapshot.version}: {snapshot.path}"
        if snapshot
        else "nothing to publish: readers already have the last build"
    )


def serve() -> None:
    """Run the schedule, a local Prefect server and its deployments, until Ctrl-C."""
    from pipelines.commands.serving.schedule import serve_schedule

    sys.exit(serve_schedule(read_settings()))


def dashboard(
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the dashboard in a browser.")] = True,
) -> None:
    """Serve only the dashboard until Ctrl-C."""
    from pipelines.commands.serving.dashboard import serve_dashboard

    sys.exit(serve_dashboard(read_settings(), browser))


def _parse_day(word: str) -> datetime | None:
    try:
        return datetime.strptime(word, "%Y-%m-%d").replace(tzinfo=UTC) if word else None
    except ValueError:
        raise SettingsError(f"--since {word!r}: not a date; use YYYY-MM-DD") from None
