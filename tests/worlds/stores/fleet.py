"""A schedule on several machines, each with a home of its own: Prefect's server on a database, the worker that plans,
and collectors."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from pipelines.commands.serving.schedule import password_path, read_password
from tests.paths import ROOT
from tests.worlds.ports import free_port, listens
from warehouse.settings import Settings

START_SECONDS = 240
KEY = "the key of all these workers, 32 bytes long"


@dataclass
class Fleet:
    """The processes of a schedule, by the names of their homes."""

    folder: Path
    environment: dict[str, str]
    """What all of them are told."""
    port: int
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def start(self, name: str, part: str, **more: str) -> None:
        """Starts a part of the schedule in a home of its own, with the login of the server."""
        home = self.folder / name
        if (password := password_path(self._settings("server"))).exists() and name != "server":
            target = password_path(self._settings(name))
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(password.read_bytes())
        with (self.folder / f"{name}.log").open("wb") as log:
            command = [sys.executable, "-m", "pipelines", "serve", f"--{part}"]
            environment = self.environment | {"HEARTBEAT_HOME": str(home)} | more
            process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=self.folder)
        self.processes[name] = process

    def kill(self, name: str) -> None:
        """Kills all processes of a machine, as when it loses its power."""
        for pid in list_descendants(self.processes[name].pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.processes.pop(name).wait(30)

    def ask(self, path: str, **query: object) -> list[dict[str, object]]:
        """Asks Prefect's server for all things of a kind."""
        name, _, password = read_password(self._settings("server")).partition(":")
        address = f"http://127.0.0.1:{self.port}/api/{path}/filter"
        answer = httpx2.post(
            address, json=query, auth=(name, password), timeout=60, headers=self._confirm(name, password)
        )
        answer.raise_for_status()
        return list(answer.json())

    def _confirm(self, name: str, password: str) -> dict[str, str]:
        """The headers by which the server knows that it is no other site that asks."""
        address = f"http://127.0.0.1:{self.port}/api/csrf-token?client=test"
        token = httpx2.get(address, auth=(name, password), timeout=60).json()["token"]
        return {"Prefect-Csrf-Token": token, "Prefect-Csrf-Client": "test"}

    def read_logs(self) -> str:
        """The ends of what all of them printed."""
        return "\n".join(f"{path.name}: {path.read_text()[-1500:]}" for path in sorted(self.folder.glob("*.log")))

    def _settings(self, name: str) -> Settings:
        return Settings(HEARTBEAT_HOME=self.folder / name, _env_file=None)


def list_descendants(pid: int) -> list[int]:
    """A process and all below it."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent = int(path.read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(path.parent.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


@contextmanager
def serve_fleet(folder: Path, landing: str, database: str, catalog: Path, now: str, collectors: int) -> Iterator[Fleet]:
    """Starts a schedule with some collectors, `collector-0` and so on; ends all that still runs."""
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(folder), "TMPDIR": str(folder), "PYTHONPATH": str(ROOT),
        "HEARTBEAT_POOL": "process", "HEARTBEAT_LANDING": landing, "HEARTBEAT_PEOPLE_KEY": KEY,
        "HEARTBEAT_CATALOG": str(catalog), "HEARTBEAT_CATALOG_ONLY": "1", "HEARTBEAT_NOW": now,
        "HEARTBEAT_ALLOW_PRIVATE_HOSTS": "127.0.0.1,localhost", "HEARTBEAT_PREFECT_PORT": str(port),
        "PREFECT_WORKER_QUERY_SECONDS": "1", "PREFECT_WORKER_HEARTBEAT_SECONDS": "2",
        "PREFECT_WORKER_WEBSERVER_PORT": str(free_port()),
    }  # fmt: skip
    fleet = Fleet(folder, environment, port)
    try:
        fleet.start("server", "server", PREFECT_SERVER_DATABASE_CONNECTION_URL=database)
        assert listens(port, START_SECONDS), fleet.read_logs()
        fleet.start("planner", "worker")
        for number in range(collectors):
            fleet.start(f"collector-{number}", "collector")
        yield fleet
    finally:
        for process in fleet.processes.values():
            process.terminate()
        deadline = time.monotonic() + 60
        for process in fleet.processes.values():
            process.wait(max(1, deadline - time.monotonic()))
