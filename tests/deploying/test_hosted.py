"""The dashboard where a host runs one script: installed and started as the Dockerfile of the Space does it, in an
environment with nothing else, and with one setting."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
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
DOCKERFILE = ROOT / ".deploy" / "space" / "Dockerfile"
REPOSITORY = "somebody/heartbeat"
LIVE = f"{REPOSITORY}/releases/download/live"
MOST_SECONDS = 60
"""From the start of the server to the first chart, on a busy machine; the snapshot is fetched in between."""


@dataclass
class Space:
    """A clean environment in which the steps of the Dockerfile ran, and what its last one starts."""

    folder: Path
    environment: dict[str, str]
    command: list[str] = field(default_factory=list)

    @contextmanager
    def serve(self) -> Iterator[str]:
        """Starts it on a port of the loopback address; gives its address."""
        port = free_port()
        own = {"STREAMLIT_SERVER_ADDRESS": "127.0.0.1", "STREAMLIT_SERVER_PORT": str(port)}
        home = {"HOME": str(self.folder), "HEARTBEAT_HOME": str(self.folder / "home")}
        with (self.folder / "log").open("wb") as log:
            process = subprocess.Popen(
                self.command, cwd=self.folder / "app", env=self.environment | home | own, stdout=log, stderr=log
            )
        try:
            real.wait_until_healthy(f"http://127.0.0.1:{port}/_stcore/health", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def build_space(folder: Path, **variables: str) -> Space:
    """Runs the steps of the Dockerfile as they are written; its folders lie below this one."""
    # An image has a newer pip than an old Python: the latter refuses locked packages that others want with extras.
    subprocess.run([sys.executable, "-m", "venv", "--upgrade-deps", str(folder / "venv")], check=True)
    (folder / "app").mkdir()
    path = f"{folder / 'venv' / 'bin'}:{os.environ['PATH']}"
    space = Space(folder, {"PATH": path, "HOME": str(folder), **variables})
    for step, words in re.findall(r"(?m)^([A-Z]+) (.+)$", DOCKERFILE.read_text(encoding="utf-8")):
        if step == "RUN":
            subprocess.run(["sh", "-c", words], cwd=folder / "app", env=space.environment, check=True)
        elif step == "ENV":
            space.environment |= dict(pair.split("=", 1) for pair in words.split())
        elif step == "CMD":
            space.command = json.loads(words)
            # What starts is found in the environment of the image.
            space.command[0] = str(folder / "venv" / "bin" / space.command[0])
        else:
            assert step in ("FROM", "ARG", "WORKDIR", "USER")
    return space


@pytest.fixture(scope="module")
def space(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Space]:
    """A Space that shows the release of a repository, which this checkout stands for."""
    folder = tmp_path_factory.mktemp("space")
    words = ["publish", "--to", str(folder / "web" / LIVE), "--as", "somebody", "--sample"]
    environment = os.environ | {"HEARTBEAT_HOME": str(sample_home), "HEARTBEAT_NOW": NOW.isoformat()}
    subprocess.run([sys.executable, "-m", "pipelines", *words], env=environment, check=True)
    certificate = make_certificate(folder)
    with web_server(folder / "web", certificate) as web:
        yield build_space(
            folder, **{
                SNAPSHOT: f"{web.address}/{LIVE}", "SSL_CERT_FILE": str(certificate),
                "HEARTBEAT_ALLOW_PRIVATE_HOSTS": HOST, "GIT_CONFIG_COUNT": "1",
                "GIT_CONFIG_KEY_0": f"url.{ROOT}.insteadOf", "GIT_CONFIG_VALUE_0": f"{web.address}/{REPOSITORY}",
            },
        )  # fmt: skip


def test_one_setting_brings_the_dashboard_of_a_published_snapshot(space: Space) -> None:
    """With its font, by its own pages' addresses, and without asking anybody but the host for anything."""
    began = time.monotonic()
    with space.serve() as address, real.browser() as chromium:
        reader = real.Watched(chromium.new_context(viewport={"width": 1440, "height": 900}))
        reader.page.goto(address)
        reader.page.locator(real.DRAWN).first.wait_for(timeout=MOST_SECONDS * 1000)
        print(f"first chart after {time.monotonic() - began:.1f} s")
        real.settle(reader.page)
        assert "somebody" in reader.page.inner_text("body")
        assert reader.page.evaluate("document.fonts.check('16px Inter')")
        real.opened(reader.page, f"{address}/support")
        assert (reader.errors, reader.foreign) == ([], [])


def test_a_page_of_the_host_may_frame_it(space: Space) -> None:
    """Hosts show an app within a page of theirs."""
    with space.serve() as address, real.browser() as chromium:
        page = chromium.new_page()
        page.set_content(f'<iframe src="{address}" width="1280" height="800"></iframe>')
        page.frame_locator("iframe").locator(real.DRAWN).first.wait_for(timeout=MOST_SECONDS * 1000)


def test_without_the_setting_the_page_says_what_to_write(space: Space) -> None:
    """One sentence, and no trace."""
    bare = replace(space, environment={name: text for name, text in space.environment.items() if name != SNAPSHOT})
    with bare.serve() as address, real.browser() as chromium:
        page = chromium.new_page()
        page.goto(address)
        page.get_by_text(f"{SNAPSHOT} is not set").wait_for(timeout=MOST_SECONDS * 1000)
        assert "Traceback" not in page.inner_text("body")
