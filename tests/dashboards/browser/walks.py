"""Walks through the places with families chosen: by links, back, by reload and by the address, in a browser that nobody
has used."""

import random
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, Page

from dashboards.menu import FILTERS, MENU, page_address
from tests.dashboards.browser import browser as real

FILES = [file for files in MENU.values() for file in files if "family" in FILTERS.get(file, ())]
STEPS = 6
"""Pages opened by links on one walk, before it goes back and reloads."""


def walk(chromium: Browser, url: str, families: dict[str, str], seed: int) -> list[str]:
    """Walks once with three families chosen; returns every place where the address or the bar says another thing."""
    chance = random.Random(seed)
    chosen = chance.sample(sorted(families), 3)
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    try:
        page = context.new_page()
        query = "&".join(f"family={family}" for family in chosen)
        names = [page_address(file) for file in chance.sample(FILES, STEPS + 1)]
        real.opened(page, f"{url}/{names[0]}?{query}", charts=0)
        wrong = _compare(page, names[0], chosen, families)
        for name in names[1:]:
            real.chosen(page, name)
            wrong += _compare(page, name, chosen, families)
        page.go_back()
        real.settle(page)
        wrong += _compare(page, "back", chosen, families)
        page.reload()
        page.locator("h1").first.wait_for(timeout=20_000)
        real.settle(page)
        return wrong + _compare(page, "reload", chosen, families)
    finally:
        context.close()


def _compare(page: Page, step: str, chosen: list[str], families: dict[str, str]) -> list[str]:
    """Compares the address and the bar with what was chosen."""
    address = parse_qs(urlsplit(page.url).query).get("family", [])
    bar = page.locator(".st-key-family .react-aria-ComboBox [data-tag]")
    labels = bar.evaluate_all("tags => tags.map(tag => tag.getAttribute('aria-label'))")
    shown = [family for label in labels for family, title in families.items() if label.endswith(f" {title}")]
    wrong = [f"{step}: address {address}"] if address != chosen else []
    # Back may lead to the first page of a place, which need not have the filter.
    has_filter = urlsplit(page.url).path.strip("/") in map(page_address, FILES)
    return wrong + ([f"{step}: bar {shown}"] if has_filter and sorted(shown) != sorted(chosen) else [])
