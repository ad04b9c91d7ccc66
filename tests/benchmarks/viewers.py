"""What 10 and 50 people at once cost one dashboard: `python -m tests.benchmarks.viewers [--viewers 1,10,50] [--pause
10,30]`.

Each viewer is a session of its own that speaks Streamlit's protocol, opens a page, moves a filter or turns the page every
few seconds, and looks for a newer snapshot between. Told are errors, the times of a run from the question to its last
element, and the memory of the server, not what browsers do.
"""

import argparse
import asyncio
import statistics
import tempfile
from pathlib import Path

from tests.benchmarks.tabs import read_for
from tests.dashboards.browser import browser as real
from tests.worlds.page_worlds import NOW, make_sample

PAUSE_SECONDS = "10,30"
"""How long a viewer looks before the next move, at least and at most; one process draws some five to eight pages a
second."""


def read_memory(log: Path) -> float:
    """Returns the resident megabytes of the server that writes this log."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "fd" / "1").resolve() == log.resolve():
                return read_resident(int(process.name))
        except OSError:
            continue
    return float("nan")


def read_resident(process: int) -> float:
    """Returns the resident megabytes of a process, none if it has ended."""
    try:
        return int(Path(f"/proc/{process}/status").read_text().split("VmRSS:")[1].split()[0]) / 1024
    except (OSError, IndexError):
        return float("nan")


def main() -> None:
    """Prints a line a number of viewers."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--viewers", default="1,10,50")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pause", default=PAUSE_SECONDS, help="seconds between two moves of a viewer, as least,most")
    parser.add_argument("--home", type=Path)
    asked = parser.parse_args()
    least, most = (float(one) for one in asked.pause.split(","))
    with tempfile.TemporaryDirectory() as folder:
        home = asked.home or make_sample(Path(folder))
        print(f"{'viewers':>8}{'runs':>8}{'errors':>8}{'p50 ms':>8}{'p95 ms':>8}{'max ms':>8}{'MB':>8}")
        with real.dashboard(home, NOW.isoformat()) as url:
            for viewers in (int(one) for one in asked.viewers.split(",")):
                address = url.replace("http", "ws") + "/_stcore/stream"
                seen = asyncio.run(read_for(address, viewers, asked.seconds, (least, most)))
                taken = sorted(1000 * one for one in seen.seconds) or [float("nan")]
                p95 = taken[max(0, round(0.95 * len(taken)) - 1)]
                figures = f"{statistics.median(taken):>8.0f}{p95:>8.0f}{taken[-1]:>8.0f}{read_memory(home / 'dashboard.log'):>8.0f}"
                print(f"{viewers:>8}{len(taken):>8}{len(seen.errors):>8}{figures}", flush=True)
                for error in sorted(set(seen.errors))[:5]:
                    print(f"    {error}")


if __name__ == "__main__":
    main()
