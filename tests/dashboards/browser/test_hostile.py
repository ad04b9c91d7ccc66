"""What a real browser makes of a world in which every text of others is an attack."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from dashboards.evidence.claims import ESSAY
from tests.dashboards.browser import browser as real
from tests.worlds.hostile import HOSTILE
from tests.worlds.page_worlds import NOW
from warehouse.snapshot import query, read_current

pytestmark = [pytest.mark.slow, pytest.mark.skipif(real.chromium() is None, reason="no Chromium on this machine")]


@pytest.fixture(scope="module")
def walker(hostile: str, chromium: Browser) -> Iterator[real.Watched]:
    """A reader of the hostile world who loads it once and chooses every page from the menu."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light")
    walker = real.Watched(context)
    real.opened(walker.page, f"{hostile}/data", charts=0)
    yield walker
    context.close()


@pytest.mark.parametrize("name", real.PAGES)
def test_hostile_text_is_shown_as_text(walker: real.Watched, state_home: Callable[[str], Path], name: str) -> None:
    """No dialog, no request to a foreign host, no link that is not http, no element made of data."""
    page = real.chosen(walker.page, name)
    for button in page.locator("[class*='st-key-behind-'] button").all()[:6]:
        button.click()
        real.settle(page)
        page.keyboard.press("Escape")
    assert (walker.dialogs, walker.foreign, walker.errors) == ([], [], [])
    snapshot = read_current(state_home("hostile"))
    assert snapshot is not None
    places = {row["url"] for row in query(snapshot, "select url from staging.channels").to_pylist()}
    hrefs = page.locator("a[href]").evaluate_all("all => all.map(one => one.href)")
    assert [
        href
        for href in hrefs
        if urlsplit(href).scheme not in ("http", "https") or urlsplit(href).hostname != "127.0.0.1"
        # Elsewhere are only the essay and the places of the catalog, which we name ourselves.
        if f"({href})" not in ESSAY and href.rstrip("/") not in places
    ] == []
    assert page.locator("[data-testid='stMain'] img").count() == 0
    assert page.locator("[data-testid='stMain'] script").count() == 0


def test_the_title_of_a_family_reads_as_it_was_written(hostile: str, fresh: real.Watched) -> None:
    """Escaping must not change what is said."""
    page = real.opened(fresh.page, f"{hostile}/changes")
    shown = page.locator("[data-testid='stMain']").inner_text()
    assert HOSTILE[9] in shown.replace("\u2060", "")


def test_the_rows_of_a_figure_open_below_it_and_download_as_a_safe_file(hostile: str, fresh: real.Watched) -> None:
    """The way out for everybody who wants to count again."""
    page = real.opened(fresh.page, f"{hostile}/reliability")
    page.locator(".st-key-behind-incidents button").click()
    # A click on what the last run is still about to replace is lost.
    real.settle(page)
    with page.expect_download() as waited:
        page.get_by_role("button", name="CSV").click()
    rows = list(csv.DictReader(io.StringIO(waited.value.path().read_text(encoding="utf-8"), newline="")))
    titles = {row["title"] for row in rows}
    assert waited.value.suggested_filename == f"heartbeat-incidents-{NOW:%Y-%m-%d}.csv"
    assert '\'=HYPERLINK("http://foreign.example")' in titles
    assert [title for title in titles if title.startswith(("=", "+", "-", "@"))] == []
