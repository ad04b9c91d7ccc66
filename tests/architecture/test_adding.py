"""The recipes of CONTRIBUTING.md, tried in a copy: a family, a form, a source, a metric and a page, each in as many
files as promised."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug.http import http_date
from werkzeug.serving import WSGIRequestHandler

from tests.architecture.toys import ADDED, CHANGED, CHANNEL, FORMS
from tests.paths import ROOT
from tests.pipelines.catalog.families import COMPLETE
from warehouse.database import open_warehouse
from warehouse.snapshot import query, read_current

pytestmark = pytest.mark.slow

METHOD = "tests/analytics/engine/test_method.py::"
RULES = (
    "tests/pipelines/catalog/test_catalog.py",
    "tests/pipelines/catalog/test_gaps.py",
    "tests/pipelines/text/test_mentions.py",
    "tests/pipelines/commands/test_sample.py::test_the_frozen_families_are_those_that_the_sample_was_drawn_from",
    "tests/pipelines/test_formats.py",
    "tests/architecture/test_architecture.py",
    "tests/analytics/metrics/test_toy.py",
    f"{METHOD}test_every_question_of_the_method_is_there",
    f"{METHOD}test_every_question_has_a_metric_or_a_reason",
    f"{METHOD}test_a_metric_answers_a_question_and_names_the_tests_that_would_fail[most_stars_count]",
    f"{METHOD}test_a_metric_has_its_title_its_unit_and_its_better_end[most_stars_count]",
    "tests/dashboards/test_pages.py::test_every_page_is_in_the_menu_and_asks_its_question",
    "tests/dashboards/test_shown_metrics.py",
)
"""The tests of the project that read what a recipe adds."""
NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)
BOARD_URL = "https://board.example/entries"
BOARD = [{"id": 1, "at": "2026-10-01T00:00:00Z", "title": "How do I start?"}]


@dataclass(frozen=True)
class Checkout:
    """A contributor's checkout, in which one toy of each kind was added."""

    folder: Path
    home: Path
    own: Path
    """Families of this installation: the same family, whose board is served here."""
    untouched: dict[Path, int]
    """When each file that was there before and that no recipe changes was last written."""

    def run(self, *words: str, code: int = 0) -> str:
        """Runs a module of the checkout; gives what it prints."""
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | {
            "HEARTBEAT_HOME": str(self.home), "HEARTBEAT_ALLOW_PRIVATE_HOSTS": "127.0.0.1,localhost",
            "HEARTBEAT_NOW": NOW.isoformat(),
            "GITHUB_TOKEN": "", "HF_TOKEN": "", "HEARTBEAT_CATALOG": str(self.own), "PYTHONPATH": str(self.folder),
        }  # fmt: skip
        command = [sys.executable, "-m", *words]
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=500, check=False
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    """A copy of the project with all toys in it."""
    folder = tmp_path_factory.mktemp("adding") / "checkout"
    for name in ("pipelines", "analytics", "dashboards", "warehouse", "tests"):
        shutil.copytree(ROOT / name, folder / name, copy_function=_copy_if_there)
    shutil.copy(ROOT / "pyproject.toml", folder)
    written = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
    untouched = {path: path.stat().st_mtime_ns for path in written}
    for name, text in ADDED.items():
        assert not (folder / name).exists()
        (folder / name).write_text(text.lstrip("\n"), encoding="utf-8")
    for name, (old, new) in CHANGED.items():
        text = (folder / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, name
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")
        del untouched[folder / name]
    with HTTPServer() as server, pytest.MonkeyPatch.context() as patch:
        # The collector's clock stands still, and so must the server's.
        patch.setattr(WSGIRequestHandler, "date_time_string", lambda self, timestamp=None: http_date(NOW))
        server.expect_request("/board").respond_with_json(BOARD)
        own = folder.parent / "own"
        own.mkdir()
        for catalog, url in ((folder / "pipelines" / "catalog", BOARD_URL), (own, server.url_for("/board"))):
            text = COMPLETE.replace("\n[[absent]]", f"{CHANNEL.format(url=url)}\n[[absent]]", 1)
            (catalog / "yi.toml").write_text(text, encoding="utf-8")
        yield Checkout(folder, folder.parent / "home", own, untouched)


def _copy_if_there(source: str, target: str) -> None:
    """Copies compiled files too, so that nothing is compiled again; another process may rename one at this moment."""
    with suppress(FileNotFoundError):
        shutil.copy2(source, target)


@pytest.fixture(scope="module")
def outcomes(checkout: Checkout) -> list[str]:
    """The outcome of each test of the rules in the checkout, of which every one must run and pass."""
    printed = checkout.run("pytest", "-q", "-rA", "-p", "no:cacheprovider", *RULES)
    return [line for line in printed.splitlines() if line.startswith("PASSED ")]


def _passed(outcomes: list[str], rule: str) -> bool:
    return any(line.startswith(f"PASSED {rule}") for line in outcomes)


def test_one_more_family_is_one_file(checkout: Checkout, outcomes: list[str]) -> None:
    """The check asks for nothing more, the tests of the catalog hold, and the sample world stays as it was."""
    words = checkout.run("pipelines", "catalog", "check")
    assert "yi: Yi (open, 01.AI), 3 channels: forum, hub, tracker" in words and "no gaps" in words
    assert all(_passed(outcomes, rule) for rule in RULES if "/catalog/" in rule or "/test_mentions" in rule)
    assert all(_passed(outcomes, rule) for rule in RULES if "/test_sample" in rule)


def test_one_more_form_is_one_file(checkout: Checkout, outcomes: list[str], tmp_path: Path) -> None:
    """Nothing lists the forms, for any of the three sources: the catalog takes the new ones, and is told near
    misses."""
    channels = "".join(
        f'\n[[channel]]\nsource = "{source}"\ntarget = "toy"\nrole = "{source}"\n'
        f'base_url = "https://toy.example"\nformat = "toy_form"\n'
        for source in FORMS
    )
    family = tmp_path / "toy.toml"
    family.write_text(COMPLETE + channels, encoding="utf-8")
    assert "1 family, 5 channels" in checkout.run("pipelines", "catalog", "check", str(tmp_path), code=1)
    family.write_text(COMPLETE + channels.replace("toy_form", "toy_from"), encoding="utf-8")
    refusal = checkout.run("pipelines", "catalog", "check", str(tmp_path), code=2)
    assert refusal.count("did you mean 'toy_form'?") == len(FORMS)
    for source in FORMS:
        assert _passed(outcomes, f"tests/pipelines/test_formats.py::test_a_format_is_one_file_and_one_object[{source}]")


def test_one_more_source_metric_and_page_are_two_files_and_a_line_each(checkout: Checkout) -> None:
    """The source is collected, the metric built and published, and the page stands in the report."""
    collected = checkout.run("pipelines", "collect", "--source", "toy")
    assert "toy: 1 channel, 1 row, 1 request; parts of channels: 1 complete" in collected
    checkout.run("pipelines", "build")
    assert "published version 1" in checkout.run("pipelines", "publish")
    assert "most_stars_count" in checkout.run("pipelines", "metrics")
    checkout.run("pipelines", "report", "--out", str(checkout.home / "report.html"))
    report = (checkout.home / "report.html").read_text(encoding="utf-8")

    assert "Who is best known?" in report
    with open_warehouse(checkout.home) as warehouse:
        assert warehouse.execute("select entry_id, title from staging.toy__entries").fetchall() == [
            ("1", "How do I start?")
        ]
    snapshot = read_current(checkout.home)
    assert snapshot is not None
    states = query(snapshot, "select distinct state, note from metrics.uptime_share where family_id = 'yi'").to_pylist()
    assert states == [{"state": "not observable", "note": "Open weights run on other people's machines."}]
    assert query(snapshot, "from metrics.most_stars_count").num_rows > 0


def test_the_rules_of_the_design_hold_with_all_of_them(checkout: Checkout, outcomes: list[str]) -> None:
    """Layers, headers, columns, the method and the menu; and no file but those of the recipes was written."""
    assert [rule for rule in RULES if not _passed(outcomes, rule)] == []
    assert {path: path.stat().st_mtime_ns for path in checkout.untouched} == checkout.untouched
