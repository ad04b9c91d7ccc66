"""`heartbeat ends`: the command with its options."""

import sys
from enum import StrEnum
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated, Literal, TextIO

import typer

from pipelines.commands.terminal import All, wrap_line

if TYPE_CHECKING:
    from datetime import date

    from pipelines.commands.ends.project import ProjectReport
    from warehouse.settings import Settings
    from warehouse.snapshot import Snapshot


ReportFormat = Literal["text", "json", "sarif", "markdown"]


class FailOn(StrEnum):
    """The findings that fail a check besides ids that ended or end within the window."""

    UNKNOWN = "unknown"
    UNDATED = "undated"


Paths = Annotated[list[Path] | None, typer.Argument(help="Files and folders. Default: this folder.", metavar="PATH")]
Within = Annotated[str, typer.Option(help="How far ahead an end counts: 30d, 12w, 6m, 1y, or a day.")]
From = Annotated[
    str, typer.Option("--from", help="Home, folder, file or address of a published snapshot. Default: HEARTBEAT_HOME.")
]
Format = Annotated[ReportFormat, typer.Option("--format", help="How to write the report.")]
Output = Annotated[Path | None, typer.Option(help="File to write the report to; only its summary is printed then.")]
Include = Annotated[str, typer.Option(metavar="GROUPS", help="Also read tests, docs or locks, separated by commas.")]
Failing = Annotated[
    list[FailOn] | None,
    typer.Option(
        "--fail-on",
        metavar="KIND",
        help="Also exit with 1 for ids that are unknown, or undated (announced to end, no day given); repeatable.",
    ),
]
Via = Annotated[
    Literal["azure", "bedrock", "vertex"] | None,
    typer.Option(help="Host of the ids that name none. Default: the maker's own API."),
]
AllowSample = Annotated[bool, typer.Option("--allow-sample", help="Accept the sample world, whose ends are made up.")]


def ends(
    paths: Paths = None,
    within: Within = "180d",
    include: Include = "",
    source: From = "",
    form: Format = "text",
    output: Output = None,
    fail_on: Failing = None,
    via: Via = None,
    allow_sample: AllowSample = False,
    is_whole: All = False,
) -> None:
    """Find model ids in a project, and when those models end. Also says what replaces them. Exits with 1 if any has
    ended or ends soon."""
    # Imported late, to keep `heartbeat --help` fast.
    from pipelines.commands.ends.project import check_project
    from warehouse.settings import ENV_FILE, read_settings

    paths = paths or [Path()]
    # A file of settings in a folder that is checked is the project's, which must not set today's date or the snapshot.
    is_checked = any(Path().resolve().is_relative_to(path.resolve()) for path in paths)
    settings = read_settings(None if is_checked else ENV_FILE)
    if output is not None:
        _refuse_link(output, paths)
    snapshot, where = _open_snapshot(settings, source, allow_sample)
    # The sample world stands still at its own instant.
    now = snapshot.published_at if snapshot.is_sample else settings.clock()
    until, groups = _parse_within(within, now.date()), _split_groups(include)
    report = check_project(
        paths, snapshot, where, now, until, {kind.value for kind in fail_on or ()}, groups, via or ""
    )
    if is_checked and not (source or settings.snapshot or "home" in settings.model_fields_set):
        report.project_home = settings.home.absolute()
    report.is_whole = is_whole
    _deliver(report, form, output)
    sys.exit(report.exit_code)


def _refuse_link(output: Path, paths: list[Path]) -> None:
    """Raises BadParameter for a report that a link in a checked project would lead out of it."""
    for path in paths:
        if output.absolute().is_relative_to(path.absolute()) and not output.resolve().is_relative_to(path.resolve()):
            raise typer.BadParameter(f"{output} is a link that leads out of {path}", param_hint="--output")


def _split_groups(include: str) -> set[str]:
    """Splits the names of groups of files. Raises BadParameter for any other word."""
    from pipelines.commands.ends.tree import GROUPS

    words = {word.strip() for word in include.split(",") if word.strip()}
    if others := words - GROUPS.keys():
        raise typer.BadParameter(f"{min(others)!r} is none of {', '.join(GROUPS)}", param_hint="--include")
    return words


def _parse_within(within: str, today: "date") -> "date":
    from pipelines.commands.ends.windows import parse_window

    try:
        return parse_window(within, today)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--within") from None


def _open_snapshot(settings: "Settings", source: str, allow_sample: bool) -> tuple["Snapshot", str]:
    """Opens a published set, which is fetched and checked, or the snapshot of a home, a folder or a file; returns also
    if it is. Raises WarehouseError for the sample world unless it is allowed."""
    # Imported late, to keep `heartbeat --help` fast.
    from pipelines.snapshots.following import open_published
    from warehouse.database import WarehouseError
    from warehouse.sharing.followed import label_source
    from warehouse.sharing.manifest import NAME
    from warehouse.snapshot_source import resolve_snapshot

    source = source or settings.snapshot
    is_published = "://" in source or Path(source).name == NAME or (Path(source) / NAME).is_file()
    snapshot = (open_published if is_published else resolve_snapshot)(settings, source)
    where = label_source(source) if "://" in source else source or str(settings.home)
    if snapshot.is_sample and not allow_sample:
        raise WarehouseError(
            f"{where}: holds the sample world only, whose ends are made up; run `heartbeat up`, name another snapshot "
            "with --from, or try the command with --allow-sample"
        )
    return snapshot, where


def _deliver(report: "ProjectReport", form: ReportFormat, output: Path | None) -> None:
    """Prints the report, or writes it to a file and prints its summary."""
    from pipelines.commands.ends.json_report import write_json
    from pipelines.commands.ends.sarif import write_sarif
    from pipelines.commands.ends.text_report import sum_up, write_markdown, write_text

    writers = {"text": write_text, "markdown": write_markdown, "json": write_json, "sarif": write_sarif}
    text = writers[form](report)
    warnings = report.warn()
    if output is not None:
        output.write_text(text, encoding="utf-8")
        text = "".join(f"{line}\n" for line in [*warnings, *sum_up(report)])
    elif form != "text":
        _print_safely("".join(f"heartbeat: {warning}\n" for warning in warnings), sys.stderr)
    _print_safely(text, sys.stdout)


def _print_safely(text: str, stream: TextIO) -> None:
    """Prints a text in whatever encoding a terminal or a log has, wrapped to the width of a terminal."""
    if stream.isatty():
        width = get_terminal_size().columns
        text = "".join(f"{part}\n" for line in text.splitlines() for part in wrap_line(line, width))
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, errors="backslashreplace").decode(encoding))
