"""How tables fit into a window: long texts go on over several lines, short ones and links keep their width."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.frame import tables


def test_a_table_that_fits_is_left_alone() -> None:
    """Its columns then grow with the window."""
    assert tables.fit_columns([{"family": "Qwen", "stars of its repositories": "12,345"}]) == ({}, 1)
    assert tables.fit_columns([]) == ({}, 1)


def test_the_longest_texts_are_broken_and_numbers_are_not() -> None:
    """What happened is read whole; the number before it keeps its line."""
    row = {
        "n": "12",
        "what happened": "a text of many words " * 12,
        "what to do": "another text " * 8,
        "link": "x" * 400,
    }
    widths, lines = tables.fit_columns([row])
    assert set(widths) == {"what happened", "what to do"} and 1 < lines <= tables.MOST_LINES
    assert all(len(row[name]) * tables.LETTER_PX / width <= lines for name, width in widths.items())


def test_no_text_is_broken_that_its_heading_keeps_wide() -> None:
    """Rows of five lines that hold one made eight columns of shares three families tall."""
    row = {f"a share with a long heading, number {place}": "24 % (15–35 %)" for place in range(8)}
    assert tables.fit_columns([{"family": "Qwen"} | row]) == ({}, 1)


@given(st.dictionaries(st.text(min_size=1, max_size=30), st.text(max_size=300), min_size=1, max_size=12))
def test_a_table_is_fitted_or_cannot_be_narrower(row: dict[str, str]) -> None:
    """No column is broken that has no need, and none into more lines than a row may have."""
    widths, lines = tables.fit_columns([row])
    assert 1 <= lines <= tables.MOST_LINES and set(widths) <= set(row) - tables.LINKS
    assert (lines > 1) == bool(widths)


@pytest.mark.parametrize("count", [1, 30])
def test_the_longest_row_decides(count: int) -> None:
    """All rows of a table have one height."""
    short, long = {"a": "x", "b": "y"}, {"a": "word " * 60, "b": "y"}
    assert tables.fit_columns([short] * count + [long]) == tables.fit_columns([long])


def test_prices_are_dollars_and_cents() -> None:
    """As the overview and the page of costs say them; "1.2 USD for a million tokens" stood beside "$1.20"."""
    price = {"state": "measured", "value": 1.2, "low": 1.2, "high": 1.2, "unit": "USD for a million tokens"}
    assert tables.format_row(price, "price_usd") == "$1.20 for a million tokens"
    ranged = price | {"low": 1.0, "high": 12.4}
    assert tables.format_row(ranged, "price_usd") == "$1.20 ($1.00–$12) for a million tokens"
