"""What ranks cost: 20 families, 10,000 draws, set against a plain count of each thread's replies."""

import sys

import duckdb

from analytics.engine.making import make_table
from analytics.engine.models import read_models
from analytics.estimates.family_ranks import family_ranks
from analytics.estimates.item_cells import item_cells
from tests.benchmarks.survival import seconds, world

FAMILIES = 20


def prepared(threads: int) -> duckdb.DuckDBPyConnection:
    """A warehouse with all that ranks are made of, but the cells."""
    connection = world(threads, FAMILIES)
    models = {model.table: model for model in read_models()}
    needed, todo = set[str](), ["metrics.family_ranks"]
    while todo:
        model = models[todo.pop()]
        new = {table for table in model.reads if table in models and models[table].layer == "metrics"} - needed
        needed |= new
        todo += new
    for table, model in models.items():
        if table in needed and model.path.suffix == ".sql":
            connection.execute(f"create or replace table {table} as {model.text}")
    return connection


def measure(threads: int) -> dict[str, float]:
    """Seconds by step, and of what they are set against."""
    connection = prepared(threads)
    plain = "create temp table plain as select thread_id, count(*) from staging.replies group by all"
    times = {"count": seconds(lambda: connection.execute(plain))}
    times["item_cells"] = seconds(lambda: make_table(connection, "metrics.item_cells", item_cells(connection, str)))
    times["family_ranks"] = seconds(lambda: family_ranks(connection))
    connection.close()
    return times


def main(threads: int) -> None:
    """Prints each step in plain counts, and how it grows from a tenth of the threads."""
    few, many = measure(threads // 10), measure(threads)
    print(f"{threads} threads, {FAMILIES} families; 1.0 = counting the replies of each thread once")
    for name in ("item_cells", "family_ranks"):
        print(f"{name:12} {many[name] / many['count']:8.2f}   x {many[name] / few[name]:5.1f} for 10 x the threads")
    print(f"family_ranks took {many['family_ranks']:.1f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
