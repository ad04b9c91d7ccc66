"""What 10 and 50 people at once cost a dashboard, and what it takes over time: `python -m tests.benchmarks.viewers
[--viewers 1,10,50] [--pause 10,30] [--dashboards 1]`, and for an hour `--viewers 50 --seconds 3600`. Several
dashboards stand behind the proxy of a deployment.

Each viewer is a session of its own that speaks Streamlit's protocol, opens a page, moves a filter or turns the page every
few seconds, and looks for a newer snapshot between; after a while it closes the tab and opens another. Told are errors,
the times of a run from the question to its last element, and the memory of the server, not what browsers do.
"""

import argparse
import asyncio
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.benchmarks.memory import SAMPLE_SECONDS, MemoryCourse, find_server
from tests.benchmarks.tabs import STREAM, Address, Seen, Stay, read_together
from tests.dashboards.browser import browser as real
from tests.deploying.proxies import LOGIN, open_proxy, serve_behind
from tests.worlds.page_worlds import NOW, make_sample
from tests.worlds.ports import free_port

PAUSE_SECONDS = "10,30"
"""How long a viewer looks before the next move, at least and at most; one process draws some five to eight pages a
second."""


def print_line(viewers: int, seconds: float, seen: Seen, before: int, megabytes: float) -> None:
    """Prints what the viewers met since the line before, and the errors so far."""
    taken = sorted(1000 * one for one in seen.seconds[before:]) or [float("nan")]
    p95 = taken[max(0, round(0.95 * len(taken)) - 1)]
    times = f"{statistics.median(taken):>8.0f}{p95:>8.0f}{taken[-1]:>8.0f}"
    counts = f"{len(seen.seconds):>8}{seen.looks:>8}{seen.closed:>8}{len(seen.errors):>8}"
    print(f"{viewers:>8}{seconds / 60:>8.0f}{counts}{times}{megabytes:>8.0f}", flush=True)


async def watch(address: Address, viewers: int, course: MemoryCourse, asked: argparse.Namespace) -> Seen:
    """Keeps the viewers at it, and prints a line every so many seconds."""
    seen, over = Seen(), asyncio.Event()
    loop = asyncio.get_running_loop()
    began, told, before = loop.time(), 0.0, 0
    tabs = asyncio.create_task(read_together(address, viewers, over, asked.stay, seen))
    while not over.is_set():
        await asyncio.sleep(SAMPLE_SECONDS)
        spent = loop.time() - began
        megabytes = course.look(spent / 3600)
        if spent >= asked.seconds:
            over.set()
        if over.is_set() or spent - told >= asked.every:
            print_line(viewers, spent, seen, before, megabytes)
            told, before = spent, len(seen.seconds)
    await tabs
    return seen


def parse_range(text: str) -> tuple[float, float]:
    """Reads `least,most`."""
    least, most = (float(one) for one in text.split(","))
    return least, most


@contextmanager
def serve(home: Path, folder: Path, dashboards: int) -> Iterator[tuple[Address, list[int]]]:
    """Serves one dashboard, or several behind a proxy; gives their address and the ids of their processes."""
    if dashboards == 1:
        with real.dashboard(home, NOW.isoformat()) as url:
            yield Address(url.replace("http", "ws") + STREAM), [find_server(home / "dashboard.log")]
        return
    port, own = free_port(), [free_port() for _ in range(dashboards)]
    with ExitStack() as stack:
        stack.enter_context(open_proxy(folder, port, own))
        servers = [stack.enter_context(serve_behind(port, home, one)).pid for one in own]
        yield Address(f"ws://127.0.0.1:{port}{STREAM}", LOGIN | {"Origin": f"http://127.0.0.1:{port}"}), servers


def main() -> None:
    """Prints a line a number of viewers, and more of a long time."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--viewers", default="1,10,50")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pause", default=PAUSE_SECONDS, help="seconds between two moves of a viewer, as least,most")
    parser.add_argument(
        "--tab", type=float, default=600, help="seconds until a viewer closes the tab and opens another"
    )
    parser.add_argument("--every", type=float, default=300, help="seconds between two lines")
    parser.add_argument("--dashboards", type=int, default=1, help="several stand behind a proxy")
    parser.add_argument("--home", type=Path)
    asked = parser.parse_args()
    asked.stay = Stay(*parse_range(asked.pause), asked.tab)
    with tempfile.TemporaryDirectory() as folder:
        home = asked.home or make_sample(Path(folder))
        words = ("viewers", "minute", "runs", "looks", "closed", "errors", "p50 ms", "p95 ms", "max ms", "MB")
        print("".join(f"{word:>8}" for word in words), flush=True)
        with serve(home, Path(folder), asked.dashboards) as (address, servers):
            for viewers in (int(one) for one in asked.viewers.split(",")):
                course = MemoryCourse(servers, "an hour")
                seen = asyncio.run(watch(address, viewers, course, asked))
                for error in sorted(set(seen.errors))[:5]:
                    print(f"    {error}")
                if asked.seconds > asked.every:
                    print(course.judge())


if __name__ == "__main__":
    main()
