"""`heartbeat metrics`: lists every metric with its question, its code in the method and the tests that guard it."""

from typing import Any

from rich.console import Console

from pipelines.commands.terminal import say
from warehouse.export import METRICS, ExportError, public_metrics
from warehouse.guesses import advise
from warehouse.snapshot import Snapshot, query

HIDDEN = ("sql", "items_sql", "covers", "layer", "is_public")
"""Columns left out: shown by receipts, or equal for all metrics."""
COMMON_GRAIN = "family_id, channel_kind, channel_role, segment, statistic, window"
"""What tells the figures of nearly every metric apart."""


def read_method(snapshot: Snapshot, name: str = "") -> dict[str, list[dict[str, Any]]]:
    """Returns the public metrics with the codes of their questions, and the questions left out with the reason; with a
    name that metric only. Raises ExportError for an unknown name."""
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
    if not name:
        return {"metrics": metrics, "left_out": left_out}
    named = [metric for metric in metrics if metric["name"] == name]
    if not named:
        names = [str(metric["name"]) for metric in metrics]
        raise ExportError(f"unknown metric {name!r}: {advise(name, names, METRICS)}")
    return {"metrics": named, "left_out": []}


def print_method(out: Console, method: dict[str, list[dict[str, Any]]], is_whole: bool = False) -> None:
    """Prints the metrics with their questions; whole also what each is, its tests, and the questions left out."""
    metrics, left_out = method["metrics"], method["left_out"]
    if left_out:
        say(out, f"{len(metrics)} metrics; {len(left_out)} questions are left out, in part or whole", "bold")
    for row in metrics:
        say(out, f"{row['name']} ({', '.join(row['codes'])}): {row['question']}")
        if is_whole:
            _print_details(out, row)
    if left_out and is_whole:
        say(out, "")
        say(out, "left out:", "bold")
        for row in left_out:
            part = " (in part)" if row["is_in_part"] else ""
            say(out, f"{row['code']} {row['title']}{part}: {row['reason']}", indent=4)
    elif left_out:
        say(out, "")
        say(
            out,
            "`heartbeat metrics NAME` shows one metric with its unit, standard and tests; `--all` shows them all, and "
            "what is left out",
        )


def _print_details(out: Console, row: dict[str, Any]) -> None:
    grain = "figure" if row["grain"] == COMMON_GRAIN else str(row["grain"])
    say(out, f"one row per {grain}; unit {row['unit']}; {row['standard']}; version {row['version']}", indent=4)
    say(out, f"tested by: {', '.join(_name_test(path) for path in str(row['proof']).split(', '))}", indent=4)


def _name_test(path: str) -> str:
    """Names a test as a sentence: what it proves, then its file."""
    file, _, test = path.partition("::")
    return f"{test.removeprefix('test_').replace('_', ' ')} ({file})" if test else path
