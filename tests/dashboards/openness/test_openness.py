"""Openness: what licences and prices are said to be, and what the page shows in each state."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dashboards.openness import openness, sentences_openness
from tests.dashboards.test_pages import figures, seen
from tests.worlds.page_worlds import NOW
from warehouse.wording import GAP

Home = Callable[[str], Path]
PAGE = "openness/openness.py"
TITLES = {"qwen": "Qwen", "phi": "Phi", "olmo": "OLMo", "gpt": "GPT*", "nova": "Nova", "grok": "Grok"}
OPEN = ("qwen", "phi", "olmo")


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The instant at which the world was published."""
    monkeypatch.setenv("HEARTBEAT_NOW", NOW.isoformat())


def row(family: str, statistic: str, value: float | None, segment: str = "all", n: int = 3) -> dict[str, Any]:
    """A published figure."""
    side = "open" if family in OPEN else "proprietary"
    state = "measured" if value is not None else "not applicable"
    return {
        "family_id": family,
        "side": side,
        "segment": segment,
        "statistic": statistic,
        "value": value,
        "n": n,
        "state": state,
        "note": "",
    }


def classes(family: str, lowest: float, highest: float) -> list[dict[str, Any]]:
    """The points of a family's weights."""
    return [row(family, "lowest", lowest), row(family, "highest", highest)]


def test_licences_are_told() -> None:
    """No point is no weights."""
    rows = [*classes("qwen", 2, 5), *classes("phi", 5, 5), *classes("olmo", 2, 3), *classes("gpt", 0, 0)]
    assert sentences_openness.describe_free(rows, TITLES) == (
        "Qwen and Phi grant all five freedoms for some model; 1 gives out no weights."
    )
    assert sentences_openness.describe_free(rows[6:], TITLES).startswith("GPT\\* grants 0 of five freedoms;")
    assert sentences_openness.describe_free([], TITLES) == ""


def test_freedom_is_told_for_all_models_or_for_some() -> None:
    """The lowest of a family says what holds for all of them."""
    name = sentences_openness.name_freest
    assert name([*classes("qwen", 3, 5), *classes("phi", 5, 5)], TITLES) == "All five freedoms for every model: Phi"
    assert name(classes("qwen", 3, 5), TITLES) == "All five freedoms for some models: Qwen"
    assert name(classes("qwen", 3, 4), TITLES) == "No family is known to grant all five freedoms"


def test_the_page_shows_prices_first_and_every_figure_has_rows(state_home: Home) -> None:
    """Both sides in the prices; hosts of which nothing is known are not drawn, but stay in the rows."""
    found = {figure.name: figure for figure in figures(state_home("sample"), PAGE)}
    assert list(found) == ["like-price", "weights", "price", "changed"]
    assert [name for name, figure in found.items() if not figure.rows or not (figure.chart or figure.shown)] == []
    assert {row["side"] for row in found["price"].rows if row["state"] == "measured"} == {"open", "proprietary"}
    names = found["price"].chart["layer"][0]["encoding"]["y"]["scale"]["domain"] if found["price"].chart else []
    assert "Qwen" in names and "Together" not in names and any(row["side"] == "host" for row in found["price"].rows)
    assert "No legal advice" in found["weights"].how
    assert ", as last seen" in found["changed"].subtitle


def test_the_answer_tells_prices_licences_and_tuning(state_home: Home) -> None:
    """And of one chosen family nothing about the others."""
    answer = openness.story(seen(state_home("sample"))).answer.replace(GAP, " ")
    assert "all five freedoms" in answer and "offer tuning" in answer
    story = openness.story(seen(state_home("sample"), chosen=("qwen",)))
    assert {row["family_id"] for figure in story.figures() for row in figure.rows} == {"qwen"}
    assert "Qwen" in story.answer and "proprietary" not in story.answer
