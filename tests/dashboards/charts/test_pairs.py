"""Two marks of a family on one row."""

import json
from typing import Any

import vl_convert

from dashboards.charts import pairs
from dashboards.charts.colours import LIGHT
from dashboards.charts.marks import Spec
from dashboards.frame.pictures import freeze_chart
from tests.worlds.hostile import HOSTILE

SAID = {"closed": "closed", "helped": "helped"}
TITLES = {"qwen": "Qwen", "gpt": HOSTILE[0], "nova": "Nova", "groq": "Groq"}


def row(family: str, side: str, statistic: str, value: float | None, state: str = "measured") -> dict[str, Any]:
    """A published figure."""
    ends = (None, None) if value is None else (value - 0.05, value + 0.05)
    return {
        "family_id": family, "side": side, "segment": "all", "statistic": statistic, "value": value, "low": ends[0],
        "high": ends[1],
        "n": 40, "state": state, "note": None,
    }  # fmt: skip


ROWS = [
    row("qwen", "open", "closed", 0.4), row("qwen", "open", "helped", 0.1),
    row("gpt", "proprietary", "closed", 0.5), row("gpt", "proprietary", "helped", None, "not enough data"),
    row("nova", "proprietary", "closed", None, "not enough data"),
    row("nova", "proprietary", "helped", None, "not enough data"),
    row("groq", "host", "closed", None, "not collected"), row("groq", "host", "helped", None, "not collected"),
]  # fmt: skip


def drawn() -> Spec:
    """The chart of the rows above."""
    return pairs.draw_pairs(
        ROWS, "share", ["qwen", "gpt", "nova", "groq"], TITLES, LIGHT, SAID, {"qwen": ("30 points, long", "30 short")}
    )


def test_a_row_has_a_gap_only_where_both_marks_are() -> None:
    """A line to a number that is not there would be made up."""
    rows = {one["family_id"]: one for one in drawn()["layer"][0]["data"]["values"]}
    assert (rows["qwen"]["since"], rows["qwen"]["until"]) == (0.4, 0.1)
    assert rows["gpt"]["since"] is None and rows["gpt"]["empty"] == ""
    assert rows["nova"]["empty"] == "≈ not enough data" and rows["groq"]["empty"] == "○ not collected"


def test_the_first_mark_is_hollow_the_second_filled_and_the_sides_differ_by_shape_and_stroke() -> None:
    """Which of the two it is must be seen without colour, and whose it is as well."""
    rows = {(one["family_id"], one["statistic"]): one for one in drawn()["layer"][1]["data"]["values"]}
    assert {(rows[family, "closed"]["fill"], rows[family, "helped"]["fill"]) for family in ("qwen", "groq")} == {
        (LIGHT.panel, LIGHT.open),
        (LIGHT.panel, LIGHT.host),
    }
    shapes = [rows[family, "helped"]["shape"] for family in ("qwen", "gpt", "groq")]
    assert shapes == ["circle", "square", "triangle-up"]
    assert len({tuple(rows[family, "closed"]["dash"]) for family in ("qwen", "gpt", "groq")}) == 3
    shifts = [one["mark"]["yOffset"] for one in drawn()["layer"][1]["layer"]]
    assert shifts == [-pairs.APART] * 2 + [pairs.APART] * 2


def test_it_is_drawn_with_its_words_long_or_short() -> None:
    """The renderer takes it, with names that are attacks as text; on a narrow chart the short words stand."""
    wide, narrow = (
        vl_convert.vegalite_to_svg(json.dumps(freeze_chart(drawn(), width)), vl_version="v6.1") for width in (880, 300)
    )
    assert "30 points, long" in wide and "30 short" in narrow
    assert "≈ not enough data" in wide and "<script" not in wide


def test_a_click_names_a_row_of_the_figure() -> None:
    """Any place of the row: the family with its second statistic."""
    layers = drawn()["layer"][0]["layer"]
    assert [one["name"] for one in layers if "name" in one] == ["marks"]
    assert {one["statistic"] for one in drawn()["layer"][0]["data"]["values"]} == {"helped"}
