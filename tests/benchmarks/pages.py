"""What opening a page and moving a filter take on a million threads, beside a bare page: `python -m
tests.benchmarks.pages`.

Everything is measured in one run in one browser; only the ratios are told from machine to machine. `--threads 4000` is
quick.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.dashboards.browser import browser as real
from tests.worlds.page_worlds import NOW, make_sample
from tests.worlds.ports import free_port
from warehouse.database import open_warehouse
from warehouse.publish import publish_snapshot
from warehouse.snapshot import SAMPLE

BARE = """
import pandas, streamlit as st
st.title("Bare")
choice = st.segmented_control("Window", ["12 months", "90 days"], default="12 months")
rows = pandas.DataFrame({"a": range(30), "b": [(place * 7 + 3 * (choice == "90 days")) % 11 for place in range(30)]})
st.caption(f"last {choice}")
number = {"type": "quantitative"}
for place in range(3):
    st.vega_lite_chart(rows, {"mark": "point", "encoding": {"x": {"field": "a", **number}, "y": {"field": "b", **number}}})
"""
"""A bare Streamlit page with three charts and one filter."""
PAGES = ("claims", "compare", "waiting", "helped")
FILTERED = ("waiting", "helped", "compare")
LISTEN = """
([word, label]) => new Promise(done => {
    const begun = performance.now();
    const main = document.querySelector("[data-testid='stMain']");
    const says = () => [...main.querySelectorAll("[data-testid='stCaptionContainer']")].some(one => one.textContent.includes(word));
    const watch = new MutationObserver(() => { if (says()) { watch.disconnect(); done(performance.now() - begun); } });
    watch.observe(main, { subtree: true, childList: true, characterData: true });
    [...document.querySelectorAll("[role=radio]")].find(one => one.textContent.trim() === label).click();
})
"""
"""Clicks a filter inside the page and waits until a figure says the new window: nothing of the driver's own time is in
it."""
COPIES = {
    "staging.threads": ("thread_id",), "staging.replies": ("reply_id", "thread_id"),
    "metrics.thread_help": ("thread_id",),
    "metrics.thread_responses": ("thread_id",), "metrics.survival_durations": ("item_id",),
    "metrics.thread_answers": ("thread_id",),
    "metrics.answer_depth": ("reply_id", "thread_id"),
}  # fmt: skip
"""What pages and receipts read and what grows with threads, and the keys that tell the copies apart."""


def grow(home: Path, threads: int) -> None:
    """Copies every thread and reply of the sample world until there are so many threads, and five times as many
    replies."""
    with open_warehouse(home) as connection:
        ((held,),) = connection.execute("select count(*) from staging.threads").fetchall()
        ((replies,),) = connection.execute("select count(*) from staging.replies").fetchall()
        for table, keys in COPIES.items():
            times = threads * 5 / replies if table == "staging.replies" else threads / held
            renamed = ", ".join(f"t.{key} || '~' || copy.number as {key}" for key in keys)
            connection.execute(
                f"create or replace table {table} as select t.* replace ({renamed}) from {table} as t, range(?) as "
                f"copy (number)",
                [max(1, round(times))],
            )
            ((rows,),) = connection.execute(f"select count(*) from {table}").fetchall()
            print(f"  {table}: {rows:,} rows", flush=True)
        connection.execute(
            "update ledger.settings set value = (cast(value as bigint) + 1)::varchar where name = 'build'"
        )
        publish_snapshot(connection, home, NOW, "0.1.0")


@contextmanager
def bare() -> Iterator[str]:
    """The bare page on a port of its own."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "bare.py"
        script.write_text(BARE, encoding="utf-8")
        options = [
            "--server.port",
            str(port),
            "--server.headless",
            "true",
            "--server.address",
            "127.0.0.1",
            "--browser.gatherUsageStats",
            "false",
        ]
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(script), *options], stdout=subprocess.DEVNULL
        )
        try:
            real.wait_until_healthy(f"http://127.0.0.1:{port}/_stcore/health", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)


def first_chart(chromium: Browser, url: str, times: int) -> float:
    """Median seconds until the first chart is drawn, each time in a browser nobody has used."""
    taken = []
    for _ in range(times):
        context = chromium.new_context(viewport={"width": 1440, "height": 900})
        page, began = context.new_page(), time.perf_counter()
        page.goto(url)
        page.locator("[data-testid='stVegaLiteChart'] svg, [data-testid='stVegaLiteChart'] canvas").first.wait_for(
            timeout=60_000
        )
        taken.append(time.perf_counter() - began)
        context.close()
    return statistics.median(taken)


def filtered(page: Page, url: str, times: int) -> list[float]:
    """Milliseconds from a click on another window until a figure tells it, sorted."""
    real.opened(page, url)
    page.wait_for_timeout(2000)
    taken = []
    for number in range(times):
        word, label = (("last 90 days", "90 days"), ("last 12 months", "12 months"))[number % 2]
        taken.append(float(page.evaluate(LISTEN, [word, label])))
        page.wait_for_timeout(1200)
    return sorted(taken)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--home", type=Path, help="a home that was grown before")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = asked.home or Path(folder)
        if not (home / "published").exists():
            print(f"a world of {asked.threads:,} threads", flush=True)
            make_sample(home)
            shutil.move(home / SAMPLE / "warehouse.duckdb", home / "warehouse.duckdb")
            grow(home, asked.threads)
        with real.browser() as chromium, bare() as empty, real.dashboard(home, NOW.isoformat()) as url:
            _measure(chromium, empty, url, asked.times)


def _measure(chromium: Browser, empty: str, url: str, times: int) -> None:
    least = first_chart(chromium, empty, 5)
    print(f"{'first chart':24}{'seconds':>10}{'x bare':>8}\n{'bare, three charts':24}{least:>10.2f}{1:>8.2f}")
    for name in PAGES:
        taken = first_chart(chromium, f"{url}/{name}", 5)
        print(f"{name:24}{taken:>10.2f}{taken / least:>8.2f}", flush=True)
    print(f"{'filter':24}{'p50 ms':>10}{'p95 ms':>10}")
    for name, address in (("bare, three charts", empty), *((name, f"{url}/{name}") for name in FILTERED)):
        context = chromium.new_context(viewport={"width": 1440, "height": 900})
        taken_ms = filtered(context.new_page(), address, times)
        print(
            f"{name:24}{statistics.median(taken_ms):>10.0f}{taken_ms[max(0, round(0.95 * times) - 1)]:>10.0f}",
            flush=True,
        )
        context.close()


if __name__ == "__main__":
    main()
