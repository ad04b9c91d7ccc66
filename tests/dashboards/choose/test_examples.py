"""Examples of needs: a click asks for what the same needs ask for by hand, one widget after another."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.choose.fit import CLEAR, EXAMPLES
from dashboards.choose.fit_figures import make_choice
from dashboards.choose.fit_measures import USUAL
from dashboards.choose.needs import UNKNOWN, YES, Needs
from tests.dashboards.test_pages import opened, seen
from tests.worlds.page_worlds import NOW

PAGE = "choose/fit.py"


@pytest.fixture
def sample(state_home: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of the sample world, at its instant."""
    monkeypatch.setenv("HEARTBEAT_NOW", NOW.isoformat())
    return state_home("sample")


def _shown(app: AppTest) -> tuple[list[str], list[str]]:
    """The answer, and the models of the first table."""
    said = [text.value for kind in (app.title, app.markdown) for text in kind if "your needs" in text.value]
    return said, list(app.dataframe[0].value["model"])


def _offered(app: AppTest) -> list[str]:
    return [button.label for button in app.button if str(button.key).startswith("example-")]


def test_each_example_gives_what_its_needs_give_by_hand(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And none ends in nothing here: a model meets it, or may. Filters and weights stay, needs of before do not."""
    asked, by_hand = (
        opened(monkeypatch, sample, PAGE, family=["qwen", "command", "llama"], **{"weight-carriers": "0"})
        for _ in range(2)
    )
    for words, needs in EXAMPLES.items():
        assert _offered(asked) == list(EXAMPLES)
        asked.button(key=f"example-{words}").click().run()
        for name, value in asdict(needs).items():
            by_hand.selectbox(key=name).set_value(value)
        by_hand.run()
        assert not by_hand.exception and not asked.exception
        assert asked.query_params == by_hand.query_params and len(asked.query_params) > 2
        assert _shown(by_hand) == _shown(asked) and _shown(asked)[0], words
        choice = make_choice(seen(sample), needs, USUAL)
        # Of no family are the answers of a day surely more than half: their intervals reach below.
        assert choice.select(YES) or (needs == Needs(daily="50") and choice.select(UNKNOWN)), words
        assert _offered(asked) == [CLEAR]
        asked.button(key=f"example-{CLEAR}").click().run()
    assert set(asked.query_params) == {"family", "weight-carriers"} and asked.selectbox(key="gpu").value == ""
