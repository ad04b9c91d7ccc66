"""Pictures of every page in every state: `python -m tests.screenshots FOLDER [HOME]`; with a home, of what it has published."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from tests import browser as real
from tests.snapshot_rows import publish_world
from tests.test_pages import WORLDS

LOOKS = [("light", 1440), ("dark", 1440), ("light", 1024), ("light", 390), ("dark", 390)]
TALLEST = 8000


def shoot(chromium: Browser, url: str, folder: Path, state: str, looks: list[tuple[str, int]]) -> None:
    """One picture a page and look, as tall as the page is."""
    for scheme, width in looks:
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()
        for name, path in real.PAGES.items():
            real.opened(page, f"{url}/{path}", charts=0)
            page.wait_for_timeout(1500)
            height = int(page.locator("[data-testid='stMain']").evaluate("main => main.scrollHeight"))
            page.set_viewport_size({"width": width, "height": min(TALLEST, height)})
            page.wait_for_timeout(1500)
            page.screenshot(path=folder / f"{name}-{state.replace(' ', '-')}-{scheme}-{width}.png")
            page.set_viewport_size({"width": width, "height": 900})
        context.close()


def main(folder: Path, home: Path | None) -> None:
    """All states in the first look, the sample world in every look; or one home in every look."""
    folder.mkdir(parents=True, exist_ok=True)
    with real.browser() as chromium:
        if home:
            with real.dashboard(home) as url:
                shoot(chromium, url, folder, home.name, LOOKS)
            return
        for state, world in [*WORLDS.items(), ("empty", None)]:
            with tempfile.TemporaryDirectory() as place:
                if world:
                    publish_world(Path(place), world)
                with real.dashboard(Path(place)) as url:
                    shoot(chromium, url, folder, state, LOOKS if state == "sample" else LOOKS[:1])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
