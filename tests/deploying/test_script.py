"""What `.ci/live` does if GitHub's command-line tool fails in the middle."""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

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
