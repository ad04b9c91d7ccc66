"""Engines beside DuckDB: each starts by the same script, from an environment of its own."""

from pathlib import Path

import pytest

from tests.benchmarks.peers.environments import HERE
from tests.tools.parity.measuring import ENGINES, prepare_engine
from tests.tools.parity.on_engine import STARTS


@pytest.mark.parametrize("name", ENGINES)
def test_an_engine_has_a_start_and_an_environment(name: str) -> None:
    """Both run the same queries by the same SQL, so both read them by the same version of the translator."""
    lock = (HERE / f"{name}.lock").read_text(encoding="utf-8")

    assert name in STARTS
    assert "\npyspark" in lock and "--hash=sha256:" in lock
    [translator] = [line for line in lock.splitlines() if line.startswith("sqlglot==")]
    assert f"{translator}\n" in (HERE.parents[2] / "requirements-test.lock").read_text(encoding="utf-8")


def test_without_java_the_command_says_in_one_line_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before it sets anything up."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)

    with pytest.raises(SystemExit, match=r"^PySpark needs Java 17 or later: .*openjdk-17-jre-headless$"):
        prepare_engine("pyspark")
