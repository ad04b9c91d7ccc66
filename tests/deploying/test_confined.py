"""What the unit runs, as the unit runs it: as another user, on a read-only root, with an empty home."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from pipelines.commands.serving.dashboard import wait_for_page
from tests.deploying.confining import CODE, list_emptied, make_small_catalog
from tests.paths import ROOT
from tests.upstream.emulator import Upstream
from tests.worlds.ports import free_port
from warehouse.settings import Settings
from warehouse.snapshot import read_current

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user"),
    pytest.mark.skipif(not shutil.which("bwrap"), reason="bubblewrap, which makes the root read-only"),
]
UNIT = (ROOT / ".deploy" / "heartbeat.service").read_text(encoding="utf-8")
NOBODY = "65534"
STATE = "/var/lib/heartbeat"


def _read_environment() -> dict[str, str]:
    """The environment that the unit gives, and nothing else."""
    [line] = re.findall(r"(?m)^Environment=(.*)$", UNIT)
    return dict(part.replace("%S", "/var/lib").split("=", 1) for part in line.split())


def _confine(command: Sequence[str], state: Path, environment: Mapping[str, str]) -> list[str]:
    """Returns a command as the unit runs it: all is read-only but its state and its own /tmp, and no right is left."""
    kept = (*CODE, Path(environment["HEARTBEAT_CATALOG"]))
    places = ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
    places += list_emptied(("/tmp", "/var/lib", str(Path.home())), kept)  # noqa: S108
    # Who becomes another user and gives up what is left needs these rights for it.
    rights = [part for name in ("SETUID", "SETGID", "SETPCAP") for part in ("--cap-add", f"CAP_{name}")]
    settings = [part for name, value in environment.items() for part in ("--setenv", name, value)]
    user = [
        "setpriv",
        f"--reuid={NOBODY}",
        f"--regid={NOBODY}",
        "--clear-groups",
        "--no-new-privs",
        "--bounding-set=-all",
    ]
    return [
        "bwrap", *places, "--bind", str(state), STATE, "--chdir", STATE, "--die-with-parent", "--unshare-pid",
        "--clearenv", *settings, *rights, "--", *user, *command,
    ]  # fmt: skip


def test_every_step_and_the_pages_run_as_another_user_on_a_read_only_root(tmp_path: Path) -> None:
    """Collecting, building, publishing and showing write nowhere but below the state of the unit."""
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    os.chown(state, int(NOBODY), int(NOBODY))
    with Upstream(make_small_catalog(), seed=3, threads=20) as world:
        families = world.catalog(tmp_path / "catalog")
        for path in (families, *families.iterdir()):
            path.chmod(path.stat().st_mode | 0o055)
        environment = _read_environment() | {
            "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "HEARTBEAT_CATALOG": str(families), "HEARTBEAT_CATALOG_ONLY": "1", "HEARTBEAT_PORT": str(free_port()),
            "HEARTBEAT_ALLOW_PRIVATE_HOSTS": "127.0.0.1,localhost", "HEARTBEAT_NOW": world.world.now.isoformat(),
        }  # fmt: skip
        script = "id -u; touch /usr/x 2>&1; heartbeat collect && heartbeat build && heartbeat publish"
        done = subprocess.run(
            _confine(["sh", "-c", script], state, environment), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stdout.startswith(f"{NOBODY}\n") and "Read-only file system" in done.stdout
    assert read_current(state) is not None
    page = subprocess.Popen(_confine(["heartbeat", "dashboard", "--no-browser"], state, environment))
    try:
        assert wait_for_page(Settings(HEARTBEAT_PORT=int(environment["HEARTBEAT_PORT"]), _env_file=None), page)
    finally:
        page.terminate()
        page.wait(20)
    assert {path.stat().st_uid for path in state.rglob("*")} == {int(NOBODY)}
