"""What pages tell, beside the uptime: who tells how much of its incidents."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dashboards.frame.view import View
from dashboards.reliability import disclosure
from tests.dashboards.test_pages import seen
from tests.worlds.page_worlds import NOW
from warehouse.wording import GAP

Home = Callable[[str], Path]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The instant at which the sample world stands still."""
    monkeypatch.setenv("HEARTBEAT_NOW", NOW.isoformat())


@pytest.fixture
def page(state_home: Home) -> View:
    """The sample world."""
    return seen(state_home("sample"))


def points(family: str, value: float | None, low: float | None, high: float | None, state: str = "measured") -> Any:
    """The index of a page."""
    return {"family_id": family, "state": state, "value": value, "low": low, "high": high}


def test_openness_stands_beside_the_uptime(page: View) -> None:
    """A line for each page that is read, in the order given, holes named, and never only the uptime."""
    figure = disclosure.draw_table(page, "status", "api", ["gpt", "qwen", "claude"], "x")
    assert figure is not None
    lines = {
        row["of"]: {name: str(cell).replace(GAP, " ") for name, cell in row.items() if name != "of"}
        for row in figure.shown
    }
    assert list(lines) == ["GPT", "Claude"]
    assert list(lines["GPT"]) == list(disclosure.COLUMNS)
    (index,) = [row for row in page.load_metric(disclosure.INDEX, "status", "api") if row["family_id"] == "gpt"]
    value, low, high = (round(float(index[name] or 0)) for name in ("value", "low", "high"))
    assert lines["GPT"]["points out of 100"] == f"{value} ({low}–{high})"
    assert re.fullmatch(r"\d+ % \(\d+–\d+ %\)", lines["GPT"]["cause stated"])
    assert lines["Claude"]["points out of 100"] == "not enough data"


def test_the_lines_of_points_are_called_what_they_are(page: View) -> None:
    """They are intervals of the mean of four shares that err together, and no wider than that."""
    how = disclosure.draw_points(page, "status", "api", ["gpt", "claude"], "x").how
    assert "Lines are 95 % intervals that allow for what the shares have in common." in how


def test_incidents_by_severity_stand_beside_what_the_monitors_counted(page: View) -> None:
    """The grades sum to all incidents; a page whose monitors are not published says so, and each row has its metric."""
    figure = disclosure.draw_posted(page, "status", "api", ["gpt", "qwen", "groq", "mistral-api"], "x")
    assert figure is not None
    lines = {line["of"]: {name: str(cell).replace(GAP, " ") for name, cell in line.items()}
             for line in figure.shown}  # fmt: skip
    assert list(lines) == ["GPT", "Groq", "Mistral API"]
    assert {tuple(line) for line in lines.values()} == {("of", *disclosure.POSTED)}
    grades = ("outages", "partial", "degradations", "without a grade")
    assert all(int(line["incidents"]) == sum(int(line[name]) for name in grades) for line in lines.values())
    assert lines["GPT"]["every part up"] == lines["Groq"]["monitors' uptime"] == "not applicable"
    assert re.fullmatch(r"\d\d\.\d\d–\d\d\.\d\d %", lines["Mistral API"]["every part up"])
    assert {row["metric"] for row in figure.rows} == {"incident_severity_count", "uptime_days_share"}
    assert figure.has_receipts and "Monitors, which only some pages publish: last 90 days." in figure.subtitle


def test_pages_that_are_not_read_have_no_line(page: View) -> None:
    """Nothing is known of how they tell."""
    assert disclosure.draw_table(page, "status", "api", ["qwen", "llama"], "x") is None
    assert disclosure.draw_posted(page, "status", "api", ["qwen", "llama"], "x") is None
    assert disclosure.select_read(
        [points("qwen", None, None, None, "not observable"), points("gpt", None, None, None, "not enough data")]
    ) == [points("gpt", None, None, None, "not enough data")]


def test_no_page_is_ranked_first_where_no_difference_is_shown(page: View) -> None:
    """A rank needs a gap; and one alone is no first."""
    gpt, claude = points("gpt", 40, 30, 50), points("claude", 70, 60, 80)
    assert disclosure.name_most_open([gpt, claude], page) == "Claude's page discloses the most about its incidents"
    assert (
        disclosure.name_most_open([gpt, claude | {"low": 35}], page)
        == "No page can be said to disclose more than all others"
    )
    assert disclosure.name_most_open([gpt], page) == "How much GPT's page discloses about its incidents"
    assert (
        disclosure.name_most_open([gpt | {"state": "not enough data"}], page)
        == "Disclosure cannot be scored for these filters"
    )


def test_an_older_snapshot_has_no_such_table(page: View, monkeypatch: pytest.MonkeyPatch) -> None:
    """It knows nothing of it, and the page shows what it knows."""
    monkeypatch.setattr(View, "load_metric", lambda *asked: [])
    assert disclosure.draw_table(page, "status", "api", ["gpt"], "x") is None
    assert disclosure.draw_posted(page, "status", "api", ["gpt"], "x") is None
    assert disclosure.draw_points(page, "status", "api", ["gpt"], "x").chart is None
