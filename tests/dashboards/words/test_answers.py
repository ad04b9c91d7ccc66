"""Every answer of every page in two steps: a short verdict, then what it rests on, with nothing bold beside it."""

import dataclasses
import importlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboards.evidence.board import load_not_compared
from dashboards.menu import MENU, page_module
from dashboards.overview.overview import MAIN
from dashboards.words import numbers, sentences
from tests.dashboards.test_pages import seen
from tests.worlds.page_worlds import STATES

PAGES = list(MENU)
FEW = ((), ("qwen", "claude"))
MANY = (*FEW, ("qwen", "llama"), ("gpt",))
CHOSEN = {"sample": MANY, "hostile": MANY, "one family": ((), ("gemma",))}
"""What is chosen in a state; `FEW` in the others."""
MOST_WORDS, MOST_NUMBERS = 20, 3
NO_ANSWER = re.compile("give no answer|No family here is|There is one family here")
"""Part of every sentence that has nothing to state."""
DENYING = re.compile(r"no difference|\bcould stand\b|\btold\b", re.IGNORECASE)


def test_nothing_in_the_second_step_is_bold() -> None:
    """What is bold is read first."""
    assert (
        sentences.join_answer("**Too close to call.**", "By **7 points**.") == "**Too close to call.**\n\nBy 7 points."
    )
    assert sentences.join_answer("", "The data give **no** answer.") == "The data give no answer."
    assert sentences.join_answer("**Yes.**", "") == "**Yes.**"


@pytest.mark.slow
@pytest.mark.parametrize("file", PAGES)
@pytest.mark.parametrize("state", STATES)
def test_every_verdict_is_short_and_says_one_thing(state_home: Callable[[str], Path], state: str, file: str) -> None:
    """In every state, for all families and for two; where much is known, also for two of one side, and for one."""
    tell = importlib.import_module(page_module(file)).story
    long = []
    for chosen in CHOSEN.get(state, FEW):
        page = seen(state_home(state), chosen=chosen)
        verdict, _, rest = tell(page).answer.partition("\n\n")
        if not rest:
            assert NO_ANSWER.search(verdict), (chosen, verdict)
            continue
        # Ids of models and names of channels are names, whatever digits they have.
        for title in page.titles.values():
            verdict = verdict.replace(numbers.escape_markdown(title), "Name")
        # What is not compared is said in the words of the claim, however many they are.
        verdict = verdict.replace(numbers.escape_markdown(load_not_compared(page.snapshot, *MAIN)), "")
        plain = re.sub(r"\[[^]]*\]|\S*[\\/]\S*", "name", verdict)
        words, figures = plain.split(), re.findall(r"(?<![\w.])\d[\d,.]*", plain)
        if len(words) > MOST_WORDS or len(figures) > MOST_NUMBERS or DENYING.search(verdict):
            long.append((chosen, verdict))
        assert "**" not in rest, (chosen, rest)
    assert long == []


@pytest.mark.parametrize(
    ("page", "place"),
    [
        ("support/support", "issue trackers"), ("choose/fit", "issue trackers"),
        ("reliability/reliability", "status pages"),
    ],
)  # fmt: skip
def test_the_line_below_a_verdict_names_place_and_window(
    state_home: Callable[[str], Path], page: str, place: str
) -> None:
    """A share is of one kind of channel and one window, and of one part of the questions if one was chosen."""
    tell = importlib.import_module(f"dashboards.{page.replace('/', '.')}").story
    whole = seen(state_home("sample"))
    asked, window = dataclasses.replace(whole, type="getting it to run"), numbers.format_window(whole.window)

    assert f"{place}, {window}" in tell(whole).answer.partition("\n\n")[2]
    part = "only questions about getting it to run" if place != "status pages" else "not split by type of question"
    assert f"{place}, {window}; {part}" in tell(asked).answer.partition("\n\n")[2]
