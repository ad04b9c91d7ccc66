"""What collecting costs: an emulated world is read whole, again unchanged, and again with a hundredth changed.

`python -m tests.benchmarks.collecting [--families 20] [--threads 200000]` prints requests, points, seconds, CPU, rows a
second and peak memory. `python -m tests.benchmarks.tracker` compares
one tracker behind a slow line with a bare loop.
The world runs in a process of its own, and so does each collection: the memory is the collector's alone.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

from pipelines.catalog.entries import Channel
from pipelines.catalog.reader import read_catalog
from pipelines.collecting import planning
from pipelines.collecting import run as collecting
from tests.upstream import Upstream
from warehouse.settings import read_settings

SINCE = datetime(2015, 1, 1, tzinfo=UTC)
"""Before all of the world, so that every thread is read."""
HEADER = ("phase", "rows", "requests", "points", "seconds", "CPU s", "rows/s", "peak MB", "states")


def world(families: int, threads: int, folder: Path) -> None:
    """Serves the world until its input ends; each line of input makes something happen and is answered by one line."""
    channels = [
        Channel(source="github", target=f"org{n}/kit{n}", role="sdk", family=f"family{n}") for n in range(families)
    ]
    with Upstream(channels, seed=1, threads=threads) as up:
        # No token is allowed so much in an hour; the table says how many hours of allowance the points are.
        up.github_quota.limit = up.graphql_quota.limit = 10**9
        for one in up.world.repositories:
            up.world.ready(one)
        up.catalog(folder)
        print("ready", flush=True)
        for line in sys.stdin:
            if line.strip() == "change":
                up.world.advance(2)
                up.world.change(0.01)
                up.world.advance(0.1)
            said = {"requests": len(up.requests), "points": up.points, "now": up.world.now.isoformat()}
            up.forget()
            print(json.dumps(said), flush=True)


def collect() -> None:
    """One collection, as `heartbeat collect` does it; prints what it came to."""
    settings, began = read_settings(), time.monotonic()
    results = collecting.collect_plan(
        planning.make_plan(settings, planning.open_catalog(settings), SINCE, 10**9), settings
    )
    seconds, states, errors = time.monotonic() - began, dict[str, int](), set[str]()
    for outcome in (outcome for result in results for outcome in result.outcomes.values()):
        states[outcome.state] = states.get(outcome.state, 0) + 1
        errors |= {outcome.error} - {""}
    landed = sum(path.stat().st_size for path in Path(settings.landing_url).rglob("*.parquet"))
    own = resource.getrusage(resource.RUSAGE_SELF)
    rows = sum(result.rows for result in results)
    print(
        json.dumps(
            {
                "seconds": seconds,
                "states": states,
                "memory": own.ru_maxrss / 1024,
                "cpu": own.ru_utime + own.ru_stime,
                "rows": rows,
                "errors": sorted(errors)[:3],
                "landed": landed,
            }
        )
    )


def _phase(name: str, upstream: subprocess.Popen[str], environment: dict[str, str]) -> dict[str, Any]:
    _ask(upstream, "count")
    command = [sys.executable, "-m", "tests.benchmarks.collecting", "--collect"]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1]) | _ask(upstream, "count") | {"phase": name}
    states = ", ".join(f"{count} {state}" for state, count in sorted(found["states"].items()))
    shown = (name, f"{found['rows']:,}", f"{found['requests']:,}", f"{found['points']:,}", f"{found['seconds']:.1f}",
             f"{found['cpu']:.1f}", f"{found['rows'] / found['seconds']:,.0f}", f"{found['memory']:.0f}", states)  # fmt: skip
    print("| " + " | ".join(shown) + " |", flush=True)
    for error in found["errors"]:
        print(f"    {error}")
    return dict(found)


def _ask(upstream: subprocess.Popen[str], what: str) -> dict[str, Any]:
    _pipe(upstream.stdin).write(what + "\n")
    _pipe(upstream.stdin).flush()
    return dict(json.loads(_pipe(upstream.stdout).readline()))


def _pipe(found: IO[str] | None) -> IO[str]:
    assert found is not None
    return found


def main(families: int, threads: int) -> None:
    """Runs the three phases and prints the table."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "tests.benchmarks.collecting",
            "--world",
            folder + "/catalog",
            "--families",
            str(families),
        ]
        upstream = subprocess.Popen(
            [*command, "--threads", str(threads)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )  # fmt: skip
        try:
            _pipe(upstream.stdout).readline()
            now = datetime.fromisoformat(_ask(upstream, "count")["now"])
            channels = len(read_catalog([Path(folder, "catalog")], frozenset({"127.0.0.1"})).channels)
            print(
                f"{channels} channels, {threads:,} threads\n\n| {' | '.join(HEADER)} |\n|{'---|' * len(HEADER)}",
                flush=True,
            )
            full = _phase("full", upstream, _environment(folder, now))
            _phase("nothing changed", upstream, _environment(folder, now + timedelta(hours=1)))
            changed = datetime.fromisoformat(_ask(upstream, "change")["now"])
            _phase("1 % changed", upstream, _environment(folder, max(changed, now + timedelta(hours=2))))
            print(
                f"\nlanded {full['landed'] / 1e6:.0f} MB; the full run's points are {full['points'] / 5000:.1f} hours "
                f"of one token"
            )
        finally:
            upstream.kill()


def _environment(folder: str, now: datetime) -> dict[str, str]:
    return os.environ | {
        "HEARTBEAT_HOME": folder + "/home", "HEARTBEAT_CATALOG": folder + "/catalog", "HEARTBEAT_CATALOG_ONLY": "1",
        "HF_TOKEN": "",
        "HEARTBEAT_ALLOW_PRIVATE_HOSTS": "127.0.0.1", "HEARTBEAT_NOW": now.isoformat(), "GITHUB_TOKEN": "test",
    }  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--families", type=int, default=20)
    parser.add_argument("--threads", type=int, default=200_000)
    parser.add_argument("--world", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--collect", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.collect:
        collect()
    elif given.world:
        world(given.families, given.threads, given.world)
    else:
        main(given.families, given.threads)
