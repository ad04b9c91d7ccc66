"""Real commands that are killed, refused by their disk or run all at once end as an undisturbed run does."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from pipelines.catalog.reader import SHIPPED, Catalog, read_catalog
from tests.dashboards.test_pages import opened
from tests.faults.places import BUILDING, COLLECTING, ERRORS, OF_FILES, OF_SYSTEM, PUBLISHING
from tests.faults.test_sequences import SEED
from tests.faults.volume import Volume, mount_volume
from tests.paths import ROOT
from tests.upstream.catalogs import few
from tests.upstream.emulator import Upstream
from warehouse.export import export_metrics
from warehouse.snapshot import read_current

AT_ONCE = ("collect",) * 4 + ("build",) * 2
PLACES = {"collect": COLLECTING, "build": BUILDING, "publish": PUBLISHING}
"""The commands of a round in turn, and their steps."""
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
FAMILIES, FAULTS, LONGEST = ("gemma", "claude", "command"), 12, 6.0
"""The world, how many faults befall a home in it, and after how many seconds at most a signal comes."""
pytestmark = pytest.mark.slow


@contextmanager
def _serve(*names: str) -> Iterator[Upstream]:
    """A small world of some families that stands still."""
    catalog = few(read_catalog([SHIPPED]), *names)
    own = tuple(channel for channel in catalog.channels if channel.family in names)
    with Upstream(Catalog(catalog.families, own), seed=5, threads=40) as world:
        yield world


def _start(world: Upstream, folder: Path, *words: str) -> subprocess.Popen[str]:
    environment = os.environ | {
        "HEARTBEAT_HOME": str(folder / "home"), "HEARTBEAT_CATALOG": str(world.catalog(folder / "catalog")),
        "HEARTBEAT_CATALOG_ONLY": "1", "HEARTBEAT_ALLOW_PRIVATE_HOSTS": "127.0.0.1,localhost",
        "HEARTBEAT_NOW": world.world.now.isoformat(), "HEARTBEAT_PEOPLE_KEY": "the same for all homes of this test",
        "GITHUB_TOKEN": "test", "HF_TOKEN": "",
    }  # fmt: skip
    world.forgive()
    return subprocess.Popen(
        [sys.executable, "-m", *words], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True,
    )  # fmt: skip


def _run(world: Upstream, folder: Path, command: str) -> None:
    process = _start(world, folder, "pipelines", command)
    said, _ = process.communicate()
    assert process.returncode == 0, f"{command}: {said}"


def _finish(world: Upstream, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Runs a round that nothing disturbs, opens the overview, and exports."""
    for command in PLACES:
        _run(world, folder, command)
    snapshot = read_current(folder / "home")
    assert snapshot is not None and not snapshot.trouble
    monkeypatch.setenv("HEARTBEAT_NOW", world.world.now.isoformat())
    page = opened(monkeypatch, folder / "home")
    assert not page.exception and any('class="board"' in str(one.proto.body) for one in page.get("html"))
    return {path.name: path.read_bytes() for path in export_metrics(snapshot, ["all"], folder / "export")}


def _disturb(world: Upstream, folder: Path, draw: random.Random, disk: Volume | None) -> None:
    """Runs a command that a signal ends, its disk refuses, or an error befalls at one of its steps."""
    command = draw.choice(list(PLACES))
    kind, words = draw.choice(["signal", "error", "full", "read-only"] if disk else ["signal", "error"]), ["pipelines"]
    if kind == "error":
        place = draw.choice(PLACES[command])
        errors = OF_FILES if command == "collect" or place.startswith(OF_SYSTEM) else ERRORS
        words = ["tests.faults.injection", draw.choice(errors), place, str(draw.randint(1, 4))]
    elif disk and kind == "full":
        disk.fill(draw.randrange(2**21))
    elif disk and kind == "read-only":
        disk.forbid_writes()
    process, seconds, number = _start(world, folder, *words, command), draw.uniform(0.3, LONGEST), draw.choice(SIGNALS)
    if kind == "signal":
        words.append(f"{number.name} after {seconds:.1f} s")
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        process.send_signal(number)
    said, _ = process.communicate()
    if disk:
        disk.free()
    print(kind, *words[1:], command, process.returncode)
    # A signal that comes while Python is starting is Python's.
    assert "a bug in Heartbeat" not in said and (kind == "signal" or "Traceback" not in said), said


def test_whatever_befalls_real_commands_an_undisturbed_round_makes_it_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Readers see a whole version meanwhile, and in the end the same bytes."""
    print(f"HEARTBEAT_FAULT_SEED={SEED}")
    draw, ours, alone = random.Random(SEED), tmp_path / "ours", tmp_path / "alone"
    with _serve(*FAMILIES) as world, mount_volume(ours / "home") as disk:
        for _ in range(FAULTS):
            former = read_current(ours / "home")
            _disturb(world, ours, draw, disk)
            present = read_current(ours / "home")
            assert former is None or (present and not present.trouble and present.version >= former.version)
        assert _finish(world, ours, monkeypatch) == _finish(world, alone, monkeypatch)


def test_four_collectors_and_two_builds_at_once_give_what_one_of_each_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They share a home that was never used: its key, its folders and its warehouse are made by the first."""
    ours, alone = tmp_path / "ours", tmp_path / "alone"
    with _serve(FAMILIES[0]) as world, ThreadPoolExecutor(len(AT_ONCE)) as pool:
        list(pool.map(lambda command: _run(world, ours, command), AT_ONCE))
        assert _finish(world, ours, monkeypatch) == _finish(world, alone, monkeypatch)
