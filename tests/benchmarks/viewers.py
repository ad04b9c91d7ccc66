"""What 10 and 50 people at once cost one dashboard: `python -m tests.benchmarks.viewers [--viewers 1,10,50] [--pause
10,30]`.

Each viewer is a session of its own that speaks Streamlit's protocol, opens a page, and moves a filter or turns the page
every few
seconds. Told are errors, the times of a run from the question to its last element, and the memory of the server, not
what browsers do.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from dashboards.menu import MENU
from tests.dashboards.browser import browser as real
from tests.worlds.page_worlds import NOW, make_sample

PAGES = [name for group in MENU.values() for name in group]
WINDOWS = ("30 days", "90 days", "12 months", "all time")
KINDS = ("issue trackers", "forums and discussions", "subreddits")
PAUSE_SECONDS = "10,30"
"""How long a viewer looks before the next move, at least and at most; one process draws some five to eight pages a
second."""
FAILED = "This page could not be shown"


@dataclass
class Seen:
    """What the viewers met."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


async def run(socket: ClientConnection, page: str, query: str, seen: Seen) -> None:
    """One run of the app, from the question to the last element."""
    asked = BackMsg()
    asked.rerun_script.query_string = query
    asked.rerun_script.page_name = page
    began = time.perf_counter()
    await socket.send(asked.SerializeToString())
    while True:
        said = ForwardMsg()
        said.ParseFromString(bytes(await asyncio.wait_for(socket.recv(decode=False), 60)))
        kind = said.WhichOneof("type")
        if kind == "delta":
            element = said.delta.new_element
            if element.WhichOneof("type") == "exception" or (
                element.WhichOneof("type") == "heading" and FAILED in element.heading.body
            ):
                seen.errors.append(f"{page}?{query}")
        elif kind == "script_finished" and said.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
            seen.seconds.append(time.perf_counter() - began)
            return


async def viewer(url: str, number: int, until: float, pause: tuple[float, float], seen: Seen) -> None:
    """Opens pages and moves filters until the time is over."""
    chance = random.Random(number)
    try:
        async with connect(url, max_size=None, compression=None, subprotocols=None) as socket:
            page = chance.choice(PAGES)
            while time.monotonic() < until:
                await asyncio.sleep(chance.uniform(*pause))
                page = chance.choice(PAGES) if chance.random() < 0.4 else page
                asked = {"window": chance.choice(WINDOWS), "kind": chance.choice(KINDS)}
                await run(socket, page, urlencode(asked), seen)
    except Exception as error:
        seen.errors.append(f"viewer {number}: {type(error).__name__}: {error}")


async def watch(url: str, viewers: int, seconds: float, pause: tuple[float, float]) -> Seen:
    """All viewers at once."""
    seen = Seen()
    until = time.monotonic() + seconds
    await asyncio.gather(*(viewer(url, number, until, pause, seen) for number in range(viewers)))
    return seen


def memory(log: Path) -> float:
    """Resident megabytes of the server that writes this log."""
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            if (status.parent / "fd" / "1").resolve() == log.resolve():
                return int(status.read_text().split("VmRSS:")[1].split()[0]) / 1024
        except (OSError, IndexError):
            continue
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
                seen = asyncio.run(
                    watch(url.replace("http", "ws") + "/_stcore/stream", viewers, asked.seconds, (least, most))
                )
                taken = sorted(1000 * one for one in seen.seconds) or [float("nan")]
                p95 = taken[max(0, round(0.95 * len(taken)) - 1)]
                figures = f"{statistics.median(taken):>8.0f}{p95:>8.0f}{taken[-1]:>8.0f}{memory(home / 'dashboard.log'):>8.0f}"
                print(f"{viewers:>8}{len(taken):>8}{len(seen.errors):>8}{figures}", flush=True)
                for error in sorted(set(seen.errors))[:5]:
                    print(f"    {error}")


if __name__ == "__main__":
    main()
