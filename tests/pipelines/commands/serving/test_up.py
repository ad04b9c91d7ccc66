"""`heartbeat up` in a terminal: the page opens while collecting goes on."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from pipelines.catalog.reader import SHIPPED, read_catalog
from tests.paths import ROOT
from tests.upstream.catalogs import few
from tests.upstream.emulator import Upstream
from tests.upstream.faults import hang
from tests.worlds.ports import free_port
from tests.worlds.schedules import copy_schedule
from tests.worlds.terminal import terminal
from warehouse.snapshot import Snapshot, query, read_current

FAMILIES = ("gpt-oss", "together")


@pytest.fixture
def world() -> Iterator[Upstream]:
    """A small world with GitHub and others."""
    with Upstream(few(read_catalog([SHIPPED]), *FAMILIES), seed=3, threads=60) as up:
        yield up


@pytest.fixture
def machine(tmp_path: Path) -> dict[str, str]:
    """The environment of a fresh machine."""
    (tmp_path / "user").mkdir()
    return {
        "PATH": os.environ["PATH"], "HOME": str(tmp_path / "user"), "TERM": "xterm",
        "COLUMNS": "200", "PYTHONPATH": str(ROOT),
    }  # fmt: skip


@pytest.fixture
def environment(machine: dict[str, str], world: Upstream, tmp_path: Path) -> dict[str, str]:
    """The same, with upstreams of ours and a schedule that was set up before."""
    return machine | {
        "HEARTBEAT_HOME": str(copy_schedule(tmp_path / "home")), "HEARTBEAT_NOW": world.world.now.isoformat(),
        "HEARTBEAT_CATALOG": str(world.catalog(tmp_path / "catalog")),
        "HEARTBEAT_CATALOG_ONLY": "1", "HEARTBEAT_ALLOW_PRIVATE_HOSTS": "127.0.0.1,localhost",
        "HEARTBEAT_PORT": str(free_port()), "HEARTBEAT_PREFECT_PORT": str(free_port()),
    }  # fmt: skip


def _command(page: float, refresh: float) -> list[str]:
    return [sys.executable, "-m", "tests.pipelines.commands.serving.quick_up", str(page), str(refresh)]


def _open_snapshot(environment: Mapping[str, str]) -> Snapshot:
    snapshot = read_current(Path(environment["HEARTBEAT_HOME"]))
    assert snapshot is not None
    return snapshot


def _list_sources(snapshot: Snapshot) -> set[str]:
    sql = "select distinct source from staging.collections join staging.channels using (channel_id)"
    return {row["source"] for row in query(snapshot, sql).to_pylist()}


@pytest.mark.parametrize(
    ("variable", "value"),
    [("HEARTBEAT_LANDING", "ftp://x/y"), ("HEARTBEAT_PEOPLE_KEY", "short"), ("HEARTBEAT_FRESHNESS", "status=12:3")],
)
def test_a_wrong_setting_is_said_first_and_alone(
    variable: str, value: str, machine: dict[str, str], tmp_path: Path
) -> None:
    """Not after a line that says that collecting has begun, or once the page opens."""
    ports = {name: str(free_port()) for name in ("HEARTBEAT_PORT", "HEARTBEAT_PREFECT_PORT")}
    command = [sys.executable, "-m", "pipelines", "up", "--no-browser"]
    done = subprocess.run(
        command, env=machine | ports | {variable: value}, cwd=tmp_path, capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1) and variable in done.stderr


@pytest.mark.slow
def test_the_page_opens_on_what_there_is_while_a_source_keeps_it_waiting(
    world: Upstream, environment: dict[str, str], tmp_path: Path
) -> None:
    """Nobody waits for the slowest source; what it brings later shows by itself."""
    rule = world.fail("github", None, hang(20))
    environment["GITHUB_TOKEN"] = "set"
    with terminal(_command(20, 2), environment, tmp_path) as screen:
        assert screen.shows("open http://127.0.0.1", 120), screen.text
        first = _open_snapshot(environment)
        assert screen.shows("still collecting: ", 30), screen.text
        rule.stop()
        assert screen.shows("the schedule is starting in the background", 240), screen.text
        last = _open_snapshot(environment)
        screen.press_ctrl_c()
        assert screen.ends(60), screen.text

    assert not first.is_sample and first.version < last.version
    assert "github" not in _list_sources(first) and "github" in _list_sources(last)
    assert screen.text.index("open http://") < screen.text.index("the schedule is starting")
    assert (
        "the page opens after at most 20 seconds of collecting" in screen.text
        and "(Ctrl-C stops everything)" in screen.text
    )
    assert screen.text.count("building the first figures …") == 1
    assert "Traceback" not in screen.text
