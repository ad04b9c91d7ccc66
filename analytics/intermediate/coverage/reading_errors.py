"""
question: How far is what is read in texts off on average, by kind of channel and side?
grain: feature, part, channel_kind, side
unit: share
standard: weighted mean of label minus rule on held-out labels, with the sandwich variance of threads as clusters
caveats: To put a share right, add `shift` to it and `shift_variance` to its variance. Weights give the mean of the pool
  that labels were drawn from, which is no sample of all channels. `question_type=…` is one class of questions;
  `helped=…` is whether a whole thread helped, by the statistics of helped_share; `code_in_answers=…` is whether any
  answer of a thread holds code.
  A kind or side with fewer than 20 labels has no row. Written by `python -m tests.tools.accuracy --write`.
data: reading_errors.csv
"""

import csv
from pathlib import Path

import duckdb
import pyarrow as pa

FILE = Path(__file__).parents[2] / "reading_errors.csv"
NAMES = ("feature", "part", "channel_kind", "side")
NUMBERS = ("label_share", "rule_share", "shift", "shift_variance", "sensitivity", "specificity")
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in NAMES), ("labelled_count", pa.int64()),
        *((name, pa.float64()) for name in NUMBERS), ("method_version", pa.int64()),
    ]
)  # fmt: skip


def reading_errors(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Reads the committed table: one row per feature, part, kind of channel and side."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return pa.Table.from_pylist([parse_line(line) for line in csv.DictReader(file)], SCHEMA)


def parse_line(line: dict[str, str]) -> dict[str, str | int | float | None]:
    """Parses a line of the file into a row; unknown values are null."""
    return {
        **{name: line[name] for name in NAMES},
        "labelled_count": int(line["n"]),
        **{name: float(line[name]) if line[name] else None for name in NUMBERS},
        "method_version": int(line["method_version"]),
    }
