"""What becomes of a channel that an error ended outside the visit of a stream: outcomes, and a file that holds them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from pipelines.collecting.visit import Task
from pipelines.http.errors import classify_error, describe_error
from warehouse.faults import Fault
from warehouse.landing import Writer
from warehouse.manifest import Outcome

WHOLE_CHANNEL = "all"
"""Stands for the streams of a channel whose source cannot be loaded."""


def fail_streams(names: Sequence[str], tasks: Sequence[Task], error: Exception) -> dict[str, Outcome]:
    """Returns the outcomes of a channel that an error ended: what had not landed by then has failed."""
    outcomes = {task.name: task.outcome for task in tasks} or {name: Outcome() for name in names}
    landed = {task.name: task.rows_landed for task in tasks}
    unlanded = set(tasks[0].writer.manifest.outcomes) if tasks else set()
    for name, outcome in outcomes.items():
        if name in unlanded:
            outcome.rows = landed[name]
        is_explained = outcome.state in ("failed", "skipped") and outcome.fault != Fault.NONE
        if not is_explained and (name in unlanded or outcome.state == "failed"):
            outcome.state, outcome.error, outcome.fault = "failed", describe_error(error), classify_error(error)
    return outcomes


def land_failure(writer: Writer, outcomes: Mapping[str, Outcome], now: datetime) -> None:
    """Lands a file without rows, so that the warehouse learns of these outcomes too."""
    writer.manifest.outcomes = {
        name: asdict(outcome) | {"rows": 0, "notes": []} for name, outcome in outcomes.items() if name != WHOLE_CHANNEL
    }
    writer.finish(now)
