"""Numbers, times and texts of others, as the pages say them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.words import numbers
from warehouse.wording import GAP


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (0, "0 min"),
        (0.633, "38 min"),
        (0.004, "0.24 min"),
        (9.12, "9.1 h"),
        (21.4, "21 h"),
        (47.9, "48 h"),
        (76.8, "3.2 d"),
        (24 * 365.0, "360 d"),
        (None, "not reached"),
    ],
)
def test_durations_have_two_digits_and_a_natural_unit(hours: float | None, said: str) -> None:
    """No false precision, never scientific."""
    assert (
        numbers.format_hours(hours) == said.replace(" ", GAP)
        if hours is not None
        else numbers.format_hours(hours) == said
    )


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "0 %"), (0.034, "3.4 %"), (0.6449, "64 %"), (0.996, "over 99 %"), (1, "100 %"), (0.00042, "0.042 %")],
)
def test_shares_are_whole_above_ten_percent_and_all_only_when_all(value: float, said: str) -> None:
    """999 of 1,000 are not all."""
    assert numbers.format_share(value) == said.replace(" ", GAP)


@pytest.mark.parametrize(
    ("value", "said"), [(0.99871, "99.87 %"), (0.999999, "99.99 %"), (1, "100 %"), (0.9823, "98.23 %")]
)
def test_uptime_says_what_is_missing(value: float, said: str) -> None:
    """Two decimals, since the difference is there, and never 100 % after an outage."""
    assert numbers.format_uptime(value) == said.replace(" ", GAP)


@pytest.mark.parametrize(
    ("value", "said"), [(0, "0"), (1204, "1,204"), (3_310_000, "3.3 M"), (42_000_000, "42 M"), (2.4e9, "2.4 B")]
)
def test_counts_are_separated_by_thousands(value: float, said: str) -> None:
    """Large counts of a source have no more than two digits that mean something."""
    assert numbers.format_count(value) == said.replace(" ", GAP)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (7.0, 12.0, "7.0–12 h"),
        (0.5, 3.0, "30 min–3.0 h"),
        (40.0, None, "over 40 h"),
        (None, 3.0, "up to 3.0 h"),
        (None, None, ""),
    ],
)
def test_an_interval_says_its_unit_once_and_its_open_end_in_words(
    low: float | None, high: float | None, said: str
) -> None:
    """A median's upper end may not be reached: that is not infinity, and not nothing."""
    assert numbers.format_interval(low, high, "hours") == said.replace("0 h", f"0{GAP}h").replace(
        "2 h", f"2{GAP}h"
    ).replace(" min", f"{GAP}min")


@given(st.floats(0, 1e7), st.floats(0, 1e7))
def test_more_is_never_said_to_be_shorter(one: float, other: float) -> None:
    """Rounding may make two durations alike, but never swap them."""

    def back(text: str) -> float:
        number, _, unit = text.partition(GAP)
        return float(number.replace(",", "")) * {"min": 1 / 60, "h": 1, "d": 24}[unit]

    low, high = sorted((one, other))
    assert back(numbers.format_hours(low)) <= back(numbers.format_hours(high)) * 1.0001 + 1e-9


@given(st.text())
def test_escaped_text_has_no_bare_markup(text: str) -> None:
    """Every character that Markdown could take for something is behind a backslash."""
    escaped = numbers.escape_markdown(text)
    left = "".join(part for part in escaped.split("\\\\"))
    bare = [
        sign
        for place, sign in enumerate(left)
        if sign in "`*_{}[]()<>#+!|~$:^" and (place == 0 or left[place - 1] != "\\")
    ]
    assert bare == []
    assert "\n" not in escaped


def test_the_age_of_an_instant_without_a_zone_is_counted_in_utc() -> None:
    """All instants in the snapshot are UTC without saying so."""
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    ages = [
        numbers.format_age(then, now)
        for then in (datetime(2026, 11, 24, 9), now - timedelta(minutes=20), now - timedelta(days=3), now, None)
    ]
    assert ages == [f"3{GAP}h ago", f"20{GAP}min ago", f"3{GAP}d ago", "just now", "never"]


def test_a_day_has_no_zero_before_it() -> None:
    """As in running text; the footer of a figure said "until 01 Nov 2026"."""
    assert numbers.format_day(date(2026, 11, 1)) == "1 Nov 2026"
    assert numbers.format_day(None) == ""


@pytest.mark.parametrize(
    ("value", "said"),
    [(2.8e-05, "0.000028"), (0.00045, "0.00045"), (0.1, "0.10"), (0.2000477, "0.20"), (12_345, "12,000")],
)
def test_small_rates_are_never_scientific(value: float, said: str) -> None:
    """Nobody reads 2.8e-05 at a glance; and "0.2" was shown beside "0.27"."""
    assert numbers.format_rate(value) == said
