"""Parses `--within`: how far ahead an end counts."""

import re
from calendar import monthrange
from datetime import date, timedelta

FORMS = "a number with d, w, m or y (30d, 12w, 6m, 1y), or a day (2027-03-31)"


def parse_window(text: str, today: date) -> date:
    """Returns the last day of a window that starts today. Raises ValueError with the forms that are accepted."""
    length = re.fullmatch(r"([0-9]{1,5})([dwmy])", text)
    try:
        until = _add_length(today, int(length[1]), length[2]) if length else date.fromisoformat(text)
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is not a window; use {FORMS}") from None
    if until < today:
        raise ValueError(f"{text!r} has passed; today is {today}")
    return until


def _add_length(day: date, count: int, unit: str) -> date:
    """Returns the same day of a later month, or its last day if the month is shorter."""
    if unit in "dw":
        return day + timedelta(days=count * (7 if unit == "w" else 1))
    months = day.year * 12 + day.month - 1 + count * (12 if unit == "y" else 1)
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
