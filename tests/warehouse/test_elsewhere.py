"""What other tools make of the published file: the notebook runs, and an older engine opens it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import ROOT
from tests.tools.environments import prepare_environment
from warehouse.snapshot import SAMPLE, Snapshot, read_current

pytestmark = pytest.mark.slow


@pytest.fixture
def snapshot(sample_home: Path) -> Snapshot:
    """The published sample world."""
    found = read_current(sample_home / SAMPLE)
    assert found is not None
    return found


def test_the_notebook_runs_on_a_published_file(snapshot: Snapshot, tmp_path: Path) -> None:
    """It prints figures, not errors, and stores no output of anybody's data."""
    notebook = json.loads((ROOT / ".github" / "figures.ipynb").read_text(encoding="utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert cells and not any(cell["outputs"] or cell["execution_count"] for cell in cells)
    script = tmp_path / "cells.py"
    script.write_text("\n".join("".join(cell["source"]) for cell in cells), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script)], env=os.environ | {"SNAPSHOT": str(snapshot.path)}, text=True,
        capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for said in ("answered_share", "Qwen", "95 % interval"):
        assert said in done.stdout


def test_the_command_line_of_an_older_engine_opens_a_published_folder(snapshot: Snapshot) -> None:
    """Files in the newest form of the engine that writes them could be read by nothing that is a year old."""
    python = _prepare("duckdb-cli")
    query = "select count(comment) > 300 from meta.columns; select count(*) > 1000 from staging.threads"
    done = subprocess.run([python.with_name("duckdb"), "-readonly", "-csv", "-noheader", snapshot.path.name, query],
                          text=True, capture_output=True, check=False, cwd=snapshot.path.parent)  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == ["true", "true"]


def _prepare(package: str) -> Path:
    """Prepares the environment of a package, or skips the test with the reason."""
    try:
        return prepare_environment(package)
    except SystemExit as error:
        pytest.skip(str(error))
