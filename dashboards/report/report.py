"""The comparison as a file: `heartbeat report` runs this module with a view of the published snapshot."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dashboards.frame import snapshot_reader
from dashboards.frame.view import View
from dashboards.report.brief import render_brief
from dashboards.report.content import ReportContent, make_report
from dashboards.report.markdown import render_blocks, render_line
from dashboards.words import numbers
from warehouse.database import WarehouseError
from warehouse.export import LISTED
from warehouse.guesses import advise
from warehouse.settings import SettingsError

FOLDER = Path(__file__).parent
USUAL = Path("report.html")
FORMS = {"out": (".html", ".pdf"), "brief": (".md",)}
"""The file endings that each option accepts."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PRINT_SECONDS = 180


class ReportError(ValueError):
    """A request that cannot be written; the message says what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes the files and prints their paths. Returns 1 if a page failed, 2 if nothing could be written."""
    parser = argparse.ArgumentParser(prog="heartbeat report")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--brief", type=Path)
    parser.add_argument("--family", action="append", default=[])
    parser.add_argument("--window", default="365d")
    parser.add_argument("--kind", default="tracker")
    asked = parser.parse_args(arguments)
    try:
        return write_files(make_view(asked.family, asked.window, asked.kind), asked.out, asked.brief)
    except (ReportError, SettingsError, WarehouseError, OSError) as error:
        print(f"heartbeat: {error}", file=sys.stderr)
        return 2


def make_view(chosen: Sequence[str], window: str, kind: str) -> View:
    """Returns the view of the newest snapshot with these filters."""
    snapshot = snapshot_reader.newest_snapshot()
    if snapshot is None:
        raise ReportError(
            f"{snapshot_reader.read_environment().home}: nothing is published yet; run `heartbeat up`, or `heartbeat "
            "up --sample` to look around"
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


def write_files(page: View, out: Path | None, brief: Path | None) -> int:
    """Writes the files after checking every path first."""
    out = out or (None if brief else USUAL)
    for option, path in (("out", out), ("brief", brief)):
        if path:
            _check_path(option, path)
    browser = find_browser() if out and out.suffix.lower() == ".pdf" else ""
    content = make_report(page)
    if out:
        html = render_html(content)
        _write_whole(out, print_pdf(browser, html) if browser else html.encode())
    if brief:
        beside = os.path.relpath(out, brief.parent) if out else ""
        _write_whole(
            brief, render_brief(page, content, beside, snapshot_reader.read_environment().dashboard_address).encode()
        )
    for sheet in content.broken:
        print(f"excluded: {sheet.question} ({sheet.error}: {sheet.reason})")
    return 1 if content.broken else 0


def render_html(content: ReportContent) -> str:
    """Renders the report as one file without scripts or requests; every text from elsewhere is escaped."""
    environment = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined)
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters |= {"markdown": render_blocks, "line": render_line}
    style = (FOLDER / "report.css").read_text(encoding="utf-8")
    return str(environment.get_template("report.html.j2").render(report=content, style=style))


def find_browser() -> str:
    """Finds the system's Chromium, which prints the page."""
    found = next(filter(None, map(shutil.which, BROWSERS)), "")
    if not found:
        raise ReportError("a PDF needs Chromium, which is not installed: write report.html and print it from a browser")
    return found


def print_pdf(browser: str, html: str) -> bytes:
    """Prints the page as PDF."""
    with tempfile.TemporaryDirectory() as folder:
        source, printed = Path(folder, "report.html"), Path(folder, "report.pdf")
        source.write_text(html, encoding="utf-8")
        # Chromium has no sandbox for root; the page holds no script and loads nothing.
        as_root = ["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []
        command = [browser, "--headless", "--disable-gpu", f"--user-data-dir={folder}/profile", *as_root]
        command += ["--no-pdf-header-footer", f"--print-to-pdf={printed}", source.as_uri()]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=PRINT_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            raise ReportError(f"{browser}: did not print within {PRINT_SECONDS} s; write report.html instead") from None
        if done.returncode or not printed.exists():
            said = done.stderr.strip().splitlines()[-1:]
            raise ReportError(f"{browser}: could not print: {' '.join(said)}; write report.html and print it yourself")
        return printed.read_bytes()


def _check_path(option: str, path: Path) -> None:
    if path.suffix.lower() not in FORMS[option]:
        raise ReportError(f"--{option} {path}: its name must end in {' or '.join(FORMS[option])}")
    if path.is_dir():
        raise ReportError(f"--{option} {path}: that is a folder; name a file")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ReportError(f"{path.parent}: the folder cannot be made ({error.strerror}); name another") from None


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
