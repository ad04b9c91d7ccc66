"""What a figure says of its own rows."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dashboards.frame.footer import compose_footer
from tests.dashboards.test_pages import seen
from warehouse.wording import GAP


@pytest.mark.parametrize(
    ("covers", "said"),
    [
        ((0.4, 1.0), "coverage 40 % to 100 %"),
        ((0.991, 0.991), "coverage 99 %"),
        ((0.991, 0.998), "coverage at least 99 %"),
        ((0.987, 0.998), "coverage at least 98 %"),
        ((0.998, 1.0), "coverage at least 99 %"),
        ((1.0, 1.0), "coverage 100 %"),
    ],
)
def test_a_range_of_coverage_that_says_nothing_is_its_least(
    covers: tuple[float, float], said: str, state_home: Callable[[str], Path]
) -> None:
    """It read "99 % to over 99 %"; what is stated holds for all rows."""
    rows = [{"coverage_share": cover} for cover in covers]
    assert compose_footer(seen(state_home("sample")), rows, "s").replace(GAP, " ").endswith(f" · {said}")
