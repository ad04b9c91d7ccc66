"""How far ahead an end counts: lengths, days, and words that are neither."""

from datetime import date

import pytest

from pipelines.commands.ends.windows import parse_window

TODAY = date(2026, 8, 31)


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("30d", date(2026, 9, 30)),
        ("12w", date(2026, 11, 23)),
        ("6m", date(2027, 2, 28)),
        ("1y", date(2027, 8, 31)),
        ("2026-08-31", TODAY),
    ],
)
def test_a_window_ends_on_a_day(text: str, until: date) -> None:
    """A month ends on its last day if it is shorter."""
    assert parse_window(text, TODAY) == until


@pytest.mark.parametrize("text", ["", "soon", "30", "-1d", "30D", "99999m", "2026-02-30", "１d", "2026-08-30"])
def test_what_is_no_window_is_refused_with_the_reason(text: str) -> None:
    """A day that has passed would find nothing, and look like good news."""
    reason = "has passed; today is 2026-08-31" if text == "2026-08-30" else "use a number with d, w, m or y"
    with pytest.raises(ValueError, match=reason):
        parse_window(text, TODAY)
