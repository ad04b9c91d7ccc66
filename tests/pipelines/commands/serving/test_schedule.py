"""Prefect's server: its login, its data, its address, and that a home has one."""

import os
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import pytest

from pipelines import cli
from pipelines.commands import running
from pipelines.commands.serving import schedule
from pipelines.commands.serving.schedule import (
    password_path,
    prefect_environment,
    read_password,
)
from tests.faults.injection import limit_files
from tests.worlds.ports import free_port
from warehouse.database import WarehouseError
from warehouse.lock import Locked, hold_lock
from warehouse.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A fresh home."""
    return Settings(HEARTBEAT_HOME=tmp_path, _env_file=None)


def test_a_login_that_could_not_be_written_leaves_none_behind(settings: Settings) -> None:
    """An empty file was left, and no schedule started any more until somebody deleted it."""
    with limit_files(0), pytest.raises(WarehouseError, match=r"make password: .* free some space"):
        read_password(settings)
    assert [path.suffix for path in password_path(settings).parent.iterdir()] == [".lock"]

    login = read_password(settings)
    assert login.startswith("heartbeat:") and read_password(settings) == login


def test_prefect_keeps_runs_and_events_as_long_as_the_setting_says(settings: Settings) -> None:
    """Its own service removes them, with logs and reports; the words are those that it reads."""
    environment = prefect_environment(settings.model_copy(update={"keep_days": 7}))
    code = (
        "from prefect.settings import get_current_settings as get\n"
        "server = get().server; vacuum = server.services.db_vacuum\n"
        "print(sorted(vacuum.enabled_vacuum_types), vacuum.retention_period.days, server.events.retention_period.days)"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "['events', 'flow_runs', 'orphans'] 7 7\n"


def test_a_second_schedule_of_a_home_is_refused_on_any_port(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would mark the runs of the first one as crashed, and plan each again."""
    monkeypatch.setenv("HEARTBEAT_HOME", str(settings.home))
    monkeypatch.setenv("HEARTBEAT_PREFECT_PORT", str(free_port()))
    monkeypatch.setattr(sys, "argv", ["heartbeat", "serve"])
    monkeypatch.setattr(running, "LOCK_SECONDS", 0.2)
    refuse = Mock(side_effect=AssertionError("it began to serve"))
    monkeypatch.setattr(schedule, "serve_schedule", refuse)
    said = rf"the schedule is already running: process {os.getpid()} \(heartbeat serve\); to start it again, stop that"
    with hold_lock(settings.home / "prefect", "heartbeat serve", name="schedule"), pytest.raises(Locked, match=said):
        cli.app(standalone_mode=False)
