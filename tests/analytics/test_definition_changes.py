"""The reasons of changed definitions: every version of every public measure says what changed, and why."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from analytics.engine.making import compute_python_model
from analytics.engine.models import ROOT
from tests.worlds.warehouse_rows import MODELS

MODEL = ROOT / "intermediate" / "definitions" / "definition_changes.py"
CHANGES = """
[[change]]
changed_on = 2027-01-31
why = "An offer that has ended counts as open nowhere."
versions = { helped_share = 2 }
removed = ["naive_share"]
"""


def _read_changes(model: Path = MODEL) -> list[dict[str, Any]]:
    with duckdb.connect() as connection:
        rows: list[dict[str, Any]] = compute_python_model(model, connection).to_pylist()
    return rows


def test_each_version_of_a_public_measure_has_a_reason() -> None:
    """Anyone who raises a version says why, or readers of the log see two numbers and no cause."""
    versions = {model.path.stem: model.header.version for model in MODELS if model.is_public}
    wanted = {(name, version) for name, newest in versions.items() for version in range(2, newest + 1)}
    given = {(row["metric_name"], row["method_version"]) for row in _read_changes()}

    assert {(name, version) for name, version in given if version is not None} == wanted
    assert not {name for name, version in given if version is None} & versions.keys()


def test_a_change_is_a_row_for_each_measure_and_one_for_a_removed_measure(tmp_path: Path) -> None:
    """A removed measure has no version."""
    folder = tmp_path / "intermediate" / "definitions"
    folder.mkdir(parents=True)
    (tmp_path / "definition_changes.toml").write_text(CHANGES)
    rows = _read_changes(Path(shutil.copy(MODEL, folder)))

    stated = {"change_number": 1, "changed_on": date(2027, 1, 31)}
    stated["change_reason"] = "An offer that has ended counts as open nowhere."
    assert rows == [
        {"metric_name": "helped_share", "method_version": 2, **stated},
        {"metric_name": "naive_share", "method_version": None, **stated},
    ]
