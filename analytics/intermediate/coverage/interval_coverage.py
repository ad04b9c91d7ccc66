"""
question: How often do the published intervals hold the truth, where it is known?
grain: interval, world
unit: share
standard: coverage in simulated worlds, drawn from fixed seeds
caveats: The product's own shapes and estimates, run on worlds in which items come in weeks, answers from few people,
  incidents in runs, notices in announcements, and replies are missing; nominally 95 %. How alike items are, and how
  large runs are, is assumed, as no channel has been followed for long enough. `held_before` is what the intervals for
  independent items held. Written by `python -m tests.coverage --write`.
data: coverage.csv
version: 1
"""

import csv
from pathlib import Path

import duckdb
import pyarrow as pa

FILE = Path(__file__).parents[2] / "coverage.csv"
SHARES = ("shown_share", "held_share", "simulation_error", "mean_width")
SCHEMA = pa.schema(
    [
        ("interval", pa.string()), ("world", pa.string()), ("worlds_count", pa.int64()),
        *((name, pa.float64()) for name in SHARES), ("held_before", pa.string()),
    ]
)  # fmt: skip


def interval_coverage(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Reads the committed table: one row per interval and world; a share is null where no interval was shown."""
    del connection  # every metric gets one, but this one reads a file only
    with FILE.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    return pa.Table.from_pylist([_parse_line(line) for line in lines], SCHEMA)


def _parse_line(line: dict[str, str]) -> dict[str, str | int | float | None]:
    shares = {name: float(line[name]) if line[name] else None for name in SHARES}
    return {**line, **shares, "worlds_count": int(line["worlds_count"]), "held_before": line["held_before"] or None}
