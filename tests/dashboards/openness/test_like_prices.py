"""Prices of models of like kind: the verdict is that of the published test of claim H1, and no ratio of the page's."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dashboards.frame import snapshot_reader
from dashboards.openness import openness, sentences_openness
from dashboards.words import numbers
from tests.dashboards.test_pages import seen
from tests.worlds.page_worlds import NOW
from warehouse.wording import GAP

Home = Callable[[str], Path]
TEST: dict[str, Any] = {
    "verdict": "supported", "is_opposite": False, "effect": math.log(0.11), "effect_low": math.log(0.11),
    "effect_high": math.log(0.11), "general_low": math.log(0.08), "general_high": math.log(0.15), "least_effect": 1.5,
    "n": 99, "open_count": 13, "proprietary_count": 8,
}  # fmt: skip


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The instant at which the world was published."""
    monkeypatch.setenv("HEARTBEAT_NOW", NOW.isoformat())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "**Open models cost less than proprietary ones of like kind**: 11 % of their price."),
        (
            {"verdict": "ruled out", "is_opposite": True, "effect": math.log(4)},
            "**Proprietary models cost less than open ones of like kind**: 25 % of their price.",
        ),
        (
            {"verdict": "ruled out", "effect": math.log(0.9)},
            "**Open models are not clearly cheaper for their kind**: the prices differ by less than ×1.5.",
        ),
        (
            {"verdict": "undecided", "effect": math.log(0.6)},
            "**Too close to call**: open models of like kind cost 60 % of what proprietary ones cost.",
        ),
        ({"verdict": "too few data", "effect": None}, ""),
    ],
)
def test_the_verdict_is_that_of_the_published_test(change: dict[str, Any], said: str) -> None:
    """Its word and its ratio, from either side."""
    assert sentences_openness.judge_sides(TEST | change).replace(GAP, " ") == said
    assert bool(sentences_openness.describe_sides(TEST | change)) == bool(said)


def test_the_evidence_has_the_cases_and_the_interval() -> None:
    """A count of all has no interval."""
    said = sentences_openness.describe_sides(TEST).replace(GAP, " ")
    assert said == "n = 99 models of 13 open and 8 proprietary families; how good their answers are is not matched."
    wide = sentences_openness.describe_sides(TEST | {"effect_high": math.log(0.2)})
    assert ", 95 % interval 11 % to 20 %;" in wide.replace(GAP, " ")
    assert sentences_openness.judge_sides(None) == sentences_openness.describe_sides(None) == ""


def test_the_page_judges_by_the_row_that_the_board_shows(state_home: Home) -> None:
    """And draws the measure behind it with its receipt; anyone who chose families does not ask about the sides."""
    page = seen(state_home("sample"))
    sql = (
        "select * from metrics.claim_tests where claim_id = 'h1' and metric = 'like_price_ratio' and left_out = 'none'"
    )
    (row,) = snapshot_reader.load_rows(page.snapshot, sql)
    assert sentences_openness.load_test(page) == row
    stated = openness.story(page)
    assert stated.answer.startswith(sentences_openness.judge_sides(row)) and "not matched." in stated.answer
    figure = stated.figures()[0]
    assert (figure.name, figure.metric, figure.has_receipts) == ("like-price", "like_price_ratio", True)
    least = min((one for one in figure.rows if one["value"] is not None), key=lambda one: one["value"])
    assert numbers.escape_markdown(page.titles[least["family_id"]]) in figure.title
    few = openness.story(seen(state_home("sample"), chosen=("qwen", "gpt")))
    assert "like kind" not in few.answer and len(few.figures()[0].rows) == 2
