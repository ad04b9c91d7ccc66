"""Families built in processes: shared out evenly, and none outlives a build that fails or is killed."""

import multiprocessing
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from unittest import mock

import pytest

from analytics.engine import families
from analytics.engine.models import read_models
from tests.paths import ROOT
from warehouse.faults import WarehouseError

BUILD = """
import os, signal, time
from analytics.engine import families

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # A shell's background job ignores it.
    with families.open_processes(1) as pool:
        print(pool.submit(os.getpid).result(), flush=True)
        pool.submit(time.sleep, 600).result()
"""


@pytest.mark.parametrize(
    ("workers", "batches"),
    [(1, [["a", "d", "c", "b"]]), (2, [["a"], ["d", "c", "b"]]), (9, [["a"], ["d"], ["c", "b"]])],
)
def test_batches_have_about_as_many_rows(
    workers: int, batches: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A family is never split, and a batch has enough to do."""
    monkeypatch.setattr(families, "FEW_ROWS", 30)
    connection = mock.Mock()
    connection.execute().fetchall.return_value = [("a", 50), ("b", 10), ("c", 15), ("d", 20), ("not changed", 99)]

    assert families.split_batches(families.Work(connection, "abcd", [], [], Path()), workers) == batches


def test_a_table_that_fails_in_a_process_is_named(tmp_path: Path) -> None:
    """As it is if it fails in this one."""
    model = replace(read_models()[-1], table="metrics.broken", text="from missing", reads=frozenset(), view="")
    model = replace(model, path=Path("broken.sql"))
    wrong = r"metrics\.broken: cannot be built \(CatalogException: .+\); nothing was changed"
    with pytest.raises(WarehouseError, match=wrong), families.open_processes(1) as pool:
        pool.submit(families.build_families, tmp_path, ["a"], [model], [model.table], tmp_path / "figures").result()

    assert multiprocessing.active_children() == []


def test_a_killed_process_is_an_error_of_one_line() -> None:
    """As of one that took too much memory; the build is not left to wait for ever."""
    killed = "a process that built families was killed; nothing was changed"
    with pytest.raises(WarehouseError, match=killed), families.open_processes(2) as pool:
        pool.submit(signal.raise_signal, signal.SIGKILL).result()

    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_processes_end_with_the_build(number: signal.Signals, tmp_path: Path) -> None:
    """However it is ended, and in the middle of their work."""
    (tmp_path / "build.py").write_text(BUILD)
    command, environment = [sys.executable, str(tmp_path / "build.py")], os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as build:
        assert build.stdout
        build.stdout.readline()
        build.send_signal(number)
        # Ends when all have ended who could write to it.
        build.communicate(timeout=300)
