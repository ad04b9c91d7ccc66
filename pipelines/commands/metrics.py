"""`heartbeat metrics`: lists every metric with its question, and the tests that guard it."""

from typing import Any

from rich.console import Console

from pipelines.commands.terminal import say
from warehouse.export import METRICS, ExportError, public_metrics
from warehouse.guesses import advise
from warehouse.snapshot import Snapshot

HIDDEN = ("items_sql", "covers", "layer", "is_public")
"""Columns excluded: shown by receipts, or equal for all metrics."""
COMMON_GRAIN = "family_id, channel_kind, channel_role, segment, statistic, window"
"""What tells the figures of nearly every metric apart."""


def read_metrics(snapshot: Snapshot, name: str = "") -> list[dict[str, Any]]:
    """Reads the public metrics, or the named one. Raises ExportError for an unknown name."""
    metrics = [
        {key: value for key, value in metric.items() if key not in HIDDEN} for metric in public_metrics(snapshot)
    ]
    named = [metric for metric in metrics if name in ("", metric["name"])]
    if not named:
        raise ExportError(f"unknown metric {name!r}: {advise(name, [str(one['name']) for one in metrics], METRICS)}")
    return named


def print_metrics(out: Console, metrics: list[dict[str, Any]], is_whole: bool = False) -> None:
    """Prints the metrics with their questions; whole also what each is, and its tests."""
    for row in metrics:
        say(out, f"{row['name']}: {row['question']}")
        if is_whole:
            _print_details(out, row)
    if not is_whole:
        say(out, "`heartbeat metrics NAME` shows one metric with its unit, standard and tests")


def _print_details(out: Console, row: dict[str, Any]) -> None:
    grain = "figure" if row["grain"] == COMMON_GRAIN else str(row["grain"])
    say(out, f"one row per {grain}; unit {row['unit']}; {row['standard']}; version {row['version']}", indent=4)
    say(out, f"tested by: {', '.join(_name_test(path) for path in str(row['proof']).split(', '))}", indent=4)


def _name_test(path: str) -> str:
    """Names a test as a sentence: what it proves, then its file."""
    file, _, test = path.partition("::")
    return f"{test.removeprefix('test_').replace('_', ' ')} ({file})" if test else path
