"""Prefect's server and a worker as two processes, as the compose file starts them: what is due comes by itself."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

from tests.deploying.confining import make_small_catalog
from tests.paths import ROOT
from tests.upstream.emulator import Upstream
from tests.worlds.ports import free_port
from tests.worlds.schedules import copy_schedule
from warehouse.snapshot import read_current

PATIENCE_SECONDS = 600


@contextmanager
def _serve(part: str, environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as sink:
        command = [sys.executable, "-m", "pipelines", "serve", f"--{part}"]
        process = subprocess.Popen(command, env=environment, stdout=sink, stderr=sink, cwd=log.parent)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


def test_a_worker_registers_what_is_due_in_the_pool_and_works_it_off(tmp_path: Path) -> None:
    """The worker tells that it is well; both end on SIGTERM, and leave nothing of ours outside of the home. A run has
    the settings of the worker's folder, though Prefect gives it another one."""
    home, port, health = copy_schedule(tmp_path / "home"), free_port(), free_port()
    (user := tmp_path / "user").mkdir()
    with Upstream(make_small_catalog(), seed=3, threads=20) as world:
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(user), "TMPDIR": str(user), "PYTHONPATH": str(ROOT),
            "HEARTBEAT_HOME": str(home), "HEARTBEAT_PREFECT_PORT": str(port), "HEARTBEAT_PREFECT_HOST": "localhost",
            "HEARTBEAT_CATALOG": str(world.catalog(tmp_path / "catalog")), "HEARTBEAT_CATALOG_ONLY": "1",
            "HEARTBEAT_NOW": world.world.now.isoformat(),
            "PREFECT_WORKER_WEBSERVER_PORT": str(health), "PREFECT_WORKER_QUERY_SECONDS": "1",
        }  # fmt: skip
        (tmp_path / ".env").write_text("HEARTBEAT_ALLOW_PRIVATE_HOSTS=127.0.0.1,localhost\n")
        with (
            _serve("server", environment, tmp_path / "server.log") as server,
            _serve("worker", environment, tmp_path / "worker.log") as worker,
        ):
            logs = [tmp_path / "server.log", tmp_path / "worker.log"]
            deadline = time.monotonic() + PATIENCE_SECONDS
            while read_current(home) is None:
                assert time.monotonic() < deadline, [log.read_text() for log in logs]
                time.sleep(1)
            assert httpx2.get(f"http://localhost:{health}/health").status_code == 200
        assert (worker.returncode, server.returncode) == (0, 0)
    # A run that is stopped leaves what Prefect made for it.
    left = [path for path in user.rglob("*") if path.is_file()]
    assert [path for path in left if not path.parent.name.startswith("prefect-workspace-attempt-")] == []
