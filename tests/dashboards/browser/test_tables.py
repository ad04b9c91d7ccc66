"""Tables and the head of a page in a usual window: nothing is cut, and nothing lies over anything else."""

import pytest
from playwright.sync_api import expect

from tests.dashboards.browser import browser as real

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(real.chromium() is None, reason="no Chromium on this machine"),
]
TABLES = "[data-testid='stDataFrame'] .dvn-scroller"
FIT = f'() => [...document.querySelectorAll("{TABLES}")].every(one => one.scrollWidth <= one.clientWidth)'
HEADS = ".st-key-places, .st-key-masthead .stMarkdownBadge"
MIDDLES = "all => all.map(one => one.getBoundingClientRect()).map(box => (box.top + box.bottom) / 2)"


@pytest.mark.parametrize("name", ["fit", "data"])
def test_a_usual_window_shows_tables_to_their_last_column_and_the_head_in_one_line(
    sample: str, fresh: real.Watched, name: str
) -> None:
    """The last column holds the link, and nothing shows that a table scrolls sideways. In a second line the mark of
    freshness hid which place is the present one."""
    page = real.opened(fresh.page, f"{sample}/{name}", charts=0)
    expect(page.locator(TABLES).first).to_be_attached(timeout=20_000)
    page.wait_for_function(FIT, timeout=20_000)
    places, mark = page.locator(HEADS).evaluate_all(MIDDLES)
    assert abs(places - mark) < 8
