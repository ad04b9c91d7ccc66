"""Shared parts of all commands: the console, common options, exit handling and name checks."""

import os
import signal
import sys
import threading
from datetime import UTC, datetime
from io import TextIOWrapper
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from pipelines.text.values import remove_unseen, wrap_line
from warehouse.attempts.signals import describe_signal, find_signal, note_signal
from warehouse.faults import Fault
from warehouse.guesses import advise

if TYPE_CHECKING:
    from pipelines.catalog.reader import Catalog
    from warehouse.settings import Settings
    from warehouse.snapshot import Snapshot

ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SIGNALLED = 128
"""What is added to a signal's number in the exit code of a command that it ended."""
GRACE_SECONDS = 4
"""Time that a run gets to stop cleanly after a signal."""

out = Console(soft_wrap=True, highlight=False, width=None if sys.stdout and sys.stdout.isatty() else 200)
"""Console for all output; a fixed width keeps tables from being cut in a file or pipe."""

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
All = Annotated[bool, typer.Option("--all", help="Print everything, not only the summary.")]
DAY = ["%Y-%m-%d"]
"""The form of days in options."""
LISTED = "`heartbeat catalog check`"
"""What lists the families and their channels."""


def prepare_streams() -> None:
    """Has a closed stream lead nowhere, and one of a narrow encoding escape the characters that it lacks."""
    if sys.getfilesystemencoding() != "utf-8" and not sys.flags.ignore_environment:
        # DuckDB takes no other paths.
        os.execve(sys.executable, sys.orig_argv, os.environ | {"PYTHONUTF8": "1"})
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            # The first free number is the one that was closed: no file of ours may get it.
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115
        elif mode == "w" and isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(console: Console, text: str, style: str = "", indent: int = 0, mark: str = "") -> None:
    """Prints a line of text, after a coloured mark if there is one: wrapped to the width of a terminal and coloured
    there, whole and plain elsewhere."""
    line = " " * indent + remove_unseen(mark + text).replace("\n", " ")
    # A pipe gets whole lines, which programs can search.
    parts = wrap_line(line, console.width, indent) if console.is_terminal else [line]
    for number, part in enumerate(parts):
        shown = Text(part)
        if not mark:
            shown.stylize(style)
        elif number == 0:
            shown.stylize(style, 0, indent + len(mark))
        console.print(shown, soft_wrap=True)


def print_error(text: str) -> None:
    """Prints an error as one line, wrapped in a terminal."""
    line = f"heartbeat: {remove_unseen(text)}"
    parts = wrap_line(line, get_terminal_size().columns) if sys.stderr.isatty() else [line]
    print("\n".join(parts), file=sys.stderr)


def exit_now(code: int) -> None:
    """Ends the process immediately, without waiting for requests still running in threads."""
    if code - SIGNALLED in ENDING_SIGNALS:
        print("heartbeat: stopped; landed data is kept, and the next run resumes from there", file=sys.stderr)
    # A run in a thread of its own hears of no exception. Without the module there is no attempt, and importing it now
    # could wait for an import that was interrupted.
    if "warehouse.attempts.writer" in sys.modules:
        writer, now = sys.modules["warehouse.attempts.writer"], datetime.now(UTC)
        writer.close_open_attempts(now, Fault.INTERRUPTED, describe_signal(find_signal()))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def handle_ending_signals() -> None:
    """Has Ctrl-C, SIGTERM and the end of the terminal end a run in words, within seconds."""
    for number in ENDING_SIGNALS:
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # `nohup` has it ignored
            signal.signal(number, _end_run)


def _end_run(number: int, _: object) -> None:
    note_signal(number)
    # The exception alone is not enough: a finalizer, for one, swallows it.
    timer = threading.Timer(GRACE_SECONDS, exit_now, [SIGNALLED + number])
    timer.daemon = True
    timer.start()
    raise KeyboardInterrupt


def open_current_snapshot(settings: "Settings") -> "Snapshot":
    """Opens the snapshot that readers see: the one of HEARTBEAT_SNAPSHOT, else the home's own.

    Raises WarehouseError if there is none.
    """
    # Imported late, to keep `heartbeat --help` fast.
    from pipelines.snapshots.following import open_published
    from warehouse.database import WarehouseError
    from warehouse.snapshot import read_current

    if settings.snapshot:
        followed = open_published(settings, settings.snapshot)
        if followed.origin and followed.origin.trouble:
            print_error(f"{followed.origin.trouble}; using the snapshot of {followed.published_at:%Y-%m-%d %H:%M} UTC")
        return followed
    snapshot = read_current(settings.home)
    if snapshot is None:
        raise WarehouseError(
            f"{settings.home}: nothing is published yet; run `heartbeat up`, or `heartbeat up --sample`"
        )
    if snapshot.trouble:
        print_error(snapshot.trouble)
    return snapshot


def check_names(catalog: "Catalog", source: str, family: str, channel: str) -> None:
    """Raises CatalogError for a name that is not in the catalog; an empty name means all."""
    _check_name("source", source, {entry.source for entry in catalog.channels})
    _check_name("family", family, {entry.family for entry in catalog.channels})
    _check_name("channel", channel, {entry.id for entry in catalog.channels})


def _check_name(what: str, word: str, names: set[str]) -> None:
    from pipelines.catalog.faults import CatalogError

    if word and word not in names:
        raise CatalogError(f"--{what} {word!r}: no such {what} in the catalog; {advise(word, names, LISTED)}")
