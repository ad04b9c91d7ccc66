"""What a figure says of its own rows."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dashboards.charts import first_rows
from dashboards.frame.figure import name_lines
from dashboards.frame.footer import compose_footer
from dashboards.frame.story import COUNTED, Figure
from tests.dashboards.test_pages import PAGES, figures, seen
from tests.worlds.page_worlds import NOW
from warehouse.wording import GAP


@pytest.mark.parametrize("page", PAGES)
def test_no_figure_offers_more_families_than_there_are(
    page: str, state_home: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """47 facts and 44 sources were 47 and 44 families, in words that count them."""
    monkeypatch.setenv("HEARTBEAT_NOW", NOW.isoformat())
    home = state_home("sample")
    most = len(seen(home).everyone)
    for figure in figures(home, page):
        if figure.counted == COUNTED and figure.chart:
            assert len(first_rows.list_rows(figure.chart)) <= most, figure.name
        elif figure.shown and name_lines(figure) == COUNTED:
            assert len(figure.shown) <= most, figure.name


def test_lines_are_families_only_where_each_has_one() -> None:
    """Else they are rows, unless the figure says what they are."""
    common = {"name": "a", "title": "", "subtitle": "", "chart": None, "rows": (), "metric": "", "source": ""}

    def name(*families: str, **more: str) -> str:
        return name_lines(Figure(**common, shown=[{"family": family} for family in families], **more))  # type: ignore[arg-type]

    assert (name("Qwen", "Phi"), name("Qwen", "Qwen"), name("Qwen", "Qwen", counted="facts")) == (
        "families", "rows", "facts",
    )  # fmt: skip
    assert name_lines(Figure(**common, shown=[{"world": "a"}])) == "rows"  # type: ignore[arg-type]


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
    """It read "99 % to over 99 %"; what is told holds for all rows."""
    rows = [{"coverage_share": cover} for cover in covers]
    assert compose_footer(seen(state_home("sample")), rows, "s").replace(GAP, " ").endswith(f" · {said}")
