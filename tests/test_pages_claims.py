"""The board of claims on its page: what it says of each verdict, on what that rests, and what it never says."""

import math
from pathlib import Path

import pytest

from dashboards import board, words
from dashboards.colours import LIGHT
from tests.snapshot_rows import NOW, World, publish_world
from tests.test_pages import opened, texts

PAGE = "pages_claims.py"
SHARES = {"scale": "difference", "unit": "share", "effect": -0.054, "effect_low": -0.1, "effect_high": 0.02, "verdict": "refuted"}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The instant at which the worlds were published."""
    monkeypatch.setenv("HEARTBEAT_NOW", NOW.isoformat())


def test_the_answer_counts_the_verdicts_and_each_is_a_word_with_its_shape(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Six claims, one of each verdict and a second one supported."""
    publish_world(tmp_path)
    said = texts(opened(monkeypatch, tmp_path, PAGE)).replace(words.GAP, " ")

    assert "Of 6 claims **2 are supported and 1 is refuted**; 1 shows no difference, and 2 cannot be judged." in said
    assert "### Supported: Claim h1 and Claim h6; Refuted: Claim h2" in said
    assert "**● supported** since 24 Nov 2026; before: no difference shown from 15 Nov 2026" in said
    assert "**▲ refuted** since 24 Nov 2026, the first verdict" in said
    assert "**◇ no difference shown** (not yet in the history of verdicts)" in said
    assert "**≈ not enough data**" in said and "**? not observable**" in said
    assert "Worded before\\: supported\\." in said.replace("\u2060", "") and "**Would refute it:** Slower answers" in said
    assert "2 of 2 deciding tests support it, 0 say the opposite, 0 cannot be judged. By its rule each of them must support it" in said
    assert "rests on n = 1,200 items of 6 open and 5 proprietary families. Turns\\:" in said.replace("\u2060", "")


def test_the_tests_of_a_claim_are_folded_with_history_and_receipts_that_name_a_figure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opened, they say what was expected and found, why, and how anybody can look behind it."""
    publish_world(tmp_path)
    app = opened(monkeypatch, tmp_path, PAGE)
    assert len(app.dataframe) == 0
    app.session_state["rows-h1"] = True
    app.run()
    shown, history = [frame.value for frame in app.dataframe]

    assert [effect.replace(words.GAP, " ") for effect in shown["effect (95 % interval)"]] == [
        "+12 points (+8.0 to +16)",
        "× 1.1 (× 1.1 to × 1.2)",
        "+0.12 (+0.08 to +0.16)",
    ]
    assert list(shown["test"]) == ["answered share, within 24h"] * 2 + ["(answered share, within 24h)"] and set(shown["p, adjusted"]) == {
        "below 0.001"
    }
    assert list(history["verdict"]) == ["◇ no difference shown", "● supported"]
    command = "heartbeat receipt answered_share family=claude kind=tracker role=all segment=anyone statistic=within_24h window=365d"
    assert [code.value for code in app.code] == [command]


def test_an_effect_is_drawn_in_units_of_what_matters_and_right_is_for_the_claim() -> None:
    """Lower answers speak for a claim that says lower; a ratio is measured by its logarithm."""
    test = SHARES | {"expects": "open lower", "least_effect": 0.05}
    ratio = test | {"scale": "ratio", "expects": "open higher", "least_effect": 1.5, "effect": math.log(2.25), "effect_low": 0.0}

    assert [board.line(test)[end] for end in ("low", "value", "high")] == pytest.approx([-0.4, 1.08, 2.0])
    assert board.line(ratio)["value"] == pytest.approx(2.0)
    assert board.line(test | {"effect": None, "verdict": "not enough data"})["value"] is None


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "−5.4 points (−10 to +2.0)"),
        ({"scale": "difference", "unit": "GiB", "effect": 22.4, "effect_low": 20.0, "effect_high": 25.0}, "+22 GiB (+20 to +25)"),
        ({"unit": None, "effect": 0.0, "effect_low": -1.0, "effect_high": 1.0}, "0 (−1.0 to +1.0)"),
        ({"scale": "order", "effect": 1.0, "effect_low": 0.7, "effect_high": 1.0}, "+1.0 (+0.7 to +1.0)"),
        ({"scale": "ratio", "effect": 0.0, "effect_low": -0.69, "effect_high": 0.69}, "× 1.0 (× 0.5 to × 2.0)"),
        ({"effect": None, "verdict": "not observable"}, "? not observable"),
    ],
)
def test_effects_are_said_in_their_own_unit(changed: dict[str, object], said: str) -> None:
    """Points for shares, the unit of the metric for others, none for an order, a factor for a ratio."""
    assert board.effect(SHARES | changed).replace(words.GAP, " ") == said


def test_the_chart_marks_no_effect_and_the_smallest_that_matters_and_tells_verdicts_by_shape() -> None:
    """In grey, too: a circle is no triangle, and what could not be judged shows its mark."""
    lines = [
        {"look": look, "value": value, "low": value, "high": value, "mark": "≈", "note": ""}
        for look, value in (("supported", 3.0), ("refuted", -1.0), ("no difference shown", 0.1), ("not enough data", None))
    ]
    spec = board.chart([{"name": "a", "said": "b", "short": "", "mark": "", "lines": lines}], LIGHT)
    marks = [layer["mark"] for layer in spec["layer"]]

    assert [mark["shape"] for mark in marks if mark["type"] == "point"] == ["circle", "triangle-up", "diamond"]
    given = [spec["datasets"][layer["data"]["name"]] for layer in spec["layer"]]
    assert [rows[0]["at"] for rows in given[:3]] == [0, -1, 1]
    assert [mark["strokeDash"] for mark in marks[:3]] == [[1, 0], [3, 3], [3, 3]]
    assert spec["layer"][0]["encoding"]["x"]["scale"]["domain"] == pytest.approx([-3.15, 3.15])
    assert [row["mark"] for mark, rows in zip(marks, given, strict=True) if mark.get("dx") for row in rows] == ["≈"]


@pytest.mark.parametrize("world", [World(has_rows=False), World(without=("metrics.claim_tests",))])
def test_a_snapshot_without_verdicts_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    """Nothing is made up, and the command that helps is named."""
    publish_world(tmp_path, world)
    said = texts(opened(monkeypatch, tmp_path, PAGE))

    assert "this snapshot holds no verdicts" in said and "heartbeat build" in said
