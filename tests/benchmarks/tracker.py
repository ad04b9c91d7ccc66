"""What reading one tracker costs behind a slow line, beside other tools: whole, unchanged, and with a hundredth changed.

`python -m tests.benchmarks.tracker [--threads 1420] [--latency 0.05] [--times 5] [--peers dlt,perceval]` prints the
median of each tool, from the start of its process, and its ratio to ours of the same run, after checking that all hold
the same threads. 1,420 threads become about 2,000 issues and pull requests. What a peer needs is installed into an
environment of its own. The bare loops keep nothing but rows; Perceval takes minutes and runs once.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pipelines.sources.github.client import load_queries
from pipelines.sources.github.issue_reader import ISSUES
from pipelines.sources.github.pull_reader import PULLS
from tests.benchmarks.measurements import OURS, Measurement, find_medians, measure_command, print_table
from tests.benchmarks.peers.environments import prepare_environment
from tests.benchmarks.peers.rows import Held, read_held
from tests.benchmarks.tracker_server import NAME, OWNER, TrackerServer, serve
from warehouse.landing import list_landed, open_zone, read_landed

SCRIPTS = Path(__file__).parent / "peers"
WHOLE, UNCHANGED, CHANGED = "tracker, whole", "tracker, nothing changed", "tracker, 1 % changed"
COLLECT = [sys.executable, "-m", "pipelines", "collect", "--since", "2015-01-01", "--budget", str(10**6)]
FURTHER = (
    "query($owner: String!, $name: String!, $number: Int!, $after: String) { repository(owner: $owner, name: $name)"
    " { issue(number: $number) { comments(first: 100, after: $after) { ...commentPage } } } }"
)


@dataclass(frozen=True, slots=True)
class Peer:
    """A tool that reads the same tracker."""

    script: str
    package: str = ""
    """What is installed for it; empty where our own environment has what it needs."""
    goes_on: bool = True
    """It can go on from what it read before."""
    is_slow: bool = False


PEERS = {
    "bare GraphQL loop": Peer("graphql_loop", goes_on=False),
    "PyGithub loop": Peer("pygithub_loop"),
    "dlt": Peer("dlt_pipeline", "dlt"),
    "Meltano tap": Peer("meltano_tap", "meltanolabs-tap-github"),
    "Perceval": Peer("perceval_fetch", "perceval", is_slow=True),
}


@dataclass(slots=True)
class Round:
    """One run of all tools over a tracker of its own."""

    folder: Path
    server: TrackerServer
    peers: Sequence[str]
    found: list[Measurement] = field(default_factory=list)

    def read_all(self, work: str, now: datetime, since: str = "") -> None:
        """Lets each tool read the tracker, ours at a moment of the emulated world."""
        for name in self.peers:
            if not since or PEERS[name].goes_on:
                self._measure(work, name, self._make_command(name, since))
        environment = os.environ | {
            "HEARTBEAT_HOME": str(self.folder / "home"), "HEARTBEAT_CATALOG": str(self.folder / "catalog"),
            "HEARTBEAT_CATALOG_ONLY": "1", "HEARTBEAT_ALLOW_PRIVATE_HOSTS": "127.0.0.1",
            "HEARTBEAT_NOW": now.isoformat(), "GITHUB_TOKEN": "test", "HF_TOKEN": "",
        }  # fmt: skip
        self._measure(work, OURS, COLLECT, environment)

    def _make_command(self, name: str, since: str) -> list[str]:
        peer, place = PEERS[name], self.folder / name
        place.mkdir(exist_ok=True)
        task = place / "task.json"
        task.write_text(json.dumps(describe_task(self.server.url) | {"since": since}), encoding="utf-8")
        python = prepare_environment(peer.package) if peer.package else Path(sys.executable)
        return [str(python), str(SCRIPTS / f"{peer.script}.py"), str(task), str(place)]

    def _measure(self, work: str, tool: str, command: list[str], environment: dict[str, str] | None = None) -> None:
        self.server.ask("count")
        took = measure_command(command, environment)
        asked = self.server.ask("count")
        counts = {name: float(asked[name]) for name in ("requests", "charged", "points")}
        self.found.append(Measurement(work, tool, counts | took))

    def check(self) -> None:
        """Raises SystemExit unless all hold the whole tracker: a figure of anything less would be none. Those that
        read by REST hold the comments on pull requests, too."""
        ours = read_own(self.folder / "home")
        for name in self.peers:
            held = read_held(self.folder / name)
            if held["threads"] != ours["threads"] or not ours["comments"] <= held["comments"]:
                counts = {stream: (len(ours[stream]), len(held[stream])) for stream in ours}
                raise SystemExit(f"not the same (ours, {name}): {counts}")
        if len(ours["threads"]) != self.server.size:
            raise SystemExit(f"{len(ours['threads'])} threads are held of {self.server.size}")
        print(f"all hold {len(ours['threads']):,} threads, {len(ours['comments']):,} comments", file=sys.stderr)


def describe_task(url: str) -> dict[str, Any]:
    """Describes to a peer what to read; to the bare loop with our own queries, by as many items as a point allows."""
    order = {"field": "UPDATED_AT", "direction": "ASC"}
    lists = [
        (query.field, load_queries(*query.queries), {"first": query.most, "order": order}) for query in (ISSUES, PULLS)
    ]
    return {
        "url": url, "graphql": f"{url}/graphql", "owner": OWNER, "name": NAME, "lists": lists,
        "further": FURTHER + load_queries("comments"),
    }  # fmt: skip


def read_own(home: Path) -> Held:
    """Reads which threads and comments a home holds."""
    zone, held = open_zone(str(home / "landing")), Held(threads=set(), comments=set())
    streams = {"issues": "threads", "pulls": "threads", "comments": "comments"}
    for name in list_landed(zone):
        _, table = read_landed(zone, name)
        for thing, key in zip(table["thing"].to_pylist(), table["key"].to_pylist(), strict=True):
            if thing in streams:
                held[streams[thing]].add(key)
    return held


def measure_tracker(times: int, threads: int, latency: float, peers: Iterable[str]) -> list[Measurement]:
    """Measures each tool so many times; the slow ones once."""
    found: list[Measurement] = []
    for number in range(times):
        chosen = [name for name in peers if number == 0 or not PEERS[name].is_slow]
        with tempfile.TemporaryDirectory() as folder:
            found += _measure_once(Path(folder), threads, latency, chosen)
    return find_medians(found)


def _measure_once(folder: Path, threads: int, latency: float, peers: Sequence[str]) -> list[Measurement]:
    with TrackerServer(folder / "catalog", threads, latency) as server:
        this = Round(folder, server, peers)
        now = server.read_time()
        this.read_all(WHOLE, now)
        this.check()
        this.read_all(UNCHANGED, now + timedelta(hours=1), since=now.isoformat())
        this.read_all(CHANGED, server.read_time("change"), since=now.isoformat())
        this.peers = [name for name in peers if PEERS[name].goes_on]
        this.check()
    return this.found


def read_peers(named: str) -> list[str]:
    """Reads how the names of peers begin, divided by commas; all of them where nothing is named."""
    wanted = [word.strip().lower() for word in named.split(",") if word.strip()]
    if unknown := [word for word in wanted if not any(name.lower().startswith(word) for name in PEERS)]:
        raise SystemExit(f"no peer is named {', '.join(unknown)}; there are: {', '.join(PEERS)}")
    return [name for name in PEERS if not wanted or any(name.lower().startswith(word) for word in wanted)]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=1_420)
    parser.add_argument("--latency", type=float, default=0.05)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--peers", default="", help=f"some of: {', '.join(PEERS)}")
    parser.add_argument("--world", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.world:
        serve(given.threads, given.latency, given.world)
    else:
        print_table(measure_tracker(given.times, given.threads, given.latency, read_peers(given.peers)))
