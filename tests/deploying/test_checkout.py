"""What commands write into a checkout, and which files the documents name there."""

import re
import subprocess

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
    assert len(files) >= 6 and [name for name in sorted(files) if not (ROOT / name).is_file()] == []
    commands = re.findall(r"(?:^|bin/|new |before |(?:schedule|--) )heartbeat ([a-z]+)", text, re.MULTILINE)
    assert {"backup", "restore", "status"} <= set(commands) <= COMMANDS.keys()
