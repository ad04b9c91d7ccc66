"""The login that the files of a deployment put in front of the dashboard, on this machine."""

import os
import secrets
import subprocess
import sysconfig
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipelines.commands.serving.dashboard import dashboard_command, dashboard_environment, wait_for_page
from tests.paths import ROOT
from tests.worlds.page_worlds import NOW
from tests.worlds.ports import listens
from warehouse.settings import Settings

CADDY = str(Path(sysconfig.get_path("scripts")) / "caddy")
USER, PASSWORD = "ann", "correct horse"
LOGIN = {"Authorization": f"Basic {b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}"}


@contextmanager
def serve_behind(proxy: int, home: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Serves the dashboard of a home as `heartbeat dashboard` does, for requests that come through a proxy."""
    settings = Settings(
        HEARTBEAT_HOME=home, HEARTBEAT_PORT=port, HEARTBEAT_HOSTS=f"127.0.0.1:{proxy}", HEARTBEAT_NOW=NOW,
        _env_file=None,
    )  # fmt: skip
    process = subprocess.Popen(
        dashboard_command(settings), env=dashboard_environment(settings), cwd=home, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert wait_for_page(settings, process)
        yield process
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def open_proxy(folder: Path, port: int, upstreams: Sequence[int]) -> Iterator[None]:
    """Starts Caddy on the committed file, whose secrets lie in a folder of the test."""
    hashed = subprocess.run(
        [CADDY, "hash-password", "--plaintext", PASSWORD], capture_output=True, text=True, check=True
    )
    (folder / "logins").write_text(f"{USER} {hashed.stdout.strip()}\n")
    (folder / "ticket").write_text(f"{secrets.token_urlsafe(32)}\n")
    text = (ROOT / ".deploy" / "Caddyfile").read_text(encoding="utf-8")
    (folder / "Caddyfile").write_text(text.replace("/run/secrets", str(folder)))
    environment = os.environ | {
        "SITE": f"http://:{port}", "UPSTREAM": " ".join(f"127.0.0.1:{upstream}" for upstream in upstreams),
        "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder),
    }  # fmt: skip
    command = [CADDY, "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    with (folder / "caddy.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        if not listens(port, 20):
            pytest.fail((folder / "caddy.log").read_text())
        yield
    finally:
        process.terminate()
        process.wait(20)
