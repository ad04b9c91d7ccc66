"""What a figure says of its own rows."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dashboards.charts import first_rows
from dashboards.frame.figure import name_lines
from dashboards.frame.story import COUNTED, Figure
from tests.dashboards.test_pages import PAGES, figures, seen
from tests.worlds.page_worlds import NOW


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
