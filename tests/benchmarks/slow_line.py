"""What a first visit and a filter take on a slow line, beside a bare page: `python -m tests.benchmarks.slow_line`.

800 kbit/s and 300 ms are emulated in the browser. Each page is opened by a browser without a cache; medians are told,
and the ratio to a bare Streamlit page.
"""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from tests.benchmarks.measurements import OURS, Measurement, find_medians, print_table
from tests.benchmarks.pages import bare
from tests.dashboards.browser import browser as real
from tests.worlds.page_worlds import NOW, make_sample

PAGES = ("waiting", "overview")
LINE = {"offline": False, "latency": 300, "downloadThroughput": 100_000, "uploadThroughput": 100_000}
TIMES = """() => new Promise(done => {
    const told = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? null;
    const wait = () => document.querySelector("h1") ? done([told, performance.now()]) : setTimeout(wait, 50);
    wait();
})"""


def visit(chromium: Browser, url: str) -> dict[str, float]:
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
    return {"told": (told or titled) / 1000, "seconds": titled / 1000, "megabytes": sum(loaded) / 1e6}


def measure_visits(times: int) -> list[Measurement]:
    """Measures first visits of a bare page and of ours so many times, each in a new browser; the first of each, in
    which the server itself warms up, is left out."""
    with real.browser() as chromium, tempfile.TemporaryDirectory() as folder:
        home = make_sample(Path(folder) / "home")
        with real.dashboard(home, NOW.isoformat()) as ours, bare() as empty:
            found = list[Measurement]()
            for page in PAGES:
                for tool, url in ((OURS, f"{ours}/{page}"), ("a bare Streamlit page", empty)):
                    visit(chromium, url)
                    found += [Measurement(f"first visit, {page}", tool, visit(chromium, url)) for _ in range(times)]
    return find_medians(found)


if __name__ == "__main__":
    print_table(measure_visits(2))
