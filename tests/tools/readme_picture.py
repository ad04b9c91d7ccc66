"""The README's picture: one page of the sample world, light and dark, as a window of a laptop shows it."""

import tempfile
from pathlib import Path

from tests.dashboards.browser import browser as real
from tests.paths import ROOT
from tests.worlds.page_worlds import NOW, STATES, make_sample, make_state

FOLDER = ROOT / ".github"
PAGE = "overview"
WINDOW = {"width": 1280, "height": 800}


def main() -> None:
    """Writes `.github/overview-light.png` and `.github/overview-dark.png`."""
    FOLDER.mkdir(exist_ok=True)
    with real.browser() as chromium, tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        make_state(make_sample(Path(folder) / "made"), home, STATES["sample"])
        with real.dashboard(home, NOW.isoformat()) as url:
            for scheme in ("light", "dark"):
                context = chromium.new_context(viewport=WINDOW, color_scheme=scheme, device_scale_factor=1.5)  # type: ignore[arg-type]
                page = context.new_page()
                real.opened(page, f"{url}/{PAGE}", charts=1)
                page.screenshot(path=FOLDER / f"overview-{scheme}.png")
                context.close()


if __name__ == "__main__":
    main()
