"""
question: How accurate are the rules: whom a text concerns, who wrote it, what it says, and what is asked?
grain: feature, class, part, channel_kind, language
published: yes
unit: share
standard: precision and recall on labelled items held out while the rules were tuned, Wilson's 95 % limits; Cohen's
  kappa of two readers
caveats: `all` pools parts of a thread, kinds of channel or languages. A rule is weak if its precision or recall is
  below 0.8, or if too few labelled items contain anything to find; a figure that rests on it says so in its note.
  Labels of texts come from two AI readers with the same instructions: people may agree less; labels of incidents
  come from one. Written by `python -m tests.tools.accuracy --write`.
data: accuracy.csv
"""

import csv
from pathlib import Path

import duckdb
import pyarrow as pa

FILE = Path(__file__).parents[2] / "accuracy.csv"
LEAST_SHARE = 0.8
"""A rule with less precision or recall is weak."""
NAMES = ("feature", "class", "part", "channel_kind", "language")
SHARES = ("precision", "precision_low", "precision_high", "recall", "recall_low", "recall_high")
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in NAMES),
        ("labelled_count", pa.int64()),
        *((name, pa.float64()) for name in SHARES),
        ("weakness", pa.string()), ("method_version", pa.int64()),
    ]
)  # fmt: skip


def feature_accuracy(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Reads the committed table: one row per feature, class and scope, with its weakness in words."""
    ((least_count,),) = connection.sql("select min_items_count from metrics.rules").fetchall()
    with FILE.open(encoding="utf-8", newline="") as file:
        return pa.Table.from_pylist([parse_line(line, least_count) for line in csv.DictReader(file)], SCHEMA)


def parse_line(line: dict[str, str], least_count: int) -> dict[str, str | int | float | None]:
    """Parses a line of the file into a row; unknown values are null."""
    labelled_count = int(line["n"] or 0)
    shares = {name: float(line[name]) if line[name] else None for name in SHARES}
    names = {name: line[name] for name in NAMES}
    return {
        **names,
        "labelled_count": labelled_count,
        **shares,
        "weakness": describe_weakness(
            line["feature"], labelled_count, shares["precision"], shares["recall"], least_count
        ),
        "method_version": int(line["method_version"]),
    }


def describe_weakness(
    feature: str, labelled_count: int, precision: float | None, recall: float | None, least_count: int
) -> str | None:
    """Describes the weakness of a rule as a figure states it; None if there is none."""
    feature = feature.replace("_", " ").capitalize()
    if labelled_count < least_count:
        return f"{feature} is read by a rule that was tried on {labelled_count} labelled cases only."
    if min(precision or 0.0, recall or 0.0) >= LEAST_SHARE:
        return None
    if precision is None:
        return f"{feature} is read by a rule that finds none of {labelled_count} labelled cases."
    measures = f"a precision of {precision:.2f} and a recall of {recall or 0.0:.2f}"
    return f"{feature} is read by a rule with {measures} on {labelled_count} labelled cases."
