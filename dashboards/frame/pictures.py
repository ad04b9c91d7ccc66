"""Pictures of figures that stand alone: the chart with its title, its measure and its source, drawn without a
browser."""

import json
import textwrap
from functools import lru_cache
from typing import Any

import vl_convert

from dashboards.charts.marks import HEADS
from dashboards.frame.footer import compose_footer
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.words import numbers

WIDTH = 880
"""Pixels of the drawing; a picture is a little wider."""
LETTERS = 104
"""So many of them fill a line below the title."""
VERSION = "v6.1"
HOSTS = "▲ Hosts"
"""The head of the hosts in letters that the font of pictures has."""
FONT = "Liberation Sans, Arial, DejaVu Sans, sans-serif"


def render_svg(page: View, figure: Figure) -> str:
    """The picture as SVG text."""
    return _render_spec(json.dumps(make_spec(page, figure)))


def render_png(page: View, figure: Figure) -> bytes:
    """The picture as PNG, twice as fine as a screen."""
    return bytes(vl_convert.vegalite_to_png(make_spec(page, figure), vl_version=VERSION, scale=2))


@lru_cache(maxsize=64)
def _render_spec(text: str) -> str:
    return str(vl_convert.vegalite_to_svg(json.loads(text), vl_version=VERSION))


def render_chart(chart: dict[str, Any], width: int) -> str:
    """A chart alone as SVG text, for a place that says all else about it."""
    return _render_spec(json.dumps(freeze_chart(chart, width)))


def render_pdf(chart: dict[str, Any], width: int) -> bytes:
    """A chart alone as PDF of one page, which carries its letters with it."""
    return bytes(vl_convert.vegalite_to_pdf(freeze_chart(chart, width), vl_version=VERSION))


def make_spec(page: View, figure: Figure) -> dict[str, Any]:
    """The chart of a figure with its title above and its source below.

    A mark before the title is left out: one letter that the font lacks would turn the whole line into another font.
    """
    lines = [*_wrap_text(figure.subtitle), *_wrap_text(compose_footer(page, figure.rows, figure.source))]
    if page.snapshot.is_sample:
        lines.append("SAMPLE DATA: made-up numbers that say nothing about any vendor or community.")
    title = {
        "text": _wrap_text(figure.title.lstrip("◇●▲≈? "), 72), "subtitle": lines, "anchor": "start", "frame": "group",
        "offset": 16,
        "color": page.theme.ink,
        "subtitleColor": page.theme.muted, "fontSize": 18, "subtitleFontSize": 12, "subtitlePadding": 8, "font": FONT,
        "subtitleFont": FONT,
    }  # fmt: skip
    return freeze_chart(figure.chart or {}, WIDTH) | {"title": title, "background": page.theme.panel, "padding": 24}


def freeze_chart(chart: dict[str, Any], width: int) -> dict[str, Any]:
    """A chart of a fixed width: nothing to click, and no page whose width it could ask for."""
    text = json.dumps(chart, ensure_ascii=False).replace("containerSize()[0]", str(width))
    fixed: dict[str, Any] = json.loads(text.replace(HEADS["host"], HOSTS))
    fixed.pop("params", None)
    fixed["config"] = fixed.get("config", {}) | {"font": FONT, "text": {"font": FONT, "fontSize": 12}}
    return fixed | {"width": width}


def _wrap_text(markdown: str, letters: int = LETTERS) -> list[str]:
    return textwrap.wrap(numbers.strip_markdown(markdown).replace("\n", " "), letters) or [""]
