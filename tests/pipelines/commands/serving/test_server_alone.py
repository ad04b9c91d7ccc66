"""Prefect's server alone, as a container runs it: its database stays bounded, and it ends with the command."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from tests.paths import ROOT
from tests.worlds.ports import free_port, listens
from tests.worlds.schedules import copy_schedule

PATIENCE_SECONDS = 240
OLD, NEW = datetime.now(UTC) - timedelta(days=8), datetime.now(UTC) - timedelta(days=6)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database of Prefect with a run that is older than what is kept, one that is not, and the room of many more."""
    path = copy_schedule(tmp_path / "home") / "prefect" / "prefect.db"
    with closing(sqlite3.connect(path)) as connection:
        flow = str(uuid4())
        connection.execute("insert into flow (id, name) values (?, 'refresh')", [flow])
        for name, at in (("old", OLD), ("new", NEW)):
            connection.execute(
                "insert into flow_run (id, flow_id, name, state_type, state_name, start_time, end_time, created)"
                " values (?, ?, ?, 'COMPLETED', 'Completed', ?, ?, ?)",
                [str(uuid4()), flow, name, *[at.strftime("%Y-%m-%d %H:%M:%S.%f")] * 3],
            )
        connection.execute("create table room (text text)")
        connection.executemany("insert into room values (?)", [("removed" * 500,)] * 2_000)
        connection.execute("drop table room")
        connection.commit()
        connection.execute("pragma wal_checkpoint(truncate)")
    return path


def test_the_server_alone_gives_room_back_removes_old_runs_and_ends_with_the_command(database: Path) -> None:
    """A killed command left its server, which kept the port and the database for ever."""
    port, before = free_port(), database.stat().st_size
    environment = os.environ | {
        "HEARTBEAT_HOME": str(database.parents[1]), "HEARTBEAT_PREFECT_PORT": str(port), "HEARTBEAT_KEEP_DAYS": "7",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_LOOP_SECONDS": "1", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    command = [sys.executable, "-m", "pipelines", "serve", "--server"]
    with (database.parent / "output").open("wb") as output:
        server = subprocess.Popen(command, env=environment, stdout=output, stderr=output, cwd=database.parent)
    try:
        assert listens(port, PATIENCE_SECONDS), (database.parent / "output").read_text()
        assert "removed runs gave back" in (database.parent / "output").read_text()
        assert database.stat().st_size < before - 5_000_000
        assert _wait_for_runs(database, ["new"]) == ["new"]
    finally:
        server.send_signal(signal.SIGKILL)
        server.wait()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while listens(port, 0):
        assert time.monotonic() < deadline
        time.sleep(0.2)


def _wait_for_runs(database: Path, names: list[str]) -> list[str]:
    deadline, found = time.monotonic() + PATIENCE_SECONDS, [""]
    while found != names and time.monotonic() < deadline:
        time.sleep(0.5)
        with closing(sqlite3.connect(database, timeout=30)) as connection:
            found = [name for (name,) in connection.execute("select name from flow_run order by name")]
    return found
