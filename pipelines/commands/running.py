"""Commands that collect, build, publish or serve. Each is thin and delegates to the module it imports."""

import sys
from contextlib import ExitStack, nullcontext
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.commands.terminal import DAY, check_names, handle_ending_signals, out, print_error, say
from pipelines.http.budget import DEFAULT_REQUESTS

if TYPE_CHECKING:
    from warehouse.attempts.entries import AttemptState
    from warehouse.settings import Settings

Since = Annotated[
    datetime | None,
    typer.Option(formats=DAY, metavar="DAY", help="Start of the backfill on a first visit. Default: two years ago."),
]
Requests = Annotated[int, typer.Option("--budget", min=1, help="Maximum number of requests per channel in this run.")]
Target = Annotated[
    str,
    typer.Option(
        "--to",
        help="Also put a public copy there: a folder, s3://bucket/folder, gs://bucket/folder or "
        "hf://datasets/OWNER/NAME.",
    ),
]
Publisher = Annotated[str, typer.Option("--as", help="With --to: whose snapshot it is. Default: HEARTBEAT_PUBLISHER.")]

LOCK_SECONDS = 5.0
"""Time that a schedule waits for another one of its home, which may be ending."""


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
    parent: Annotated[
        int, typer.Option("--end-with-parent", hidden=True, help="Also stop when this process, the parent, ends.")
    ] = 0,
) -> None:
    """Collect, and open the dashboard in the meantime. Then keep the schedule running until Ctrl-C."""
    # Commands import their modules late, to keep `heartbeat --help` fast.
    from pipelines.commands.serving.up import Up
    from warehouse.settings import SettingsError, read_settings

    settings = read_settings()
    source = source or settings.snapshot
    if sample and source:
        raise SettingsError("--sample and --from (or HEARTBEAT_SNAPSHOT) exclude each other; choose one")
    sys.exit(Up(settings, out).run(sample, browser, parent, source))


def collect(
    source: Annotated[str, typer.Option(help="Only this source.")] = "",
    family: Annotated[str, typer.Option(help="Only this family's channels.")] = "",
    channel: Annotated[str, typer.Option(help="Only this channel.")] = "",
    since: Since = None,
    budget: Requests = DEFAULT_REQUESTS,
) -> None:
    """Collect from the channels into the landing zone. Exits with 3 if something is incomplete, with 4 if
    nothing was collected."""
    from pipelines.collecting import planning
    from pipelines.commands.progress import collect_with_progress
    from pipelines.notifying.sending import ping_deadman
    from warehouse.attempts.entries import AttemptKind, AttemptState
    from warehouse.settings import read_settings

    handle_ending_signals()
    settings = read_settings()
    catalog = planning.open_catalog_for(settings, AttemptKind.COLLECT)
    check_names(catalog, source, family, channel)
    first = since.replace(tzinfo=UTC) if since else None
    plan = planning.make_plan(settings, catalog, first, budget, source, family, channel)
    report = collect_with_progress(out, plan, settings)
    if report.attempt.state is not AttemptState.NOTHING and (trouble := ping_deadman(settings)):
        print_error(trouble)
    sys.exit(_choose_code(report.attempt.state))


def refresh(
    state: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Restore an empty home from this file, which only HEARTBEAT_STATE_KEY opens, and save the home there.",
        ),
    ] = None,
    target: Target = "",
    publisher: Publisher = "",
    budget: Requests = DEFAULT_REQUESTS,
) -> None:
    """Do what the schedule does in one run. That is to collect what is due, build and publish. Exits with 3 if
    something is incomplete, with 4 if nothing was collected."""
    from pipelines.commands.building import print_build
    from pipelines.commands.progress import collect_with_progress
    from pipelines.refreshing import keep_state, refresh_home
    from warehouse.attempts.entries import AttemptState
    from warehouse.settings import read_settings

    handle_ending_signals()
    settings = read_settings()
    with keep_state(settings, state) if state else nullcontext():
        attempt, result = refresh_home(settings, requests=budget, collect=partial(collect_with_progress, out))
        came = attempt.state if attempt else AttemptState.DONE
        if result:
            print_build(out, result)
        if target and came is not AttemptState.NOTHING:
            _publish_copy(settings, target, publisher or settings.publisher, is_sample=False)
    sys.exit(_choose_code(came))


def build(
    full: Annotated[bool, typer.Option("--full", help="Rebuild everything, not only what changed.")] = False,
    cluster: Annotated[
        str,
        typer.Option("--on", metavar="ADDRESS", help="Build families on the Dask cluster with this scheduler."),
    ] = "",
) -> None:
    """Load landed files and build the staging tables and metrics. Exits with 3 if a file was rejected."""
    from pipelines.commands.building import build_and_print
    from warehouse.settings import read_settings

    handle_ending_signals()
    sys.exit(_choose_code(build_and_print(out, read_settings(), full, cluster)))


def publish(
    target: Target = "",
    publisher: Publisher = "",
    sample: Annotated[bool, typer.Option("--sample", help="With --to: publish the sample world.")] = False,
) -> None:
    """Publish the last build to readers. With --to also put a public copy of it there, for everybody."""
    from pipelines.publishing import publish_build
    from warehouse.settings import read_settings

    handle_ending_signals()
    settings = read_settings()
    if not sample:
        out.print(publish_build(settings), markup=False)
    if target:
        _publish_copy(settings, target, publisher or settings.publisher, sample)


def _publish_copy(settings: "Settings", target: str, publisher: str, is_sample: bool) -> None:
    from pipelines.attempts import record_attempt
    from pipelines.snapshots.publishing import Publication, publish_set
    from warehouse.attempts.entries import AttemptKind
    from warehouse.forgetting.places import remember_place
    from warehouse.sharing.followed import label_source
    from warehouse.sharing.manifest import LICENCE

    place = label_source(target)
    with record_attempt(settings, AttemptKind.PUBLISH, about=place):
        manifest = publish_set(settings, Publication(target, publisher, LICENCE, is_sample))
    remember_place(settings.home, "public copy", place)
    if manifest is None:
        out.print(f"{place}: holds this version already", markup=False)
        return
    size = f"{manifest.size / 1_000_000:.1f} MB"
    out.print(f"{place}: put version {manifest.version} there ({manifest.file}, {size})", markup=False)
    out.print(f"anybody can open it: heartbeat up --from {place}", markup=False)


def tidy() -> None:
    """Remove what has expired. That is landed files that are loaded and the former log after HEARTBEAT_KEEP_DAYS, and
    the bytes of deleted rows. The warehouse keeps all other rows. The schedule does so each night."""
    from pipelines.commands.tidying import tidy_home
    from warehouse.settings import read_settings

    handle_ending_signals()
    for line in tidy_home(read_settings()):
        say(out, line)


def serve() -> None:
    """Run the schedule until Ctrl-C. It is a local Prefect server with its deployments."""
    from pipelines.commands.serving.schedule import serve_schedule
    from warehouse.lock import Locked, hold_lock
    from warehouse.settings import read_settings

    settings = read_settings()
    with ExitStack() as held:
        # Another one would take this one's runs for those that a killed schedule left, and mark them as crashed.
        try:
            held.enter_context(hold_lock(settings.home / "prefect", "heartbeat serve", LOCK_SECONDS, name="schedule"))
        except Locked as error:
            already = f"the schedule is already running: {error.holder}"
            raise Locked(f"{already}; to start it again, stop that process first", error.holder) from None
        sys.exit(serve_schedule(settings))


def dashboard(
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the dashboard in a browser.")] = True,
) -> None:
    """Serve only the dashboard until Ctrl-C."""
    from pipelines.commands.serving.dashboard import serve_dashboard
    from warehouse.settings import read_settings

    sys.exit(serve_dashboard(read_settings(), browser))


def _choose_code(state: "AttemptState") -> int:
    """Chooses the exit code by what came; an error in use or of this machine is 2 (OPERATIONS.md has the table)."""
    from warehouse.attempts.entries import AttemptState

    return {AttemptState.DONE: 0, AttemptState.PARTIAL: 3, AttemptState.NOTHING: 4}[state]
