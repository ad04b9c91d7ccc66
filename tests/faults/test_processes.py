"""Real commands that run all at once give what one after another gives."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipelines.catalog.reader import SHIPPED, Catalog, read_catalog
from tests.paths import ROOT
from tests.upstream.catalogs import few
from tests.upstream.emulator import Upstream
from warehouse.export import export_metrics
from warehouse.snapshot import read_current

AT_ONCE = ("collect",) * 4 + ("build",) * 2
IN_TURN = ("collect", "build", "publish")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def world() -> Iterator[Upstream]:
    """A small world that stands still."""
    catalog = few(read_catalog([SHIPPED]), "gemma")
    own = tuple(channel for channel in catalog.channels if channel.family == "gemma")
    with Upstream(Catalog(catalog.families, own), seed=5, threads=40) as up:
        yield up


def _run(world: Upstream, folder: Path, command: str) -> None:
    environment = os.environ | {
        "HEARTBEAT_HOME": str(folder / "home"), "HEARTBEAT_CATALOG": str(folder / "catalog"),
        "HEARTBEAT_CATALOG_ONLY": "1", "HEARTBEAT_ALLOW_PRIVATE_HOSTS": "127.0.0.1,localhost",
        "HEARTBEAT_NOW": world.world.now.isoformat(), "HEARTBEAT_PEOPLE_KEY": "the same for all homes of this test",
        "GITHUB_TOKEN": "test", "HF_TOKEN": "",
    }  # fmt: skip
    world.forgive()
    done = subprocess.run(
        [sys.executable, "-m", "pipelines", command], cwd=ROOT, env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"


def _export(folder: Path) -> dict[str, bytes]:
    snapshot = read_current(folder / "home")
    assert snapshot is not None and not snapshot.trouble
    return {path.name: path.read_bytes() for path in export_metrics(snapshot, ["all"], folder / "export")}


def test_four_collectors_and_two_builds_at_once_give_what_one_of_each_gives(world: Upstream, tmp_path: Path) -> None:
    """They share a home that was never used: its key, its folders and its warehouse are made by the first."""
    ours, alone = tmp_path / "ours", tmp_path / "alone"
    for folder in (ours, alone):
        world.catalog(folder / "catalog")
    with ThreadPoolExecutor(len(AT_ONCE)) as pool:
        list(pool.map(lambda command: _run(world, ours, command), AT_ONCE))
    for folder in (ours, alone):
        for command in IN_TURN:
            _run(world, folder, command)

    assert _export(ours) == _export(alone)
