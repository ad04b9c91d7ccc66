"""Long charts: their first rows at first, all of them when asked for, and nothing lost on the way."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.charts import first_rows, marks
from dashboards.charts.colours import LIGHT
from dashboards.frame import downloads
from tests.dashboards.test_pages import figures, opened, seen

OPEN = [f"open {number:02}" for number in range(9)]
CLOSED = [f"closed {number:02}" for number in range(6)]


def draw(names: list[str], titles: list[str]) -> marks.Spec:
    """A chart with a row of 28 pixels per name, and two marks for each family."""
    rows = [{"family": title, "value": place} for title in titles for place in (1, 2)]
    return marks.finish_rows(rows, [marks.make_layer("point", {})], names, LIGHT)


def rows_of(spec: marks.Spec) -> list[str]:
    """The rows on the chart's axis, headings and all."""
    return list(spec["layer"][0]["encoding"]["y"]["scale"]["domain"])


def drawn(spec: marks.Spec) -> set[str]:
    """The families that have marks."""
    return {row["family"] for row in spec["layer"][0]["data"]["values"]}


HEADED = draw([marks.HEADS["open"], *OPEN, marks.HEADS["proprietary"], *CLOSED], OPEN + CLOSED)


def test_the_first_rows_are_taken_in_turn_from_each_side_in_their_order() -> None:
    """Six of fifteen, three of each side: open families alone would compare nothing."""
    spec = first_rows.keep_first_rows(HEADED)
    assert rows_of(spec) == [marks.HEADS["open"], *OPEN[:3], marks.HEADS["proprietary"], *CLOSED[:3]]
    assert drawn(spec) == {*OPEN[:3], *CLOSED[:3]}
    assert spec["height"] == 8 * marks.STEP
    assert len(rows_of(HEADED)) == 17 and len(drawn(HEADED)) == 15, "the whole chart is unchanged"


@pytest.mark.parametrize(
    ("names", "kept"),
    [
        # A key above the first heading, and an empty line, are no rows.
        (["Key", marks.HEADS["open"], *OPEN], ["Key", marks.HEADS["open"], *OPEN[:6]]),
        (["", *OPEN], ["", *OPEN[:6]]),
        (OPEN, OPEN[:6]),
        (OPEN[:6], OPEN[:6]),
        ([marks.HEADS["open"], *OPEN[:6]], [marks.HEADS["open"], *OPEN[:6]]),
    ],
)
def test_keys_headings_and_empty_lines_are_not_counted(names: list[str], kept: list[str]) -> None:
    """Six rows are no more than six, whatever is beside them."""
    spec = draw(names, [name for name in names if name in OPEN])
    assert rows_of(first_rows.keep_first_rows(spec)) == kept
    assert first_rows.list_rows(spec) == [name for name in names if name in OPEN]


def test_charts_without_a_row_per_name_stay_as_they_are() -> None:
    """Curves have no rows to leave out."""
    curve = marks.finish_chart([marks.make_layer("line", {"y": {"field": "value", "type": "quantitative"}})], LIGHT, 9)
    assert first_rows.list_rows(curve) == []
    assert first_rows.keep_first_rows(curve) is curve


def test_a_long_chart_of_the_sample_keeps_all_rows_in_what_leaves_the_page(sample_home: Path) -> None:
    """Downloads, pictures, alternative texts and tables are made of the figure, which is never cut."""
    figure = next(found for found in figures(sample_home, "support/support.py") if found.name == "gap")
    everyone = first_rows.list_rows(figure.chart or {})
    assert len(everyone) > first_rows.MOST
    assert all(title in figure.alt for title in everyone if title in _with_numbers(figure.rows, sample_home))
    svg = downloads.make_downloads(seen(sample_home), figure)["svg"]().decode()
    assert all(title in svg for title in everyone)
    short = first_rows.keep_first_rows(figure.chart or {})
    assert len(first_rows.list_rows(short)) == first_rows.MOST < len(everyone)


def _with_numbers(rows: Any, home: Path) -> set[str]:
    titles = seen(home).titles
    return {titles[row["family_id"]] for row in rows if row["state"] == "measured"}


@pytest.mark.slow
def test_a_button_shows_all_rows_and_the_first_ones_again(sample_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each figure keeps its own state."""
    app = opened(monkeypatch, sample_home, "support/support.py")
    first = _count_drawn(app)
    assert max(first) == first_rows.MOST
    assert re.fullmatch(r"Show all \d+ rows", app.button(key="show-gap").label)
    app.button(key="show-gap").click().run()
    assert not app.exception
    second = _count_drawn(app)
    assert sum(count > first_rows.MOST for count in second) == 1, "other figures are unchanged"
    app.button(key="show-gap").click().run()
    assert _count_drawn(app) == first


@pytest.mark.slow
def test_chosen_families_are_all_shown(sample_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nine = ["deepseek", "gemma", "glm", "granite", "kimi", "llama", "mistral", "olmo", "qwen"]
    app = opened(monkeypatch, sample_home, "support/support.py", family=nine)
    assert not app.exception and not [button for button in app.button if str(button.key).startswith("show-")]
    assert max(_count_drawn(app)) >= first_rows.MOST


def _count_drawn(app: AppTest) -> list[int]:
    """The numbers of rows of the charts on a page."""
    return [len(first_rows.list_rows(json.loads(chart.proto.spec))) for chart in app.get("vega_lite_chart")]
