"""Commands that collect, build, publish or serve. Each is thin and delegates to the module it imports."""

import signal
import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from pipelines import steps
from pipelines.commands import progress
from pipelines.commands.terminal import check_names, handle_interrupt, out
from warehouse.settings import Settings, SettingsError, read_settings
from warehouse.sharing.followed import label_source
from warehouse.sharing.manifest import LICENCE

Since = Annotated[
    str, typer.Option(help="Start of the backfill on a first visit, as YYYY-MM-DD. Default: two years ago.")
]
Requests = Annotated[int, typer.Option("--budget", min=1, help="Maximum number of requests per channel in this run.")]


def up(
    sample: Annotated[bool, typer.Option("--sample", help="Open the sample world without collecting.")] = False,
    source: Annotated[
        str,
        typer.Option(
            "--from",
            help="Collect nothing; open the snapshot that somebody published: a folder, an https address, "
            "s3://bucket/folder, gs://bucket/folder or hf://datasets/OWNER/NAME. Default: HEARTBEAT_SNAPSHOT.",
        ),
    ] = "",
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the dashboard in a browser.")] = True,
    end_with_parent: Annotated[
        bool, typer.Option("--end-with-parent", help="Also stop when the parent process ends.")
    ] = False,
) -> None:
    """Collect once, build and publish, then serve the dashboard and the schedule until Ctrl-C."""
    from pipelines.commands.serving.up import Up

    settings = read_settings()
    source = source or settings.snapshot
    if sample and source:
        raise SettingsError("--sample and --from (or HEARTBEAT_SNAPSHOT) are two worlds: choose one")
    sys.exit(Up(settings, out).run(sample, browser, end_with_parent, source))


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


def publish(
    target: Annotated[
        str,
        typer.Option(
            "--to",
            help="Also put a public copy there: a folder, s3://bucket/folder, gs://bucket/folder or "
            "hf://datasets/OWNER/NAME.",
        ),
    ] = "",
    publisher: Annotated[
        str, typer.Option("--as", help="With --to: whose snapshot it is. Default: HEARTBEAT_PUBLISHER.")
    ] = "",
    licence: Annotated[str, typer.Option(help="With --to: licence of the figures, as an SPDX identifier.")] = LICENCE,
    sample: Annotated[bool, typer.Option("--sample", help="With --to: publish the sample world.")] = False,
) -> None:
    """Publish the last build as a new version of the snapshot, and with --to a public copy of it for everybody."""
    settings = read_settings()
    if not sample:
        snapshot = steps.publish_build(settings)
        out.print(
            f"published version {snapshot.version}: {snapshot.path}"
            if snapshot
            else "nothing to publish: readers already have the last build",
            markup=False,
        )
    if target:
        _publish_copy(settings, target, publisher or settings.publisher, licence, sample)


def _publish_copy(settings: Settings, target: str, publisher: str, licence: str, is_sample: bool) -> None:
    from pipelines.snapshots.publishing import Publication, publish_set

    manifest = publish_set(settings, Publication(target, publisher, licence, is_sample))
    place = label_source(target)
    if manifest is None:
        out.print(f"{place}: holds this version already", markup=False)
        return
    size = f"{manifest.size / 1_000_000:.1f} MB"
    out.print(f"{place}: put version {manifest.version} there ({manifest.file}, {size})", markup=False)
    out.print(f"anybody can open it: heartbeat up --from {place}", markup=False)


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
