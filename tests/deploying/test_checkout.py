"""What OPERATIONS.md says of removing a checkout, as written: nothing of it stays but what git tracks."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.deploying.documents import find_block
from tests.paths import ROOT

pytestmark = pytest.mark.slow

LEFT = (
    ".venv/bin/heartbeat", ".cache/worlds/one", ".mypy_cache/one", ".hypothesis/one", ".env",
    ".heartbeat/landing/one", ".heartbeat/people.key", "tests/worlds/__pycache__/rows.pyc",
)  # fmt: skip


def test_a_checkout_that_is_cleaned_holds_what_git_tracks_and_nothing_else(tmp_path: Path) -> None:
    """Whatever commands, tests and linters left in it."""
    checkout = tmp_path / "checkout"
    subprocess.run(["git", "clone", "--quiet", "--depth", "1", f"file://{ROOT}", str(checkout)], check=True)
    for name in LEFT:
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).write_text("ours")
    list_rest = ["git", "status", "--porcelain", "--ignored"]
    assert subprocess.check_output(list_rest, cwd=checkout)

    subprocess.run(["sh", "-e"], input=find_block("make clean"), text=True, cwd=checkout, check=True)
    assert subprocess.check_output(list_rest, cwd=checkout) == b""


def test_git_ignores_what_the_commands_of_the_manuals_write_into_a_checkout() -> None:
    """So `heartbeat ends .` does not read it, and nobody commits it."""
    manuals = [ROOT / "README.md", ROOT / "OPERATIONS.md", ROOT / "pipelines/cli.py"]
    text = "\n".join(manual.read_text(encoding="utf-8") for manual in manuals)
    written = set(re.findall(r"--(?:out|output|brief|badges|to) ([a-z][\w.-]*)", text))
    assert {"report.html", "export", "brief.md", "public-snapshot"} <= written
    places = [name if "." in name else f"{name}/x" for name in sorted(written)]
    done = subprocess.run(["git", "check-ignore", *places], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == places
