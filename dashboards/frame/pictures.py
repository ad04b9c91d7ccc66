"""Stand-alone pictures of figures: the chart with its title, measure and source, drawn without a browser."""

import json
import textwrap
from functools import lru_cache
from typing import Any

import vl_convert

from dashboards.charts.marks import HEADS
from dashboards.frame.footer import compose_footer
from dashboards.frame.origin import describe_publisher
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.words import numbers

WIDTH = 880
"""Width of the chart in pixels; the picture is slightly wider."""
LETTERS = 104
"""Letters that fill a line below the title."""
VERSION = "v6.1"
HOSTS = "▲ Hosts"
"""The heading of the hosts in characters that the font of pictures has."""
FONT = "Liberation Sans, Arial, DejaVu Sans, sans-serif"


def render_svg(page: View, figure: Figure) -> str:
    return _render_spec(json.dumps(make_spec(page, figure)))


def render_png(page: View, figure: Figure) -> bytes:
    """Renders the picture as PNG, at twice the resolution of a screen."""
    return bytes(vl_convert.vegalite_to_png(make_spec(page, figure), vl_version=VERSION, scale=2))


# Cached by text, since a dict cannot be hashed.
@lru_cache(maxsize=64)
def _render_spec(text: str) -> str:
    return str(vl_convert.vegalite_to_svg(json.loads(text), vl_version=VERSION))


def render_chart(chart: dict[str, Any], width: int) -> str:
    """Renders a chart alone as SVG text, for places that caption it themselves."""
    return _render_spec(json.dumps(freeze_chart(chart, width)))


def make_spec(page: View, figure: Figure) -> dict[str, Any]:
    """Makes the chart of a figure with its title above and its source below.

    A mark before the title is excluded: one character missing from the font would switch the whole line to another
    font.
    """
    lines = [*_wrap_text(figure.measure), *_wrap_text(compose_footer(page, figure.rows, figure.source))]
    if page.snapshot.is_sample:
        lines.append("SAMPLE DATA: made-up numbers that say nothing about any vendor or community.")
    if page.snapshot.origin:
        lines += _wrap_text(numbers.escape_markdown(describe_publisher(page.snapshot)))
    title = {
        "text": _wrap_text(figure.title.lstrip("◇●▲≈? "), 72), "subtitle": lines, "anchor": "start", "frame": "group",
        "offset": 16,
        "color": page.theme.ink,
        "subtitleColor": page.theme.muted, "fontSize": 18, "subtitleFontSize": 12, "subtitlePadding": 8, "font": FONT,
        "subtitleFont": FONT,
    }  # fmt: skip
    return freeze_chart(figure.chart or {}, WIDTH) | {"title": title, "background": page.theme.page, "padding": 24}


def freeze_chart(chart: dict[str, Any], width: int) -> dict[str, Any]:
    """Gives a chart a fixed width and removes its selections, since a picture has no page to fit and nothing to
    click."""
    # Outside a browser there is no container to measure.
    text = json.dumps(chart, ensure_ascii=False).replace("containerSize()[0]", str(width))
    fixed: dict[str, Any] = json.loads(text.replace(HEADS["host"], HOSTS))
    fixed.pop("params", None)
    fixed["config"] = fixed.get("config", {}) | {"font": FONT, "text": {"font": FONT, "fontSize": 12}}
    return fixed | {"width": width}


def _wrap_text(markdown: str, letters: int = LETTERS) -> list[str]:
    return textwrap.wrap(numbers.strip_markdown(markdown).replace("\n", " "), letters) or [""]
