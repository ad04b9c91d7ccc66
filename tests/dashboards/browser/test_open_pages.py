"""What open pages cost while nobody touches them."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

from websockets.asyncio.client import connect

from dashboards.menu import page_address
from tests.benchmarks.memory import find_server
from tests.benchmarks.tabs import Seen, Tab
from tests.dashboards.browser import browser as real
from tests.worlds.page_worlds import NOW

PAGE = page_address("support/waiting")
TIMES = 20


def test_a_look_for_a_newer_snapshot_takes_a_small_part_of_a_run_of_the_page(sample_home: Path) -> None:
    """Each open page looks every five seconds, so that looks, not runs, are what many open pages cost."""
    with real.dashboard(sample_home, NOW.isoformat()) as url:
        server = find_server(sample_home / "dashboard.log")
        run, look = asyncio.run(_measure(url.replace("http", "ws") + "/_stcore/stream", server))
    assert look < run / 3


async def _measure(address: str, server: int) -> tuple[float, float]:
    """Measures the processor time of runs of a page and of as many looks."""
    seen = Seen()
    async with connect(address, max_size=None) as socket:
        tab = Tab(socket, 0, seen)
        await tab.open_page(PAGE, "")
        times = await _time(server, lambda: tab.open_page(PAGE, "")), await _time(server, tab.look)
    assert not seen.errors
    return times


async def _time(server: int, act: Callable[[], Awaitable[None]]) -> float:
    before = _read_processor_time(server)
    for _ in range(TIMES):
        await act()
    return _read_processor_time(server) - before


def _read_processor_time(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
