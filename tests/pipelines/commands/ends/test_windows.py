"""How far ahead an end counts: lengths, days, and words that are neither."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.commands.ends.windows import add_months, parse_window

TODAY = date(2026, 8, 31)


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("0d", TODAY),
        ("30d", date(2026, 9, 30)),
        ("12w", date(2026, 11, 23)),
        ("6m", date(2027, 2, 28)),
        ("4m", date(2026, 12, 31)),
        ("1y", date(2027, 8, 31)),
        ("2026-08-31", TODAY),
        ("2027-03-31", date(2027, 3, 31)),
    ],
)
def test_a_window_ends_on_a_day(text: str, until: date) -> None:
    """A month ends on its last day where it is shorter."""
    assert parse_window(text, TODAY) == until


@pytest.mark.parametrize("text", ["", "soon", "30", "d", "-1d", "1.5y", "30 d", "30D", "99999y", "2026-02-30", "１d"])
def test_what_is_no_window_is_refused_with_the_forms_that_are(text: str) -> None:
    """The message says what to write."""
    with pytest.raises(ValueError, match="use a number with d, w, m or y"):
        parse_window(text, TODAY)


def test_a_day_that_has_passed_is_no_window() -> None:
    """It would find nothing, and look like good news."""
    with pytest.raises(ValueError, match="has passed; today is 2026-08-31"):
        parse_window("2026-08-30", TODAY)


@given(st.dates(date(1, 1, 1), date(9000, 12, 31)), st.integers(0, 11_000))
def test_months_later_is_the_same_day_or_the_last_of_the_month(day: date, count: int) -> None:
    """Whatever the day."""
    later = add_months(day, count)
    assert (later.year - day.year) * 12 + later.month - day.month == count
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)
