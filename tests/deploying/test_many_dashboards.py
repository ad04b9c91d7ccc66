"""Several dashboards over one published place, behind the proxy of a deployment: no reader must come back to the same
one."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.dashboards.browser import browser as real
from tests.deploying.proxies import PASSWORD, USER, open_proxy, serve_behind
from tests.worlds.ports import free_port

pytestmark = pytest.mark.slow


@dataclass(slots=True)
class Deployment:
    """A proxy that knows three dashboards, of which two run."""

    home: Path
    port: int = field(default_factory=free_port)
    own: list[int] = field(default_factory=lambda: [free_port() for _ in range(3)])
    running: ExitStack = field(default_factory=ExitStack)

    def start(self, *numbers: int) -> None:
        """Starts some of the dashboards."""
        for number in numbers:
            self.running.enter_context(serve_behind(self.port, self.home, self.own[number]))

    def move_to(self, number: int) -> None:
        """Starts another dashboard, and stops all others."""
        former = self.running.pop_all()
        self.start(number)
        former.close()


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory, sample_home: Path) -> Iterator[Deployment]:
    """Three dashboards of the sample world behind one proxy."""
    made = Deployment(sample_home)
    with open_proxy(tmp_path_factory.mktemp("proxy"), made.port, made.own), made.running:
        made.start(0, 1)
        yield made


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser."""
    with real.browser() as started:
        yield started


@pytest.fixture(scope="module")
def page(chromium: Browser, deployment: Deployment) -> Page:
    """A page that one of the dashboards draws."""
    opened = chromium.new_page(http_credentials={"username": USER, "password": PASSWORD}, accept_downloads=True)
    return real.unfold(real.opened(opened, f"http://127.0.0.1:{deployment.port}/waiting"))


def test_every_download_arrives_whichever_dashboard_is_asked(page: Page) -> None:
    """Each is held by the one that made it, and asked for without a word of which that is."""
    card = page.locator(".st-key-figure-within")
    card.get_by_text(re.compile(r"Behind this figure \(")).click()
    card.get_by_role("radio", name="Downloads").click()
    begins = {"SVG": b"<svg", "PNG": b"\x89PNG", "PARQUET": b"PAR1", "JSON": b"[", "CSV": b"family_id"}
    for button, first in begins.items():
        with page.expect_download() as waited:
            card.get_by_role("button", name=button, exact=True).click()
        assert waited.value.path().read_bytes().startswith(first), button


def test_an_open_page_goes_on_at_another_dashboard(page: Page, deployment: Deployment) -> None:
    """With what its address says, since nothing else is kept for a reader."""
    page.get_by_role("radio", name="90 days").click()
    expect(page).to_have_url(re.compile("window=90d"))
    real.settle(page)
    with page.expect_websocket():
        deployment.move_to(2)
    # What is clicked before the other dashboard has drawn the page is lost: the address is the truth.
    for _ in range(10):
        page.get_by_role("radio", name="30 days").click()
        with suppress(AssertionError):
            expect(page).to_have_url(re.compile("window=30d"), timeout=3_000)
            break
    real.settle(page)
    expect(page.get_by_text("last 30 days").first).to_be_visible()
