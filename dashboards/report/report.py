"""The whole comparison as files: `heartbeat report` runs this module with a view of the published snapshot."""

import argparse
import difflib
import os
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

from dashboards.frame import snapshot_reader
from dashboards.frame.view import View
from dashboards.report import badge, brief, html, pdf
from dashboards.report.sheets import Report, report
from dashboards.words import numbers
from warehouse.database import WarehouseError
from warehouse.settings import SettingsError
from warehouse.snapshot import Snapshot

USUAL = "report.html"
"""What is written where nothing is asked for."""
FORMS = {"out": (".html", ".pdf"), "brief": (".md", ".html")}
"""The endings that each file may have."""


class ReportError(ValueError):
    """What was asked for cannot be written; the message says what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes what is asked for and tells the paths; 1 where a page could not be told, 2 where nothing could be written."""
    asked = _parser().parse_args(arguments)
    try:
        return write(view_of(asked.family, asked.window, asked.kind), asked)
    except (ReportError, SettingsError, WarehouseError, OSError) as error:
        print(f"heartbeat: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="heartbeat report")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--brief", type=Path)
    parser.add_argument("--badges", type=Path)
    parser.add_argument("--family", action="append", default=[])
    parser.add_argument("--window", default="365d")
    parser.add_argument("--kind", default="tracker")
    return parser


def view_of(chosen: Sequence[str], window: str, kind: str) -> View:
    """The view of the newest snapshot with these filters."""
    snapshot = snapshot_reader.newest_snapshot()
    if snapshot is None:
        raise ReportError(
            f"{snapshot_reader.snapshot_home()}: nothing is published yet; run `heartbeat up`, or `heartbeat up "
            "--sample` to "
            "look around"
        )
    everyone = snapshot_reader.load_families(snapshot)
    for family in chosen:
        _known("--family", family, {row["family_id"] for row in everyone})
    _known("--window", window, numbers.WINDOWS)
    _known("--kind", kind, numbers.KINDS)
    # A file is read at any later time: its ages count from the instant of which it speaks, and the same snapshot gives the same file.
    return View(snapshot, snapshot.published_at, everyone, tuple(chosen), window, kind=kind)


def _known(option: str, word: str, known: Collection[str]) -> None:
    if word not in known:
        near = difflib.get_close_matches(word, known, 1)
        said = f"did you mean {near[0]}?" if near else f"use one of {', '.join(sorted(known))}"
        raise ReportError(f"{option} {word!r} is not known: {said}")


def write(page: View, asked: argparse.Namespace) -> int:
    """Writes the files; every path is checked before the first of them is made."""
    out = asked.out or (None if asked.brief or asked.badges else Path(USUAL))
    for option, path in (("out", out), ("brief", asked.brief)):
        _writable(option, path)
    if asked.badges and not asked.badges.is_dir():
        raise ReportError(f"--badges {asked.badges}: there is no such folder; make it first")
    told = report(page) if out else None
    if out and told:
        _keep(out, _document(told, page.snapshot, out))
    if asked.brief:
        _keep(
            asked.brief, (brief.html(page) if asked.brief.suffix.lower() == ".html" else brief.markdown(page)).encode()
        )
    if asked.badges:
        for name, content in badge.files(page).items():
            _keep(asked.badges / name, content.encode())
    for sheet in told.untold if told else ():
        print(f"left out: {sheet.question} ({sheet.error}: {sheet.reason})")
    return 1 if told and told.untold else 0


def _document(told: Report, snapshot: Snapshot, out: Path) -> bytes:
    return pdf.document(told, snapshot.published_at) if out.suffix.lower() == ".pdf" else html.document(told).encode()


def _writable(option: str, path: Path | None) -> None:
    if path is None:
        return
    if path.suffix.lower() not in FORMS[option]:
        raise ReportError(f"--{option} {path}: its name must end in {' or '.join(FORMS[option])}")
    if not path.absolute().parent.is_dir():
        raise ReportError(f"--{option} {path}: there is no folder {path.parent}; make it first")
    if path.is_dir():
        raise ReportError(f"--{option} {path}: that is a folder; name a file")


def _keep(path: Path, content: bytes) -> None:
    """Whole or not at all: written aside, then put in its place."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        aside.write_bytes(content)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    print(path)


if __name__ == "__main__":
    sys.exit(main())
