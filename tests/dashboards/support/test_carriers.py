"""How few people answer: what is said of known rows, of ties and of overlaps, and what is listed."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from dashboards.support import carriers as pages_carriers
from dashboards.support import cells
from dashboards.support.charts import carriers as charts_carriers
from dashboards.support.sentences import carriers as sentences_carriers
from dashboards.words.numbers import escape_markdown
from tests.dashboards.test_pages import figures, opened, seen, texts
from tests.worlds.snapshots.rows import HOSTILE
from warehouse.wording import GAP

Home = Callable[[str], Path]
TITLES = {"qwen": "Qwen", "phi": "Phi", "gpt": "GPT", "groq": "Groq", "evil": HOSTILE[0]}


def few(family: str, side: str, value: float | None, n: int = 100, **more: Any) -> dict[str, Any]:
    """A published count of people."""
    return {
        "family_id": family,
        "side": side,
        "statistic": "half",
        "value": value,
        "low": value,
        "high": value,
        "n": n,
        "state": "measured",
    } | more


def hundred(family: str, side: str, value: float, *ends: float) -> dict[str, Any]:
    """The same of a hundred answers, with its range."""
    return few(family, side, value, statistic="half_of_100", low=ends[0], high=ends[1])


ROWS = [
    few("qwen", "open", 19.0, 1710), few("phi", "open", 1.0, 204), few("gpt", "proprietary", 12.0, 811),
    few("groq", "host", 2.0, 9000),
    few("gpt", "proprietary", 60.0, 811, statistic="four_fifths"),
]  # fmt: skip
HUNDREDS = [
    hundred("qwen", "open", 11.0, 8.0, 14.0), hundred("phi", "open", 1.0, 1.0, 2.0),
    hundred("gpt", "proprietary", 10.0, 8.0, 12.0), hundred("groq", "host", 1.0, 1.0, 1.0),
]  # fmt: skip


def test_the_answer_counts_people_of_both_sides_and_the_fewest_of_a_hundred() -> None:
    """Of the families with most answers; hosts are not counted to a side. Families are compared by a hundred answers of
    each, and nothing is said of what would happen without these people."""
    said = sentences_carriers.answer_page([*ROWS, *HUNDREDS], TITLES)
    assert said.startswith(
        "Half of the answers about Qwen come from **19 people** and about GPT from **12 people**; "
        f"n{GAP}={GAP}1,710 and 811 answers, the most on each side. Of a hundred answers of each, half come from 11 "
        "people (8 to 14) at Qwen and 10 people (8 to 12) at GPT. The fewest people give half of 100 "
        "answers at Phi: 1 person."
    )
    assert "counts, not causes" in said and "Groq" not in said and "left" not in said
    assert "hundred answers of each" not in sentences_carriers.answer_page(ROWS, TITLES)
    one = sentences_carriers.answer_page([*ROWS, HUNDREDS[0]], TITLES)
    assert "answers, the most on each side. Of a hundred answers at Qwen, half come from 11 people (8 to 14)." in one


def test_no_family_stands_fewest_where_it_is_level() -> None:
    """Two families with the same number are said as such, and a name is never Markdown."""
    level = [few("qwen", "open", 5.0, 300), few("phi", "open", 5.0, 20), few("evil", "proprietary", 9.0)]
    said = sentences_carriers.answer_page(level, TITLES)
    assert "fewest" not in said and "<script>" not in said
    tied = [hundred("gpt", "proprietary", 3.0, 2.0, 4.0), hundred("groq", "open", 3.0, 2.0, 4.0)]
    assert "at GPT and 1 other: 3 people" in sentences_carriers.answer_page([*level, *tied], TITLES)
    assert (
        sentences_carriers.describe_fewest(level[:2], TITLES)
        == "Half of 100 answers drawn at random come from 5 people (Phi and 1 other)"
    )
    collected = sentences_carriers.describe_fewest(level[:2], TITLES, "all collected answers")
    assert collected == "Half of all collected answers come from 5 people (Phi and 1 other)"
    assert sentences_carriers.describe_fewest(level, TITLES).endswith(
        "5 people (Phi and 1 other) to 9 people (" + escape_markdown(TITLES["evil"]) + ")"
    )


def test_one_side_or_none() -> None:
    """What cannot be compared is not compared."""
    lacking = few("gpt", "proprietary", None, 3, state="not enough data")
    assert "The other side has no family" in sentences_carriers.answer_page([*ROWS[:1], lacking], TITLES)
    assert "The other side" not in sentences_carriers.answer_page(ROWS[:1], TITLES), "nobody asked about it"
    nothing = [few("qwen", "open", None, 3, state="not enough data")]
    assert "give no answer" in sentences_carriers.answer_page(nothing, TITLES)
    assert "give no answer" in sentences_carriers.answer_page([], TITLES)
    assert sentences_carriers.describe_fewest(nothing, TITLES).endswith("no family has a number")


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ([(0.01, 0.3), (-0.1, 0.1)], "Newcomers are better off at Qwen; no difference shown at 1 other family"),
        ([(-0.3, -0.01), (0.1, 0.2)], "Newcomers are worse off at Qwen and better off at Phi"),
        ([(-0.1, 0.1), (0.0, 0.2)], "Newcomers: no difference shown at any of 2 families"),
        ([], "Newcomers against people who asked before: no family has enough of both"),
    ],
)
def test_only_intervals_beyond_nought_are_a_difference(ends: list[tuple[float, float]], said: str) -> None:
    """An interval that touches nought shows none."""
    rows = [
        few(family, "open", sum(pair) / 2, low=pair[0], high=pair[1])
        for family, pair in zip(("qwen", "phi"), ends, strict=False)
    ]
    assert sentences_carriers.describe_penalty(rows, TITLES) == said


def week(family: str, place: int, value: float | None, spread: float = 0.1) -> Any:
    """A span of weeks."""
    ends = (
        {"low": None, "high": None, "state": "not enough data"}
        if value is None
        else {"low": value - spread, "high": value + spread}
    )
    return few(family, "open", value, segment=charts_carriers.WEEKS[place]) | ends


def test_support_after_a_release_is_told_by_its_first_and_last_numbers() -> None:
    """A family with one number only tells nothing; those that overlap show no difference."""
    falls = [week("qwen", 0, 0.8), week("qwen", 2, 0.4), week("qwen", 3, None)]
    level = [week("phi", 1, 0.5), week("phi", 3, 0.6)]
    assert sentences_carriers.describe_release([*falls, *level], TITLES) == (
        f"Qwen falls from 80{GAP}% to 40{GAP}%; no difference shown for 1 other family"
    )
    assert (
        sentences_carriers.describe_release(level, TITLES) == "no difference shown over the weeks, for any of 1 family"
    )
    assert (
        sentences_carriers.describe_release(falls[:1], TITLES) == "no family has enough questions in two spans of weeks"
    )
    assert pages_carriers._most_asked([*level, week("gpt", 0, 0.5) | {"n": 900}, *falls]) == ["phi", "qwen", "gpt"]


def test_a_fix_shows_who_mended_what_and_how_soon() -> None:
    """Both links, and whether it was the asker; the title counts what is listed."""
    fix = {
        "family_id": "gpt", "title": None, "url": "https://e.example/1", "fix_url": "https://e.example/2",
        "fix_kind": "merged change",
        "is_own_fix": True, "opened_at": datetime(2026, 3, 1, 12), "fix_hours": 4.5,
    }  # fmt: skip
    shown = sentences_carriers.describe_fix(fix, TITLES)
    assert (shown["request link"], shown["fix link"], shown["fixed by"]) == (
        fix["url"],
        fix["fix_url"],
        "the asker's change",
    )
    assert (shown["request"], shown["asked on"], shown["after"]) == ("no title kept", "1 Mar 2026", f"4.5{GAP}h")
    code = fix | {"fix_kind": "confirmed snippet", "is_own_fix": False}
    assert sentences_carriers.describe_fix(code, TITLES)["fixed by"] == "a stranger's code"
    assert sentences_carriers.describe_ledger([fix, code, code]) == (
        "The newest 3 fixes by strangers: 1 by merged changes, 2 by code in the thread; 1 by the asker"
    )
    assert "0 by" not in sentences_carriers.describe_ledger([code]) and sentences_carriers.describe_ledger(
        []
    ).startswith("No fix")


def test_a_cell_has_a_number_or_the_mark_of_its_state() -> None:
    """Nought, too few cases, not applicable and no such figure are four things."""
    nought = few("qwen", "open", 0.0, low=0.0, high=0.1) | {"unit": "share"}
    assert cells.format_cell(nought) == f"0{GAP}% (0–10{GAP}%)"
    assert cells.format_cell(few("qwen", "open", None, state="not enough data")) == "≈"
    assert cells.format_cell(few("qwen", "open", None, state="not applicable")) == "—"
    assert cells.format_cell(None) == ""


def test_the_page_of_the_sample_world(monkeypatch: pytest.MonkeyPatch, state_home: Home) -> None:
    """The question and how few people it takes."""
    app = opened(monkeypatch, state_home("sample"), "support/carriers.py")
    assert not app.exception
    said = texts(app)
    assert (
        pages_carriers.QUESTION in said
        and "Half of the answers about" in said
        and "Do outsiders and newcomers get in, and stay?" in said
    )


def test_the_figures_of_the_sample_world(state_home: Home) -> None:
    """What is drawn, from which rows; changes are of repositories, whatever the place where people ask."""
    home = state_home("sample")
    found = {figure.name: figure for figure in figures(home, "support/carriers.py")}
    assert list(found) == [
        "hundred", "few", "staff", "snippets", "outsiders", "retention", "newcomers", "release-open",
        "release-proprietary", "ledger", "numbers",
    ]  # fmt: skip
    for side in ("open", "proprietary"):
        rows = found[f"release-{side}"].rows
        assert {one["side"] for one in rows} == {side} and len(
            {one["family_id"] for one in rows}
        ) <= pages_carriers.SHOWN
        assert {one["segment"] for one in rows} == set(charts_carriers.WEEKS)
    solved = [one["solved_at"] for one in found["ledger"].rows]
    assert solved and solved == sorted(solved, reverse=True)
    forum = {figure.name: figure for figure in figures(home, "support/carriers.py", kind="forum")}
    assert forum["outsiders"].rows == found["outsiders"].rows and forum["few"].rows != found["few"].rows


def test_filters_choose_the_families(state_home: Home) -> None:
    """Also of what is listed, before it is cut to the newest."""
    page = seen(state_home("sample"), chosen=("qwen", "claude"))
    for figure in pages_carriers.story(page).figures():
        assert {one["family_id"] for one in figure.rows} <= {"qwen", "claude"}, figure.name
    assert pages_carriers.draw_ledger(page).rows


@pytest.mark.parametrize(
    ("state", "said"),
    [("no-rows", "give no answer"), ("older-version", "published without this measure"), ("hostile", "alert")],
)
def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch, state_home: Home, state: str, said: str) -> None:
    """Without rows no answer; a table that is not there is no empty one; what others write stays text."""
    app = opened(monkeypatch, state_home(state.replace("-", " ")), "support/carriers.py")
    assert not app.exception
    page = texts(app)
    assert said in page and "<img src=x" not in page
    assert "No fix by an outsider" not in page or state == "no-rows"
