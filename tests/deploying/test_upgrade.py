"""What OPERATIONS.md says of upgrading a checkout, as written: a former state of the code, with the home of a former
format, takes over what is published since, and goes back."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.deploying.confining import make_small_catalog
from tests.deploying.documents import find_block
from tests.paths import ROOT
from tests.upstream.emulator import Upstream
from tests.worlds.former_homes import FORMATS, restore_home
from tests.worlds.ports import free_port, listens
from tests.worlds.terminal import terminal
from warehouse.database import open_warehouse, read_format
from warehouse.schema.migrations import VERSION

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (ROOT / ".venv" / ".runtime").exists(), reason="`make` did not set up this checkout"),
]
FORMER = "five"
"""The first format whose home holds a row in each log that cannot be made again."""
OLD = "0.0.1"


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
    restore_home(FORMER, checkout / ".heartbeat")
    # Its snapshot was not kept.
    shutil.rmtree(checkout / ".heartbeat" / "published")
    return checkout


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
    landing = home / "landing" / "example.packages.one"
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
    assert landed and (read_format(home) or VERSION) < VERSION
    assert _run(f"make setup; {ask_version}", checkout, surroundings).endswith(f"{OLD}\n")

    with terminal(["sh", "-e", "-c", find_block(".venv/bin/heartbeat backup")], surroundings, checkout) as screen:
        assert screen.shows("the schedule is starting in the background", 240), screen.text
        screen.press_ctrl_c()
        assert screen.ends(60), screen.text
    assert not listens(int(surroundings["HEARTBEAT_PORT"]), 0)
    assert not _run(ask_version, checkout, surroundings).endswith(f"{OLD}\n")
    assert read_format(home) == VERSION and _read_landed(home) == landed
    counts = _ask(home, "select downloaded_on::varchar, downloads_count from staging.packages__downloads order by all")
    assert counts == [("2026-10-01", 10), ("2026-10-02", 21), ("2026-10-03", 30)]
    kept = (FORMATS / "homes" / FORMER / "warehouse.sql").read_text(encoding="utf-8")
    for log in ("methods", "restatements", "verdicts"):
        assert kept.count(f"insert into ledger.{log} ") == 1
    assert _ask(home, "select number, effect from ledger.verdicts where claim_id = 'h1' and number = 1") == [(1, 0.5)]
    assert _ask(home, "select old_version, new_value from ledger.restatements where number = 1")[0] == (1, 0.8)

    _run(find_block("git checkout --quiet ORIG_HEAD"), checkout, surroundings)
    assert _run(ask_version, checkout, surroundings).endswith(f"{OLD}\n")
    assert _read_landed(checkout / ".heartbeat-before") == landed
