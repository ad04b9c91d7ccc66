"""
question: Which readers of texts, accounts and incidents are good enough to rank, to weigh and to judge by?
grain: feature
published: yes
standard: precision and recall on held-out labels, against gates that were fixed before
caveats: A feature without labels enough has not passed. What has not passed is shown as a trial: it ranks nobody,
  weighs in no index and decides no claim. The gates are in reader_gates.toml, the figures those of feature_accuracy
  over all parts, kinds of channel and languages.
data: accuracy.csv, reader_gates.toml
"""

import csv
import tomllib
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

FOLDER = Path(__file__).parents[2]
FILE, GATES = FOLDER / "accuracy.csv", FOLDER / "reader_gates.toml"
WHOLE = ("yes", "any type", "any language", "any family", "any kind", "stated", "bot or agent")
"""The classes whose row is about a feature as a whole."""
ASIDE = (" by ",)
"""Parts of names of features that are about a part of what is read."""
SCHEMA = pa.schema(
    [
        ("feature", pa.string()), ("needed_precision", pa.float64()), ("needed_recall", pa.float64()),
        ("precision", pa.float64()), ("recall", pa.float64()), ("labelled_count", pa.int64()),
        ("is_passed", pa.bool_()), ("reason", pa.string()),
    ]
)  # fmt: skip


def reader_gates(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Reads one row per feature: what it needs, what it has, and whether that is enough."""
    gates = tomllib.loads(GATES.read_text(encoding="utf-8"))
    with FILE.open(encoding="utf-8", newline="") as file:
        lines = [line for line in csv.DictReader(file) if _is_whole(line)]
    return pa.Table.from_pylist([judge_feature(line, gates) for line in lines], SCHEMA)


def _is_whole(line: dict[str, str]) -> bool:
    is_pooled = line["part"] == line["language"] == "all" and line["channel_kind"] in ("all", "status")
    return is_pooled and line["class"] in WHOLE and not any(piece in line["feature"] for piece in ASIDE)


def judge_feature(line: dict[str, str], gates: dict[str, Any]) -> dict[str, str | float | int | bool | None]:
    """Judges a feature by its line of the accuracy table."""
    needed = gates["feature"].get(line["feature"], gates["default"])
    had = {name: float(line[name]) if line[name] else None for name in ("precision", "recall")}
    reason = _describe_shortfall(line, needed, had, gates["least_labelled_count"])
    return {
        "feature": line["feature"],
        **{f"needed_{name}": needed[name] for name in had},
        **had,
        "labelled_count": int(line["n"]),
        "is_passed": reason is None,
        "reason": reason,
    }


def _describe_shortfall(
    line: dict[str, str], needed: dict[str, float], had: dict[str, float | None], least: int
) -> str | None:
    """Describes what a feature lacks, as pages state it; None if it lacks nothing."""
    if int(line["n"]) < least:
        return f"{line['feature']} was tried on {line['n']} labelled cases with something to find, and needs {least}."
    short = [name for name in had if (had[name] or 0.0) < needed[name]]
    if not short:
        return None
    measures = " and ".join(f"a {name} of {had[name] or 0.0:.2f} where {needed[name]:.2f} is needed" for name in short)
    return f"{line['feature']} is read with {measures}."
