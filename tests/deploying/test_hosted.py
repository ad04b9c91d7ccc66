"""The dashboard where a host runs one script: in an environment with what the checkout declares, and one setting."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.dashboards.browser import browser as real
from tests.paths import ROOT
from tests.worlds.page_worlds import NOW
from tests.worlds.ports import free_port
from tests.worlds.published_sets import HOST, make_certificate, web_server
from warehouse.settings import SNAPSHOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(real.chromium() is None, reason="no Chromium on this machine"),
]
MOST_SECONDS = 60
"""From the start of the server to the first chart, on a busy machine; the snapshot is fetched in between."""


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of the checkout, with an environment in which nothing but its requirements is installed."""
    clone = tmp_path_factory.mktemp("host") / "clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(clone / ".venv")], check=True)
    uv = shutil.which("uv", path=str(Path(sys.executable).parent))
    assert uv
    words = [uv, "pip", "install", "--quiet", "--python", str(clone / ".venv"), "-r", "requirements.txt"]
    subprocess.run(words, cwd=clone, check=True)
    return clone


@contextmanager
def serve_script(host: Path, **settings: str) -> Iterator[str]:
    """Runs the script as a host does; gives its address."""
    address = f"http://127.0.0.1:{(port := free_port())}"
    environment = {"PATH": os.environ["PATH"], "HOME": str(host), **settings}
    command = [str(host / ".venv/bin/streamlit"), "run", "streamlit_app.py", f"--server.port={port}"]
    with (host / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=host, env=environment, stdout=log, stderr=log)
    try:
        real.wait_until_healthy(f"{address}/_stcore/health", process)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def test_one_setting_brings_the_dashboard_of_a_published_snapshot(
    host: Path, sample_home: Path, tmp_path: Path
) -> None:
    """With its font, by its own pages' addresses, and without asking anybody but the host for anything."""
    words = ["publish", "--to", str(tmp_path / "set"), "--as", "somebody", "--sample"]
    environment = os.environ | {"HEARTBEAT_HOME": str(sample_home), "HEARTBEAT_NOW": NOW.isoformat()}
    subprocess.run([sys.executable, "-m", "pipelines", *words], env=environment, check=True)
    certificate, began = make_certificate(tmp_path), time.monotonic()
    with web_server(tmp_path / "set", certificate) as web:
        test = {"SSL_CERT_FILE": str(certificate), "HEARTBEAT_ALLOW_PRIVATE_HOSTS": HOST}
        with serve_script(host, **{SNAPSHOT: web.address}, **test) as address, real.browser() as chromium:
            reader = real.Watched(chromium.new_context(viewport={"width": 1440, "height": 900}))
            reader.page.goto(address)
            reader.page.locator(real.DRAWN).first.wait_for(timeout=MOST_SECONDS * 1000)
            print(f"first chart after {time.monotonic() - began:.1f} s")
            real.settle(reader.page)
            assert "somebody" in reader.page.inner_text("body")
            assert reader.page.evaluate("document.fonts.check('16px Inter')")
            real.opened(reader.page, f"{address}/support")
            assert (reader.errors, reader.foreign) == ([], [])


def test_without_the_setting_the_page_says_what_to_write(host: Path) -> None:
    """One sentence, and no trace."""
    with serve_script(host) as address, real.browser() as chromium:
        page = chromium.new_page()
        page.goto(address)
        page.get_by_text(f"{SNAPSHOT} is not set").wait_for(timeout=MOST_SECONDS * 1000)
        assert "Traceback" not in page.inner_text("body")
