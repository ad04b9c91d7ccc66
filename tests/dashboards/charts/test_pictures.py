"""Pictures of figures: nothing is clipped, all that a page says around a chart is in it, and made-up numbers are
marked."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dashboards.charts import marks
from dashboards.charts.colours import LIGHT
from dashboards.frame import pictures
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from tests.dashboards.site.test_site import ROW, view

TITLES = {"qwen": "Qwen", "groq": "Groq"}


def figure(**change: Any) -> Figure:
    """A figure of two families, whose values stand right of the plot."""
    rows = [ROW, ROW | {"family_id": "groq", "side": "host"}]
    chart = marks.draw_dots(rows, "share", ["qwen", "groq"], TITLES, LIGHT)
    return replace(
        Figure(
            name="within",
            title="A finding",
            subtitle="Share answered",
            chart=chart,
            rows=rows,
            metric="answered_share",
            source="trackers",
            alt="Alt",
        ),
        **change,
    )


@pytest.fixture(scope="module")
def page(sample_home: Path) -> View:
    """The view of the sample world."""
    return view(sample_home)


def words(svg: str) -> str:
    """All letters of a picture."""
    return " ".join(re.findall(r">([^<>]+)</t", svg))


def test_a_picture_stands_alone(page: View) -> None:
    """Sent to a colleague it still says what it is, of when, of how many, and that it is made up."""
    said = words(pictures.render_svg(page, figure())).replace("\N{NO-BREAK SPACE}", " ")

    assert "A finding" in said and "Share answered" in said and "n = 110" in said and "as of 1 Dec 2026" in said
    assert "SAMPLE DATA: made-up numbers" in said
    real = replace(page, snapshot=replace(page.snapshot, is_sample=False))
    assert "SAMPLE DATA" not in words(pictures.render_svg(real, figure()))


def test_long_titles_are_wrapped_and_their_markdown_is_gone(page: View) -> None:
    """A title longer than the picture would be cut off."""
    spec = pictures.make_spec(page, figure(title="◇ " + "a finding with **bold** and 1\\.2 " * 8))

    assert len(spec["title"]["text"]) > 2
    assert all(len(line) <= 72 and "*" not in line and "\\" not in line for line in spec["title"]["text"])
    assert spec["title"]["text"][0].startswith("a finding with bold and 1.2")


def test_nothing_lies_outside_the_picture(page: View) -> None:
    drawn = pictures.render_chart(figure().chart or {}, 720)
    width = float(re.findall(r'<svg[^>]* width="([\d.]+)"', drawn)[0])
    said = [float(x) for x in re.findall(r'text-anchor="start" transform="translate\(([\d.]+),', drawn)]
    inset = float(re.findall(r'<g fill="none" stroke-miterlimit="10" transform="translate\(([\d.]+),', drawn)[0])

    assert width <= 720
    assert "41\N{NO-BREAK SPACE}%" in drawn
    assert max(said) + inset + 25 < width


def test_what_a_browser_would_know_is_filled_in(page: View) -> None:
    """A still chart has no container, nothing to click, and only letters that its font has."""
    chart = figure().chart or {}
    still = pictures.freeze_chart(chart, 720)

    assert "params" in chart and "params" not in still
    assert "▲ Hosts" in str(still) and "△" not in str(still)
    assert chart["width"] == "container" and still["width"] == 720


def test_each_form_is_what_it_says(page: View) -> None:
    assert pictures.render_png(page, figure()).startswith(b"\x89PNG")
    assert pictures.render_svg(page, figure()).startswith("<svg")


def test_names_in_a_picture_are_text(page: View) -> None:
    """A family's title is drawn, not read."""
    rows = [ROW]
    chart = marks.draw_dots(rows, "share", ["qwen"], {"qwen": "<script>alert(1)</script>"}, LIGHT)

    assert "<script" not in pictures.render_svg(page, figure(chart=chart, rows=rows, title="<script>alert(2)</script>"))
