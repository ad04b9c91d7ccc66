"""A real dashboard and a real browser for the tests: one server process and one Chromium."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, sync_playwright

from dashboards.menu import ADDRESSES, FURTHER, MENU
from tests.paths import ROOT

APP = ROOT / "dashboards" / "app.py"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PAGES = {ADDRESSES[file]: ADDRESSES[file] for file in MENU}
"""Every page and its address."""

PROBE = re.compile(rf"/({'|'.join(PAGES)})/_stcore/(health|host-config)$")
"""Streamlit's own client looks for its server below the page's path first; only these answers may be 404."""


def chromium() -> str | None:
    """Where Chromium is, or None."""
    named = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return next((found for found in named if found), None)


@contextmanager
def dashboard(home: Path, now: str = "2026-12-24T12:00:00Z") -> Iterator[str]:
    """The dashboard of a home on a free port of this machine; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "HEARTBEAT_HOME": str(home), "HEARTBEAT_NOW": now, "PYTHONPATH": str(ROOT)}
    options = ["--server.address", "127.0.0.1", "--server.port", str(port)]
    command = [sys.executable, "-m", "streamlit", "run", str(APP), *options]
    with (home / "dashboard.log").open("w") as log:
        process = subprocess.Popen(command, cwd=home, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            wait_until_healthy(f"http://127.0.0.1:{port}/_stcore/health", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)


def wait_until_healthy(url: str, process: subprocess.Popen[bytes], seconds: float = 30) -> None:
    """Waits until the server of a process answers."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        assert process.poll() is None, f"the server of {url} ended before it answered"
        with suppress(httpx2.TransportError):
            if httpx2.get(url).status_code == 200:
                return
        time.sleep(0.1)
    raise TimeoutError(f"{url} did not answer within {seconds:g} s")


@contextmanager
def browser() -> Iterator[Browser]:
    """One Chromium."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        try:
            yield started
        finally:
            started.close()


DRAWN = "[data-testid='stVegaLiteChart'] svg, [data-testid='stVegaLiteChart'] canvas, [data-testid='stDataFrame']"
"""What shows that a page has its figure."""


def opened(page: Page, url: str, charts: int = 1) -> Page:
    """Opens an address and waits until it is drawn: its title, so many charts or tables, and no run under way."""
    page.goto(url)
    page.locator("h1").first.wait_for(timeout=20_000)
    for number in range(charts):
        page.locator(DRAWN).nth(number).wait_for(timeout=20_000)
    settle(page)
    return page


def chosen(page: Page, name: str) -> Page:
    """Chooses a page from the menu and waits until it is drawn, in a third of the time of loading it."""
    file, listed = next((file, listed) for file, listed in MENU.items() if ADDRESSES[file] == name)
    if file in FURTHER:
        page.locator("[class*='st-key-more'] button").click()
    page.get_by_role("link", name=listed.name, exact=True).click()
    mark = f".st-key-more-{name}-current" if file in FURTHER else f".st-key-place-{name}-current"
    page.locator(mark).wait_for(state="attached", timeout=20_000)
    settle(page)
    return page


SETTLED = """() => {
    const app = document.querySelector("[data-testid='stApp']");
    const waiting = "[data-testid='stStatusWidget'], [data-testid='stSkeleton'], [data-stale='true']";
    const charts = [...document.querySelectorAll("[data-testid='stVegaLiteChart']")];
    return app?.dataset.testScriptState === "notRunning" && !document.querySelector(waiting)
        && charts.every(chart => chart.querySelector("svg, canvas"));
}"""
"""No run of the script is under way or asked for, nothing of the last one is left, and every chart is drawn."""
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def settle(page: Page) -> None:
    """Waits until the page shows all of its last run, laid out."""
    page.wait_for_function(SETTLED, timeout=20_000)
    page.evaluate(TWO_FRAMES)


class Watched:
    """A page of a fresh browser, with all that it asked for and complained about."""

    def __init__(self, context: BrowserContext) -> None:
        self.page: Page = context.new_page()
        self.foreign: list[str] = []
        self.errors: list[str] = []
        self.dialogs: list[str] = []
        self.page.on("request", self._asked)
        self.page.on("console", lambda said: self._complained(said.type, said.text, said.location.get("url", "")))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", self._interrupted)

    def _interrupted(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _asked(self, request: object) -> None:
        url = str(getattr(request, "url", ""))
        if urlsplit(url).hostname not in ("127.0.0.1", None):
            self.foreign.append(url)

    def _complained(self, kind: str, text: str, url: str) -> None:
        if kind == "error" and not PROBE.search(url):
            self.errors.append(f"{text} {url}")
