"""Levels: what is drawn of counts that have no interval, and what a row says that has no number."""

import json
from typing import Any

import vl_convert

from dashboards.charts.colours import LIGHT
from dashboards.openness import charts_levels
from dashboards.openness.sentences_access import CARDS, format_gib

TITLES = {"qwen": "Qwen", "gpt": "GPT", "groq": "Groq"}
SIDES = {"qwen": "open", "gpt": "proprietary", "groq": "host"}
ORDER = list(TITLES)


def row(family: str, statistic: str, value: float | None, **more: Any) -> dict[str, Any]:
    """A published figure."""
    return {
        "family_id": family, "side": SIDES[family], "segment": "all", "statistic": statistic, "value": value,
        "low": value, "high": value,
        "n": 10, "state": "measured" if value is not None else "not applicable", "note": None,
    } | more  # fmt: skip


def levels(rows: list[dict[str, Any]], guides: dict[float, str] | None = None) -> dict[str, Any]:
    """A chart of three levels."""
    scaled: Any = {"type": "log", "domain": [1, 100]}, {"title": None}
    return charts_levels.draw_levels(
        rows, "statistic", ("least", "middle", "most"), format_gib, scaled, ORDER, TITLES, LIGHT, guides
    )


def test_levels_of_a_family_are_joined_and_said_from_least_to_most() -> None:
    """The unit once; a level that is the same is not a range; the mark grows with the level."""
    shown = levels(
        [
            row("qwen", "least", 2),
            row("qwen", "middle", 4),
            row("qwen", "most", 30),
            row("gpt", "least", 7),
            row("gpt", "most", 7),
        ]
    )
    cells = shown["layer"][0]["data"]["values"]
    assert [cell["reach"].replace("\N{NO-BREAK SPACE}", " ") for cell in cells] == ["2.0–30 GiB"] * 3 + ["7.0 GiB"] * 2
    assert [cell["size"] for cell in cells] == [36, 66, 96, 36, 96]
    assert [cell["shape"] for cell in cells] == ["circle"] * 3 + ["square"] * 2
    assert cells[0]["said"].replace("\N{NO-BREAK SPACE}", " ") == "least: 2.0 GiB"
    assert shown["params"][0]["views"] == ["marks"]


def test_a_family_without_a_number_says_its_state() -> None:
    """Zero is a number."""
    cells = levels([row("qwen", "least", 0), row("gpt", "least", None)])["layer"][0]["data"]["values"]
    assert (cells[0]["has_point"], cells[0]["reach"]) == (True, "0\N{NO-BREAK SPACE}GiB")
    assert (cells[1]["has_point"], cells[1]["reach"], cells[1]["said"]) == (False, "", "— not applicable")


def test_guides_are_named_on_either_side_so_that_they_do_not_touch() -> None:
    """Two cards lie close together."""
    spec = levels([row("qwen", "least", 2)], CARDS)
    names = [(part["data"]["values"][0]["name"], part["layer"][1]["mark"]["align"]) for part in spec["layer"][:2]]
    assert names == [("24 GiB", "right"), ("80 GiB", "left")]
    assert spec["padding"]["top"] > levels([row("qwen", "least", 2)])["padding"]["top"]


def test_the_chart_is_drawn_by_the_engine_of_pictures() -> None:
    """The one that draws them for downloads."""
    spec = levels([row("qwen", "least", 2)], CARDS)
    still = json.loads(json.dumps(spec).replace("containerSize()[0]", "600")) | {"width": 600, "autosize": "pad"}
    still.pop("params", None)
    assert vl_convert.vegalite_to_svg(still, vl_version="v6.1").startswith("<svg")
