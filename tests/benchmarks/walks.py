"""Many walks through the places with families and a window chosen: `python -m tests.benchmarks.walks [NUMBER] [--from
SEED]` prints those on which a choice was lost."""

import argparse
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Error as PlaywrightError

from dashboards.frame import snapshot_reader
from tests.dashboards.browser import browser as real
from tests.dashboards.browser.walks import walk
from tests.worlds.page_worlds import NOW, STATES, make_sample, make_state
from warehouse.snapshot import read_current

WALKS_A_SERVER = 10


def main() -> None:
    """Walks in a fresh browser each time, and restarts the dashboard every few walks, so that pages are cold."""
    parser = argparse.ArgumentParser()
    parser.add_argument("number", type=int, nargs="?", default=200)
    parser.add_argument("--from", type=int, default=0, dest="first", metavar="SEED")
    asked = parser.parse_args()
    walked = lost = broken = 0
    with real.browser() as chromium, tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        make_state(make_sample(Path(folder) / "made"), home, STATES["sample"])
        snapshot = read_current(home)
        assert snapshot is not None
        families = {row["family_id"]: row["title"] for row in snapshot_reader.load_families(snapshot)}
        last, begun = asked.first + asked.number, time.monotonic()
        for start in range(asked.first, last, WALKS_A_SERVER):
            with real.dashboard(home, NOW.isoformat()) as url:
                for seed in range(start, min(start + WALKS_A_SERVER, last)):
                    try:
                        wrong = walk(chromium, url, families, seed)
                    except PlaywrightError as error:
                        broken += 1
                        print(f"walk {seed} was not finished: {str(error).splitlines()[0]}", flush=True)
                        continue
                    walked += 1
                    lost += bool(wrong)
                    for line in wrong:
                        print(f"walk {seed}: {line}", flush=True)
            seconds = time.monotonic() - begun
            print(f"{walked} walks, a choice was lost on {lost}; {broken} not finished; {seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main()
