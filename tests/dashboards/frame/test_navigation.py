"""Places, tabs and addresses: what leads where, and what acts on which page."""

import dataclasses
import importlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import streamlit

from dashboards.frame import filters, navigation
from dashboards.frame.story import Figure, Story
from dashboards.frame.view import View
from dashboards.menu import FILTERS, MENU, TABS, find_place, list_filters, name_page, page_module
from tests.dashboards.test_pages import opened, seen, texts

PAGES = [file for files in MENU.values() for file in files]
VARIANTS: dict[str, list[Any]] = {
    "family": [("qwen", "claude"), ("gpt",)], "window": ["30d", "90d", "all"], "kind": ["forum", "subreddit"],
    "type": ["using it", "something broke"], "language": ["en", "zh"], "bots": ["strict", "lenient"],
    "role": ["sdk", "model"],
}  # fmt: skip
FIELDS = {"family": "chosen"}


def test_seven_places_hold_all_pages_and_each_has_a_name_of_its_own() -> None:
    """A tab bar, a title and a history would otherwise show the same word twice."""
    assert len(MENU) == 7
    names = [name_page(file) for file in PAGES]
    assert len(set(names)) == len(names)
    assert set(TABS) == {file for files in MENU.values() if len(files) > 1 for file in files}
    assert all(file in MENU[find_place(file)] for file in PAGES)
    assert set(FILTERS) <= set(PAGES) and set(filters.NAMES) == {name for names in FILTERS.values() for name in names}


def _content(story: Story, *, is_worded: bool) -> object:
    figures = [(figure.title, figure.chart, [dict(row) for row in figure.rows]) for figure in story.figures()]
    words = [part.text for part in story.parts if not isinstance(part, (Figure, tuple))]
    is_worded = is_worded or not figures
    # That a choice splits nothing is no effect of it.
    answer = re.sub("; not split by [^;.)]*", "", story.answer)
    return (answer, figures, words) if is_worded else (answer, figures)


@pytest.mark.slow
@pytest.mark.parametrize("file", PAGES)
def test_a_page_shows_the_filters_that_change_it_and_no_others(state_home: Callable[[str], Path], file: str) -> None:
    """A control that does nothing looks as if it did."""
    tell = importlib.import_module(page_module(file)).story
    usual = seen(state_home("sample"))
    before = _content(tell(usual), is_worded=False)

    def changes(name: str) -> bool:
        views: list[View] = [dataclasses.replace(usual, **{FIELDS.get(name, name): value}) for value in VARIANTS[name]]
        return any(_content(tell(view), is_worded=False) != before for view in views)

    acting = {name for name in filters.NAMES if changes(name)}
    # The first page leaves finer choices to the pages that its cells lead to.
    assert set(list_filters(file)) == (acting & {"family", "window", "kind"} if file == navigation.HOME else acting)


def test_a_filter_that_does_not_act_here_is_kept_for_the_next_page_and_changes_nothing(
    sample_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anyone who passes through a page without a filter finds the choice again behind it."""
    app = opened(monkeypatch, sample_home, "reliability/reliability.py", family="qwen", kind="forum")
    assert not app.exception
    assert (app.query_params["family"], app.query_params["kind"]) == ("qwen", "forum")
    assert app.session_state["viewed"].kind == "tracker" and app.session_state["viewed"].chosen == ("qwen",)


def test_a_choice_is_written_to_the_address_and_the_usual_one_leaves_it(
    sample_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address is the only truth: a widget that says something else is behind it."""
    app = opened(monkeypatch, sample_home, "support/support.py", window="90 days")
    app.selectbox(key="kind").set_value("forum").run()
    app.multiselect[0].set_value(["qwen", "claude"]).run()
    assert app.query_params["kind"] == "forum" and app.query_params["family"] == ["qwen", "claude"]
    assert app.session_state["window"] == "90d" and "last 90 days" in texts(app)
    app.selectbox(key="type").set_value("using it").run()
    assert app.query_params["type"] == "using it"
    app.selectbox(key="type").set_value("").run()
    assert "type" not in app.query_params
    app.query_params["family"] = ["gpt"]
    app.run()
    assert app.multiselect[0].value == ["gpt"]


def test_only_an_unknown_address_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader sees the first page, and why; an address is written by strangers."""
    said: list[str] = []
    monkeypatch.setattr(streamlit, "markdown", said.append)
    for path in ("", "support", "start", "overview"):
        monkeypatch.setattr(streamlit, "context", dataclasses.make_dataclass("C", ["url"])(f"http://x/{path}"))
        navigation.draw_unknown_address()
    assert said == []
    monkeypatch.setattr(streamlit, "context", dataclasses.make_dataclass("C", ["url"])("http://x/no_such"))
    navigation.draw_unknown_address()
    assert "There is no page **no\\_such** here." in said[0]
