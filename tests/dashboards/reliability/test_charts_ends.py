"""The lines of what ends next."""

import re
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
import vl_convert

from dashboards.charts.colours import DARK, LIGHT, Palette
from dashboards.frame.pictures import freeze_chart
from dashboards.reliability.charts_ends import draw_gantt
from tests.worlds.hostile import HOSTILE

TODAY = date(2026, 11, 1)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def row(model: str, on: date, side: str = "open", is_day: bool = True, announced: date | None = None) -> dict[str, Any]:
    """A line as the page gives it."""
    return {
        "model": model, "title": "GPT", "side": side, "announced_on": announced, "shutdown_on": on, "today": TODAY,
        "is_day": is_day,
        "said": "s", "left": "l", "short": "9 Nov", "beside": "9 Nov · GPT", "announced": "a", "notice": "n",
        "instead": "i",
    }  # fmt: skip


def lines(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """What the lines are drawn from."""
    found: list[dict[str, Any]] = spec["layer"][1]["data"]["values"]
    return found


@pytest.mark.parametrize("tone", [LIGHT, DARK])
def test_sides_differ_by_shape_and_bounds_by_filling(tone: Palette) -> None:
    """In grey a reader still sees who it is and whether it is a day."""
    end = TODAY + timedelta(days=20)
    rows = [
        row(f"m-{side}-{is_day}", end, side, is_day)
        for side in ("open", "proprietary", "host", "")
        for is_day in (True, False)
    ]
    drawn = lines(draw_gantt(rows, TODAY, tone))
    assert [one["shape"] for one in drawn if one["is_day"]] == ["circle", "square", "triangle-up", "diamond"]
    assert {one["shape"] for one in drawn if not one["is_day"]} == {"triangle-right"}
    assert all((one["bar"] == one["colour"]) == one["is_day"] for one in drawn)
    assert "<svg" in vl_convert.vegalite_to_svg(draw_gantt(rows, TODAY, tone) | {"width": 600})


def test_names_that_occur_twice_keep_their_own_lines() -> None:
    """One model ends at several places, and a stranger may name it like another."""
    end = TODAY + timedelta(days=20)
    spec = draw_gantt([row("twin", end), row("twin", end), row("alone", end)], TODAY, LIGHT)
    labels = [one["label"] for one in lines(spec)]
    assert labels[0] == "twin (GPT)" and labels[2] == "alone" and len(set(labels)) == 3
    assert spec["layer"][1]["encoding"]["y"]["scale"]["domain"] == ["", *labels]


def test_as_much_past_as_future_is_shown_at_most() -> None:
    """What is to come is asked for; an announcement of years ago begins at the edge."""
    end = TODAY + timedelta(days=100)
    spec = draw_gantt([row("old", end, announced=date(2024, 1, 1))], TODAY, LIGHT)
    bars = spec["layer"][1]["layer"]
    assert bars[0]["encoding"]["x"]["scale"]["domain"] == [(TODAY - timedelta(days=100)).isoformat(), end.isoformat()]
    assert bars[0]["mark"]["clip"] is True


def test_names_of_strangers_are_data_only() -> None:
    """Never a part of an expression or a filter."""
    end = TODAY + timedelta(days=20)
    spec = draw_gantt([row(name, end) for name in HOSTILE], TODAY, LIGHT)
    formulas = [one for drawn in spec["layer"][1]["layer"] for one in drawn.get("transform", [])]
    assert formulas and not any(name in str(formulas) for name in HOSTILE)
    assert "<svg" in vl_convert.vegalite_to_svg(spec | {"width": 600})


@pytest.mark.parametrize("width", [700, 880, 1000, 1100])
def test_no_month_is_left_out_between_others(width: int) -> None:
    """The label of a month at the very edge once took the room of the next, so that August alone was missing."""
    rows = [row("a-model-with-a-long-name", date(2027, 3, 1), announced=date(2025, 1, 1))]
    drawn = vl_convert.vegalite_to_svg(freeze_chart(draw_gantt(rows, TODAY, LIGHT), width), vl_version="v6.1")
    months = [
        12 * int(year) + MONTHS.index(month)
        for look, month, year in re.findall(rf"<text([^>]*)>({'|'.join(MONTHS)}) (\d{{4}})</text>", drawn)
        if 'opacity="0"' not in look
    ]
    assert len(months) > 2 and len({later - month for month, later in pairwise(months)}) == 1
