"""What commands write into a checkout, and which files the documents name there."""

import os
import re
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

from pipelines.cli import COMMANDS
from tests.deploying.documents import SCRIPTS
from tests.paths import ROOT


def test_git_ignores_what_the_commands_of_the_manuals_write_into_a_checkout() -> None:
    """So `heartbeat ends .` does not read it, and nobody commits it."""
    manuals = [ROOT / "README.md", ROOT / "OPERATIONS.md", ROOT / "pipelines/cli.py"]
    text = "\n".join(manual.read_text(encoding="utf-8") for manual in manuals)
    written = set(re.findall(r"--(?:out|output|brief|badges|to) ([a-z][\w.-]*)", text))
    assert {"site", "export", "public-snapshot"} <= written
    places = [name if "." in name else f"{name}/x" for name in sorted(written)]
    done = subprocess.run(["git", "check-ignore", *places], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == places


def test_the_blocks_that_install_something_name_our_files_and_commands() -> None:
    """They need root, Docker or a cluster, so no test runs them."""
    text = "\n".join(SCRIPTS)
    files = set(re.findall(r"(?:/opt/heartbeat/|\s)(\.deploy/[\w.-]+|Containerfile|pipelines/[\w.]+)", text))
    assert len(files) >= 5 and [name for name in sorted(files) if not list(ROOT.glob(f"{name}*"))] == []
    commands = re.findall(r"(?:^|bin/|new |before |(?:schedule|--) )heartbeat ([a-z]+)", text, re.MULTILINE)
    assert {"backup", "restore", "status"} <= set(commands) <= COMMANDS.keys()


def test_an_upgrade_can_be_rolled_back_with_its_data(tmp_path: Path) -> None:
    """A newer version may leave a home that the older one cannot read."""
    published, checkout, home = tmp_path / "published", tmp_path / "checkout", tmp_path / "checkout" / ".heartbeat"
    git = partial(subprocess.run, check=True, capture_output=True)
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.com")
    git(["git", "init", "--quiet", published])
    shutil.copy(ROOT / "Makefile", published)
    for name in ("requirements.lock", "requirements-uv.lock", "pyproject.toml", "version-1"):
        (published / name).touch()
    git(["git", "-C", published, "add", "."])
    git(["git", "-C", published, *identity, "commit", "--quiet", "--message", "1"])
    git(["git", "clone", "--quiet", published, checkout])
    git(["git", "-C", published, "mv", "version-1", "version-2"])
    git(["git", "-C", published, *identity, "commit", "--quiet", "--message", "2"])
    (checkout / ".venv").mkdir()
    for stamp in (".uv", ".runtime"):
        (checkout / ".venv" / stamp).touch()
    heartbeat = [sys.executable, "-m", "pipelines"]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}
    run = partial(subprocess.run, cwd=checkout, env=environment, check=True)
    run([*heartbeat, "build"])

    run(["make", "upgrade", f"HEARTBEAT={' '.join(heartbeat)}"])
    assert (checkout / "version-2").exists()
    (home / "warehouse.duckdb").write_bytes(b"of a newer version")
    run(["make", "rollback", f"HEARTBEAT={' '.join(heartbeat)}"])

    assert (checkout / "version-1").exists() and not (checkout / "version-2").exists()
    assert run([*heartbeat, "build"]).returncode == 0
    assert (checkout / ".heartbeat-former" / "warehouse.duckdb").read_bytes() == b"of a newer version"
