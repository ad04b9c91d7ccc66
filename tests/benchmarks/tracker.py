"""What reading one tracker costs behind a slow line: whole, unchanged, and beside a bare loop of the same queries.

`python -m tests.benchmarks.tracker [--threads 1420] [--latency 0.05] [--times 3]` prints the median of each phase and its
ratio to the bare loop of the same run, each from the start of its process, after checking that both hold the same
issues, pull requests and comments. 1,420 threads become about 2,000 issues and pull requests. The
loop asks GraphQL page by page over one connection and keeps nothing but ids.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pipelines.catalog.entries import Channel
from pipelines.sources.github.client import load_queries
from pipelines.sources.github.issue_reader import ISSUES
from pipelines.sources.github.pull_reader import PULLS
from tests.benchmarks.collecting import _ask, _environment, _pipe
from tests.upstream.emulator import Upstream
from tests.upstream.messages import Request, Response
from warehouse.landing import list_landed, open_zone, read_landed

MODULE = [sys.executable, "-m", "tests.benchmarks.tracker"]
LOOP = [sys.executable, "-m", "tests.benchmarks.bare_loop"]
COLLECT = [sys.executable, "-m", "pipelines", "collect", "--since", "2015-01-01", "--budget", str(10**6)]
OWNER, NAME = "org0", "kit0"
SHOWN = ("requests", "charged", "points", "seconds", "cpu", "memory")
HEAD = ("phase", "requests", "charged", "points", "seconds", "CPU s", "peak MB", "to the loop: seconds", "CPU")
FURTHER = (
    "query($owner: String!, $name: String!, $number: Int!, $after: String) { repository(owner: $owner, name: $name)"
    " { issue(number: $number) { comments(first: 100, after: $after) { ...commentPage } } } }"
)
Held = dict[str, list[str]]


def serve(threads: int, latency: float, folder: Path) -> None:
    """Serves a tracker; each line of input is answered by what was asked since the last one."""
    things = ("issues", "pulls")
    channel = Channel(source="github", target=f"{OWNER}/{NAME}", role="sdk", family="family0", things=things)
    with Upstream([channel], seed=1, threads=threads) as up:
        up.github_quota.limit = up.graphql_quota.limit = 10**9
        repository = up.world.ready(up.world.repositories[0])
        up.catalog(folder)

        def answer_late(request: Request, real: Any) -> Response:
            time.sleep(latency)
            answer: Response = real()
            return answer

        up.fail("github", None, answer_late)
        print(json.dumps({"url": f"{up.base('github')}/graphql", "size": repository.tracker.size}), flush=True)
        for _ in sys.stdin:
            rest = [one for one in up.requests if not one.path.endswith("/graphql")]
            charged = sum(one.status != 304 for one in rest)
            said = {"requests": len(up.requests), "charged": charged, "points": up.points}
            up.forget()
            print(json.dumps(said | {"now": up.world.now.isoformat()}), flush=True)


def describe_loop(url: str) -> str:
    """Describes to the bare loop what it asks: Heartbeat's own queries, by as many items as a point allows."""
    order = {"field": "UPDATED_AT", "direction": "ASC"}
    lists = [
        (query.field, load_queries(*query.queries), {"first": query.most, "order": order}) for query in (ISSUES, PULLS)
    ]
    return json.dumps({
        "url": url, "owner": OWNER, "name": NAME, "lists": lists, "further": FURTHER + load_queries("comments"),
    })  # fmt: skip


def read_held(home: Path) -> Held:
    """Reads which issues, pull requests and comments a home holds."""
    zone, held = open_zone(str(home / "landing")), dict[str, set[str]]()
    for name in list_landed(zone):
        _, table = read_landed(zone, name)
        for thing, key in zip(table["thing"].to_pylist(), table["key"].to_pylist(), strict=True):
            held.setdefault(thing, set()).add(key)
    return {thing: sorted(keys) for thing, keys in held.items()}


def main(threads: int, latency: float, times: int) -> None:
    """Runs all phases so many times, checks what they hold and prints the table."""
    runs: dict[str, list[dict[str, Any]]] = {}
    for _ in range(times):
        for name, found in _run_once(threads, latency).items():
            runs.setdefault(name, []).append(found)
    medians = {name: [statistics.median(one[figure] for one in found) for figure in SHOWN]
               for name, found in runs.items()}  # fmt: skip
    bare = medians["bare loop"]
    print(f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}")
    for name, shown in medians.items():
        cells = [f"{shown[0]:,.0f}", f"{shown[1]:,.0f}", f"{shown[2]:,.0f}", f"{shown[3]:.2f}", f"{shown[4]:.2f}",
                 f"{shown[5]:.0f}", f"{shown[3] / bare[3]:.2f}", f"{shown[4] / bare[4]:.2f}"]  # fmt: skip
        print(f"| {' | '.join([name, *cells])} |")


def _run_once(threads: int, latency: float) -> dict[str, dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        world = [*MODULE, "--world", f"{folder}/catalog", "--threads", str(threads), "--latency", str(latency)]
        upstream = subprocess.Popen(world, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            place = json.loads(_pipe(upstream.stdout).readline())
            now = datetime.fromisoformat(_ask(upstream, "")["now"])
            later = _environment(folder, now + timedelta(hours=1))
            found = {
                "bare loop": _time(LOOP, upstream, given=describe_loop(place["url"])),
                "whole": _time(COLLECT, upstream, _environment(folder, now)),
                "nothing changed": _time(COLLECT, upstream, later),
            }
        finally:
            upstream.kill()
        bare, held = found["bare loop"]["held"], read_held(Path(folder, "home"))
    _check(place["size"], {stream: sorted(keys) for stream, keys in bare.items()}, held)
    return found


def _time(
    command: list[str], upstream: subprocess.Popen[str], environment: dict[str, str] | None = None, given: str = ""
) -> dict[str, Any]:
    """Runs a process, and returns what it printed if that is JSON, what it took from its start, and what it asked."""
    _ask(upstream, "")
    with tempfile.NamedTemporaryFile("r") as took:
        whole = [sys.executable, "-m", "tests.benchmarks.measured", took.name, *command]
        done = subprocess.run(whole, env=environment, input=given, stdout=subprocess.PIPE, text=True, check=True)
        told = json.loads(done.stdout) if given else {}
        return dict(told | json.load(took) | _ask(upstream, ""))


def _check(size: int, bare: Held, held: Held) -> None:
    """Raises SystemExit unless both hold the whole tracker: a figure of anything less would be none."""
    counts = {stream: len(keys) for stream, keys in bare.items()}
    if bare != held or counts["issues"] + counts["pulls"] != size:
        raise SystemExit(f"not the same: the loop {counts}, held { ({name: len(one) for name, one in held.items()}) }")
    print(f"both hold {counts} of {size:,} threads", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=1_420)
    parser.add_argument("--latency", type=float, default=0.05)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--world", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.world:
        serve(given.threads, given.latency, given.world)
    else:
        main(given.threads, given.latency, given.times)
