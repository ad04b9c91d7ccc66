"""Pictures of every page in every state: `python -m tests.tools.screenshots FOLDER [--pages support,…] [--states
sample,…] [--home HOME]`."""

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from tests.dashboards.browser import browser as real
from tests.worlds.page_worlds import LATER, NOW, STATES, make_sample, make_state

LOOKS = [("light", 1440), ("dark", 1440), ("light", 1024), ("light", 390), ("dark", 390)]
TALLEST = 9000
EMPTY = "first run"
"""The state before anything was published."""


def shoot(
    chromium: Browser, url: str, folder: Path, state: str, looks: list[tuple[str, int]], pages: list[str]
) -> None:
    """One picture a page and look, as tall as the page is."""
    for scheme, width in looks:
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()
        for name in pages:
            real.opened(page, f"{url}/{name}", charts=0)
            page.wait_for_timeout(1500)
            height = int(page.locator("[data-testid='stMain']").evaluate("main => main.scrollHeight"))
            page.set_viewport_size({"width": width, "height": min(TALLEST, max(900, height))})
            page.wait_for_timeout(1000)
            page.screenshot(path=folder / f"{name}-{state.replace(' ', '-')}-{scheme}-{width}.png")
            page.set_viewport_size({"width": width, "height": 900})
        context.close()


def main() -> None:
    """The sample world in every look, all other states in the first look; or one home in every look."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", default=",".join(real.PAGES))
    parser.add_argument("--states", default=",".join([*STATES, EMPTY]))
    parser.add_argument("--home", type=Path)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    pages = asked.pages.split(",")
    with real.browser() as chromium, tempfile.TemporaryDirectory() as place:
        if asked.home:
            with real.dashboard(asked.home) as url:
                shoot(chromium, url, asked.folder, asked.home.name, LOOKS, pages)
            return
        sample = make_sample(Path(place) / "made")
        for state in asked.states.split(","):
            home = Path(place) / state.replace(" ", "-")
            home.mkdir()
            if state != EMPTY:
                make_state(sample, home, STATES[state])
            with real.dashboard(home, (LATER if state == "stale" else NOW).isoformat()) as url:
                shoot(
                    chromium,
                    url,
                    asked.folder,
                    state,
                    LOOKS if state == "sample" else LOOKS[:1],
                    pages if state != EMPTY else pages[:1],
                )


if __name__ == "__main__":
    main()
