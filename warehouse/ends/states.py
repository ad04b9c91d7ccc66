"""States of a model on a day, judged from the last word of a deprecation page."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

Row = Mapping[str, Any]
AHEAD, OPEN, PAST, SILENT, GONE = "ahead", "any day", "over", "no end announced", "no date announced"
"""An end to come; a floor that has passed, so it may end any day; an end that has come; no end announced; an end
announced without a date."""

ANNOUNCED = ("stage", "announced_on", "deprecated_on", "replacement")
"""Fields by which a page announces an end without its day."""


def last_possible_day(row: Row) -> date | None:
    """Returns the last day that an announced end allows: of a month its last one; a floor has none later than itself,
    so the floor."""
    on: date | None = row["shutdown_on"]
    if on is None or row["shutdown_kind"] != "month":
        return on
    return date(on.year + on.month // 12, on.month % 12 + 1, 1) - timedelta(days=1)


def judge_state(row: Row, today: date) -> str:
    """Returns the state of a notice on a day."""
    last = last_possible_day(row)
    if last is None:
        is_silent = row["stage"] == "active" or not any(row.get(name) for name in ANNOUNCED)
        return PAST if row["stage"] == "retired" else SILENT if is_silent else GONE
    if row["shutdown_kind"] == "not_before":
        return AHEAD if last >= today else OPEN
    return AHEAD if last >= today else PAST
