"""What the scripts of `.ci` do on a machine that fails or lacks something."""

import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from tests.paths import ROOT

STATE = "state-20260101T000000Z.age"


def test_a_state_of_which_only_a_part_arrived_does_not_replace_the_whole_one(tmp_path: Path) -> None:
    """The step that keeps the state runs also after one that failed."""
    release = tmp_path / "store" / "releases" / "live"
    release.mkdir(parents=True)
    (release / STATE).write_bytes(b"whole")
    gh = tmp_path / "gh"
    gh.write_text(
        "#!/bin/sh\n"
        f'if [ "$2" = download ]; then while [ "$1" != --output ]; do shift; done; printf half > "$2"; exit 1; fi\n'
        f'exec {sys.executable} -m tests.deploying.gh "$@"\n'
    )
    gh.chmod(0o755)
    environment = os.environ | {
        "PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "GH_STORE": str(tmp_path / "store"),
        "GH_TOKEN": "x", "GH_REPO": "somebody/heartbeat",
    }  # fmt: skip
    run = partial(subprocess.run, cwd=tmp_path, env=environment, check=False)
    codes = [run([ROOT / ".ci" / "live", step, "heartbeat.age"]).returncode for step in ("fetch", "keep")]

    assert codes == [1, 0] and [(path.name, path.read_bytes()) for path in release.iterdir()] == [(STATE, b"whole")]


@pytest.mark.parametrize(("ci", "installed"), [("", ""), ("true", "chromium fonts-dejavu-core\nbubblewrap\n")])
def test_only_the_gate_installs_packages_of_the_system(tmp_path: Path, ci: str, installed: str) -> None:
    """`make test` as root did so unasked; now it prints the command."""
    tools = {
        "id": "echo 0",
        "apt-get": f'[ "$1" = update ] || echo "$*" | sed "s/.*recommends //; s/ -y.*//" >> {tmp_path}/installed',
    }
    for name, script in tools.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)
    (tmp_path / "sed").symlink_to(shutil.which("sed") or "")
    environment = {"PATH": str(tmp_path), "CI": ci}
    done = subprocess.run(
        ["/bin/sh", ".ci/tools"], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )

    log = tmp_path / "installed"
    assert (log.read_text() if log.exists() else "") == installed
    command = "apt-get install --no-install-recommends chromium fonts-dejavu-core"
    assert (
        f"no Chromium here: the browser tests are skipped by name (on Debian, as root: {command})" in done.stdout
    ) == (not ci)
