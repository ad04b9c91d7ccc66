"""The login that the files of a deployment put in front of the dashboard, on this machine."""

import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.paths import ROOT
from tests.worlds.ports import listens

LEAST_VERSION = (2, 8)
"""The first that reads a secret from a file while it serves; Debian 13 has an older one."""
USER, PASSWORD = "ann", "correct horse"


@contextmanager
def open_proxy(folder: Path, port: int, upstream: int) -> Iterator[None]:
    """Starts Caddy on the committed file, whose secrets lie in a folder of the test; skips the test without Caddy."""
    caddy = shutil.which("caddy")
    known = re.match(r"v?(\d+)\.(\d+)", subprocess.check_output([caddy, "version"], text=True)) if caddy else None
    if not caddy or not known or (int(known[1]), int(known[2])) < LEAST_VERSION:
        pytest.skip("caddy 2.8 or newer, which is the login")
    hashed = subprocess.run(
        [caddy, "hash-password", "--plaintext", PASSWORD], capture_output=True, text=True, check=True
    )
    (folder / "logins").write_text(f"{USER} {hashed.stdout.strip()}\n")
    (folder / "ticket").write_text(f"{secrets.token_urlsafe(32)}\n")
    text = (ROOT / ".deploy" / "Caddyfile").read_text(encoding="utf-8")
    (folder / "Caddyfile").write_text(text.replace("/run/secrets", str(folder)))
    environment = os.environ | {
        "SITE": f"http://:{port}", "UPSTREAM": f"127.0.0.1:{upstream}",
        "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder),
    }  # fmt: skip
    command = [caddy, "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    with (folder / "caddy.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        if not listens(port, 20):
            pytest.fail((folder / "caddy.log").read_text())
        yield
    finally:
        process.terminate()
        process.wait(20)
