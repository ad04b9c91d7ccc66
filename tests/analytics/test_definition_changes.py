"""The reasons of changed definitions: every version of every public measure says what changed, and why."""

from collections import Counter
from datetime import date
from typing import Any

import duckdb
import pytest

from analytics.engine.making import compute_python_model
from analytics.engine.models import ROOT
from tests.worlds.warehouse_rows import MODELS

MODEL = ROOT / "intermediate" / "definitions" / "definition_changes.py"


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    """All reasons."""
    with duckdb.connect() as connection:
        table: Any = compute_python_model(MODEL, connection)
    listed: list[dict[str, Any]] = table.to_pylist()
    return listed


def test_each_version_of_a_public_measure_has_a_reason(rows: list[dict[str, Any]]) -> None:
    """Whoever raises a version says why, or readers of the log see two numbers and no cause."""
    versions = {model.path.stem: model.header.version for model in MODELS if model.is_public}
    wanted = {(name, version) for name, newest in versions.items() for version in range(2, newest + 1)}
    given = {(row["metric_name"], row["method_version"]) for row in rows}

    assert {(name, version) for name, version in given if version is not None} == wanted
    removed = {name for name, version in given if version is None}
    assert removed and not removed & versions.keys()


def test_reasons_are_sentences_with_a_day_and_none_is_given_twice(rows: list[dict[str, Any]]) -> None:
    """They are joined to one text where a home skips versions."""
    for row in rows:
        assert row["change_reason"][0].isupper() and row["change_reason"].endswith("."), row
        assert "  " not in row["change_reason"] and "\n" not in row["change_reason"], row
        assert date(2026, 11, 1) <= row["changed_on"], row
    assert max(Counter((row["metric_name"], row["change_number"]) for row in rows).values()) == 1
