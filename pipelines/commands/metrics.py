"""`heartbeat metrics`: lists every metric with its question, its code in the method and the tests that guard it."""

from typing import Any

from rich.console import Console

from warehouse.export import ExportError, public_metrics
from warehouse.snapshot import Snapshot, query

HIDDEN = ("sql", "items_sql", "covers", "layer", "is_public")
"""Columns left out: shown by receipts, or equal for all metrics."""


def read_method(snapshot: Snapshot) -> dict[str, list[dict[str, Any]]]:
    """Returns the public metrics with the codes of their questions, and the questions left out with the reason."""
    metrics = [
        {key: value for key, value in metric.items() if key not in HIDDEN} for metric in public_metrics(snapshot)
    ]
    if any("proof" not in metric for metric in metrics):
        raise ExportError(
            f"{snapshot.path}: published by an older Heartbeat; run `heartbeat build` and `heartbeat publish`"
        )
    questions = query(snapshot, "from metrics.method_questions order by all").to_pylist()
    for metric in metrics:
        metric["codes"] = [row["question_code"] for row in questions if row["metric_name"] == metric["name"]]
    reasons = {
        (row["question_code"], row["question_title"], row["left_out_reason"]): bool(row["metric_name"])
        for row in questions
    }
    left_out = [
        {"code": code, "title": title, "reason": reason, "is_in_part": is_in_part}
        for (code, title, reason), is_in_part in reasons.items()
        if reason
    ]
    return {"metrics": metrics, "left_out": left_out}


def print_method(out: Console, method: dict[str, list[dict[str, Any]]]) -> None:
    """Prints the metrics, then the questions left out."""
    for row in method["metrics"]:
        out.print(f"{row['name']} ({', '.join(row['codes'])}): {row['question']}", markup=False)
        out.print(
            f"    one row per {row['grain']}; unit {row['unit']}; {row['standard']}; version {row['version']}",
            markup=False,
        )
        out.print(f"    tested by: {row['proof']}", markup=False)
    out.print(f"\n{len(method['metrics'])} metrics. Left out:", markup=False)
    for row in method["left_out"]:
        part = " (in part)" if row["is_in_part"] else ""
        out.print(f"    {row['code']} {row['title']}{part}: {row['reason']}", markup=False)
