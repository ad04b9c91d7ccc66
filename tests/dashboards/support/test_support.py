"""The page of support: what it answers, what it draws, and what it says of what is missing."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dashboards.frame.story import Figure
from dashboards.support import curves, sentences_support, support, waits
from tests.dashboards.drawn import list_data
from tests.dashboards.test_pages import seen
from tests.worlds.page_worlds import NOW
from warehouse.wording import GAP

Home = Callable[[str], Path]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The instant at which the world was published."""
    monkeypatch.setenv("HEARTBEAT_NOW", NOW.isoformat())


def figures(home: Path, **filters: Any) -> dict[str, Figure]:
    """The figures by name."""
    return {figure.name: figure for figure in support.story(seen(home, **filters)).figures()}


def test_the_page_tells_waiting_help_and_people_in_this_order(state_home: Home) -> None:
    """Changes and fixes are of repositories, wherever people ask."""
    found, forum = figures(state_home("sample")), figures(state_home("sample"), kind="forum")
    assert list(found) == ["waiting", "within", "first", "gap", "outsiders", "newcomers"]
    assert all(figure.chart is not None for figure in found.values())
    assert forum["outsiders"].rows == found["outsiders"].rows and forum["first"].rows != found["first"].rows


def test_bars_are_the_published_shares_and_name_the_largest_part(state_home: Home) -> None:
    """What is drawn and what the receipt says is one number."""
    figure = figures(state_home("sample"))["first"]
    assert figure.chart is not None and figure.has_receipts
    drawn = {(one["family_id"], one["segment"]): one["value"] for one in figure.chart["layer"][0]["data"]["values"]}
    published = {(one["family_id"], one["segment"]): one["value"] for one in figure.rows if one["value"] is not None}
    assert drawn == published and len(drawn) > 50
    assert " answer first " in figure.title or figure.title.endswith("has a suspect part")


def test_the_verdict_is_of_what_the_page_shows(state_home: Home) -> None:
    """The waits of the curves below it, under every filter."""
    choices: list[dict[str, Any]] = [{}, {"window": "90d"}, {"kind": "forum"}, {"type": "getting it to run"}]
    for filters in choices:
        story = support.story(seen(state_home("sample"), **filters))
        said = story.answer.partition("\n\n")[0]
        marks = [mark for mark in list_data(story.figures()[0].chart or {}) if "half" in mark]
        drawn = {mark["said"].replace(GAP, " ").partition(" (")[0] for mark in marks}
        waits = re.findall(r"within ([\d.]+ \w+)", said.replace(GAP, " "))
        assert waits and set(waits) <= drawn, filters


def test_who_is_helped_within_thirty_days_is_not_asked_of_the_last_thirty(state_home: Home) -> None:
    """A chart that can never have a number is no answer to a window."""
    gap = figures(state_home("sample"), window="30d")["gap"]
    assert gap.chart is not None and "last 90 days" in gap.subtitle


def test_only_chosen_families_are_told_of(state_home: Home) -> None:
    """A side that was not asked for is not a side without data."""
    story = support.story(seen(state_home("sample"), chosen=("qwen", "llama")))
    assert "other side" not in story.answer
    assert all({row["family_id"] for row in figure.rows} <= {"qwen", "llama"} for figure in story.figures())


def test_at_most_four_curves_are_drawn_and_two_of_sides_by_default(state_home: Home) -> None:
    """Three reds and three blues over grey were mud; names stand at the lines, and shapes tell the sides apart."""
    home = state_home("sample")
    drawn = figures(home)["waiting"]
    assert drawn.metric == "side_curves" and "mean of 17 open and 7 proprietary families" in drawn.measure
    ends = [row["said"].partition(" ")[0] for row in list_data(drawn.chart or {}) if "label" in row]
    text = str(drawn.chart)
    assert "'shape': 'circle'" in text and "'shape': 'square'" in text and sorted(ends) == ["Open", "Proprietary"]
    # Only one proprietary family was asked enough in forums, which is no side.
    forum = figures(home, kind="forum")["waiting"]
    assert {row["side"] for row in forum.rows} == {"open", "proprietary"} and len(forum.rows) == 2
    many = figures(home, chosen=("qwen", "claude", "glm", "kimi", "llama"))["waiting"]
    assert {row["family_id"] for row in many.rows} == {"qwen", "claude", "glm", "kimi"}
    assert "the first 4 of 5 chosen" in many.subtitle


@pytest.mark.parametrize(
    ("open_shares", "title", "verdict"),
    [
        ([0.0, 0.4, 0.6], "Proprietary 6.0 h, Open 30 d", "half hear back within 6.0 h; about open ones, within 30 d."),
        ([0.0, 0.3, 0.4], "Proprietary 6.0 h, Open not reached", "within 6.0 h; about open ones, fewer than half."),
    ],
)
def test_halves_of_sides_are_read_off_their_curves(open_shares: list[float], title: str, verdict: str) -> None:
    """By the first hour of the grid at which half have an answer; where the band is at the half its interval ends."""
    points = [
        {"side": side, "hours": hours, "value": share, "low": share - 0.1, "high": share + 0.1}
        for side, shares in (("open", open_shares), ("proprietary", [0.3, 0.5, 0.6]))
        for hours, share in zip((1.0, 6.0, 720.0), shares, strict=True)
    ]
    halves = waits.read_halves(points)
    assert [halves[1][name] for name in ("low", "value", "high")] == [6, 6, 720]
    assert waits.word_halves(halves, waits.SIDES).replace(GAP, " ") == f"Half hear back: {title}"
    assert verdict in sentences_support.judge_sides(halves).replace(GAP, " ")


def test_a_half_is_drawn_with_its_interval_and_said_at_its_mark(state_home: Home) -> None:
    """As published; an end that is not known reaches to the end of the curves."""
    chart = figures(state_home("sample"), chosen=("qwen", "claude"))["waiting"].chart
    halves = {mark["family"]: mark for mark in list_data(chart or {}) if "half" in mark}
    medians = {
        row["family_id"]: row for row in figures(state_home("sample"), chosen=("qwen", "claude"))["waiting"].rows
    }
    assert halves["Claude"]["high"] == medians["claude"]["high"] and halves["Qwen"]["high"] == curves.LAST
    assert medians["qwen"]["high"] is None and halves["Qwen"]["short"].startswith("half within")
