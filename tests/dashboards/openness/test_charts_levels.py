"""Levels and columns: what is drawn of counts that have no interval, and what a cell says that has no number."""

import json
from typing import Any

import pytest
import vl_convert

from dashboards.charts.colours import LIGHT
from dashboards.openness.charts import levels as charts_levels
from dashboards.openness.charts import panels
from dashboards.openness.sentences.access import CARDS, format_gib
from tests.worlds.snapshots.rows import HOSTILE

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


def columns(rows: list[dict[str, Any]], unit: Any = "share", is_alike: bool = True) -> dict[str, Any]:
    """A chart of two columns."""
    return panels.draw_panels(
        rows, unit, {"no": "open to all", "auto": "after a form"}, "statistic", ORDER, TITLES, LIGHT, is_alike
    )


def words_of(spec: dict[str, Any]) -> list[str]:
    """The words of the cells, column by column."""
    return [cell["word"] for part in spec["layer"][1:] for cell in part["data"]["values"]]


def test_a_family_without_any_number_says_why_once_and_one_that_lacks_a_part_shows_its_mark() -> None:
    """Else the same words would stand in each column."""
    rows = [
        row("qwen", "no", 0.4),
        row("qwen", "auto", None, state="not collected"),
        row("gpt", "no", None),
        row("gpt", "auto", None),
    ]
    assert words_of(columns(rows)) == ["", "— not applicable", "○", ""]


def test_columns_of_unlike_things_have_scales_of_their_own() -> None:
    """Like ones share theirs, so that they can be compared across."""
    rows = [row("qwen", "no", 2.0), row("qwen", "auto", 40.0), row("gpt", "other", 900.0)]
    both = [part["layer"][1]["encoding"]["x"]["scale"]["domain"] for part in columns(rows, "rate")["layer"][1:]]
    each = [part["layer"][1]["encoding"]["x"]["scale"]["domain"] for part in columns(rows, "rate", False)["layer"][1:]]
    assert both == [[0, 42.0], [0, 42.0]] and each == [[0, 2.1], [0, 42.0]]


@pytest.mark.parametrize("values", [[0.0003, 0.3], [0.0, 0.0], [5.0], [0.01, 0.02]])
def test_small_rates_have_room_and_a_true_zero(values: list[float]) -> None:
    """Rates per thousand downloads may all lie far below one."""
    scale, axis = panels.make_scale("rate", [row("qwen", "no", value) for value in values])
    assert scale["domain"][0] == 0 and scale["domain"][1] > max(values)
    assert all(0 <= tick <= scale["domain"][1] for tick in axis.get("values", []))


def test_ticks_of_small_rates_are_all_drawn_and_read_as_decimals() -> None:
    """Of 0, 0.001 and 0.01 the middle one was dropped, and 0.000028 was 2.8e-05."""
    spec = columns([row("qwen", "no", value) for value in (0.000028, 0.0005, 0.019)], "rate")
    axis = spec["layer"][1]["layer"][1]["encoding"]["x"]["axis"]
    assert axis["tickCount"] == len(axis["values"]) == 3
    assert [one["short"] for one in spec["layer"][1]["data"]["values"]] == ["0.000028", "0.00050", "0.019"]


def test_both_charts_can_be_drawn_with_any_name() -> None:
    """By the same engine that draws pictures for downloads; names of others stay words."""
    rows = [row("qwen", "no", 0.4, low=0.3, high=None), row("gpt", "no", None), row("groq", "auto", 0.1)]
    titles = TITLES | {"qwen": HOSTILE[1]}
    panel = panels.draw_panels(rows, "share", {"no": "open", "auto": "form"}, "statistic", ORDER, titles, LIGHT)
    for spec in (panel, levels([row("qwen", "least", 2)], CARDS)):
        still = json.loads(json.dumps(spec).replace("containerSize()[0]", "600")) | {"width": 600, "autosize": "pad"}
        still.pop("params", None)
        assert vl_convert.vegalite_to_svg(still, vl_version="v6.1").startswith("<svg")
