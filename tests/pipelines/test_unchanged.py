"""A build with nothing to do is over before the engine is loaded; whatever changed makes it look."""

import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from pipelines import sources, steps, unchanged
from pipelines.collecting.run import Plan, collect_plan
from tests.faults.toy import CHANNELS, START, Toy, make_catalog
from tests.paths import ROOT
from warehouse.attempts.entries import AttemptKind
from warehouse.attempts.reader import read_attempts
from warehouse.database import open_warehouse, warehouse_path
from warehouse.settings import Settings

KEY = "a key of thirty-two bytes for tests"


def _make_settings(home: Path, **others: Any) -> Settings:
    given: dict[str, Any] = {"HEARTBEAT_HOME": home, "HEARTBEAT_NOW": START, "HEARTBEAT_PEOPLE_KEY": KEY, **others}
    return Settings(_env_file=None, **given)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home with the downloads of one package, built."""
    home, toy = tmp_path_factory.mktemp("kept") / "home", Toy()
    toy.change("one", 1, 10)
    with mock.patch.object(sources, "load_source", return_value=toy.as_source()):
        collect_plan(Plan(CHANNELS, START, 100), _make_settings(home))
        steps.refresh_warehouse(_make_settings(home), make_catalog(), publishes=False)
        yield home


@pytest.fixture
def home(kept: Path, tmp_path: Path) -> Path:
    """The same home at its own place."""
    return shutil.copytree(kept, tmp_path / "home")


def _land_another(home: Path) -> None:
    landed = next((home / "landing").rglob("*.parquet"))
    shutil.copy(landed, landed.with_name(f"9{landed.name}"))


def _change_warehouse(home: Path) -> None:
    with closing(open_warehouse(home)) as connection:
        connection.execute("delete from ledger.builds")


def _leave_log(home: Path) -> None:
    path = warehouse_path(home)
    path.with_name(f"{path.name}.wal").write_bytes(b"what a killed writer left")


@pytest.mark.parametrize(
    "change",
    [
        _land_another,
        _change_warehouse,
        _leave_log,
        lambda home: shutil.rmtree(home / "landing"),
        lambda home: (home / "people.key").write_text("another key"),
        lambda home: (home / unchanged.FILE).write_text("{damaged"),
    ],
)
def test_whatever_changed_in_the_home_makes_a_build_look(home: Path, change: Callable[[Path], object]) -> None:
    """A build that would skip news is worse than a slow one."""
    assert unchanged.read_valid_mark(_make_settings(home))

    change(home)

    assert unchanged.read_valid_mark(_make_settings(home)) is None


def test_other_settings_make_a_build_look(home: Path, tmp_path: Path) -> None:
    """Each names other families, other landed files or other people."""
    others: tuple[dict[str, Any], ...] = (
        {"HEARTBEAT_CATALOG": tmp_path}, {"HEARTBEAT_CATALOG_ONLY": True}, {"HEARTBEAT_LANDING": str(tmp_path)},
        {"HEARTBEAT_LANDING": "s3://bucket/folder"}, {"HEARTBEAT_ALLOW_PRIVATE_HOSTS": "localhost"},
        {"HEARTBEAT_PEOPLE_KEY": KEY[::-1]},
    )  # fmt: skip

    assert [unchanged.read_valid_mark(_make_settings(home, **other)) for other in others] == [None] * len(others)


def test_new_code_makes_a_build_look(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A metric that is written again has other figures; compiled code is no news."""
    for package in unchanged.PACKAGES:
        (tmp_path / "code" / package).mkdir(parents=True)
    monkeypatch.setattr(unchanged, "CODE", tmp_path / "code")
    metric = tmp_path / "code" / "analytics" / "one.sql"
    metric.write_text("select 1")
    before = unchanged.digest_grounds(_make_settings(home))
    (metric.parent / "__pycache__").mkdir()
    (metric.parent / "__pycache__" / "one.pyc").write_bytes(b"compiled")
    compiled = unchanged.digest_grounds(_make_settings(home))
    metric.write_text("select 22")

    assert compiled == before != unchanged.digest_grounds(_make_settings(home))


def test_a_build_that_leaves_out_a_file_leaves_no_mark(home: Path) -> None:
    """The next one tries that file again."""
    landed = next((home / "landing").rglob("*.parquet"))
    landed.with_name(f"9{landed.name}").write_bytes(b"no Parquet")
    result = steps.refresh_warehouse(_make_settings(home), make_catalog(), publishes=False)

    assert len(result.loaded.refused) == 1 and not (home / unchanged.FILE).exists()


COMMAND = """
import sys
from pipelines import cli

cli.exit_now = lambda code: print("ended with", code, *sorted({"duckdb", "pyarrow", "httpx2"} & sys.modules.keys()))
sys.argv = ["heartbeat", "build"]
cli.run()
"""


def test_the_command_says_the_same_without_loading_the_engine(tmp_path: Path) -> None:
    """In words, in its exit code and in the ledger of attempts."""
    environment = os.environ | {"HEARTBEAT_HOME": str(tmp_path / "home")}
    said = [
        subprocess.run(
            [sys.executable, "-c", COMMAND], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        ).stdout.splitlines()
        for _ in range(3)
    ]
    attempts = read_attempts(tmp_path / "home")

    assert said[0][-1].startswith("ended with 0 duckdb"), "the first one looks"
    assert said[0][1] == "built 0 tables, 0 unchanged", "nothing is built before the first row"
    assert said[1] == said[2] and said[1][-1] == "ended with 0"
    assert said[1][0] == "loaded 0 rows from 0 new files" and said[1][1].startswith("built 0 tables, ")
    kinds = Counter(attempt.beginning.kind for attempt in attempts)
    assert kinds == {AttemptKind.LOAD: 3, AttemptKind.BUILD: 3}
    assert {(attempt.state, attempt.ending and attempt.ending.result) for attempt in attempts[:2]} == {
        ("done", "0 rows from 0 files"), ("done", "0 tables built"),
    }  # fmt: skip
