"""A worker that collects toy channels into the landing zone of its settings, as a process of its own.

`python -m tests.worlds.stores.worker CHANNELS SECONDS [HANGING [ONLY [MEETING]]]`: how many channels, how long a lease
lasts, at which one it hangs for good once it holds it, the one that alone it visits, and the folder where two workers
meet: no visit of theirs goes on before both have begun one. Prints a line once it has opened its run, then waits for
one; prints each channel that it reads, and a line of states at the end.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

from pipelines import sources
from pipelines.catalog.entries import Channel
from pipelines.collecting import run as collecting
from pipelines.contract import Page, Row, Stream, Visit
from warehouse.objects import leases
from warehouse.settings import read_settings

PAGES, SECONDS_A_PAGE, MOST_SECONDS = 3, 0.02, 60


def make_channels(count: int) -> tuple[Channel, ...]:
    """Channels of a toy source, each on a host of its own."""
    return tuple(
        Channel(source="toy", target=f"c{number:02}", role="sdk", family="fam", base_url=f"https://c{number:02}.test")
        for number in range(count)
    )


def meet(folder: Path) -> None:
    """Waits until another worker meets here, too. Raises TimeoutError where none comes within a minute."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / str(os.getpid())).touch()
    deadline = time.monotonic() + MOST_SECONDS
    while len(list(folder.iterdir())) < 2:
        if time.monotonic() > deadline:
            raise TimeoutError(f"no other worker came to {folder}")
        time.sleep(SECONDS_A_PAGE)


def make_toy(hanging: str = "", meeting: str = "") -> ModuleType:
    """A source of few rows, whose cursor counts the visits."""

    def things(visit: Visit) -> Iterator[Page]:
        print(f"{visit.channel.target}\n", end="", flush=True)  # in one piece, as others print, too
        while visit.channel.target == hanging:
            time.sleep(1)
        if meeting:
            meet(Path(meeting))
        count = visit.cursor.get("visits", 0)
        for page in range(PAGES):
            time.sleep(SECONDS_A_PAGE)
            at = visit.now + timedelta(seconds=page)
            yield Page([Row(f"{count}-{page}", at, {"page": page})], cursor={"visits": count + 1})

    module = ModuleType("toy")
    module.STREAMS = {"things": Stream("oldest-first")}  # type: ignore[attr-defined]
    module.things, module.BASE_URL = things, "https://toy.test"  # type: ignore[attr-defined]
    return module


def main(count: int, seconds: float, hanging: str = "", only: str = "", meeting: str = "") -> None:
    """Collects all channels once, or only one of them."""
    leases.SECONDS = seconds
    collecting.AT_ONCE = 3  # with those of PARALLEL, one worker holds eight of twelve channels at a time
    toy, settings = make_toy(hanging, meeting), read_settings(None)
    sources.load_source = lambda name: toy
    real = collecting.open_run

    def open_and_wait(*arguments: Any) -> collecting.CollectingRun:
        run = real(*arguments)
        print("ready", flush=True)
        sys.stdin.readline()
        return run

    collecting.open_run = open_and_wait  # type: ignore[assignment]
    channels = tuple(channel for channel in make_channels(count) if only in ("", channel.target))
    results = collecting.collect_plan(collecting.Plan(channels, settings.clock(), 10), settings)
    print(json.dumps({one.channel.target: one.outcomes["things"].state for one in results}), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), *sys.argv[3:])
