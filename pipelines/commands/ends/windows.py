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
    if unit in "dw":
        return day + timedelta(days=count * (7 if unit == "w" else 1))
    return _add_months(day, count * (12 if unit == "y" else 1))


def _add_months(day: date, count: int) -> date:
    """Returns the same day of a later month, or its last day where the month is shorter."""
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    # Checked here, since `monthrange` gives a length to months that no date can have.
    if year > date.max.year:
        raise OverflowError("later than any date")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
