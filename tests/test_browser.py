"""What only a browser shows: that pages open, keep their filters in the address, follow the theme, and ask nobody else for anything."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect

from tests import browser as real
from tests.snapshot_rows import HOSTILE, World, publish_world

pytestmark = pytest.mark.skipif(real.chromium() is None, reason="no Chromium on this machine")
PROBE = re.compile(r"/(claims|waiting|reliability|adoption|promises|data|method)/_stcore/(health|host-config)$")
"""Streamlit's own client looks for its server below the page's path first; only these answers may be 404."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the module."""
    with real.browser() as started:
        yield started


def served(tmp_path_factory: pytest.TempPathFactory, name: str, world: World) -> Iterator[str]:
    home = tmp_path_factory.mktemp(name)
    publish_world(home, world)
    with real.dashboard(home) as url:
        yield url


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The dashboard of the sample world."""
    yield from served(tmp_path_factory, "sample", World(is_sample=True))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The dashboard of a world in which every text of others is an attack."""
    yield from served(tmp_path_factory, "hostile", World(is_hostile=True, broken={"llama": "failed"}))


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


@pytest.fixture
def fresh(chromium: Browser) -> Iterator[Watched]:
    """A browser nobody has used, 1440 wide and light."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light", accept_downloads=True)
    yield Watched(context)
    context.close()


@pytest.mark.parametrize("name", real.PAGES)
def test_every_page_opens_without_an_error_and_asks_nobody_else_for_anything(sample: str, fresh: Watched, name: str) -> None:
    """No stack trace, no console error, and no request leaves the machine."""
    page = real.opened(fresh.page, f"{sample}/{real.PAGES[name]}")
    assert page.get_by_text("Sample data.").count() == 1
    assert page.locator("[data-testid='stException']").count() == 0
    assert (fresh.errors, fresh.foreign, fresh.dialogs) == ([], [], [])


@pytest.mark.parametrize("name", [name for name in real.PAGES if name != "promises"])
def test_every_chart_says_its_finding_to_those_who_do_not_see_it(sample: str, fresh: Watched, name: str) -> None:
    """`Vega visualization` is no description."""
    page = real.opened(fresh.page, f"{sample}/{real.PAGES[name]}")
    labels = page.locator("[aria-roledescription='visualization']").evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
    assert labels
    assert [label for label in labels if not label or len(label) < 30 or "Vega" in label] == []


def test_a_filter_reaches_the_address_and_the_address_opens_alike_in_a_fresh_browser(
    sample: str, fresh: Watched, chromium: Browser
) -> None:
    """A link is the way figures are shared."""
    page = real.opened(fresh.page, sample)
    page.get_by_role("radio", name="90 days").click()
    page.get_by_role("combobox", name=re.compile("Families")).click()
    page.get_by_role("option", name="Qwen").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name=re.compile("Most answered within a day: Qwen"))).to_be_visible(timeout=15_000)
    expect(page.get_by_text("intervals; last 90 days.").first).to_be_visible(timeout=15_000)
    address = page.url
    assert "Qwen" in address and "90" in address
    other = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
    real.opened(other, address)
    expect(other.get_by_text("intervals; last 90 days.").first).to_be_visible()
    assert other.locator("h3").all_inner_texts() == page.locator("h3").all_inner_texts()
    other.context.close()


def test_filters_stay_when_another_page_is_chosen(sample: str, fresh: Watched) -> None:
    """One bar, the same on each page."""
    page = real.opened(fresh.page, f"{sample}/?window=90+days&family=Qwen&family=Claude")
    page.get_by_role("link", name="Waiting for an answer").first.click()
    expect(page.get_by_role("heading", name="How long do people wait for an answer?")).to_be_visible(timeout=15_000)
    expect(page.get_by_text("questions of the last 90 days").first).to_be_visible(timeout=15_000)
    real.settle(page)
    assert "window=90" in page.url and "family=Qwen" in page.url and "family=Claude" in page.url


@pytest.mark.parametrize(("scheme", "ground", "mark"), [("light", "rgb(251, 251, 249)", "#1668a8"), ("dark", "rgb(16, 19, 23)", "#5aa9e6")])
def test_page_and_charts_follow_the_theme_of_the_machine(sample: str, chromium: Browser, scheme: str, ground: str, mark: str) -> None:
    """Dark marks on a dark page would be unreadable."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page = real.opened(context.new_page(), sample)
    assert page.locator("[data-testid='stApp']").evaluate("app => getComputedStyle(app).backgroundColor") == ground
    expect(page.locator(f"[data-testid='stVegaLiteChart'] svg path[stroke='{mark}']").first).to_be_visible(timeout=15_000)
    context.close()


@pytest.mark.parametrize("name", real.PAGES)
@pytest.mark.parametrize("width", [390, 720, 1024])
def test_nothing_overflows_a_narrow_page(sample: str, chromium: Browser, name: str, width: int) -> None:
    """A phone, a browser at 200 % zoom, a small laptop."""
    context = chromium.new_context(viewport={"width": width, "height": 844})
    page = real.opened(context.new_page(), f"{sample}/{real.PAGES[name]}")
    page.wait_for_timeout(800)
    assert page.locator("[data-testid='stMain']").evaluate("main => main.scrollWidth - main.clientWidth") <= 0
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    wide = page.locator("[data-testid='stVegaLiteChart'] svg").evaluate_all(
        "all => all.filter(one => one.getBoundingClientRect().right > innerWidth).length"
    )
    assert wide == 0
    context.close()


def test_a_new_publish_shows_on_an_open_page_without_a_restart(tmp_path: Path, fresh: Watched) -> None:
    """First the empty state, then a snapshot, then a newer one: nobody reloads."""
    with real.dashboard(tmp_path) as url:
        page = fresh.page
        page.goto(url)
        expect(page.get_by_role("heading", name="Nothing has been published yet")).to_be_visible(timeout=20_000)
        publish_world(tmp_path, World(is_sample=True))
        expect(page.get_by_text("All 67 collections are fresh")).to_be_visible(timeout=20_000)
        publish_world(tmp_path, World(broken={"qwen": "failed"}))
        expect(page.get_by_text("7 of 67 collections failed")).to_be_visible(timeout=20_000)
        expect(page.get_by_text("Sample data.")).to_have_count(0)
    assert fresh.foreign == []


@pytest.mark.parametrize("name", real.PAGES)
def test_hostile_text_is_shown_as_text(hostile: str, fresh: Watched, name: str) -> None:
    """No dialog, no request to a foreign host, no link that is not http, no element made of data."""
    page = real.opened(fresh.page, f"{hostile}/{real.PAGES[name]}")
    for fold in page.locator("summary").all():
        fold.click()
    real.settle(page)
    page.wait_for_timeout(500)
    assert (fresh.dialogs, fresh.foreign, fresh.errors) == ([], [], [])
    hrefs = page.locator("a[href]").evaluate_all("all => all.map(one => one.href)")
    assert [href for href in hrefs if urlsplit(href).scheme not in ("http", "https") or urlsplit(href).hostname != "127.0.0.1"] == []
    assert page.locator("[data-testid='stMain'] img").count() == 0
    assert page.locator("[data-testid='stMain'] script").count() == 0


def test_the_title_of_a_family_reads_as_it_was_written(hostile: str, fresh: Watched) -> None:
    """Escaping must not change what is said."""
    page = real.opened(fresh.page, f"{hostile}/reliability")
    shown = page.locator("[data-testid='stMain']").inner_text()
    assert HOSTILE[8] in shown.replace("\u2060", "")


def test_the_rows_of_a_figure_open_below_it_and_download_as_a_safe_file(hostile: str, fresh: Watched) -> None:
    """The way out for everybody who wants to count again."""
    page = real.opened(fresh.page, f"{hostile}/reliability")
    page.get_by_text(re.compile(r"Rows behind this figure \(")).first.click()
    page.get_by_role("button", name="Download these rows (CSV)").wait_for(timeout=15_000)
    with page.expect_download() as waited:
        page.get_by_role("button", name="Download these rows (CSV)").click()
    rows = list(csv.DictReader(io.StringIO(waited.value.path().read_text(encoding="utf-8"), newline="")))
    titles = {row["title"] for row in rows}
    assert waited.value.suggested_filename == "heartbeat-incidents.csv"
    assert '\'=HYPERLINK("http://foreign.example")' in titles
    assert [title for title in titles if title.startswith(("=", "+", "-", "@"))] == []


def test_streamlits_own_export_is_off(sample: str, fresh: Watched) -> None:
    """It does not disarm formulas; ours is the only way out."""
    page = real.opened(fresh.page, sample)
    page.get_by_text("Rows behind this figure").first.click()
    page.locator("[data-testid='stDataFrame']").first.wait_for(timeout=15_000)
    page.locator("[data-testid='stDataFrame']").first.hover()
    page.wait_for_timeout(500)
    assert page.get_by_role("button", name=re.compile("Download as CSV", re.IGNORECASE)).count() == 0


def test_a_page_nobody_made_says_so_without_repeating_the_address(sample: str, fresh: Watched) -> None:
    """Addresses are written by strangers."""
    fresh.page.goto(f"{sample}/%3Cimg%20src=x%3E")
    fresh.page.locator("h1").first.wait_for(timeout=20_000)
    assert fresh.dialogs == []
    assert "<img" not in fresh.page.locator("body").inner_text()
