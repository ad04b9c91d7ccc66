"""The whole comparison as files: `heartbeat report` runs this module with a view of the published snapshot."""

import argparse
import os
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

from dashboards.frame import snapshot_reader
from dashboards.frame.view import View
from dashboards.report import badge, brief, html, pdf
from dashboards.report.sheets import ReportContent, make_report
from dashboards.words import numbers
from warehouse.database import WarehouseError
from warehouse.export import LISTED
from warehouse.guesses import advise
from warehouse.settings import SettingsError
from warehouse.snapshot import Snapshot

USUAL = "report.html"
"""The file written when none is asked for."""
FORMS = {"out": (".html", ".pdf", ".png"), "brief": (".md", ".html")}
"""The file endings that each option accepts; a picture holds the first page."""
PICTURE = ".png"


class ReportError(ValueError):
    """Error for a request that cannot be written; the message says what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes the files and prints their paths. Returns 1 where a page failed, 2 where nothing could be written."""
    asked = _make_parser().parse_args(arguments)
    try:
        return write_files(view_of(asked.family, asked.window, asked.kind), asked)
    except (ReportError, SettingsError, WarehouseError, OSError) as error:
        print(f"heartbeat: {error}", file=sys.stderr)
        return 2


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="heartbeat report")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--brief", type=Path)
    parser.add_argument("--badges", type=Path)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--family", action="append", default=[])
    parser.add_argument("--window", default="365d")
    parser.add_argument("--kind", default="tracker")
    return parser


def view_of(chosen: Sequence[str], window: str, kind: str) -> View:
    """Returns the view of the newest snapshot with these filters."""
    snapshot = snapshot_reader.newest_snapshot()
    if snapshot is None:
        raise ReportError(
            f"{snapshot_reader.snapshot_home()}: nothing is published yet; run `heartbeat up`, or `heartbeat up "
            "--sample` to look around"
        )
    everyone = snapshot_reader.load_families(snapshot)
    for family in chosen:
        _check_known("--family", family, {row["family_id"] for row in everyone})
    _check_known("--window", window, numbers.WINDOWS)
    _check_known("--kind", kind, numbers.KINDS)
    # Files are read later: ages count from the snapshot's own time, so that the same snapshot gives the same file.
    return View(snapshot, snapshot.published_at, everyone, tuple(chosen), window, kind=kind)


def _check_known(option: str, word: str, choices: Collection[str]) -> None:
    if word not in choices:
        raise ReportError(f"{option} {word!r} is not known: {advise(word, choices, LISTED)}")


def write_files(page: View, asked: argparse.Namespace) -> int:
    """Writes the files after checking every path first."""
    out = asked.out or (None if asked.brief or asked.badges else Path(USUAL))
    for option, path in (("out", out), ("brief", asked.brief)):
        _check_writable(option, path)
    if asked.badges and asked.badges.exists() and not asked.badges.is_dir():
        raise ReportError(f"--badges {asked.badges}: that is a file; name a folder")
    if asked.full and out and out.suffix.lower() == PICTURE:
        raise ReportError(f"--full adds an appendix, and {out} holds the first page only: write .html or .pdf")
    if asked.full and not out:
        raise ReportError("--full adds an appendix to the report, which is not written here: add --out report.html")
    for folder in {path.parent for path in (out, asked.brief) if path} | {asked.badges} - {None}:
        _make_folder(folder)
    is_picture = out is not None and out.suffix.lower() == PICTURE
    report_content = make_report(page, asked.full, is_picture) if out else None
    if out and report_content:
        _write_whole(out, _render_document(report_content, page.snapshot, out))
    if asked.brief:
        render = brief.render_html if asked.brief.suffix.lower() == ".html" else brief.render_markdown
        beside = os.path.relpath(out, asked.brief.parent) if out and not is_picture else ""
        _write_whole(asked.brief, render(page, beside, snapshot_reader.read_address()).encode())
    if asked.badges:
        for name, content in badge.make_badges(page).items():
            _write_whole(asked.badges / name, content.encode())
    for sheet in report_content.untold if report_content else ():
        print(f"left out: {sheet.question} ({sheet.error}: {sheet.reason})")
    return 1 if report_content and report_content.untold else 0


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ReportError(f"{folder}: the folder cannot be made ({error.strerror}); name another") from None


def _render_document(content: ReportContent, snapshot: Snapshot, out: Path) -> bytes:
    form = out.suffix.lower()
    if form == PICTURE:
        return pdf.render_picture(content, snapshot.published_at)
    return (
        pdf.render_document(content, snapshot.published_at)
        if form == ".pdf"
        else html.render_document(content).encode()
    )


def _check_writable(option: str, path: Path | None) -> None:
    if path is None:
        return
    if path.suffix.lower() not in FORMS[option]:
        raise ReportError(f"--{option} {path}: its name must end in {' or '.join(FORMS[option])}")
    if path.is_dir():
        raise ReportError(f"--{option} {path}: that is a folder; name a file")


def _write_whole(path: Path, content: bytes) -> None:
    """Writes a file completely or not at all: to a temporary file, then renamed."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        aside.write_bytes(content)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    print(path)


if __name__ == "__main__":
    sys.exit(main())
