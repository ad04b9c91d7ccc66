"""The database of a Prefect server that ran before: setting it up takes as long as all the rest of its start."""

import subprocess
import sys
from pathlib import Path

from pipelines.commands.serving.schedule import password_path, prefect_environment
from tests.worlds.kept_worlds import copy_world
from warehouse.settings import Settings


def copy_schedule(home: Path) -> Path:
    """Brings the database of a schedule without runs into a home; made once a machine."""
    return copy_world("schedule", ("pipelines/commands/serving", "tests/worlds/schedules.py"), _set_up, home)


def _set_up(home: Path) -> None:
    settings = Settings(HEARTBEAT_HOME=home, _env_file=None)
    command = [sys.executable, "-m", "prefect", "server", "database", "upgrade", "--yes"]
    subprocess.run(command, env=prefect_environment(settings), check=True, stdout=subprocess.DEVNULL)
    # Each home has a password of its own.
    password_path(settings).unlink()
