"""What building costs: all tables of many threads, then again after little or nothing changed.

`python -m tests.tools.building [--threads 100000] [--times 5] [--profile]` prints the median seconds, CPU seconds and
peak memory of each build, what it made, and their ratios to a full build. Before anything is timed, a smaller world
shows that the figures after each change are those of a full build.
Each step is a process of its own, which opens the warehouse as the product does: the memory is the build's alone.
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import duckdb

from analytics.engine import build as engine
from analytics.engine.build import BuildReport, build_tables
from analytics.engine.staging import add_new_rows
from tests.tools.measurements import OURS, Measurement, find_medians, print_table
from tests.tools.threads_world import CHANGES, change_rows, fill_world
from tests.worlds.figures import PUBLIC, differences, figures
from warehouse.database import open_warehouse
from warehouse.load import fit_threads

FULL, NOTHING = "all tables", "nothing changed"
STEPS = (FULL, NOTHING, *CHANGES)
CHECKED_THREADS = 1000
"""Threads of the world in which figures are compared; enough that most are measured."""
TOLERANCE = 1e-9


def open_home(home: Path) -> closing[duckdb.DuckDBPyConnection]:
    """Opens the warehouse of a home as a run does, with its limit of memory and its threads."""
    connection = open_warehouse(home)
    fit_threads(connection)
    return closing(connection)


def measure_step(home: Path, step: str) -> dict[str, Any]:
    """Takes one step in this process, and returns its figures and its slowest tables by CPU seconds, which other work
    on the machine changes least; what changed is loaded before the clock starts."""
    with open_home(home) as connection:
        if step in CHANGES:
            change_rows(connection, step)
        slowest: dict[str, float] = {}
        began, cpu_began = time.perf_counter(), time.process_time()
        report = _build_timed(connection, slowest, full=step == FULL)
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu_began
    made = {f"metrics.{name}" for name in PUBLIC} & set(report.built)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    shown = {"seconds": seconds, "cpu": cpu, "memory": memory, "tables": len(report.built), "metrics": len(made)}
    return {"figures": shown, "slowest": sorted(slowest.items(), key=lambda one: -one[1])[:10]}


def _build_timed(connection: duckdb.DuckDBPyConnection, seconds: dict[str, float], full: bool) -> BuildReport:
    """Builds, and adds the CPU seconds of each table."""

    def time_table(real: Callable[..., Any], connection: Any, table: Any, *rest: Any) -> Any:
        began = time.process_time()
        try:
            return real(connection, table, *rest)
        finally:
            seconds[table.table] = time.process_time() - began

    make, type_rows = engine._build_model, add_new_rows
    with (
        patch.object(engine, "_build_model", lambda *given: time_table(make, *given)),
        patch.object(engine, "add_new_rows", lambda *given: time_table(type_rows, *given)),
    ):
        return build_tables(connection, full)


def check_figures(connection: duckdb.DuckDBPyConnection, changes: Iterable[str]) -> list[str]:
    """Builds after each of these changes, and returns the public metrics with a figure that a full build then gives
    otherwise."""
    for change in changes:
        assert change_rows(connection, change), f"{change} changes no row"
        build_tables(connection)
    by_step = figures(connection)
    build_tables(connection, full=True)
    return [name for name, _, _ in differences(by_step, figures(connection), TOLERANCE)]


def check_changes(home: Path, threads: int) -> dict[str, list[str]]:
    """Checks the figures of a world of its own after each change."""
    with open_home(home) as connection:
        fill_world(connection, threads)
        build_tables(connection)
        return {change: check_figures(connection, [change]) for change in CHANGES}


def run_apart(*options: str) -> Any:
    """Runs a part of this benchmark in a process of its own, and returns what it printed."""
    command = [sys.executable, "-m", "tests.tools.building", *options]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def measure_building(threads: int, times: int, is_profiled: bool = False) -> list[Measurement]:
    """Checks the figures of a smaller world, then measures each step so many times, each time in the same new world.
    Raises SystemExit where figures differ."""
    with TemporaryDirectory() as name:
        folder, found = Path(name), list[Measurement]()
        checked = run_apart("--check", "--home", str(folder / "small"), "--threads", str(min(threads, CHECKED_THREADS)))
        if any(checked.values()):
            raise SystemExit(f"other figures than a full build's: {checked}")
        with open_home(folder / "new") as connection:
            fill_world(connection, threads)
        for number in range(times):
            home = folder / "home"
            shutil.rmtree(home, ignore_errors=True)
            shutil.copytree(folder / "new", home)
            for step in STEPS:
                found += _measure_build(home, step, is_profiled and number == 0)
    return [*find_medians(found), *_repeat_full_build(find_medians(found))]


def _measure_build(home: Path, step: str, is_profiled: bool) -> list[Measurement]:
    told = run_apart("--step", step, "--home", str(home))
    if is_profiled:
        tables = "\n".join(f"    {seconds:7.2f} CPU s  {table}" for table, seconds in told["slowest"])
        print(f"{step}:\n{tables}", file=sys.stderr)
    return [Measurement(_name_work(step), OURS, told["figures"])]


def _name_work(step: str) -> str:
    return f"build, {step}"


def _repeat_full_build(found: Sequence[Measurement]) -> list[Measurement]:
    """Sets the full build beside each other one."""
    full = next(one for one in found if one.work == _name_work(FULL) and one.tool == OURS)
    return [Measurement(_name_work(step), "a full build", full.figures) for step in STEPS if step != FULL]


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.tools.building")
    parser.add_argument("--threads", type=int, default=100_000, help="how many threads; five times as many replies")
    parser.add_argument("--times", type=int, default=5, help="how often each step is measured")
    parser.add_argument("--profile", action="store_true", help="also print the ten slowest tables of each build")
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--check", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    given = _read_options()
    if given.check:
        print(json.dumps(check_changes(given.home, given.threads)))
    elif given.step:
        print(json.dumps(measure_step(given.home, given.step)))
    else:
        print_table(measure_building(given.threads, given.times, given.profile))
