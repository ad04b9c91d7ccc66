"""The program: its options, what it prints, and its exit code. Nothing in this folder needs more than Python itself."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import get_terminal_size
from typing import NoReturn, TextIO

from pipelines import VERSION
from pipelines.commands.ends.fixing import fix_files, write_diff
from pipelines.commands.ends.json_report import write_json
from pipelines.commands.ends.project import ProjectReport, check_project
from pipelines.commands.ends.sarif import write_sarif
from pipelines.commands.ends.signals import write_annotations, write_badge, write_baseline, write_calendar
from pipelines.commands.ends.source import read_evidence
from pipelines.commands.ends.text_report import sum_up, write_markdown, write_text
from pipelines.commands.ends.tree import GROUPS
from pipelines.commands.ends.windows import FORMS, parse_window
from pipelines.text.values import clean_line, wrap_line
from warehouse.ends.evidence import Evidence
from warehouse.faults import WarehouseError

WRITERS = {
    "text": write_text, "markdown": write_markdown, "json": write_json, "sarif": write_sarif, "diff": write_diff,
    "annotations": write_annotations, "ics": write_calendar, "badge": write_badge, "baseline": write_baseline,
}  # fmt: skip
DESCRIPTION = """Find model ids in a project, and when those models end. Also says what
replaces them. Exits with 1 if any has ended or ends soon, with 2 if nothing
could be judged."""
EXAMPLES = """Examples:
    heartbeat ends . --within 180d
    heartbeat ends gpt-4o claude-3-haiku-20240307
    heartbeat ends src --format json --output ends.json"""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Raises WarehouseError, whose message is one line."""
        raise WarehouseError(f"{message}; see heartbeat ends --help")


def read_options(words: Sequence[str]) -> argparse.Namespace:
    """Reads the options. Raises WarehouseError for a wrong one."""
    parser = _Parser(
        "heartbeat ends", "heartbeat ends [OPTIONS] [PATH_OR_ID ...]", DESCRIPTION, EXAMPLES, allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    add = parser.add_argument
    add("words", metavar="PATH_OR_ID", nargs="*", help="Files and folders, or ids. Default: this folder.")
    add("--within", default="180d", help=f"How far ahead an end counts: {FORMS}. Default: 180d.")
    add("--from", dest="source", default="", help="File, folder or address of ends.json, or a home.")
    add(
        "--format", dest="form", default="text", choices=WRITERS, metavar="FORMAT", help=f"One of {', '.join(WRITERS)}."
    )
    add("--output", type=Path, help="File to write the report to; only its summary is printed then.")
    add("--include", default="", metavar="GROUPS", help=f"Also read {', '.join(GROUPS)}; separated by commas.")
    fail_on = "Also exit with 1 for ids that are unknown, or undated (announced to end, no day given); repeatable."
    add("--fail-on", action="append", default=[], choices=("unknown", "undated"), help=fail_on)
    hosts = ("azure", "bedrock", "vertex")
    add("--changed", default="", metavar="COMMIT", help="Read only new files and what was committed or staged since.")
    add("--baseline", type=Path, metavar="FILE", help="Ignore what --format baseline listed.")
    add("--fix", action="store_true", help="Write the plain renames that --format diff shows.")
    add("--via", default="", choices=hosts, help="Host of the ids that name none. Default: the maker's own API.")
    add("--all", dest="is_whole", action="store_true", help="List every id, with the page that decides.")
    add("--allow-sample", action="store_true", help="Accept the sample world, whose ends are made up.")
    add("--version", action="version", version=f"heartbeat-ends {VERSION}")
    options = parser.parse_args(words)
    options.words = options.words or ["."]
    options.groups = {word.strip() for word in options.include.split(",") if word.strip()}
    if others := options.groups - GROUPS.keys():
        parser.error(f"--include: {min(others)!r} is none of {', '.join(GROUPS)}")
    if options.output:
        _refuse_link(options.output, options.words)
    return options


def _refuse_link(output: Path, words: Sequence[str]) -> None:
    """Raises WarehouseError for a report that a link in a checked project would lead elsewhere."""
    place = Path(os.path.abspath(output))
    for path in (Path(), *map(Path, words)):
        if place.is_relative_to(os.path.abspath(path)) and not output.resolve().is_relative_to(path.resolve()):
            raise WarehouseError(f"--output: {output} is a link that leads out of {path}")


def check(options: argparse.Namespace, evidence: Evidence, now: datetime, project_home: Path | None = None) -> int:
    """Checks a project and delivers the report; returns the exit code. `project_home` is the home of the evidence if
    the project may have brought it. Raises WarehouseError."""
    if evidence.is_sample and not options.allow_sample:
        raise WarehouseError(
            f"{evidence.source}: holds the sample world only, whose ends are made up; run `heartbeat up`, name other "
            "data with --from, or try the command with --allow-sample"
        )
    # The sample world stands still at its own instant.
    now = evidence.published_at if evidence.is_sample else now
    until = _parse_within(options.within, now.date())
    report = check_project(
        options.words, evidence, now, until, options.fail_on, options.groups, options.via, options.changed,
        options.baseline, options.output,
    )  # fmt: skip
    report.is_whole, report.project_home = options.is_whole, project_home
    _deliver(report, options.form, options.output)
    if options.fix:
        fix_files(report)
    return report.exit_code


def _parse_within(within: str, today: date) -> date:
    try:
        return parse_window(within, today)
    except ValueError as error:
        raise WarehouseError(f"--within: {error}") from None


def _deliver(report: ProjectReport, form: str, output: Path | None) -> None:
    """Prints the report, or writes it to a file and prints its summary."""
    text, warnings = WRITERS[form](report), report.warn()
    if output is not None:
        output.write_text(text, encoding="utf-8")
        text = "".join(f"{line}\n" for line in [*warnings, *sum_up(report)])
    elif form != "text":
        _print_safely("".join(f"heartbeat: {warning}\n" for warning in warnings), sys.stderr)
    _print_safely(text, sys.stdout, is_wrapped=form == "text" or output is not None)


def _print_safely(text: str, stream: TextIO, is_wrapped: bool = True) -> None:
    """Prints a text in whatever encoding a terminal or a log has, perhaps wrapped to the width of a terminal."""
    if is_wrapped and stream.isatty():
        width = get_terminal_size().columns
        text = "".join(f"{part}\n" for line in text.splitlines() for part in wrap_line(line, width))
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, errors="backslashreplace").decode(encoding))


def main() -> int:
    """Runs the program by itself, with the evidence that came with it unless another is named."""
    if hasattr(signal, "SIGPIPE"):
        # A pager that was closed early is no error.
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        options = read_options(sys.argv[1:])
        return check(options, read_evidence(options.source), datetime.now(UTC))
    except (WarehouseError, OSError) as error:
        _print_safely(f"heartbeat: {clean_line(error, 1000)}\n", sys.stderr)
    except Exception as error:
        # Exit code 1 would say that something ends.
        _print_safely(f"heartbeat: a bug, please report it: {clean_line(repr(error), 1000)}\n", sys.stderr)
    return 2
