"""Does it stay up, and do they tell you: uptime and disclosure, incidents, and what others would show."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import vl_convert

from dashboards.charts import time
from dashboards.charts.colours import LIGHT
from dashboards.frame.pictures import freeze_chart
from dashboards.frame.story import list_figures
from dashboards.reliability import reliability, sentences_uptime
from tests.dashboards.drawn import list_data
from tests.dashboards.test_pages import seen
from tests.worlds.page_worlds import NOW
from warehouse.wording import GAP

Home = Callable[[str], Path]
TITLES = {"a": "A", "b": "*B*", "c": "C"}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The instant at which the sample world stands still."""
    monkeypatch.setenv("HEARTBEAT_NOW", NOW.isoformat())


def row(family: str, value: float | None, low: float | None = None, high: float | None = None, **given: Any) -> Any:
    """A figure of a page."""
    state = given.pop("state", "measured")
    return {
        "family_id": family,
        "state": state,
        "value": value,
        "low": low,
        "high": high,
        "n": 9,
        "side": "proprietary",
        "statistic": "weighted",
        "note": "",
    } | given


def test_the_answer_says_both_and_names_those_who_cannot_be_read() -> None:
    """Uptime without disclosure would punish those who disclose."""
    uptimes = [row("a", 0.999, 0.999, 0.999), row("b", 0.98, 0.98, 0.98), row("c", None, state="not observable")]
    shares = [row("a", 0.4, 0.3, 0.5), row("b", 0.7, 0.6, 0.8)]
    assert sentences_uptime.answer_page(uptimes, shares, TITLES).replace(GAP, " ") == (
        "n = 18 incidents of the API on 2 pages. \\*B\\*'s page states the cause of **70 % (60–80 %)** of its "
        "incidents, A's of **40 % (30–50 %)**. No page shows it for 1 family, which may have had incidents all the "
        "same."
    )  # fmt: skip


def test_ranges_are_no_figures() -> None:
    """A page that states no ends leaves a range, and its upper end is no praise."""
    vague = row("a", None, 0.5, 1.0)
    assert "post too little" in sentences_uptime.judge_page([vague], TITLES)
    mixed = [vague, row("b", 0.98, 0.98, 0.98)]
    assert "1 page leaves only a range" in sentences_uptime.answer_page(mixed, [], TITLES)
    assert f"\\*B\\* posted 98.00{GAP}% uptime" in sentences_uptime.judge_page(mixed, TITLES)
    days = {"a": 365, "b": 365}
    only = sentences_uptime.name_highest([vague], TITLES, days)
    assert only == "Posted uptime: no single figure can be given"
    assert sentences_uptime.name_highest([vague, row("b", 0.98, 0.97, 0.99)], TITLES, days) == (
        "Highest uptime: \\*B\\* and A share first place"
    )


def test_the_verdict_compares_nothing_that_its_marks_may_refute() -> None:
    """Pages that disclose more looked worse in words, and better in the marks."""
    rows = [row("a", 0.993, 0.99, 0.996), row("b", 0.997, 0.995, 0.999)]
    said = sentences_uptime.judge_page(rows, TITLES).replace(GAP, " ")
    assert said == "**2 status pages post 99.30 % to 99.70 % uptime**; nobody outside can check that."


def test_the_highest_uptime_is_that_of_the_highest_mark_with_its_days() -> None:
    """It named one below three others, as these were watched for less time; how long is said instead."""
    rows = [row("b", 0.9997, 0.9997, 0.9997), row("a", 1.0, 1.0, 1.0), row("c", 1.0, 1.0, 1.0)]
    said = sentences_uptime.name_highest(rows, TITLES, {"a": 50, "b": 365, "c": 12})
    assert said == "Highest uptime: A and C share first place"
    alone = sentences_uptime.name_highest(rows[:2], TITLES, {"a": 50, "b": 365})
    assert alone == f"Highest uptime: A, 100{GAP}% over 50 days"


@pytest.mark.parametrize("uptimes", [[], [row("a", None, state="not enough data")]])
def test_no_figure_is_no_answer(uptimes: list[dict[str, Any]]) -> None:
    assert "give no answer" in sentences_uptime.answer_page(uptimes, [], TITLES)


def test_a_family_without_a_page_that_is_read_has_no_history() -> None:
    """It said that the data give no answer, and of one family that no page shows it, in the words for many."""
    uptimes = [row("b", None, state="not observable", note="Its page refuses collectors.")]
    assert sentences_uptime.judge_page(uptimes, TITLES) == "**No outage history of \\*B\\* can be read.**"
    said = sentences_uptime.answer_page(uptimes, [], TITLES).replace("\\", "")
    assert said == "Its page refuses collectors. That is not the same as no incidents."


def test_weights_run_where_no_page_of_theirs_can_tell(state_home: Home) -> None:
    """That they were not observed for long enough would be a false reason."""
    story = reliability.story(seen(state_home("sample"), chosen=("qwen", "llama")))
    assert story.answer == (
        "**Open weights run on other people's machines**: no one page says whether they work.\n\nTo see what "
        "a host posts, choose it."
    )
    mixed = [row("a", None, state="not enough data"), row("b", None, state="not observable", side="open")]
    assert sentences_uptime.judge_page(mixed, TITLES) == ""
    assert sentences_uptime.answer_page(mixed, [], TITLES, "Served.").startswith(
        "The data give no answer. For 1 page uptime is unknown: too little is observed, or too many incidents state no "
        "end. No page shows it for 1 family"
    )


def test_shares_that_lie_near_each_other_show_no_difference() -> None:
    """And of too few incidents none can be given."""
    uptimes, share = [row("a", 0.999, 0.999, 0.999)], row("a", 0.4, 0.3, 0.5)
    both = sentences_uptime.answer_page(uptimes, [share, row("b", 0.45, 0.35, 0.55)], TITLES)
    assert "**no difference is shown**" in both
    alone = sentences_uptime.answer_page(uptimes, [share], TITLES).replace(GAP, " ")
    assert "A's page states the cause of **40 % (30–50 %)** of its incidents" in alone
    assert "How much they disclose is not known" in sentences_uptime.answer_page(uptimes, [], TITLES)


def test_the_page_that_others_wrong_most_is_named() -> None:
    """With both numbers; one that only a range is known of by its lower end."""
    rows = [
        row("a", 0.9, 0.9, 0.9, statistic="as_others_count"), row("a", 0.95, 0.95, 0.95, statistic="weighted"),
        row("b", 0.2, 0.2, 0.2, statistic="as_others_count"), row("b", None, 0.8, 0.99, statistic="weighted"),
    ]  # fmt: skip
    said = sentences_uptime.compare_naive(rows, TITLES)
    assert said == f"\\*B\\*'s 80.00–99.00{GAP}% would look like 20.00{GAP}%"
    assert sentences_uptime.compare_naive([], TITLES) == "What adding up all incidents would show"


def test_uptime_and_disclosure_stand_side_by_side(state_home: Home) -> None:
    """Neither can be read without the other."""
    story = reliability.story(seen(state_home("sample")))
    pair = next(list_figures(part) for part in story.parts if isinstance(part, tuple))
    assert [figure.name for figure in pair] == ["uptime", "causes"]
    left, right = (figure.chart["layer"][0]["encoding"]["y"]["scale"]["domain"] for figure in pair if figure.chart)
    assert "Kimi" in left and "Kimi" in right and "Qwen" not in left
    assert ("qwen", "not observable") in [(row["family_id"], row["state"]) for row in pair[0].rows]


def test_a_snapshot_without_incidents_does_not_show_a_quiet_year(state_home: Home) -> None:
    """Nothing known is not nothing posted."""
    for state in ("no rows", "older version"):
        page = seen(state_home(state))
        figure = reliability.draw_strip(page, reliability.load_uptimes(page))
        assert (figure.title, figure.chart) == ("Posted incidents are not known here", None)


def test_the_last_thirty_days_are_drawn_as_provisional() -> None:
    """Incidents are posted late; ticks differ in height by severity, and their colour comes with the row."""
    until = datetime(2026, 11, 1, tzinfo=UTC)
    since = until - timedelta(days=365)
    pages = [
        {
            "family_id": "a",
            "side": "open",
            "observed_from_at": since.replace(tzinfo=None),
            "observed_until_at": until.replace(tzinfo=None),
        }
    ]
    stated = {
        "family_id": "a",
        "kind": "outage",
        "severity": 3,
        "is_api": True,
        "started_at": until - timedelta(days=3),
        "title": "t",
    }
    spec = time.draw_timeline([stated, stated | {"severity": None}], pages, TITLES, since, until, LIGHT)
    _, fresh, ticks = spec["layer"]
    (shade,) = fresh["data"]["values"]
    assert (shade["started_at"], shade["word"]) == ("2026-10-02T00:00:00+00:00", "provisional")
    assert [one["area"] for one in ticks["data"]["values"]] == [22**2, 10**2]
    assert {one["colour"] for one in ticks["data"]["values"]} == {LIGHT.open}


@pytest.mark.parametrize(("days", "width"), [(30, 900), (30, 360), (89, 900), (90, 900), (365, 900)])
def test_no_two_ticks_of_the_strip_are_labelled_alike(days: int, width: int) -> None:
    """A strip of 30 days named November four times; it names days."""
    until = datetime(2026, 11, 28, tzinfo=UTC)
    since = until - timedelta(days=days)
    ends = {"observed_from_at": since.replace(tzinfo=None), "observed_until_at": until.replace(tzinfo=None)}
    spec = time.draw_timeline([], [{"family_id": "a", "side": "open"} | ends], TITLES, since, until, LIGHT)
    drawn = vl_convert.vegalite_to_svg(freeze_chart(spec, width), vl_version="v6.1")
    labels = re.findall(r">((?:\d+ )?[A-Z][a-z]{2}(?: \d{4})?)</text>", drawn)
    assert len(labels) == len(set(labels)) > 1
    assert all(label[0].isdigit() == (days < 90) for label in labels)


def test_our_uptime_is_one_number_on_the_page(state_home: Home) -> None:
    """Beside that of others stood 97.61 to 99.28 %, and in the chart above 97.61 to 100 %."""
    drawn = {
        figure.name: {
            row["family_id"]: (row["value"], row["low"], row["high"])
            for row in list_data(figure.chart or {})
            if row["statistic"] == "weighted" and row["low"] is not None
        }
        for figure in reliability.story(seen(state_home("sample"))).figures()
        if figure.name in ("uptime", "naive")
    }
    assert drawn["uptime"] and drawn["uptime"] == drawn["naive"]
