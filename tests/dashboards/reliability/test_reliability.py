"""Does it stay up, and do they tell you: uptime beside what is told, incidents, and what others would show."""

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
from dashboards.frame.story import Figure, Words
from dashboards.reliability import incident_strip, reliability, response_stages, sentences_uptime
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
    """Uptime without what is told would punish who tells."""
    uptimes = [row("a", 0.999, 0.999, 0.999), row("b", 0.98, 0.98, 0.98), row("c", None, state="not observable")]
    points = [row("a", 40, 30, 50), row("b", 70, 60, 80)]
    assert sentences_uptime.answer_page(uptimes, points, TITLES) == (
        f"Posted uptime, by status pages: **98.00{GAP}%** (\\*B\\*) to **99.90{GAP}%** (A) (n{GAP}={GAP}18 "
        "incidents of the API on 2 pages). On disclosure they score **40 (30–50)** (A) to **70 (60–80)** points out of "
        "100 (\\*B\\*): they differ by 30 (16 to 44). For 1 family no page can be read: not the same as no incidents."
    )  # fmt: skip


def test_ranges_are_no_figures() -> None:
    """A page that states no ends leaves a range, and its upper end is no praise."""
    vague = row("a", None, 0.5, 1.0)
    assert "None of 1 page gives a single uptime figure" in sentences_uptime.answer_page([vague], [], TITLES)
    mixed = sentences_uptime.answer_page([vague, row("b", 0.98, 0.98, 0.98)], [], TITLES)
    assert "by the 1 page with a single figure" in mixed and "1 page leaves only a range" in mixed
    days = {"a": 365, "b": 365}
    only = sentences_uptime.name_highest([vague], TITLES, days)
    assert only == "Posted uptime: only ranges can be given, no single figure"
    assert sentences_uptime.name_highest([vague, row("b", 0.98, 0.97, 0.99)], TITLES, days).endswith(
        "no difference shown from A"
    )


def test_a_page_that_was_watched_for_a_short_while_is_not_the_highest() -> None:
    """Fifty days without an incident are no better than a year with one; of whole years, all are ranked."""
    rows = [row("a", 1.0, 1.0, 1.0), row("b", 0.9997, 0.9997, 0.9997), row("c", 0.9996, 0.9996, 0.9996)]
    said = sentences_uptime.name_highest(rows, TITLES, {"a": 50, "b": 365, "c": 900})
    assert said == f"Highest posted uptime over 365 days: \\*B\\*, 99.97{GAP}%"
    short = sentences_uptime.name_highest(rows, TITLES, {"a": 50, "b": 50, "c": 12})
    assert short == f"Highest posted uptime over 50 days: A, 100{GAP}%"


@pytest.mark.parametrize(
    "uptimes", [[], [row("a", None, state="not enough data")], [row("a", None, state="not observable")]]
)
def test_no_figure_is_no_answer(uptimes: list[dict[str, Any]]) -> None:
    """Whatever the reason."""
    assert "give no answer" in sentences_uptime.answer_page(uptimes, [], TITLES)


def test_weights_run_where_no_page_of_theirs_can_tell(state_home: Home) -> None:
    """That they were not observed for long enough would be a false reason; their hosts are named."""
    story = reliability.story(seen(state_home("sample"), chosen=("qwen", "llama")))
    assert story.answer == (
        "**Open weights run on other people's machines**: no one page says whether they work.\n\nServed, among "
        "others: Llama and Qwen by Fireworks, Groq, Hugging Face, OpenRouter and Together. To see what a host posts, "
        "choose it."
    )
    mixed = [row("a", None, state="not enough data"), row("b", None, state="not observable", side="open")]
    assert sentences_uptime.judge_page(mixed, TITLES) == ""
    assert sentences_uptime.answer_page(mixed, [], TITLES, "Served.").startswith(
        "The data give no answer. For 1 page it is not known: too little is observed, or too many incidents state no "
        "end. For 1 family no page can be read"
    )


def test_points_that_lie_near_each_other_show_no_difference() -> None:
    """And of too few incidents none can be given."""
    uptimes = [row("a", 0.999, 0.999, 0.999)]
    assert "**no difference shown**" in sentences_uptime.answer_page(
        uptimes, [row("a", 40, 30, 50), row("b", 45, 35, 55)], TITLES
    )
    assert "A's page scores **40 (30–50)** points out of 100" in sentences_uptime.answer_page(
        uptimes, [row("a", 40, 30, 50)], TITLES
    )
    assert "Disclosure cannot be scored" in sentences_uptime.answer_page(uptimes, [], TITLES)


def test_the_page_that_others_wrong_most_is_named() -> None:
    """With both numbers; one that only a range is known of by its lower end."""
    rows = [
        row("a", 0.9, 0.9, 0.9, statistic="theirs"), row("a", 0.95, 0.95, 0.95, statistic="ours"),
        row("b", 0.2, 0.2, 0.2, statistic="theirs"), row("b", None, 0.8, 0.99, statistic="ours"),
    ]  # fmt: skip
    said = sentences_uptime.compare_naive(rows, TITLES)
    assert said == (
        f"With all incidents added up, \\*B\\*'s uptime would look like 20.00{GAP}% instead of 80.00–99.00{GAP}%"
    )
    assert sentences_uptime.compare_naive([], TITLES) == "What adding up all incidents would show"


def test_complaints_count_only_above_chance() -> None:
    """A week before, nobody complained of the incident to come."""
    burst, before = row("a", 0.6, 0.5, 0.7, statistic="burst"), row("a", 0.1, 0.05, 0.2, statistic="week_before")
    assert sentences_uptime.describe_complaints([burst, before], TITLES).endswith("than by chance: A")
    level = sentences_uptime.describe_complaints([burst, before | {"high": 0.65}], TITLES)
    assert level == "No more complaints during incidents than by chance, on 1 page: no difference shown"
    assert "is not known" in sentences_uptime.describe_complaints([burst], TITLES)


def test_uptime_and_points_stand_side_by_side_in_one_order(state_home: Home) -> None:
    """The same pages from top to bottom, so that a line can be read across."""
    story = reliability.story(seen(state_home("sample")))
    pair = next(part for part in story.parts if isinstance(part, tuple))
    assert [figure.name for figure in pair] == ["uptime", "points"]
    left, right = (figure.chart["layer"][0]["encoding"]["y"]["scale"]["domain"] for figure in pair if figure.chart)
    assert left == right and "Kimi" in left and "Qwen" not in left
    assert any("Qwen" in part.text and "not observable" in part.text for part in story.parts if isinstance(part, Words))


def test_hosts_stand_in_for_open_families(state_home: Home) -> None:
    """Which ones, a reader must know."""
    assert "Gemma by Hugging Face, OpenRouter and Together" in incident_strip.describe_hosts(seen(state_home("sample")))
    assert incident_strip.describe_hosts(seen(state_home("sample"), chosen=("gpt",))) == ""


def test_a_snapshot_without_incidents_does_not_show_a_quiet_year(state_home: Home) -> None:
    """Nothing known is not nothing posted."""
    for state in ("no rows", "older version"):
        page = seen(state_home(state))
        figure = incident_strip.draw_strip(page, page.load_metric("incident_rate", "status", "api", ("per_30d",)), "x")
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
    told = {
        "family_id": "a",
        "kind": "outage",
        "severity": 3,
        "is_api": True,
        "started_at": until - timedelta(days=3),
        "title": "t",
    }
    spec = time.draw_timeline([told, told | {"severity": None}], pages, TITLES, since, until, LIGHT)
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


def test_minutes_become_hours_and_nothing_else() -> None:
    """An end that is not known stays unknown."""
    assert time.convert_to_hours([row("a", 90, 30, None)], 1 / 60)[0] == row("a", 1.5, 0.5, None) | {"unit": "hours"}


def test_no_page_is_praised_for_stating_no_beginnings(state_home: Home) -> None:
    """Where half of the incidents state none, the least time is nothing."""
    page = seen(state_home("sample"))
    soon = response_stages.draw_acknowledgement(page, "status", "api", "x")
    assert soon.title == "On all 10 pages at least half of the incidents state no start before the first post"
    rows = [row("gpt", 0.5, 0.2, 0.9), row("claude", 0.1, 0.0, 0.3), row("kimi", 0.05, 0.0, 0.1)]
    assert (
        response_stages._name_soonest(rows, page)
        == f"Slowest to post, at minimum: GPT, 30{GAP}min; no difference shown from 1 other"
    )
    assert response_stages._name_soonest([], page) == "Time to first post: no page has a number"


def test_stages_are_told_by_pages_that_name_them(state_home: Home) -> None:
    """One line a page, in natural units, and receipts of the rows as they were published."""
    parts = response_stages.make_parts(seen(state_home("sample")), "status", "api", "x")
    assert isinstance(parts[0], tuple)
    stages: Figure = parts[0][1]
    assert stages.title == f"{len(stages.shown)} pages show how long the stages of an incident last"
    assert {row["unit"] for row in stages.rows} == {"minutes"}
    assert all("min" in row["until the cause is identified"] for row in stages.shown)
