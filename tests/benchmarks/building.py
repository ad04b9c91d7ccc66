"""What building costs: all tables of many threads, then again after little or nothing changed.

`python -m tests.benchmarks.building [--threads 100000] [--profile]` prints a table: seconds, CPU seconds and peak memory
of each build, what it made, and how many times as long it takes as a plain count of the same replies.
Before anything is timed, a smaller world shows that the figures after each change are those of a full build.
Each step is a process of its own, which opens the warehouse as the product does: the memory is the build's alone.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import duckdb

from analytics.engine import build as engine
from analytics.engine.build import BuildReport, build_tables
from analytics.engine.staging import add_new_rows
from tests.benchmarks.threads_world import CHANGES, REPLIES_PER_THREAD, change_rows, fill_world
from tests.worlds.figures import PUBLIC, differences, figures
from warehouse.database import open_warehouse, warehouse_path
from warehouse.load import fit_threads

FULL, COUNT, NOTHING = "all tables", "plain count with first answer", "nothing changed"
STEPS = (FULL, COUNT, NOTHING, *CHANGES)
CHECKED_THREADS = 1000
"""Threads of the world in which figures are compared; enough that most are measured."""
TOLERANCE = 1e-9
PLAIN = """
create temp table plain as
    select thread_id, count(*), min(replied_at) filter (where author_role in ('maintainer', 'staff'))
    from staging.replies group by thread_id
"""
HEADER = ("step", "seconds", "CPU s", "peak MB", "tables", "figures", "x plain count", "% of all tables")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one step took, and what it made."""

    step: str
    seconds: float
    cpu_seconds: float
    peak_mb: float
    tables: int
    figures: int
    """Metrics whose figures were made anew."""
    slowest: list[tuple[str, float]]
    """The tables that took most CPU seconds, which other work on the machine changes least."""


def open_home(home: Path) -> closing[duckdb.DuckDBPyConnection]:
    """Opens the warehouse of a home as a run does, with its limit of memory and its threads."""
    connection = open_warehouse(home)
    fit_threads(connection)
    return closing(connection)


def measure_step(home: Path, step: str) -> Cost:
    """Takes one step in this process; what changed is loaded before the clock starts."""
    with open_home(home) as connection:
        if step in CHANGES:
            change_rows(connection, step)
        report, slowest = BuildReport(), dict[str, float]()
        began, cpu_began = time.perf_counter(), time.process_time()
        if step == COUNT:
            connection.execute(PLAIN)
        else:
            report = _build_timed(connection, slowest, full=step == FULL)
        seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - cpu_began
    made = {f"metrics.{name}" for name in PUBLIC} & set(report.built)
    longest = sorted(slowest.items(), key=lambda one: -one[1])[:10]
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Cost(step, seconds, cpu_seconds, peak_mb, len(report.built), len(made), longest)


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


def describe_cost(cost: Cost, plain: float, full: float) -> str:
    """Describes a step as a row of the table."""
    shown = (
        cost.step, f"{cost.seconds:.2f}", f"{cost.cpu_seconds:.2f}", f"{cost.peak_mb:,.0f}", str(cost.tables),
        str(cost.figures), f"{cost.seconds / plain:.1f}", f"{100 * cost.seconds / full:.0f}",
    )  # fmt: skip
    return "| " + " | ".join(shown) + " |"


def run_apart(*options: str) -> Any:
    """Runs a part of this benchmark in a process of its own, and returns what it printed."""
    command = [sys.executable, "-m", "tests.benchmarks.building", *options]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def print_costs(costs: Sequence[Cost], is_profiled: bool = False) -> None:
    """Prints the table, and with `is_profiled` the slowest tables of each build."""
    seconds = {cost.step: cost.seconds for cost in costs}
    print(f"| {' | '.join(HEADER)} |\n|{'---|' * len(HEADER)}")
    for cost in costs:
        print(describe_cost(cost, seconds[COUNT], seconds[FULL]))
    for cost in (cost for cost in costs if is_profiled and cost.slowest):
        print(f"\n{cost.step}:")
        print("\n".join(f"    {seconds:7.2f} CPU s  {table}" for table, seconds in cost.slowest))


def main(threads: int, home: Path, is_profiled: bool) -> int:
    """Checks, measures and prints the table; returns 1 where figures differ, and 2 where a world lies there already:
    what a step changes in it is no change a second time."""
    if warehouse_path(home).exists():
        print(f"{home} holds a warehouse; name a folder without one")
        return 2
    checked = run_apart("--check", "--home", str(home / "checked"), "--threads", str(min(threads, CHECKED_THREADS)))
    for change, wrong in checked.items():
        print(f"after {change}: {', '.join(wrong) or 'no metric'} differs from a full build's", flush=True)
    if any(checked.values()):
        return 1
    with open_home(home) as connection:
        fill_world(connection, threads)
    costs = [Cost(**run_apart("--step", step, "--home", str(home))) for step in STEPS]
    print(f"\n{threads:,} threads, {threads * REPLIES_PER_THREAD:,} replies\n")
    print_costs(costs, is_profiled)
    return 0


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.building")
    parser.add_argument("--threads", type=int, default=100_000, help="how many threads; five times as many replies")
    parser.add_argument("--profile", action="store_true", help="also print the ten slowest tables of each build")
    parser.add_argument("--home", type=Path, help="a new folder to keep the warehouse in")
    parser.add_argument("--check", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    given = _read_options()
    if given.check:
        print(json.dumps(check_changes(given.home, given.threads)))
    elif given.step:
        print(json.dumps(asdict(measure_step(given.home, given.step))))
    else:
        with TemporaryDirectory() as folder:
            sys.exit(main(given.threads, given.home or Path(folder), given.profile))
