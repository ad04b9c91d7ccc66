"""What ranges of ranks cost: 20 families, 1000 draws, set against a plain count of each thread's replies and against
drawing threads."""

import sys

import duckdb
import numpy as np

from analytics.engine.build import read_models
from analytics.estimates.item_cells import item_cells
from analytics.estimates.rank_ranges import rank_ranges
from tests.benchmarks.survival import seconds, world

FAMILIES = 20
ONE_BY_ONE = 10
"""Draws of single threads that are timed; a thousand of them would take a hundred times as long."""


def prepared(threads: int) -> duckdb.DuckDBPyConnection:
    """A warehouse with all that ranges of ranks are made of, but the cells."""
    connection = world(threads, FAMILIES)
    models = {model.table: model for model in read_models()}
    needed, todo = set[str](), ["metrics.rank_ranges"]
    while todo:
        model = models[todo.pop()]
        new = {table for table in model.reads if table in models and models[table].layer == "metrics"} - needed
        needed |= new
        todo += new
    for table, model in models.items():
        if table in needed and model.path.suffix == ".sql" and table != "metrics.matched_strata":
            connection.execute(f"create or replace table {table} as {model.text}")
    return connection


def measure(threads: int) -> dict[str, float]:
    """Seconds by step, and of what they are set against."""
    connection = prepared(threads)
    plain = "create temp table plain as select thread_id, count(*) from staging.replies group by all"
    times = {"count": seconds(lambda: connection.execute(plain))}
    times["item_cells"] = seconds(lambda: connection.register("cells", item_cells(connection)))
    connection.execute("create or replace table metrics.item_cells as from cells")
    times["rank_ranges"] = seconds(lambda: rank_ranges(connection))
    rng = np.random.default_rng(1)
    yes = rng.random(threads) < 0.5
    times["one by one"] = (
        1000 / ONE_BY_ONE * seconds(lambda: [yes[rng.integers(0, threads, threads)].mean() for _ in range(ONE_BY_ONE)])
    )
    connection.close()
    return times


def main(threads: int) -> None:
    """Prints each step in plain counts, how it grows from a tenth of the threads, and what drawing threads one by one
    would cost."""
    few, many = measure(threads // 10), measure(threads)
    print(f"{threads} threads, {FAMILIES} families, 1000 draws; 1.0 = counting the replies of each thread once")
    for name in ("item_cells", "rank_ranges", "one by one"):
        print(f"{name:12} {many[name] / many['count']:8.2f}   x {many[name] / few[name]:5.1f} for 10 x the threads")
    print(
        f"rank_ranges took {many['rank_ranges']:.1f} s; one statistic drawn thread by thread would take "
        f"{many['one by one']:.0f} s"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
