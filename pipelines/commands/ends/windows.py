"""Parses `--within`: how far ahead an end counts."""

import re
from calendar import monthrange
from datetime import date, timedelta

FORMS = "a number with d, w, m or y (30d, 12w, 6m, 1y), or a day (2027-03-31)"


def parse_window(text: str, today: date) -> date:
    """Returns the last day of a window that starts today. Raises ValueError with the forms that are accepted."""
    try:
        until = _parse_length(text, today) or date.fromisoformat(text)
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is not a window; use {FORMS}") from None
    if until < today:
        raise ValueError(f"{text!r} has passed; today is {today}")
    return until


def _parse_length(text: str, today: date) -> date | None:
    match = re.fullmatch(r"([0-9]{1,5})([dwmy])", text)
    if match is None:
        return None
    count, unit = int(match[1]), match[2]
    if unit in "dw":
        return today + timedelta(days=count * (7 if unit == "w" else 1))
    return add_months(today, count * (12 if unit == "y" else 1))


def add_months(day: date, count: int) -> date:
    """Returns the same day of a later month, or its last day where the month is shorter."""
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    # Checked here, since `monthrange` gives a length to months that no date can have.
    if year > date.max.year:
        raise OverflowError("later than any date")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
