"""The board of claims on its page: what it says of each verdict, on what that rests, and what it never says."""

import math
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboards.charts.colours import LIGHT
from dashboards.evidence import board, claims
from dashboards.frame import snapshot_reader
from dashboards.frame.story import Words
from dashboards.frame.tables import describe_rows
from dashboards.frame.view import View
from tests.dashboards.test_pages import opened, texts
from tests.worlds.page_worlds import NOW
from warehouse.snapshot import Snapshot, read_current
from warehouse.wording import GAP

Home = Callable[[str], Path]
PAGE = "evidence/claims.py"
SHARES = {
    "scale": "difference",
    "unit": "share",
    "effect": -0.054,
    "effect_low": -0.1,
    "effect_high": 0.02,
    "verdict": "ruled out",
}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The instant at which the worlds were published."""
    monkeypatch.setenv("HEARTBEAT_NOW", NOW.isoformat())


@pytest.fixture(scope="module")
def snapshot(state_home: Home) -> Snapshot:
    """The sample world with a claim of each verdict but one."""
    found = read_current(state_home("board"))
    assert found is not None
    return found


def test_the_answer_counts_the_verdicts_and_each_is_a_word_with_its_shape(
    state_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seven claims, one of each verdict but too few data, and a second one that holds."""
    app = opened(monkeypatch, state_home("board"), PAGE)
    labels = [fold.label for fold in app.expander if not fold.label.startswith("Behind")]
    assert labels[0] == "● H1 Open costs less: holds" and len(labels) == 7
    assert "**The claim:**" not in texts(app)
    assert "](https://williamzujkowski.github.io/posts/" in texts(app)
    for number in range(1, 8):
        app.session_state[f"rows-h{number}"] = True
    said = texts(app.run()).replace(GAP, " ").replace("\u2060", "").replace("\\", "")

    assert "Two of seven claims hold, one is refuted\n" in said
    assert "1 is mixed, 1 is too close to call, 1 cannot be read and 1 cannot be observed. They rest on up to" in said
    titles = [
        "● H1 Open costs less: holds",
        "▲ H2 Open is more work: refuted",
        "◇ H3 Open models are reshaped: too close to call",
        "? H4 Open places are full of questions: cannot be observed",
        "○ H5 Strangers fix it: mixed",
        "✕ H7 Official answers are shallower: cannot be read",
    ]
    assert [title for title in titles if title not in labels] == []
    assert said.count("**The claim:**") == 7
    assert sum("Would refute it" in (caption.help or "") for caption in app.caption) == 6, "H4 has no test"
    assert "A true difference of 14 points is found with 80 % power by 8 open and 7 proprietary families" in said


def test_power_comes_first_and_a_verdict_begins_with_what_it_does_not_compare(snapshot: Snapshot) -> None:
    """A reader sees what these sizes could show before any verdict, and no verdict without its reach."""
    page = View(snapshot, NOW, snapshot_reader.load_families(snapshot))
    first, *_ = claims.story(page).parts
    h6 = next(claim for claim in board.load_claims(snapshot) if claim["claim_id"] == "h6")

    assert isinstance(first, Words) and first.text.startswith("**What the data at hand can find**")
    assert "- H6: A true difference of 14 points is found with 80 % power by 8 open and 7" in first.text
    assert claims.draw_card(h6).subtitle.startswith("Runtimes such as llama\\.cpp and vLLM, and other shared")
    h7 = claims.draw_card(next(claim for claim in board.load_claims(snapshot) if claim["claim_id"] == "h7"))
    assert "No difference can be found" in h7.how and "is read in channels of open families" in h7.how


def test_a_phone_shows_the_interval_of_every_test(snapshot: Snapshot) -> None:
    """It dropped those of long names, and that all were counted."""
    for claim in board.load_claims(snapshot):
        _, *lines = board.group_claim(claim)
        assert [line["short"] for line in lines] == [board.format_effect(test) for test in claim["tests"]]


def test_the_board_is_the_one_figure_of_the_story(snapshot: Snapshot) -> None:
    """With a card for each claim."""
    page = View(snapshot, NOW, snapshot_reader.load_families(snapshot))
    (figure,) = claims.story(page).figures()
    assert (figure.name, len(figure.rows)) == ("board", 7) and "Open is more work: refuted" in figure.alt
    cards = [claims.draw_card(claim) for claim in board.load_claims(page.snapshot)]
    assert [len(card.rows) for card in cards] == [1, 2, 1, 0, 2, 4, 1]


def test_the_tests_of_a_claim_are_folded(state_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opened, they say what was expected and found."""
    app = opened(monkeypatch, state_home("board"), PAGE)
    assert len(app.dataframe) == 0
    app.session_state["rows-h6"] = True
    app.run()
    said = texts(app).replace(GAP, " ").replace("\u2060", "")
    (shown,) = [frame.value for frame in app.dataframe if "test" in frame.value]

    assert re.fullmatch(r"−\d\d points \(−\d\d to −[\d.]+\)", shown["effect (95 % interval)"][0].replace(GAP, " "))
    assert shown["test"][0] == "answered within 24 hours" and len(shown) == 4
    assert "Holds since 1 Dec 2026; before: too close to call from 14 Nov 2026" in said
    assert "The claim's p over the board is below 0.001." in said


def test_the_p_of_a_mixed_claim_is_not_that_of_its_holding() -> None:
    """A verdict beside a p of 1.000 would contradict itself."""
    claim = {"claim_id": "h5", "verdict": "mixed", "p_adjusted": 1.0, "n": 9, "open_count": 3, "proprietary_count": 3}
    claim |= {"sensitivity_note": "It holds.", "tests": [{"effect": 0.1, "title": "deep answers"}]}
    said = claims.describe_leading(claim)

    assert "p over the board" not in said
    assert "The claim's p over the board is 1.000." in claims.describe_leading(claim | {"verdict": "refuted"})


def test_an_effect_is_drawn_in_units_of_what_matters_and_right_is_for_the_claim() -> None:
    """Lower answers speak for a claim that says lower; a ratio is measured by its logarithm."""
    test = SHARES | {"expects": "open lower", "least_effect": 0.05}
    ratio = test | {
        "scale": "ratio",
        "expects": "open higher",
        "least_effect": 1.5,
        "effect": math.log(2.25),
        "effect_low": 0.0,
    }

    assert [board.make_line(test)[end] for end in ("low", "value", "high")] == pytest.approx([-0.4, 1.08, 2.0])
    assert board.make_line(ratio)["value"] == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "−5.4 points (−10 to +2.0)"),
        (
            {"scale": "difference", "unit": "GiB", "effect": 22.4, "effect_low": 20.0, "effect_high": 25.0},
            "+22 GiB (+20 to +25)",
        ),
        ({"unit": None, "effect": 0.0, "effect_low": -1.0, "effect_high": 1.0}, "0 (−1.0 to +1.0)"),
        ({"scale": "ratio", "effect": 0.0, "effect_low": -0.69, "effect_high": 0.69}, "× 1.0 (× 0.50 to × 2.0)"),
        ({"effect": None, "verdict": "cannot be read"}, "✕ cannot be read"),
    ],
)
def test_effects_are_said_in_their_own_unit(changed: dict[str, object], said: str) -> None:
    """Points for shares, the unit of the metric for others, none for an order, a factor for a ratio."""
    assert board.format_effect(SHARES | changed).replace(GAP, " ") == said


def test_the_board_says_each_verdict_in_words_and_how_many_tests_are_for_it(snapshot: Snapshot) -> None:
    """Below it are the tests, each by its name; verdicts differ by shape."""
    claims = board.load_claims(snapshot)
    groups = [board.group_claim(claim) for claim in claims]
    assert [own[0]["said"] for own in groups[:3]] == [
        "● holds, 1 of 1 tests for it",
        "▲ refuted, 0 of 2 tests for it, 2 ruled out",
        "◇ too close to call, 0 of 1 tests for it",
    ]
    assert groups[5][1]["name"] == "answered within 24 hours"
    spec = board.draw_board(claims, LIGHT)
    assert spec
    rows = [row for part in spec["layer"] for row in part["data"]["values"]]
    shapes = {row["look"]: row["shape"] for row in rows if "shape" in row and row["value"] is not None}
    assert shapes["supported"] == "circle" and len(set(shapes.values())) == len(shapes)
    assert {row["at"] for row in rows if "at" in row} == {0, -1, 1}


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        (["too few data", "cannot be read"], "**None of two claims holds, none is refuted.**"),
        (["holds", "refuted", "refuted"], "**One of three claims holds, two are refuted.**"),
    ],
)
def test_the_verdict_counts_what_holds(verdicts: list[str], said: str) -> None:
    """A board on which nothing can be judged read "No of seven claims hold" and "0 of 0 tests for it"."""
    assert board.judge_page([{"verdict": verdict} for verdict in verdicts]) == said
    assert board.tally_tests({"verdict": "cannot be observed", "supported_count": 0, "tests_count": 0}) == ""


@pytest.mark.parametrize("state", ["no rows", "older version"])
def test_a_snapshot_without_verdicts_says_so(state_home: Home, monkeypatch: pytest.MonkeyPatch, state: str) -> None:
    """Nothing is made up, and the command that helps is named."""
    said = texts(opened(monkeypatch, state_home(state), PAGE))

    assert "this snapshot holds no verdicts" in said and "heartbeat build" in said


def test_the_table_of_the_board_gives_a_ratio_as_a_factor(snapshot: Snapshot) -> None:
    """The report gave the price of open models as −1.4, its logarithm, where the board says × 0.24."""
    page = View(snapshot, NOW, snapshot_reader.load_families(snapshot))
    claim = board.load_claims(snapshot)[0]
    ratio = {"scale": "ratio", "effect": math.log(0.24), "effect_low": math.log(0.24), "effect_high": math.log(0.24)}
    figure = claims.draw_overview([claim | ratio | {"tests": [claim["tests"][0] | ratio]}], page)
    (row,) = describe_rows(figure.rows, figure.metric, page.titles, snapshot)

    assert {row[name].replace(GAP, " ") for name in ("effect", "effect low", "effect high")} == {"× 0.24"}
    assert figure.rows[0]["effect"] == math.log(0.24), "a download holds what was published"
