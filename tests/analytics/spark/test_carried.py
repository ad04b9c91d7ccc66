"""The queries in Spark's SQL are kept beside the tests, so that a diff shows what moved."""

from pathlib import Path

import pytest

from tests.tools.parity.carried import read_carried, render_carried, write_carried

pytestmark = pytest.mark.rests_on(
    "analytics", "warehouse", "tests/analytics/spark", "tests/tools/parity", "tests/paths.py"
)
WRITE = "write them anew with `python -m tests.tools.parity.carried`, and read the diff"


def test_each_query_is_kept_as_it_is_carried() -> None:
    """By the version of sqlglot that the lock file names."""
    rendered, kept = render_carried(), read_carried()

    assert {name for name in rendered.keys() | kept.keys() if rendered.get(name) != kept.get(name)} == set(), WRITE


def test_writing_changes_what_differs_and_removes_what_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And leaves what is the same."""
    monkeypatch.setattr("tests.tools.parity.carried.render_carried", lambda: {"a/same.sql": "1\n", "a/new.sql": "2\n"})
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "same.sql").write_text("1\n")
    (tmp_path / "a" / "gone.sql").write_text("0\n")
    before = (tmp_path / "a" / "same.sql").stat().st_mtime_ns
    write_carried(tmp_path)

    assert read_carried(tmp_path) == {"a/same.sql": "1\n", "a/new.sql": "2\n"}
    assert (tmp_path / "a" / "same.sql").stat().st_mtime_ns == before
