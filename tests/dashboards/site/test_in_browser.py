"""The static site in a real browser: its pages fit and can be read by everybody, in both themes, from a web server
below a path and from a folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from dashboards.menu import ADDRESSES
from dashboards.site import ends
from tests.dashboards.browser import browser as real
from tests.dashboards.site.test_site import view, write_site_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(real.chromium() is None, reason="no Chromium on this machine"),
]
PAGES = (
    "index", *(name for name in ADDRESSES.values() if name != "overview"), "family-claude", "compare-claude-vs-qwen",
)  # fmt: skip
MOST_BYTES = 300_000
"""What a first visit may load."""
WIDE = "() => [document.documentElement.scrollWidth, innerWidth]"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing is written."""


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serves a folder below a path, as GitHub Pages does; gives its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder.parent)))
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/{folder.name}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def made(sample_home: Path) -> Path:
    """The site of the sample world."""
    return write_site_of(sample_home)


@pytest.fixture(scope="module")
def address(made: Path) -> Iterator[str]:
    """Its address."""
    with serve(made) as served:
        yield served


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for all tests."""
    with real.browser() as started:
        yield started


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_fits_and_axe_finds_nothing(
    address: str, chromium: Browser, scheme: Literal["light", "dark"], width: int
) -> None:
    """Nor does a page complain, or ask another host for anything."""
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    reader, found = real.Watched(context), {}
    for name in PAGES:
        reader.page.goto(f"{address}/{name}.html")
        violations = [(one["id"], one["nodes"][0]["html"][:200]) for one in _judge(reader.page)]
        content, window = reader.page.evaluate(WIDE)
        found[name] = (violations, content - window)
    context.close()
    assert found == dict.fromkeys(PAGES, ([], 0))
    assert (reader.errors, reader.foreign) == ([], [])


def _judge(page: Page) -> list[dict[str, list[dict[str, str]]]]:
    violations: list[dict[str, list[dict[str, str]]]] = Axe().run(page).response["violations"]
    return violations


def test_a_first_visit_is_small(address: str, chromium: Browser) -> None:
    """On a slow line it must not take half a minute."""
    page, sizes = chromium.new_page(), dict[str, int]()
    page.on("response", lambda answer: sizes.update({answer.url.rpartition("/")[2]: len(answer.body())}))
    page.goto(f"{address}/", wait_until="networkidle")
    print(sizes)
    assert {"inter.woff2", "mark.png"} <= sizes.keys() and sum(sizes.values()) <= MOST_BYTES


@pytest.mark.parametrize("is_served", [True, False], ids=["served", "from a folder"])
def test_the_field_tells_what_happens_to_ids_and_a_link_keeps_them(
    address: str, made: Path, sample_home: Path, chromium: Browser, is_served: bool
) -> None:
    """The same words as in the data; an id that no page names is unknown, and not safe."""
    known, (end, *_) = next(iter(ends.tell_ids(view(sample_home)).items()))
    reader = real.Watched(chromium.new_context())
    page = reader.page
    page.goto(f"{address if is_served else made.as_uri()}/changes.html")
    page.get_by_label("Check your model ids").fill(f"{known}, <b>made-up</b>")
    told = page.locator("#told li")
    expect(told).to_have_count(2)
    expect(told.nth(0)).to_contain_text(end)
    expect(told.nth(1)).to_have_text("<b>made-up</b> is unknown here, which is not the same as safe.")
    page.reload()
    expect(told).to_have_count(2)
    page.goto("about:blank")
    page.goto(f"{address if is_served else made.as_uri()}/changes.html#models=100%")
    expect(told).to_have_text("100% is unknown here, which is not the same as safe.")
    page.get_by_role("navigation").get_by_role("link", name="Waiting").click()
    expect(page).to_have_url(f"{address if is_served else made.as_uri()}/support.html")
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('16px Inter'))")
    assert (reader.errors, reader.foreign) == ([], [])
