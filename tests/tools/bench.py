"""Measures what building and publishing costs, beside the plain limit: read, type and group the same rows.

    make bench ARGS="10000 100000"      # sizes in threads, each with five replies; 10,000 by default
    make bench ARGS="100000 --profile"  # in one process: all statements, and the 20 tables that took most

Each step is a process of its own on the same home: build and publish everything, then after nothing, one issue, one
incident, one price and 1 % of the threads changed. What changed is loaded before, by another process. CPU seconds and
memory are those of the whole process, also of its imports, and of those that it starts, whose statements do not count.
A size of 0 is a home with a catalog alone.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any
from unittest.mock import patch

import duckdb

from analytics.engine import build as engine
from analytics.engine import families
from analytics.engine.making import name_failing_table
from analytics.engine.models import read_models
from tests.worlds.many_threads import CHANGES, REPLIES_PER_THREAD, ROWS, land_change, make_home
from warehouse.database import open_builder, open_warehouse, warehouse_path
from warehouse.landing import open_zone
from warehouse.load import fit_threads, load_new_files
from warehouse.publish import publish_snapshot
from warehouse.snapshot import list_rows, list_versions, published_folder

LIMIT, LOAD, BUILD, NOTHING = "read, type, group", "load", "build and publish", "nothing changed"
STEPS = (LIMIT, LOAD, BUILD, NOTHING, *CHANGES)
PLAIN = """
with typed as (
    select channel_id, try_cast(f.number as bigint) as number, try_cast(f.created_at as timestamp) as created_at,
        f.role as role, try_cast(f.words as bigint) as words
    from (
        select channel_id, json_transform(body,
            '{"number": "VARCHAR", "created_at": "VARCHAR", "role": "VARCHAR", "words": "VARCHAR"}') as f
        from rows
    )
)
select channel_id, number, count(*), sum(words), min(created_at) filter (where role <> 'asker') from typed group by all
"""
"""The least that any build does with the rows."""


class CountedConnection:
    """A connection that counts its statements, together with those of all others like it."""

    statements = 0

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        CountedConnection.statements += name in ("execute", "sql")
        return getattr(self._connection, name)


def compare_sizes(sizes: list[int], is_profiled: bool) -> None:
    """Prints a table for each size."""
    for threads in sizes:
        with TemporaryDirectory() as folder:
            home = Path(folder, "home")
            make_home(home, threads)
            print(f"\n{threads:,} threads with {threads * REPLIES_PER_THREAD:,} replies")
            print(f"{'':18} {'CPU s':>8} {'peak MB':>8} {'home MB':>8} {'file MB':>8} {'tables':>7} {'statements':>10}")
            for step in STEPS:
                if step in CHANGES:
                    land_change(home, step)
                    _measure_apart(home, LOAD, is_profiled)
                _print_step(step, _measure_apart(home, step, is_profiled), is_profiled)


def _measure_apart(home: Path, step: str, is_profiled: bool) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.tools.bench", "--step", step, "--home", str(home)]
    command += ["--profile"] if is_profiled else []
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


def _print_step(step: str, took: dict[str, Any], is_profiled: bool) -> None:
    print(
        f"{step:18} {took['cpu']:8.2f} {took['memory']:8.0f} {took['home']:8.1f} {took['file']:8.1f}"
        f" {took['tables']:7,} {took['statements']:10,}",
        flush=True,
    )
    for name, cpu in sorted(took["parts"].items(), key=lambda part: -part[1])[: 20 * is_profiled]:
        print(f"    {cpu:6.2f}  {name}")


def measure_step(home: Path, step: str, is_profiled: bool) -> dict[str, Any]:
    """Takes a step, and returns what it cost."""
    parts, tables, peaks = dict[str, float](), 0, [0.0]
    Thread(target=_watch_memory, args=(peaks,), daemon=True).start()
    if step == LIMIT:
        duckdb.execute(PLAIN.replace("from rows", f"from '{home / ROWS}/*/*.parquet'")).fetchall()
    else:
        with closing(open_warehouse(home)) as opened:
            connection: Any = CountedConnection(opened)
            if step == LOAD:
                load_new_files(connection, open_zone(str(home / "landing")), datetime.now(UTC))
            else:
                tables = _build_and_publish(connection, home, parts, is_profiled)
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    versions = list_versions(published_folder(home))
    files = [*versions[:1], *(published_folder(home) / name for path in versions[:1] for name in list_rows(path))]
    return {
        "cpu": sum(one.ru_utime + one.ru_stime for one in used), "memory": max(_read_peak(), *peaks), "tables": tables,
        "home": warehouse_path(home).stat().st_size / 1e6, "file": sum(path.stat().st_size for path in files) / 1e6,
        "statements": CountedConnection.statements, "parts": parts,
    }  # fmt: skip


def _read_peak() -> float:
    """Reads the peak memory of this process in MB; the system's own count has that of the process that began it."""
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1000


def _watch_memory(peaks: list[float]) -> None:
    """Adds what this process and those that it started hold in MB, several times a second."""
    own = Path("/proc/self")
    while True:
        with suppress(OSError):  # a process that ended meanwhile
            started = (own / "task" / str(os.getpid()) / "children").read_text().split()
            rollups = [Path("/proc", name, "smaps_rollup").read_text() for name in ("self", *started)]
            peaks.append(sum(int(text.split("Pss:")[1].split()[0]) for text in rollups) / 1000)
        time.sleep(0.2)


def _build_and_publish(connection: Any, home: Path, parts: dict[str, float], is_profiled: bool) -> int:
    """Builds and publishes; adds what each table took, and returns how many were built."""

    @contextmanager
    def time_part(name: str) -> Iterator[None]:
        began = time.process_time()
        with name_failing_table(name):
            yield
        parts[name] = parts.get(name, 0.0) + time.process_time() - began

    fit_threads(connection)
    if is_profiled:
        connection.execute("set threads = 1")

    def open_counted(spill: Path, processes: int) -> Any:
        return CountedConnection(open_builder(spill, processes))

    in_engine, in_families = (patch.object(module, "name_failing_table", time_part) for module in (engine, families))
    with in_engine, in_families, patch.object(families, "open_builder", open_counted), time_part("build, in all"):
        report = engine.build_tables(connection, read_models())
    with time_part("publish, in all"):
        publish_snapshot(connection, home, datetime.now(UTC), "bench")
    return len(report.built)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.tools.bench")
    parser.add_argument("threads", nargs="*", type=int, default=[10_000], help="sizes; each thread has five replies")
    parser.add_argument("--profile", action="store_true", help="also print the 20 tables that took most CPU seconds")
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        print(json.dumps(measure_step(given.home, given.step, given.profile)))
    else:
        compare_sizes(given.threads, given.profile)
