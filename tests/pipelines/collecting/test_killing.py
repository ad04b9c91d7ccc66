"""Killing `heartbeat up` at any step and running it again gives the export of an undisturbed run, byte for byte."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.catalog.reader import SHIPPED, read_catalog
from tests.paths import ROOT
from tests.upstream.catalogs import few
from tests.upstream.emulator import Upstream
from tests.upstream.faults import hang
from tests.worlds.ports import free_port
from tests.worlds.schedules import copy_schedule
from warehouse.export import export_metrics
from warehouse.snapshot import read_current

NOW = datetime(2026, 11, 1, 6, tzinfo=UTC)
PLACES = (
    ("warehouse.places:sync", 9, "collect, with a whole file still aside"),
    ("warehouse.load:insert_landed", 6, "load, in the middle of a transaction"),
    ("analytics.engine.families:make_figures", 20, "build, in the metrics"),
    ("warehouse.publish:write_file", 1, "publish, before the pointer moves"),
    ("warehouse.publish:_remove_old_versions", 1, "publish, after the pointer moved"),
)
"""One or two of each phase, in the order in which a run comes to them, so that each run goes on where the last one
died; `tests/faults/test_sequences.py` has every step, within one process."""
COLLECTING = 1
"""So many of them lie in collecting."""

FAMILIES = ("gpt-oss", "claude", "command", "gemini", "together")
"""They have a channel of every source that needs no consent, and none that the first run of `up` would have to leave
unfinished."""


@pytest.fixture(scope="module")
def world() -> Iterator[Upstream]:
    """A small world that stands still."""
    with Upstream(few(read_catalog([SHIPPED]), *FAMILIES), seed=3, threads=300, now=NOW) as up:
        yield up


@pytest.fixture(scope="module")
def families(world: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of family files that lead to the world."""
    return world.catalog(tmp_path_factory.mktemp("catalog"))


@pytest.fixture
def upstream(world: Upstream, families: Path) -> Path:
    """The same, with whole allowances: a dozen runs in five minutes are more than the Hub grants one client."""
    world.forgive()
    return families


def _environment(home: Path, catalog: Path) -> dict[str, str]:
    return os.environ | {
        "HEARTBEAT_HOME": str(home), "HEARTBEAT_CATALOG": str(catalog), "HEARTBEAT_CATALOG_ONLY": "1",
        "HEARTBEAT_ALLOW_PRIVATE_HOSTS": "127.0.0.1,localhost", "HEARTBEAT_NOW": NOW.isoformat(),
        "GITHUB_TOKEN": "test", "HF_TOKEN": "",
        "HEARTBEAT_PEOPLE_KEY": "the same for all runs", "HEARTBEAT_PORT": str(free_port()),
        "HEARTBEAT_PREFECT_PORT": str(free_port()),
    }  # fmt: skip


def _kill(home: Path, catalog: Path, place: str, number: int, what: str) -> None:
    command = [sys.executable, "-m", "tests.faults.injection", "kill", place, str(number), "up", "--no-browser"]
    done = subprocess.run(
        command, cwd=ROOT, env=_environment(home, catalog), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == -signal.SIGKILL, f"{what}: it was not killed: {done.stdout}{done.stderr}"


def _finished(home: Path, catalog: Path) -> dict[str, bytes]:
    """Collects, builds and publishes to the end, as `up` does before it serves; gives the export, by file."""
    for step in (["collect"], ["build"], ["publish"]):
        command = [sys.executable, "-m", "pipelines", *step]
        subprocess.run(command, cwd=ROOT, env=_environment(home, catalog), capture_output=True, timeout=120, check=True)
    return _exported(home)


def _exported(home: Path) -> dict[str, bytes]:
    snapshot = read_current(home)
    assert snapshot is not None and not snapshot.is_sample
    return {path.name: path.read_bytes() for path in export_metrics(snapshot, ["all"], home / "export")}


@pytest.fixture(scope="module")
def finished_home(families: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a run that nothing disturbed."""
    home = tmp_path_factory.mktemp("undisturbed")
    _finished(home, families)
    return home


@pytest.fixture(scope="module")
def undisturbed(finished_home: Path) -> dict[str, bytes]:
    """The export of a run that nothing disturbed."""
    return {path.name: path.read_bytes() for path in (finished_home / "export").iterdir()}


@pytest.mark.slow
def test_interrupted_killed_in_each_phase_and_short_of_budget_in_one_home_it_serves_the_same_bytes_and_ends_cleanly(
    world: Upstream, upstream: Path, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    """Ending anything at any moment is safe, as often as it happens, and running anything again is safe.

    Each later run reads on from where the requests of the last one ended. After Ctrl-C nothing of it may stay behind
    and hold a port.
    """
    copy_schedule(tmp_path)
    _interrupt_collect(world, tmp_path, upstream)
    for place, number, what in PLACES[:COLLECTING]:
        _kill(tmp_path, upstream, place, number, what)
        world.forgive()
    for budget in ("1", "13"):
        command = [sys.executable, "-m", "pipelines", "collect", "--budget", budget]
        subprocess.run(
            command, cwd=ROOT, env=_environment(tmp_path, upstream), capture_output=True, timeout=120, check=False
        )
        world.forgive()
    for place, number, what in PLACES[COLLECTING:]:
        _kill(tmp_path, upstream, place, number, what)
        world.forgive()
    environment = _environment(tmp_path, upstream)
    process = subprocess.Popen(
        [sys.executable, "-m", "pipelines", "up", "--no-browser"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    page, schedule = (int(environment[name]) for name in ("HEARTBEAT_PORT", "HEARTBEAT_PREFECT_PORT"))
    try:
        assert _answers(f"http://127.0.0.1:{page}/_stcore/health", 90)
        assert _answers(f"http://127.0.0.1:{schedule}/api/health", 90)
        assert _exported(tmp_path) == undisturbed
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=60)
    finally:
        process.kill()

    assert process.returncode == 0
    assert "stopped" in said
    assert not _answers(f"http://127.0.0.1:{page}/", 1) and not _answers(f"http://127.0.0.1:{schedule}/api/health", 1)


def _interrupt_collect(world: Upstream, home: Path, catalog: Path) -> None:
    """Ctrl-C in the middle leaves no traceback and the exit code of an interruption."""
    rule = world.fail("github", "graphql", hang())
    process = subprocess.Popen(
        [sys.executable, "-m", "pipelines", "collect"],
        cwd=ROOT,
        env=_environment(home, catalog),
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        deadline = time.monotonic() + 60
        while not list(home.glob("landing/*.status.*/*/*.parquet")) and time.monotonic() < deadline:
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=10)
    finally:
        rule.stop()
        process.kill()

    assert (process.returncode, "Traceback" in said) == (130, False)
    assert "landed data is kept, and the next run resumes from there" in said


def _answers(url: str, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 (a page of our own, on the loopback address)
                return bool(answer.status == 200)
        except OSError:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.2)
