"""Many walks through the places with families chosen: `python -m tests.benchmarks.walks [NUMBER]` prints those on which
a choice was lost."""

import argparse
import tempfile
from pathlib import Path

from dashboards.frame import snapshot_reader
from tests.dashboards.browser import browser as real
from tests.dashboards.browser.walks import walk
from tests.worlds.page_worlds import NOW, STATES, make_sample, make_state
from warehouse.snapshot import read_current


def main() -> None:
    """Walks in a fresh browser each time, and restarts the dashboard every ten walks, so that pages are cold."""
    parser = argparse.ArgumentParser()
    parser.add_argument("number", type=int, nargs="?", default=200)
    asked = parser.parse_args()
    lost = 0
    with real.browser() as chromium, tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        make_state(make_sample(Path(folder) / "made"), home, STATES["sample"])
        snapshot = read_current(home)
        assert snapshot is not None
        families = {row["family_id"]: row["title"] for row in snapshot_reader.load_families(snapshot)}
        for start in range(0, asked.number, 10):
            with real.dashboard(home, NOW.isoformat()) as url:
                for seed in range(start, min(start + 10, asked.number)):
                    wrong = walk(chromium, url, families, seed)
                    lost += bool(wrong)
                    for line in wrong:
                        print(f"walk {seed}: {line}", flush=True)
    print(f"{asked.number} walks, a choice was lost on {lost}")


if __name__ == "__main__":
    main()
