"""A Sail server as a process of its own, and commands that are its clients."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.peers.environments import prepare_environment
from tests.paths import ROOT

SERVE = """
import time
from pysail.spark import SparkConnectServer
server = SparkConnectServer("127.0.0.1", 0)
server.start(background=True)
print(server.listening_address[1], flush=True)
while True:
    time.sleep(3600)
"""


@contextmanager
def serve_sail() -> Iterator[tuple[str, int]]:
    """Serves Sail; gives the address and the process. Raises SystemExit where its packages cannot be had."""
    python = prepare_environment("sail")
    server = subprocess.Popen([python, "-c", SERVE], env=os.environ | {"RUST_LOG": "error"}, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        assert server.stdout
        yield f"sc://127.0.0.1:{int(server.stdout.readline())}", server.pid
    finally:
        server.kill()
        server.wait()


def find_packages() -> str:
    """Finds the folder of what the extra `spark` would install."""
    [packages] = (prepare_environment("sail").parents[1] / "lib").glob("python*/site-packages")
    return str(packages)


def name_client() -> list[str]:
    """Names the command of Heartbeat with what the extra `spark` would install."""
    return [sys.executable, "-m", "tests.tools.parity.client", find_packages()]


def start_client(home: Path, *words: str, environment: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    """Starts that command."""
    return subprocess.Popen(
        [*name_client(), *words],
        env=os.environ | {"HEARTBEAT_HOME": str(home), "PYTHONPATH": str(ROOT)} | dict(environment or {}),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
