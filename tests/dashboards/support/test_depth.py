"""How deep answers go: what is said of known rows, how far the rules can be trusted, and what is listed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dashboards.support import cells
from dashboards.support import depth as pages_depth
from dashboards.support.sentences import depth as sentences_depth
from dashboards.words import numbers
from tests.dashboards.test_pages import figures, opened, seen, texts
from tests.worlds.page_worlds import NOW
from tests.worlds.snapshots.rows import HOSTILE
from warehouse.wording import GAP

Home = Callable[[str], Path]
TITLES = {"qwen": "Qwen", "phi": "Phi", "gpt": "GPT", "evil": HOSTILE[0]}


def row(family: str, side: str, value: float | None, low: float | None, high: float | None, n: int, **more: Any) -> Any:
    """A published figure."""
    return {
        "family_id": family,
        "side": side,
        "value": value,
        "low": low,
        "high": high,
        "n": n,
        "state": "measured",
    } | more


def rule(feature: str, is_weak: bool, **more: Any) -> dict[str, Any]:
    """A line of the accuracies."""
    scope = {
        "class": "yes",
        "part": "reply",
        "channel_kind": "all",
        "language": "all",
        "labelled_count": 30,
        "recall": 0.9,
    }
    return {"feature": feature, "is_weak": is_weak} | scope | more


def test_the_answer_names_both_sides_with_intervals_and_cases() -> None:
    """Of the families with most answered questions; whether they can be told apart is said."""
    rows = [
        row("qwen", "open", 0.04, 0.01, 0.12, 69),
        row("phi", "open", 0.5, 0.2, 0.8, 20),
        row("gpt", "proprietary", 0.24, 0.19, 0.29, 233),
    ]
    said = sentences_depth.answer_page(rows, [rule("has_code", True)], TITLES)
    assert f"**4.0{GAP}% (1.0–12{GAP}%)** about Qwen" in said and "Phi" not in said
    assert f"**24{GAP}% (19–29{GAP}%)** about GPT; n{GAP}={GAP}69 and 233, the most on each side." in said
    assert f"They differ by **20{GAP}points (11 to 26)**, more than chance" in said
    level = sentences_depth.answer_page([rows[0], rows[2] | {"low": 0.01}], [], TITLES, "Like with like.")
    assert (
        level.startswith("Of the answered questions, a deep answer")
        and level.endswith("Like with like.")
        and "**no difference is shown**" in level
    )
    trial = sentences_depth.answer_page(rows, [rule("has_code", True)], TITLES, "Like with like.", is_trial=True)
    assert "differ" not in trial and "Like with like" not in trial and "weak" in trial


def test_one_side_alone_is_not_compared_and_none_is_no_answer() -> None:
    """Nothing is claimed of a side without numbers, and a name is never Markdown."""
    lacking = row("gpt", "proprietary", None, None, None, 3, state="not enough data")
    alone = sentences_depth.answer_page([row("evil", "open", 0.04, 0.01, 0.12, 69), lacking], [], TITLES)
    assert "The other side has no family" in alone and "differ" not in alone and "<script>" not in alone
    asked = sentences_depth.answer_page([row("evil", "open", 0.04, 0.01, 0.12, 69)], [], TITLES)
    assert "The other side" not in asked, "nobody asked about it"
    nothing = [row("qwen", "open", None, None, None, 3, state="not enough data")]
    assert "give no answer" in sentences_depth.answer_page(nothing, [], TITLES)
    assert "give no answer" in sentences_depth.answer_page([], [], TITLES)


def test_the_answer_says_how_many_of_the_rules_are_weak() -> None:
    """Only rules that give points count here; not knowing how good they are is not being good."""
    both = [rule("has_code", True), rule("has_command", False), rule("is_deflection", True)]
    assert sentences_depth.describe_trust(both) == (
        "**1 of the 2 rules of the points is weak** on labelled answers; the intervals allow for this only where "
        "labelled answers correct a share."
    )
    assert sentences_depth.describe_trust([rule("has_code", True), rule("has_solved", True)]).startswith(
        "**Both rules of the points are weak**"
    )
    assert "did well" in sentences_depth.describe_trust([both[1]])
    assert "is not in this snapshot" in sentences_depth.describe_trust([])


def test_rules_are_judged_by_answers_where_those_were_tried_alone() -> None:
    """What they do on questions says little of answers."""
    rows = [
        rule("has_code", False, part="all"),
        rule("has_code", True),
        rule("has_code", False, part="opener"),
        rule("has_code", False, language="en"),
        rule("has_code", False, channel_kind="forum"),
        rule("has_solved", True, part="all", labelled_count=9, recall=0.0),
        rule("question_type", True),
    ]
    found = sentences_depth.select_of_answers(rows)
    assert [(one["feature"], one["part"], one["is_weak"]) for one in found] == [
        ("has_code", "reply", True),
        ("has_solved", "all", True),
    ]
    assert sentences_depth.select_of_answers(list(reversed(rows))) == found
    assert (
        sentences_depth.describe_rules(found)
        == "Both rules of answers are weak; never found where labelled: that it works now"
    )
    assert sentences_depth.describe_rules([found[0], rule("has_command", False)]) == "1 of 2 rules of answers is weak"


def test_a_deep_answer_shows_which_points_it_earned() -> None:
    """A mark for each point, and a title that counts them."""
    points = {
        "has_code_point": True,
        "has_source_point": True,
        "has_version_point": False,
        "is_verified": False,
    }
    answer: dict[str, Any] = {
        "family_id": "gpt",
        "title": None,
        "url": "https://e.example/1",
        "depth_points": 3,
        "replied_at": NOW,
    }
    answer |= points | {"author_role": "outsider"}
    shown = sentences_depth.describe_answer(answer, TITLES)
    marks = [shown[name] for name in ("code", "source", "version", "verified")]
    assert marks == [
        sentences_depth.YES,
        sentences_depth.YES,
        sentences_depth.NO,
        sentences_depth.NO,
    ]
    assert (shown["points"], shown["question"], shown["by"], shown["answer link"]) == (
        "3 of 4",
        "no title kept",
        "other users",
        answer["url"],
    )
    assert (
        sentences_depth.describe_answers([answer])
        == "Of the newest 1 deep answers 1 contain code and 1 point to source; rarest is “version”, 0"
    )


def test_nobody_stands_first_where_all_is_nought() -> None:
    """`Most of all: Qwen, 0 %` would be absurd."""
    none = [row("qwen", "open", 0.0, 0.0, 0.1, 30), row("gpt", "proprietary", 0.0, 0.0, 0.1, 30)]
    assert cells.name_most(none, TITLES, "Most") == f"Most: 0{GAP}% wherever there is a number"
    assert cells.name_most([*none, row("phi", "open", 0.4, 0.3, 0.5, 30)], TITLES, "Most") == f"Most: Phi, 40{GAP}%"


def test_the_page_of_the_sample_world(monkeypatch: pytest.MonkeyPatch, state_home: Home) -> None:
    """The question, the answer, what depth is, and that the rules are weak, before any figure is believed."""
    app = opened(monkeypatch, state_home("sample"), "support/depth.py")
    assert not app.exception
    said = texts(app)
    assert pages_depth.QUESTION in said and "rules of the points" in said and "How is depth read?" in said
    assert "▲ weak" in said


def test_the_figures_of_the_sample_world(state_home: Home) -> None:
    """Each has its rows; closed weights have no source to show, which is not none."""
    found = {figure.name: figure for figure in figures(state_home("sample"), "support/depth.py")}
    assert list(found) == [
        "depth",
        "code",
        "deflection",
        "own-source",
        "sdk-source",
        "docs",
        "asked-code",
        "asked-source",
        "asked-deep",
        "rules",
        "answers",
        "numbers",
    ]
    assert {one["state"] for one in found["own-source"].rows if one["side"] == "proprietary"} == {"not applicable"}
    listed = found["answers"].rows
    assert listed and all(one["depth_points"] >= 3 for one in listed)
    assert [one["replied_at"] for one in listed] == sorted((one["replied_at"] for one in listed), reverse=True)
    assert len(found["numbers"].shown) == len({one["family_id"] for one in found["numbers"].rows})
    assert not found["numbers"].has_receipts and found["depth"].has_receipts


def test_filters_choose_what_is_listed(state_home: Home) -> None:
    """Families, the kind of place and what is asked about."""
    home = state_home("sample")
    few = {figure.name: figure for figure in figures(home, "support/depth.py", chosen=("qwen", "gpt"))}
    assert {one["family_id"] for one in few["answers"].rows} == {"qwen", "gpt"} and len(few["numbers"].shown) == 2
    forum = {figure.name: figure for figure in figures(home, "support/depth.py", kind="forum")}
    assert "any-source" in forum and "own-source" not in forum and "forums and discussions" in forum["answers"].subtitle
    every = pages_depth.load_answers(seen(home, chosen=("qwen",)))
    by_type = {
        kind: pages_depth.load_answers(seen(home, chosen=("qwen",), type=kind)) for kind in numbers.TYPES if kind
    }
    assert 0 < len(every) < pages_depth.MOST and sum(map(len, by_type.values())) == len(every)
    assert sum(bool(found) for found in by_type.values()) > 1


@pytest.mark.parametrize(
    ("state", "said"), [("no-rows", "give no answer"), ("older-version", "is not in this snapshot")]
)
def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch, state_home: Home, state: str, said: str) -> None:
    """Without rows no answer; without the accuracies no trust."""
    app = opened(monkeypatch, state_home(state.replace("-", " ")), "support/depth.py")
    assert not app.exception and said in texts(app)
