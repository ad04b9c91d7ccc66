"""What OPERATIONS.md says of Compose and Kubernetes, as written, in a folder with the committed files: every name in it
is one of theirs, the secrets are those of the containers' user, and a backup is made."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploying.documents import find_block
from tests.paths import ROOT
from tests.worlds.page_worlds import NOW
from warehouse.landing import open_writer, open_zone

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files to another user"),
]
USER = 10001


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with what the engines read, a former state of it, and something landed."""
    folder = tmp_path / "checkout"
    for name in ("compose.yaml", "Containerfile"):
        (tmp_path / "origin").mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / "origin" / name)
    shutil.copytree(ROOT / ".deploy", tmp_path / "origin" / ".deploy")
    for command in ("init --quiet", "add .", "commit --quiet --message First"):
        _run_git(tmp_path / "origin", *command.split())
    _run_git(tmp_path, "clone", "--quiet", "origin", "checkout")
    _run_git(tmp_path / "origin", "commit", "--quiet", "--allow-empty", "--message", "Later")
    open_writer(open_zone(str(tmp_path / "home" / "landing")), "a.b.c", "github", NOW).finish(NOW)
    return folder


def _run_git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
    return subprocess.run(
        ["git", *who, *arguments], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()


def _run_block(checkout: Path, start: str) -> str:
    """Runs a block where `docker` and `kubectl` are those of `engines.py`, and returns what it printed."""
    stand_ins = checkout.parent / "stand-ins"
    stand_ins.mkdir(exist_ok=True)
    for name in ("docker", "kubectl"):
        (stand_ins / name).write_text(f'#!/bin/sh\nexec {sys.executable} -m tests.deploying.engines {name} "$@"\n')
        (stand_ins / name).chmod(0o755)
    environment = os.environ | {
        "PATH": f"{stand_ins}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT),
        "HEARTBEAT_HOME": str(checkout.parent / "home"),
    }  # fmt: skip
    done = subprocess.run(
        ["sh", "-e", "-c", find_block(start)],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_what_is_written_of_compose_runs_from_the_first_start_to_the_end(checkout: Path) -> None:
    """Nobody but the containers' user reads secrets and backups, which stay."""
    assert "docker compose up --detach --build" in _run_block(checkout, "mkdir -p backups")
    assert len((checkout / "secrets" / "ticket").read_text().strip()) >= 32
    owned = [checkout / name for name in ("backups", "secrets", "secrets/tokens", "secrets/certificates")]
    assert {(path.stat().st_uid, path.stat().st_mode & 0o77) for path in owned} == {(USER, 0)}

    assert "1 landed" in _run_block(checkout, "docker compose exec")
    assert _run_git(checkout, "log", "-1", "--format=%s") == "Later"
    _run_block(checkout, "docker compose down")
    assert not (checkout / "secrets").exists()
    assert [path.name for path in (checkout / "backups").iterdir()] == ["heartbeat"]


def test_what_is_written_of_kubernetes_names_what_the_manifest_holds(checkout: Path) -> None:
    """A pod waits for ever for a secret of another name."""
    for name in ("logins", "ticket", "tokens/GITHUB_TOKEN"):
        (checkout / "secrets" / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / "secrets" / name).write_text("secret")
    assert "create secret generic tokens" in _run_block(checkout, "docker build")
    assert "1 landed" in _run_block(checkout, "kubectl -n heartbeat exec")
    assert "delete namespace heartbeat" in _run_block(checkout, "kubectl delete")
