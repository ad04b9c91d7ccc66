"""Suspect figures: shown with their value, marked and named, and never ranked."""

from datetime import UTC
from typing import Any

import pytest

from dashboards.charts import marks
from dashboards.charts.colours import DARK, LIGHT, SHAPES, Palette
from dashboards.frame.tables import format_row
from dashboards.overview.scoreboard import BoardCell, find_best
from dashboards.words import numbers, sentences
from tests.dashboards.charts.test_marks import metric
from tests.dashboards.test_pages import PAGES, Home, seen, tell
from tests.worlds.rows import NOW
from warehouse.freshness import UNOBSERVABLE, describe_freshness, judge_condition
from warehouse.wording import GAP

TITLES = {"gpt": "GPT", "qwen": "Qwen", "grok": "Grok"}
SUSPECT: Any = {
    **metric("gpt", "proprietary", 0.9, 0.8, 0.95, "suspect"), "coverage_share": 0.7, "unit": "share",
}  # fmt: skip
SURE: Any = {**metric("qwen", "open", 0.4, 0.3, 0.5), "coverage_share": 0.08}
NONE: Any = {**metric("grok", "proprietary", None, state="not observable"), "coverage_share": 0.0}


def test_a_suspect_figure_says_so_beside_its_value() -> None:
    """In sentences, tables and the texts of charts."""
    said = f"90{GAP}% (80–95{GAP}%), suspect"
    assert (numbers.format_value(SUSPECT, "share"), format_row(SUSPECT, "answered_share")) == (said, said)
    assert sentences.describe_points([SUSPECT, SURE], "share", TITLES, "answered").count("suspect") == 1


def test_a_suspect_figure_leads_nobody() -> None:
    """It is the highest, and neither the title nor the judgement of another family counts it."""
    assert sentences.name_leader([SUSPECT, SURE], "share", TITLES, "Best") == f"Best: Qwen, 40{GAP}%"
    cells = [
        BoardCell(row["family_id"], "", state=row["state"], value=row["value"], low=row["low"], high=row["high"])
        for row in (SUSPECT, SURE, {**SURE, "family_id": "grok", "value": 0.39})
    ]
    assert find_best(cells, 1) == set() and find_best(cells, -1) == {"qwen", "grok"}
    assert sentences.select_shown([SUSPECT, SURE, NONE]) == [SUSPECT, SURE]


def test_suspects_are_named_with_a_link_to_the_warnings() -> None:
    """Nobody need guess why a mark looks different."""
    said = sentences.name_suspect([SURE, SUSPECT], TITLES)
    assert said == "**! Suspect, so in no rank:** GPT. [See the warnings](data#warnings)"
    assert sentences.name_suspect([SURE, NONE], TITLES) == ""


def test_a_silent_list_is_not_called_fresh() -> None:
    """Its visits succeed, and its newest item is four years old."""
    rows = [
        {"as_of_at": NOW, "last_state": "complete", "warned_state": state} for state in (None, "suspect", UNOBSERVABLE)
    ]
    judged = [{**row, "condition": judge_condition(row, "fresh")} for row in rows]
    said = describe_freshness(judged, NOW.replace(tzinfo=UTC))
    assert said == "1 of 3 collections silent"


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_a_suspect_mark_looks_different_from_that_of_any_side(theme: Palette) -> None:
    """By its shape, not only by its colour; a mark beside the value repeats it."""
    chart = marks.draw_dots([SUSPECT, SURE], "share", ["qwen", "gpt"], TITLES, theme)
    drawn = {row["family_id"]: row for row in chart["layer"][0]["data"]["values"]}
    assert drawn["gpt"]["shape"] not in SHAPES.values() and drawn["qwen"]["shape"] in SHAPES.values()
    assert (drawn["gpt"]["short"], drawn["qwen"]["short"]) == (f"90{GAP}% !", f"40{GAP}%")


@pytest.mark.parametrize(
    ("rows", "worst", "least"),
    [
        ([SURE], "", 0.08), ([SURE, NONE], "not observable, ", 0),
        ([NONE, SUSPECT], "suspect, ", 0),
        ([SUSPECT | {"state": "not enough data"}], "not enough data, ", 0.7),
    ],
)  # fmt: skip
def test_the_badge_has_the_worst_state_and_the_lowest_coverage(rows: Any, worst: str, least: float) -> None:
    """Fresh said nothing about a coverage of 8 %."""
    share = numbers.format_least(least)
    assert sentences.describe_worst(rows) == (f"worst here: {worst}coverage {share}", least)


def test_the_badge_counts_figures_without_a_channel_by_their_state() -> None:
    """Overview showed `? not observable` under a badge that said `not enough data`."""
    absent, unread = NONE | {"coverage_share": None}, {"verdict": "cannot be read"}
    assert sentences.describe_worst([absent]) == ("worst here: not observable", 1)
    assert sentences.describe_worst([SURE, absent, unread]) == (f"worst here: cannot be read, coverage 8.0{GAP}%", 0.08)
    assert sentences.describe_worst([absent | {"state": "not applicable"}]) == ("", 1)


@pytest.mark.parametrize("page", PAGES)
def test_the_badge_of_every_page_has_a_state_and_a_coverage(state_home: Home, page: str) -> None:
    """Claims and *Find my model* said nothing of the figures that they rest on."""
    worst, least = sentences.describe_worst(tell(page, seen(state_home("live"))).doubted)
    assert any(state in worst for state in numbers.WORST) and "coverage" in worst, (worst, least)
