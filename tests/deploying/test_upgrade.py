"""What OPERATIONS.md says of upgrading a checkout, as written: a former state of the code, with a home of its own,
takes over what is published since, and goes back."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.deploying.confining import make_small_catalog
from tests.deploying.documents import find_block
from tests.paths import ROOT
from tests.upstream.emulator import Upstream
from tests.worlds.ports import free_port, listens
from tests.worlds.terminal import terminal
from warehouse.database import open_warehouse
from warehouse.landing import Zone, open_writer, open_zone
from warehouse.load import load_new_files

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (ROOT / ".venv" / ".runtime").exists(), reason="`make` did not set up this checkout"),
]
OLD = "0.0.1"
CHANNEL = "example.packages.one"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout of a former version, set up as `make` did then, whose origin is at today's commit."""
    origin, checkout = tmp_path / "origin", tmp_path / "checkout"
    _run_git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{ROOT}", str(origin))
    for name in ("pipelines/__init__.py", "pyproject.toml"):
        text = (origin / name).read_text(encoding="utf-8")
        (origin / name).write_text(re.sub(r'(?m)^(version) = ".*"$', rf'\1 = "{OLD}"', text, flags=re.IGNORECASE))
    _run_git(origin, "commit", "--quiet", "--all", "--message", "A former version")
    _run_git(tmp_path, "clone", "--quiet", f"file://{origin}", str(checkout))
    _run_git(origin, "revert", "--no-edit", "HEAD")
    _lend_packages(checkout / ".venv")
    _make_home(checkout / ".heartbeat")
    return checkout


def _make_home(home: Path) -> None:
    """Lands three days of downloads in two visits, loads the first, and logs what cannot be made again."""
    zone = open_zone(str(home / "landing"))
    _land(zone, {1: 10, 2: 20})
    with open_warehouse(home) as connection:
        load_new_files(connection, zone, _instant(2))
        connection.execute(
            "insert into ledger.verdicts values ('h1', 1, 1, 'holds', 0.5, 0.4, 0.6, 9, timestamp '2026-10-02')"
        )
    _land(zone, {2: 21, 3: 30})


def _land(zone: Zone, downloads: dict[int, int]) -> None:
    at = _instant(max(downloads))
    writer = open_writer(zone, CHANNEL, "packages", at)
    days = {f"2026-10-{day:02d}": count for day, count in downloads.items()}
    bodies = {on: {"package": "one", "day_on": on, "downloads": count} for on, count in days.items()}
    writer.add_rows([("downloads", on, at, json.dumps(body)) for on, body in bodies.items()], at)
    writer.manifest.outcomes["downloads"] = {"state": "complete", "rows": len(days), "fault": "none"}
    writer.finish(at)


def _instant(day: int) -> datetime:
    return datetime(2026, 10, day, 6, tzinfo=UTC)


def _run_git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def _lend_packages(environment: Path) -> None:
    """Makes a virtual environment with the packages of this one, as links, so that setting it up asks no registry."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    own, lent = (Path(sysconfig.get_path("purelib", vars={"base": str(base)})) for base in (sys.prefix, environment))
    shutil.rmtree(lent)
    shutil.copytree(own, lent, copy_function=os.link, symlinks=True, ignore=shutil.ignore_patterns("*heartbeat*"))
    os.link(Path(sys.prefix) / "bin" / "uv", environment / "bin" / "uv")
    (environment / ".uv").touch()


@pytest.fixture
def surroundings(tmp_path: Path) -> Iterator[dict[str, str]]:
    """What a terminal of a user gives; only the upstreams are ours."""
    with Upstream(make_small_catalog(), seed=5, threads=20) as world:
        yield {
            "PATH": os.environ["PATH"], "HOME": str(tmp_path), "TERM": "xterm", "BROWSER": "true", "UV_OFFLINE": "1",
            "HEARTBEAT_PORT": str(free_port()), "HEARTBEAT_PREFECT_PORT": str(free_port()),
            "HEARTBEAT_CATALOG": str(world.catalog(tmp_path / "catalog")), "HEARTBEAT_CATALOG_ONLY": "1",
            "HEARTBEAT_ALLOW_PRIVATE_HOSTS": "127.0.0.1,localhost", "HEARTBEAT_NOW": world.world.now.isoformat(),
        }  # fmt: skip


def _run(script: str, checkout: Path, surroundings: dict[str, str]) -> str:
    done = subprocess.run(
        ["sh", "-e"], input=script, cwd=checkout, env=surroundings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _read_landed(home: Path) -> dict[str, bytes]:
    landing = home / "landing" / CHANNEL
    return {str(path.relative_to(landing)): path.read_bytes() for path in landing.rglob("*.parquet")}


def _ask(home: Path, query: str) -> list[tuple[Any, ...]]:
    with open_warehouse(home) as connection:
        rows: list[tuple[Any, ...]] = connection.execute(query).fetchall()
        return rows


def test_an_upgrade_as_written_keeps_rows_and_logs_and_the_way_back_is_open(
    checkout: Path, surroundings: dict[str, str]
) -> None:
    """The former version leaves; what it landed, loaded and logged is there, and what it had not loaded comes too."""
    home, ask_version = checkout / ".heartbeat", ".venv/bin/python -c 'import pipelines; print(pipelines.VERSION)'"
    landed = _read_landed(home)
    assert landed
    assert _run(f"make setup; {ask_version}", checkout, surroundings).endswith(f"{OLD}\n")

    with terminal(["sh", "-e", "-c", find_block(".venv/bin/heartbeat backup")], surroundings, checkout) as screen:
        assert screen.shows("the schedule is starting in the background", 240), screen.text
        screen.press_ctrl_c()
        assert screen.ends(60), screen.text
    assert not listens(int(surroundings["HEARTBEAT_PORT"]), 0)
    assert not _run(ask_version, checkout, surroundings).endswith(f"{OLD}\n")
    assert _read_landed(home) == landed
    counts = _ask(home, "select downloaded_on::varchar, downloads_count from staging.packages__downloads order by all")
    assert counts == [("2026-10-01", 10), ("2026-10-02", 21), ("2026-10-03", 30)]
    assert _ask(home, "select number, effect from ledger.verdicts where claim_id = 'h1' and number = 1") == [(1, 0.5)]

    _run(find_block("git checkout --quiet ORIG_HEAD"), checkout, surroundings)
    assert _run(ask_version, checkout, surroundings).endswith(f"{OLD}\n")
    assert _read_landed(checkout / ".heartbeat-before") == landed
