"""The login that the files of a deployment put in front of the dashboard, on this machine."""

import os
import secrets
import subprocess
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.paths import ROOT
from tests.worlds.ports import listens

CADDY = str(Path(sysconfig.get_path("scripts")) / "caddy")
USER, PASSWORD = "ann", "correct horse"


@contextmanager
def open_proxy(folder: Path, port: int, upstream: int) -> Iterator[None]:
    """Starts Caddy on the committed file, whose secrets lie in a folder of the test."""
    hashed = subprocess.run(
        [CADDY, "hash-password", "--plaintext", PASSWORD], capture_output=True, text=True, check=True
    )
    (folder / "logins").write_text(f"{USER} {hashed.stdout.strip()}\n")
    (folder / "ticket").write_text(f"{secrets.token_urlsafe(32)}\n")
    text = (ROOT / ".deploy" / "Caddyfile").read_text(encoding="utf-8")
    (folder / "Caddyfile").write_text(text.replace("/run/secrets", str(folder)))
    environment = os.environ | {
        "SITE": f"http://:{port}", "UPSTREAM": f"127.0.0.1:{upstream}",
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
