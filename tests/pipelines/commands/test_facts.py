"""Facts read by hand: the oldest ones, with their files."""

import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipelines.catalog.reader import SHIPPED, read_catalog
from pipelines.commands.catalog.facts import list_facts
from tests.paths import ROOT
from tests.pipelines.catalog.families import COMPLETE
from warehouse.freshness import FACT_DAYS

READ = date(2026, 11, 24)
"""The day of both facts of the family."""
AGAIN = READ + timedelta(days=200)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "yi.toml").write_text(COMPLETE, encoding="utf-8")
    return tmp_path


def _run(folder: Path, today: date = AGAIN) -> subprocess.CompletedProcess[str]:
    """Runs the command as the README writes it, on the shipped families and one of one's own."""
    named = {"HEARTBEAT_CATALOG": str(folder), "HEARTBEAT_NOW": f"{today}T06:00:00Z"}
    return subprocess.run(
        [sys.executable, "-m", "pipelines", "catalog", "facts"], cwd=ROOT, capture_output=True, text=True,
        check=False, env=os.environ | named,
    )  # fmt: skip


def test_the_oldest_stands_first_with_its_page_and_its_age(folder: Path) -> None:
    """Work begins at the top."""
    days = [fact.as_of_on for _, fact in list_facts(read_catalog([SHIPPED, folder]))]
    assert days == sorted(days)
    done = _run(folder)
    shown = [line for line in done.stdout.splitlines() if "yi.licence" in line]
    assert (done.returncode, done.stderr) == (0, "")
    assert shown == ["! 2026-11-24  200 days  A (maker's page)  yi.licence: Apache-2.0"]
    assert "        https://github.com/01-ai/Yi/blob/main/LICENSE\n" in done.stdout
    assert f"read more than {FACT_DAYS} days ago (marked !)" in done.stdout


def test_what_was_read_lately_is_not_marked(folder: Path) -> None:
    """180 days are the last that count."""
    lines = _run(folder, today=READ + timedelta(days=FACT_DAYS)).stdout.splitlines()
    assert any(line.startswith("  2026-11-24  180 days") and "yi.licence" in line for line in lines)
    assert not any(line.startswith("!") and "yi." in line for line in lines)


def test_an_offer_that_is_over_says_so(folder: Path) -> None:
    """It is kept for the history, and needs no renewal to count as ended."""
    ended = 'method = "weights"\nuntil_on = 2026-12-31'
    (folder / "yi.toml").write_text(COMPLETE.replace('method = "weights"', ended), encoding="utf-8")
    assert "weights may be tuned by anybody, ended 2026-12-31\n" in _run(folder).stdout
    assert "weights may be tuned by anybody, until 2026-12-31\n" in _run(folder, today=READ).stdout
