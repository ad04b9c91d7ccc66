"""What README.md says of removing Heartbeat, as written: nothing of it stays but what the text names."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.paths import ROOT

SECTION = (ROOT / "README.md").read_text(encoding="utf-8").split("## Run it as a service")[1].split("\n## ")[0]
BLOCKS = re.findall(r"```sh\n(.*?)```", SECTION, re.DOTALL)
LEFT = (
    ".venv/bin/heartbeat", ".cache/worlds/one", ".mypy_cache/one", ".hypothesis/one", "heartbeat.cdx.json", ".env",
    ".heartbeat/landing/one", ".heartbeat/people.key", "tests/worlds/__pycache__/rows.pyc",
)  # fmt: skip
STUB = '#!/bin/sh\necho "$(basename "$0") $*"\n'


def _find_block(start: str) -> str:
    [block] = [block for block in BLOCKS if block.startswith(start)]
    return str(block)


def test_a_checkout_that_is_cleaned_holds_what_git_tracks_and_nothing_else(tmp_path: Path) -> None:
    """Whatever commands, tests and linters left in it."""
    checkout = tmp_path / "checkout"
    subprocess.run(["git", "clone", "--quiet", "--depth", "1", f"file://{ROOT}", str(checkout)], check=True)
    for name in LEFT:
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).write_text("ours")
    list_rest = ["git", "status", "--porcelain", "--ignored"]
    assert subprocess.check_output(list_rest, cwd=checkout)

    subprocess.run(["sh", "-e"], input=_find_block("make clean"), text=True, cwd=checkout, check=True)
    assert subprocess.check_output(list_rest, cwd=checkout) == b""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root installs a service")
@pytest.mark.skipif(not shutil.which("bwrap"), reason="bubblewrap, which keeps the machine as it is")
def test_a_service_that_is_removed_leaves_the_machine_as_it_was(tmp_path: Path) -> None:
    """Both blocks as written, on a copy of what they change; there is no systemd to ask, and nothing to set up."""
    for name in ("systemctl", "make"):
        (tmp_path / name).write_text(STUB)
        (tmp_path / name).chmod(0o755)
    look = "find /etc /opt /var/lib | grep -v -- '-$' | sort; sort /etc/passwd /etc/group"
    script = "\n".join([
        "set -e", f"({look}) > /tmp/before", "mkdir /opt/heartbeat", "cp -r /mnt /opt/heartbeat/.deploy",
        _find_block("make -C"), "id heartbeat; install --directory --owner heartbeat --mode 700 /var/lib/heartbeat",
        "touch /etc/heartbeat.env", f"({look}) > /tmp/while",
        _find_block("systemctl disable"), f"({look}) > /tmp/after",
        "diff /tmp/before /tmp/while > /tmp/installed && exit 3", "cat /tmp/installed", "diff /tmp/before /tmp/after",
    ])  # fmt: skip
    copies = [part for folder in ("/etc", "/var/lib") for part in ("--overlay-src", folder, "--tmp-overlay", folder)]
    places = ["--ro-bind", "/", "/", "--dev", "/dev", "--tmpfs", "/tmp", *copies, "--tmpfs", "/opt"]  # noqa: S108
    places += ["--ro-bind", str(ROOT / ".deploy"), "/mnt", "--ro-bind", str(tmp_path), "/usr/local/bin"]
    environment = ["--clearenv", "--setenv", "PATH", "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
    done = subprocess.run(
        ["bwrap", *places, *environment, "--cap-add", "ALL", "--", "sh"],
        input=script, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    for told in ("systemctl enable --now heartbeat heartbeat-dashboard", "> /etc/systemd/system/heartbeat.service"):
        assert told in done.stdout
