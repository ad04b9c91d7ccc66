"""Two families side by side: whose users hear back sooner, what each costs, and whether a difference is real."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from dashboards.compare import compare, difference_figures, differences, facts, leads, sentences_compare
from dashboards.compare.differences import Lead
from dashboards.frame import measures, snapshot_reader
from dashboards.frame.snapshot_reader import choose_pair
from dashboards.frame.story import Figure, Story
from dashboards.frame.tables import describe_rows
from dashboards.frame.view import View
from tests.dashboards.drawn import list_data
from tests.dashboards.test_pages import opened, texts
from warehouse.snapshot import read_current
from warehouse.wording import GAP

PAGE = "compare/compare.py"
Home = Callable[[str], Path]
Row = dict[str, Any]
TITLES = {"qwen": "Qwen", "claude": "Claude", "grok": "Grok", "evil": "[x](javascript:alert(1))"}


def pair(effect: float, low: float, high: float, p_adjusted: float | None = 1.0, **more: Any) -> Row:
    """A published difference of Claude and Qwen, in the order of the alphabet."""
    names = {"metric": "answered_share", "segment": "anyone", "statistic": "within_7d", "window": "365d", "n": 325}
    ends = {"effect": effect, "effect_low": low, "effect_high": high, "p_adjusted": p_adjusted}
    return {**names, "first_id": "claude", "second_id": "qwen", **ends, **more}


def figure(
    family: str, value: float | None, low: float | None, high: float | None, state: str = "measured", **more: Any
) -> Row:
    """A published figure of a family."""
    key = {
        "family_id": family, "segment": "anyone", "statistic": "within_7d", "window": "365d",
        "channel_kind": "tracker",
    }  # fmt: skip
    return {
        **key,
        "side": "open",
        "value": value,
        "low": low,
        "high": high,
        "n": 110,
        "state": state,
        "note": None,
    } | more


def lead(statistic: str, row: Row | None, leader: str = "") -> Lead:
    """A measure in which Claude and Qwen are compared."""
    figures: Any = {family: figure(family, value, None, None) for family, value in (("claude", 0.7), ("qwen", 0.5))}
    verdict = differences.judge_pair(row) if row else differences.FEW
    return Lead("answered_share", statistic, "Answered", figures, row, verdict, leader)


def seen(home: Path, *chosen: str, **filters: str) -> View:
    """What the page sees of a home for some chosen families."""
    snapshot = read_current(home)
    assert snapshot is not None
    return View(snapshot, snapshot.published_at, snapshot_reader.load_families(snapshot), chosen, **filters)  # type: ignore[arg-type]


@cache
def stated(home: Path, *chosen: str, **filters: str) -> Story:
    """The story of a home for some chosen families, made once."""
    return compare.story(seen(home, *chosen, **filters))


def named(story: Story, name: str) -> Figure:
    """A figure of a page."""
    return next(figure for figure in story.figures() if figure.name == name)


def test_a_pair_is_read_from_either_of_its_two() -> None:
    """Turned, the sign and the ends of the interval change places; the one that is ahead comes first."""
    row = pair(-0.07, -0.19, 0.05)
    turned = differences.read_from(row, "qwen")
    assert (turned["first_id"], turned["second_id"]) == ("qwen", "claude")
    assert [turned[name] for name in ("effect", "effect_low", "effect_high")] == [0.07, -0.05, 0.19]
    assert differences.read_from(row, "claude") == row
    assert differences.format_difference(turned).replace(GAP, " ") == "+7.0 points (−5.0 to +19)"


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (pair(-0.07, -0.19, 0.05), "too close to call"),
        (pair(0.2, 0.0, 0.3, 0.01), "too close to call"),
        (pair(-0.2, -0.33, -0.07, 0.47), "too close to call among all pairs"),
        (pair(-0.2, -0.33, -0.07, None), "more than chance"),
        (pair(-0.2, -0.33, 0.07, None), "too close to call"),
        (pair(-0.2, -0.33, -0.07, 0.01), "more than chance"),
    ],
)
def test_a_difference_is_more_than_chance_only_among_all_pairs(row: Row, verdict: str) -> None:
    """An interval beyond 0 is not enough where so many pairs are compared; the two sides are one pair."""
    assert differences.judge_pair(row) == verdict


SURE, ALONE, CHANCE = pair(0.2, 0.07, 0.33, 0.001), pair(0.2, 0.07, 0.33, 0.47), pair(0.1, -0.05, 0.2)


@pytest.mark.parametrize(
    ("led", "said"),
    [
        ([lead("within_24h", SURE, "claude"), lead("within_7d", CHANCE)], "Claude's users hear back sooner"),
        ([lead("within_24h", ALONE, "claude"), lead("within_7d", ALONE, "claude")], "Claude's users seem to hear back"),
        ([lead("within_24h", CHANCE), lead("within_7d", SURE, "qwen")], "Qwen's users hear back more often"),
        ([lead("within_24h", SURE, "claude"), lead("within_7d", SURE, "qwen")], "Neither's users are shown to hear"),
        ([lead("within_24h", CHANCE), lead("within_7d", CHANCE)], "Neither's users are shown to hear back sooner"),
        ([lead("within_7d", None)], "The data give no answer"),
    ],
)
def test_the_answer_names_who_is_ahead_and_hedges_what_may_be_chance(led: list[Lead], said: str) -> None:
    """Never sooner by one measure against the other."""
    assert sentences_compare.judge_answers(led, TITLES).startswith(said)


def test_the_facts_are_said_of_one_or_of_each() -> None:
    """Cheaper and free may be two."""
    assert sentences_compare.word_facts("Qwen", "Qwen", "yours to change") == "Qwen is cheaper and yours to change"
    assert (
        sentences_compare.word_facts("Claude", "Qwen", "yours to change") == "Claude is cheaper, Qwen yours to change"
    )
    assert sentences_compare.word_facts("", "Qwen", "freer to change") == "Qwen is freer to change"
    assert sentences_compare.word_facts("Qwen", "", "") == "Qwen is cheaper" and not sentences_compare.word_facts(
        "", "", ""
    )


def test_without_a_choice_the_two_sides_most_asked_about_families_are_compared(state_home: Home) -> None:
    """One chosen family meets the most asked-about one of the other side; more than two are cut."""
    page = seen(state_home("sample"))
    asked = {row["family_id"]: row for row in page.load_asked("answered_share", ("within_7d",), "anyone")}
    pair_of_all = choose_pair(page.snapshot, ())
    assert {page.sides[family] for family in pair_of_all} == {"open", "proprietary"}
    for family in pair_of_all:
        of_side = [row["n"] or 0 for row in asked.values() if row["side"] == page.sides[family]]
        assert asked[family]["n"] == max(of_side)
    assert choose_pair(page.snapshot, ("command",)) == ("command", pair_of_all[0])
    assert choose_pair(page.snapshot, ("qwen", "llama", "gpt")) == ("qwen", "llama")


def test_two_pickers_and_a_swap_write_the_pair_into_the_address(
    state_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link per pair; whoever picks the other one again swaps."""
    app = opened(monkeypatch, state_home("sample"), PAGE, family=["qwen", "claude"])
    assert not app.exception and [box.value for box in app.selectbox][:2] == ["qwen", "claude"]
    assert app.title[0].value.endswith("Qwen is cheaper and yours to change")
    app.button(key="swap").click().run()
    assert app.query_params["family"] == ["claude", "qwen"]
    app.selectbox(key="second").set_value("llama").run()
    assert app.query_params["family"] == ["claude", "llama"] and "Claude or Llama: who supports you" in texts(app)
    app.selectbox(key="first").set_value("llama").run()
    assert app.query_params["family"] == ["llama", "claude"] and not app.exception


def test_the_page_opens_with_a_pair_whose_address_is_not_carried_to_other_pages(
    state_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pair that nobody chose would narrow every other page."""
    app = opened(monkeypatch, state_home("sample"), PAGE)
    assert "family" not in app.query_params and len(app.session_state["viewed"].chosen) == 2
    assert "Too close to call" not in app.title[0].value


def test_every_mark_of_the_pair_is_what_is_published(state_home: Home) -> None:
    """Dots as counted, differences between like questions, read from the second of the two."""
    page = seen(state_home("sample"), "qwen", "claude")
    chart = named(stated(state_home("sample"), "qwen", "claude"), "leads").chart
    assert chart is not None
    rows = list(list_data(chart))
    for led in leads.load_leads(page):
        for family, row in led.figures.items():
            dots = [dot for dot in rows if dot.get("family_id") == family and dot.get("measure") == led.name]
            assert all((dot["value"], dot["low"]) == (row["value"], row["low"]) for dot in dots)
            assert dots or row["value"] is None
        gaps = [row for row in rows if row.get("measure") == led.name and "fill" in row and "family_id" not in row]
        known = led.difference and led.verdict != differences.UNREAD
        assert [gap["value"] for gap in gaps] == ([led.difference["effect"]] if known and led.difference else [])
        assert not led.difference or led.difference["first_id"] == "claude"


def test_a_difference_that_may_be_chance_has_no_leader(state_home: Home) -> None:
    """Less is better only where it is: a turned sign would call the worse one better."""
    home = state_home("sample")
    page = seen(home, "qwen", "claude")
    assert {metric for metric, _ in differences.ORDER if measures.read_direction(page.snapshot, metric) < 0} == {
        "closed_unhelped_share",
    }
    led = {one.metric: one for one in leads.load_leads(page)}
    closed = led["closed_unhelped_share"]
    assert closed.difference is not None and closed.difference["effect"] < 0 and closed.leader == "claude"
    assert sentences_compare.judge_lead(closed, page.titles) == "Perhaps Claude's lead"
    assert led["stranger_fix_share"].leader == "" and led["helped_share"].verdict == differences.UNREAD


def test_the_rows_behind_the_pair_say_their_measure_and_the_verdict(state_home: Home) -> None:
    """Of whom, as counted, with a receipt each."""
    page = seen(state_home("sample"), "qwen", "claude")
    behind = named(stated(state_home("sample"), "qwen", "claude"), "leads")
    assert behind.has_receipts and {row["verdict"] for row in behind.rows} >= {
        "Perhaps Claude's lead",
        "Cannot be read",
    }
    cells = describe_rows(behind.rows, behind.metric, page.titles, page.snapshot)
    assert {cell["family"] for cell in cells} == {"Qwen", "Claude"} and all(cell["measure"] for cell in cells)


def test_a_fact_is_its_number_or_why_there_is_none(state_home: Home) -> None:
    """Weights that were downloaded end for nobody."""
    page = seen(state_home("sample"), "glm", "claude")
    price, change, ends, uptime = facts.draw_facts(page, facts.load_facts(page)).shown
    assert "price" in price["fact"] and price["GLM"].startswith("$") and change["Claude"] == "0"
    assert ends["GLM"] == "weights stay yours"
    assert uptime["GLM"] == "not observable" and uptime["Claude"].endswith("%")
    assert facts.state_facts(page, facts.load_facts(page)) == "GLM is cheaper and yours to change"


def test_what_a_snapshot_lacks_is_said(state_home: Home) -> None:
    """No answer is made up."""
    story = stated(state_home("older version"))
    assert "The data give no answer" in story.answer
    assert named(story, "waiting").chart is None and "No lead is shown" in named(story, "leads").title


def test_one_family_alone_is_no_pair(state_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is nothing to compare it with."""
    app = opened(monkeypatch, state_home("one family"), PAGE)
    assert not app.exception and app.title[0].value == sentences_compare.ALONE.partition(".")[0]


def test_the_sides_are_named_in_the_rows_behind_their_differences(state_home: Home) -> None:
    """Ids are left out of tables, and with them went the names."""
    page = seen(state_home("sample"))
    behind = difference_figures.draw_differences(page)
    (row, *_) = describe_rows(behind.rows, behind.metric, page.titles, page.snapshot)
    assert (row["first"], row["second"]) == ("the open side", "the proprietary side")
    assert (row["measure"], row["what"], row["window"]) == ("answered share", "within 7d", "12 months")
