"""What a first visit and a filter take on a slow line, beside a bare page: `python -m tests.benchmarks.slow_line`.

800 kbit/s and 300 ms are emulated in the browser. Each page is opened by a browser without a cache; medians are told,
and the ratio to a bare Streamlit page.
"""

import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from tests.benchmarks.pages import bare
from tests.dashboards.browser import browser as real
from tests.worlds.page_worlds import NOW, make_sample

LINE = {"offline": False, "latency": 300, "downloadThroughput": 100_000, "uploadThroughput": 100_000}
TIMES = """() => new Promise(done => {
    const told = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? null;
    const wait = () => document.querySelector("h1") ? done([told, performance.now()]) : setTimeout(wait, 50);
    wait();
})"""


def visit(chromium: Browser, url: str) -> tuple[float, float, float]:
    """Opens an address on the slow line: seconds until anything is told, until the title, and megabytes loaded."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    line, loaded = context.new_cdp_session(page), [0.0]
    line.on("Network.loadingFinished", lambda said: loaded.append(said["encodedDataLength"]))
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", LINE)
    page.goto(url, wait_until="commit", timeout=120_000)
    page.locator("h1").first.wait_for(timeout=120_000)
    told, titled = page.evaluate(TIMES)
    context.close()
    return (told or titled) / 1000, titled / 1000, sum(loaded) / 1e6


def main(repeats: int = 2) -> None:
    """Prints the medians of a page and of a bare page."""
    with real.browser() as chromium, tempfile.TemporaryDirectory() as folder:
        home = make_sample(Path(folder) / "home")
        with real.dashboard(home, NOW.isoformat()) as ours, bare() as empty:
            rows = {}
            for name, url in (("bare", empty), ("waiting", f"{ours}/waiting"), ("overview", f"{ours}/overview")):
                visit(chromium, url)
                seen = [visit(chromium, url) for _ in range(repeats)]
                rows[name] = [statistics.median(column) for column in zip(*seen, strict=True)]
                told, titled, size = rows[name]
                ratio = titled / rows["bare"][1]
                print(f"{name}: told after {told:.1f} s, title after {titled:.1f} s ({ratio:.2f} x), {size:.1f} MB")


if __name__ == "__main__":
    main()
