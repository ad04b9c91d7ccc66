"""How long one waits and who answers: what the page says of rows that are known, with and without the switch."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dashboards.frame import pictures
from dashboards.frame.story import Figure, Words
from dashboards.support import waiting as pages_waiting
from dashboards.support.sentences import waiting as sentences_waiting
from dashboards.support.trend import list_changes
from dashboards.words import sentences
from tests.dashboards.test_pages import opened, seen, texts
from tests.worlds.page_worlds import NOW

Home = Callable[[str], Path]
PAGE = "support/waiting.py"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The instant at which the world was published."""
    monkeypatch.setenv("HEARTBEAT_NOW", NOW.isoformat())


def row(
    family: str, value: float | None, low: float | None = None, high: float | None = None, **more: Any
) -> dict[str, Any]:
    """A published figure."""
    found = {
        "family_id": family,
        "side": "open",
        "segment": "anyone",
        "statistic": "ours",
        "n": 100,
        "n_censored": 0,
        "note": None,
    }
    return (
        found
        | {"value": value, "low": low, "high": high, "state": "measured" if value is not None else "not enough data"}
        | more
    )


def share(segment: str, value: float, low: float, high: float) -> dict[str, Any]:
    """The share of what came first."""
    return row("qwen", value, low, high, segment=segment)


def figures(home: Path, naive: bool = False, **filters: Any) -> dict[str, Figure]:
    """The figures by name."""
    return {figure.name: figure for figure in pages_waiting.story(seen(home, **filters), naive).figures()}


def test_families_that_leave_most_waiting_are_not_passed_over() -> None:
    """More ask about them than about any of those whose median is known: not reaching half is an answer."""
    rows = [
        row("qwen", 9.0, 8.0, 10.0, n=800), row("phi", 26.0, 20.0, 30.0, n=300),
        row("llama", None, 300.0, None, n=5000, state="measured"),
        row("gpt", 40.0, 35.0, 45.0, n=400, side="proprietary"),
    ]  # fmt: skip
    titles = {name: name.title() for name in ("qwen", "phi", "llama", "gpt")}
    said = sentences.describe_waits(rows, titles)
    assert "the most among families with half answered" in said and "the most on each side" not in said
    assert sentences.describe_halves(rows, titles).endswith("(Gpt); fewer than half at 1 other")
    other = [rows[3], rows[2]]
    assert sentences.describe_waits(other, titles).endswith(
        "On the other side, no family had half of its questions answered."
    )


def test_the_title_names_who_comes_first_and_whom_that_cannot_be_told_from() -> None:
    """Of people and agents, not of closings; overlap is said in words."""
    rows = [
        share("staff", 0.3, 0.25, 0.35),
        share("agent", 0.28, 0.2, 0.36),
        share("closed", 0.4, 0.3, 0.5),
        share("waiting", 0.02, 0, 0.1),
    ]
    title = sentences_waiting.name_first_comer(rows, "Qwen*")
    assert (
        title.startswith("Qwen\\*: staff of the vendor come first most often, 30")
        and "no difference shown from AI agents" in title
    )
    assert title.endswith("still wait")
    assert "no difference" not in sentences_waiting.name_first_comer([rows[0], share("agent", 0.1, 0.05, 0.15)], "Qwen")
    assert "no known answer" in sentences_waiting.name_first_comer(
        [share("staff", 0, 0, 0.1), share("waiting", 1, 0.9, 1)], "Qwen"
    )
    assert "no known answer" in sentences_waiting.name_first_comer([], "Qwen")


def test_what_other_dashboards_leave_out_is_counted() -> None:
    """The family whom it flatters most; one without both numbers is not named, but counted at its row."""
    rows = [
        row("qwen", 60.0, 20, 90), row("qwen", 4.0, 3, 5, statistic="theirs", n=60, n_censored=40),
        row("claude", 10.0, 8, 12), row("claude", 9.0, 7, 11, statistic="theirs", n=95, n_censored=5),
        row("mistral", None, 50, None, n=80), row("mistral", 3.0, 2, 4, statistic="theirs", n=30, n_censored=50),
    ]  # fmt: skip
    titles = {"qwen": "Qwen", "claude": "Claude", "mistral": "Mistral"}
    assert sentences_waiting.describe_left_out(rows, titles).replace("\N{NO-BREAK SPACE}", " ") == (
        "Without the 40 of 100 who still wait, Qwen's median wait would look like 4.0 h instead of 2.5 d"
    )
    assert {family: long for family, (long, _) in sentences_waiting.count_dropped(rows).items()} == {
        "qwen": "40 of 100 left out", "claude": "5 of 100 left out", "mistral": "50 of 80 left out",
    }  # fmt: skip
    assert sentences_waiting.describe_left_out(rows[4:], titles) == "What leaving out the unanswered would show"


def test_two_equal_numbers_are_no_finding() -> None:
    """`5.1 h instead of 5.1 h` tells nobody anything."""
    rows = [
        row("gemini", 5.08, 4.0, 6.0, statistic="theirs", n_censored=2),
        row("gemini", 5.12, 4.0, 6.5, statistic="ours", n=22),
    ]
    said = sentences_waiting.describe_left_out(rows, {"gemini": "Gemini"})
    assert said == "Leaving out the unanswered changes little here"


def test_what_never_happened_takes_no_room_but_waiting_stays() -> None:
    """In the order of the stack, from the bottom up."""
    rows = [
        share("waiting", 0, 0, 0.1),
        share("agent", 0.4, 0.3, 0.5),
        share("unknown", 0, 0, 0.1),
        share("staff", 0.6, 0.5, 0.7),
    ]
    assert [(part["segment"], part["is_person"]) for part in sentences_waiting.stack_parts(rows)] == [
        ("staff", True),
        ("agent", False),
        ("waiting", False),
    ]


def test_the_page_answers_first_and_stays_short(state_home: Home) -> None:
    """The curves show the answer; what others would show stands behind the switch."""
    found = figures(state_home("sample"))
    sides = {row["family_id"]: row["side"] for row in found["within"].rows}
    panels = [name.removeprefix("first-") for name in found if name.startswith("first-")]
    assert [sides[family] for family in panels] == ["open", "open", "proprietary", "proprietary"]
    assert list(found) == [
        "curve-open", "curve-proprietary", *(f"first-{family}" for family in panels), "who-staff", "who-maintainer",
        "who-outsider", "within", "bots", "types", "languages",
    ]  # fmt: skip
    assert next(iter(figures(state_home("sample"), naive=True))) == "answered-only"


def test_the_stack_ends_at_the_published_shares_and_fills_the_whole(state_home: Home) -> None:
    """What is drawn and what the receipt says are one estimate; with those who wait its parts are all who asked."""
    found = figures(state_home("sample"))["first-qwen"]
    assert found.chart is not None and found.has_receipts
    ends = {one["segment"]: one["value"] for one in found.chart["layer"][0]["data"]["values"] if one["hours"] == 168}
    published = {one["segment"]: one["value"] for one in found.rows}
    assert ends == pytest.approx({name: value for name, value in published.items() if value and name != "waiting"})
    lacking = {name for name, value in published.items() if value is None}
    # Ways of closing have no value where too many closings are unknown; where none is, the parts are the whole.
    assert lacking in (set(), {"asker_closed", "bot_closed", "closed"})
    whole = next(figure for name, figure in figures(state_home("sample")).items() if name.startswith("first-")
                 and all(one["value"] is not None for one in figure.rows))  # fmt: skip
    assert sum(one["value"] for one in whole.rows) == pytest.approx(1)
    hours = {one["hours"] for one in found.chart["layer"][0]["data"]["values"]}
    assert min(hours) == 0 and max(hours) == 168


def test_the_verdict_is_of_what_the_page_shows(state_home: Home) -> None:
    """The sides like with like; over other days, or of some questions only, the medians beside it."""
    verdict = pages_waiting.story(seen(state_home("sample"))).answer.partition("\n\n")[0]
    assert verdict.startswith("**Proprietary families answer sooner**")
    choices: list[dict[str, Any]] = [{"window": "90d"}, {"kind": "forum"}, {"type": "using"}]
    for filters in choices:
        page = seen(state_home("sample"), **filters)
        medians = page.load_asked("first_response_hours", ("median",), "anyone")
        verdict = pages_waiting.story(page).answer.partition("\n\n")[0]
        assert verdict in (sentences.judge_waits(medians, page.titles), "") or "give no answer" in verdict, filters
        assert "families answer sooner" not in verdict


def test_the_chosen_families_are_those_of_the_panels(state_home: Home) -> None:
    """At most four of them, open ones first."""
    few = figures(state_home("sample"), chosen=("claude", "qwen"))
    assert [name for name in few if name.startswith("first-")] == ["first-qwen", "first-claude"]
    many = figures(state_home("sample"), chosen=("claude", "qwen", "gpt", "llama", "gemini", "gemma"))
    assert len([name for name in many if name.startswith("first-")]) == 4


def test_who_chose_families_of_one_side_is_not_told_of_the_other(state_home: Home) -> None:
    """A side that was not asked for is not a side without data."""
    story = pages_waiting.story(seen(state_home("sample"), chosen=("qwen", "llama")))
    assert "other side" not in story.answer and "curve-proprietary" not in {figure.name for figure in story.figures()}
    with_nova = pages_waiting.story(seen(state_home("sample"), chosen=("qwen", "nova")))
    assert "The other side has no family with enough questions to compare." in with_nova.answer


def test_the_switch_is_in_the_address(state_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A link to what other dashboards would show opens as that, and can be switched off."""
    app = opened(monkeypatch, state_home("sample"), PAGE, naive="true")
    assert (
        app.toggle(key="naive").value
        and "## What other dashboards would show" in texts(app)
        and "who still wait" in texts(app)
    )
    app.toggle(key="naive").set_value(False).run()
    assert "## What other dashboards would show" not in texts(app) and not app.exception


def test_an_older_snapshot_says_what_it_lacks(state_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the curves of what comes first, their panels say so."""
    found = figures(state_home("older version"), naive=True)
    assert found["first-qwen"].chart is None and found["answered-only"].chart is not None
    assert not opened(monkeypatch, state_home("older version"), PAGE, naive="true").exception


def test_without_figures_no_panel_is_made_up(state_home: Home) -> None:
    """And the answer says that there is none."""
    story = pages_waiting.story(seen(state_home("no rows")), naive=True)
    assert "give no answer" in story.answer
    assert all(figure.chart is None for figure in story.figures())
    assert Words("## Who answers?") in story.parts


def test_the_figures_can_be_drawn_without_a_browser(state_home: Home) -> None:
    """As the report and the downloads draw them."""
    page = seen(state_home("hostile"), chosen=("gpt", "qwen"))
    figures = {figure.name: figure for figure in pages_waiting.story(page, naive=True).figures()}
    for name in ("answered-only", "first-gpt"):
        assert "<svg" in pictures.render_svg(page, figures[name])


def test_two_chosen_families_share_one_chart_with_their_names_at_the_lines(state_home: Home) -> None:
    """Curves in two charts with two tops cannot be laid on each other."""
    page = seen(state_home("sample"), chosen=("qwen", "claude"))
    (curves,) = [figure for figure in pages_waiting.story(page).figures() if figure.name.startswith("curve-")]
    assert curves.chart is not None and curves.title.startswith("Qwen and Claude: half are answered within")
    text = str(curves.chart)
    assert "'shape': 'circle'" in text and "'shape': 'square'" in text and "grey lines" not in curves.subtitle


def test_whether_it_got_better_is_said_below_the_answer_as_the_brief_says_it(state_home: Home) -> None:
    """The same sentence from the same figures; silent where there are none."""
    page = seen(state_home("sample"), window="30d")
    first = pages_waiting.story(page).parts[0]
    assert isinstance(first, Words) and first.is_small
    assert first.text.startswith("Better or worse lately, over all questions in issue trackers?")
    said = list_changes(page)
    assert said and first.text.split("  \n")[1:] == said
    assert isinstance(pages_waiting.story(page, naive=True).parts[0], Words)
    assert pages_waiting.tell_trend(seen(state_home("no rows"))) == []
