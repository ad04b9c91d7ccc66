"""Walks through the places with families and a window chosen: by address, links, back and reload, in a browser that
nobody has used."""

import random
import time
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import Browser, Page

from dashboards.menu import FILTERS, MENU, page_address
from dashboards.words import numbers
from tests.dashboards.browser import browser as real

QUESTIONS = {page_address(file): question for files in MENU.values() for file, question in files.items()}
SHOWN = {page_address(file): FILTERS.get(file, ()) for files in MENU.values() for file in files}
NAMES = [name for name, filters in SHOWN.items() if "family" in filters]
WINDOWS = ("30d", "90d", "all")
STEPS = 6
"""Pages opened by links on one walk, before it goes back and reloads."""
PATIENCE_SECONDS = 8
"""How long a page may take to say the choice; a choice that is lost stays lost."""


@dataclass(frozen=True)
class Asked:
    """What a walk has chosen, and the titles of all families."""

    families: list[str]
    window: str
    titles: dict[str, str]


def walk(chromium: Browser, url: str, titles: dict[str, str], seed: int) -> list[str]:
    """Walks once with three families and a window; returns every place where the address or the bar says another
    thing."""
    chance = random.Random(seed)
    asked = Asked(chance.sample(sorted(titles), 3), chance.choice(WINDOWS), titles)
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    try:
        page = context.new_page()
        query = urlencode({"family": asked.families, "window": asked.window}, doseq=True)
        names = chance.sample(NAMES, STEPS + 1)
        real.opened(page, f"{url}/{names[0]}?{query}", charts=0)
        wrong = _compare(page, names[0], asked)
        for name in names[1:]:
            real.chosen(page, name)
            wrong += _compare(page, name, asked)
        page.go_back()
        wrong += _compare(page, "back", asked)
        page.reload()
        return wrong + _compare(page, "reload", asked)
    finally:
        context.close()


def _compare(page: Page, step: str, asked: Asked) -> list[str]:
    """Waits for the page of the address, and compares address and bar with what was chosen."""
    name = urlsplit(page.url).path.strip("/")
    page.get_by_role("heading", level=1, name=QUESTIONS[name]).wait_for(timeout=20_000)
    real.settle(page)
    until = time.monotonic() + PATIENCE_SECONDS
    while (wrong := _differ(page, name, asked)) and time.monotonic() < until:
        page.wait_for_timeout(200)
    return [f"{step} ({name}): {said}" for said in wrong]


def _differ(page: Page, name: str, asked: Asked) -> list[str]:
    address = parse_qs(urlsplit(page.url).query)
    said = {"family": address.get("family", []), "window": address.get("window", [])}
    wrong = [f"address {said}"] if said != {"family": asked.families, "window": [asked.window]} else []
    bar = page.locator(".st-key-family .react-aria-ComboBox [data-tag]")
    labels = bar.evaluate_all("tags => tags.map(tag => tag.getAttribute('aria-label'))")
    shown = [family for label in labels for family, title in asked.titles.items() if label.endswith(f" {title}")]
    # Back may lead to the first page of a place, which need not have the filter.
    if "family" in SHOWN[name] and sorted(shown) != sorted(asked.families):
        wrong.append(f"bar {shown}")
    chosen = page.locator(".st-key-window [role=radio][aria-checked=true]").all_inner_texts()
    if "window" in SHOWN[name] and chosen != [numbers.WINDOWS[asked.window]]:
        wrong.append(f"window {chosen}")
    return wrong
