"""Tests are compiled once for all workers, and as pytest compiles them itself; what was imported is no garbage."""

import gc
import sys
from pathlib import Path

import pytest
from _pytest.assertion import rewrite

from tests.gate.bytecode import compile_all

TOY = "def test_toy() -> None:\n    assert 1 + 1 == 3\n"


def test_a_test_is_rewritten_before_anybody_imports_it(
    tmp_path: Path, pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lies there is what pytest looks for, and tells what an assertion compared; other code lies there as Python
    compiles it; a file that changed is not taken for compiled."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    for folder in ("analytics", "dashboards", "pipelines", "tests", "warehouse"):
        (tmp_path / folder).mkdir()
    path = tmp_path / "tests" / "test_toy.py"
    path.write_text(TOY, encoding="utf-8")
    (tmp_path / "pipelines" / "code.py").write_text("ONE = 1\n", encoding="utf-8")

    compile_all(pytestconfig, tmp_path)
    compiled = rewrite.get_cache_dir(path) / f"test_toy{rewrite.PYC_TAIL}"
    code = rewrite._read_pyc(path, compiled)
    path.write_text(TOY + "\n", encoding="utf-8")

    assert code is not None
    names: dict[str, object] = {"__name__": "test_toy"}
    exec(code, names)  # noqa: S102
    with pytest.raises(AssertionError, match=r"\(1 \+ 1\) == 3"):
        names["test_toy"]()  # type: ignore[operator]
    assert rewrite._read_pyc(path, compiled) is None
    assert [file.name.split(".")[0] for file in (tmp_path / "pipelines" / "__pycache__").iterdir()] == ["code"]


def test_garbage_is_looked_for_again_but_not_among_what_was_collected() -> None:
    """Tests that wait for an object to go would wait in vain; the tests themselves never go."""
    assert gc.isenabled()
    assert gc.get_freeze_count() > 1_000
