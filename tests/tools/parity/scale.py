"""What a build on Spark costs beside DuckDB's: `python -m tests.tools.parity.scale --threads N [--clients 2]
[--memory 3GB]`.

A world of so many threads, with five replies each, is built once by DuckDB, and by some clients at once on one Sail
server. Prints seconds, CPU seconds and peak memory of each process, and how many rows are equal.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from analytics.engine.build import build_tables
from tests.benchmarks.building import open_home
from tests.benchmarks.threads_world import fill_world
from tests.paths import ROOT
from tests.tools.parity.builds import compare_builds
from tests.tools.parity.sail import find_packages, serve_sail

TICKS = os.sysconf("SC_CLK_TCK")


def build_home(home: Path, address: str, memory: str = "") -> dict[str, Any]:
    """Builds the warehouse of a home in this process, by DuckDB or on a server, and returns what it took."""
    began = time.perf_counter()
    with open_home(home) as connection:
        if memory:
            connection.execute(f"set memory_limit = '{memory}'")
        if not address:
            build_tables(connection, full=True)
        else:
            sys.path.append(find_packages())
            from analytics.spark.building import open_build
            from analytics.spark.session import open_session, read_server

            server = read_server(address)
            with open_session(server) as session, open_build(session, server, home / "spark", home) as build:
                build_tables(connection, maker=build)
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = used.ru_utime + used.ru_stime
    return {"seconds": time.perf_counter() - began, "cpu": cpu, "memory": used.ru_maxrss / 1024}


def start_build(home: Path, address: str = "", memory: str = "") -> subprocess.Popen[str]:
    """Starts such a build in a process of its own."""
    command = [sys.executable, "-m", "tests.tools.parity.scale", "--home", str(home), "--remote", address]
    command += ["--memory", memory]
    return subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True)


def finish_build(process: subprocess.Popen[str], name: str) -> None:
    """Waits for a build, and prints what it took."""
    told = process.communicate()[0]
    if process.returncode:
        raise SystemExit(f"{name} failed")
    _print_figures(name, json.loads(told.splitlines()[-1]))


def read_server_use(process: int) -> dict[str, float]:
    """Reads what a server took so far."""
    times = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    peak = Path(f"/proc/{process}/status").read_text(encoding="ascii").split("VmHWM:")[1].split()[0]
    return {"seconds": 0, "cpu": (int(times[11]) + int(times[12])) / TICKS, "memory": int(peak) / 1024}


def measure_scale(threads: int, clients: int, memory: str = "") -> None:
    """Builds the world by both engines, and compares."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        with open_home(folder / "duckdb") as connection:
            fill_world(connection, threads)
        homes = [folder / f"spark{number}" for number in range(clients)]
        for home in homes:
            shutil.copytree(folder / "duckdb", home)
        finish_build(start_build(folder / "duckdb"), "DuckDB")
        with serve_sail() as (address, process):
            began = time.perf_counter()
            builds = [start_build(home, address, memory) for home in homes]
            for build in builds:
                finish_build(build, "client")
            _print_figures("Sail", read_server_use(process) | {"seconds": time.perf_counter() - began})
        for home in homes:
            compared = compare_builds(folder / "duckdb" / "warehouse.duckdb", home / "warehouse.duckdb")
            print(f"{len(compared)} tables, {sum(item.rows for item in compared):,} rows", flush=True)
            for item in compared:
                if item.cause:
                    print(f"    {item.table}: {item.cause}", flush=True)


def _print_figures(name: str, figures: dict[str, float]) -> None:
    seconds, cpu, memory = (figures[one] for one in ("seconds", "cpu", "memory"))
    print(f"{name:<8}{seconds:>8.0f} s {cpu:>8.0f} CPU s {memory:>8,.0f} MB", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=10_000, help="how many threads; five times as many replies")
    parser.add_argument("--clients", type=int, default=2, help="how many builds at once on one server")
    parser.add_argument("--memory", default="", help="the most that DuckDB may hold in a client, as in 3GB")
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--remote", default="", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.home:
        print(json.dumps(build_home(given.home, given.remote, given.memory)))
        sys.stdout.flush()
        # What a client leaves running would otherwise be waited for.
        os._exit(0)
    measure_scale(given.threads, given.clients, given.memory)
