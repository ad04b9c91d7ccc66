"""The menu and addresses: what leads where, and what acts on which page."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit

from dashboards.frame import filters, navigation, snapshot_reader
from dashboards.frame.snapshot_reader import choose_pair
from dashboards.frame.story import split_answer
from dashboards.frame.view import View
from dashboards.menu import FURTHER, MENU, PAIR, SINGLE
from tests.dashboards.drawn import list_data
from tests.dashboards.test_pages import opened, seen, tell, texts

PAGES = list(MENU)


def test_every_page_has_a_name_of_its_own_and_filters_that_exist() -> None:
    """The menu, a title and a history would otherwise show the same word twice."""
    assert len({page.name for page in MENU.values()}) == len(MENU)
    assert set(FURTHER) < set(MENU)
    assert set(filters.NAMES) == {name for page in MENU.values() for name in page.filters}


def list_choices(page: View, file: str) -> Iterator[tuple[str, str]]:
    """Lists each choice that a page offers, but for the one that it shows."""
    offered = filters.list_offered(page.snapshot) | {"window": filters.list_windows(file)}
    for name in MENU[file].filters:
        shown = "" if name == "family" else getattr(page, name)
        yield from ((name, value) for value in offered[name] if value != shown and value not in page.chosen)


def read_drawn(page: View, file: str) -> list[object]:
    """Reads the marks of a page: what its charts draw and its tables list."""
    figures = tell(file, page).figures()
    return [list(list_data(figure.chart)) if figure.chart else list(figure.shown) for figure in figures]


@pytest.mark.parametrize("file", PAGES)
def test_every_choice_that_a_page_offers_changes_its_marks(sample_home: Path, file: str) -> None:
    """The choices of 30 days and of forums did nothing to the comparison of two."""
    dead = []
    snapshot = seen(sample_home).snapshot
    one = (snapshot_reader.find_fullest_family(snapshot),) if file == SINGLE else ()
    page = seen(sample_home, chosen=choose_pair(snapshot, ()) if file == PAIR else one)
    usual = read_drawn(page, file)
    for name, value in list_choices(page, file):
        choice: Any = (*(page.chosen[:1] if file == PAIR else ()), value) if name == "family" else value
        view = dataclasses.replace(page, **{"chosen" if name == "family" else name: choice})
        # Of few the answer and the charts below it must change, and not the facts alone.
        is_same = read_drawn(view, file)[: 2 if page.chosen else None] == usual[: 2 if page.chosen else None]
        dead += [(name, value)] if is_same else []
    assert dead == []


def test_a_page_draws_its_story_and_the_controls_that_act_on_it(
    sample_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Families are compared over two windows; a window that a page does not offer is left."""
    app = opened(monkeypatch, sample_home, "compare/compare.py", family=["qwen", "claude"], window="30d", kind="forum")
    assert not app.exception and app.selectbox(key="kind").value == "forum"
    assert app.session_state["viewed"].window == "365d" and app.session_state["viewed"].kind == "forum"
    for file in PAGES:
        app = opened(monkeypatch, sample_home, f"{file}.py")
        boxes = [box.key for kind in (app.multiselect, app.selectbox) for box in kind]
        acting = [name for name in MENU[file].filters if name != "window" and (file, name) != (PAIR, "family")]
        assert [name for name in filters.NAMES if name in boxes] == [name for name in filters.NAMES if name in acting]
        story, said = tell(file, app.session_state["viewed"]), texts(app)
        headline, rest = split_answer(story.answer)
        assert headline in said and rest.replace("\n\n", " ") in said, file
        assert all(figure.title in said for figure in story.figures()), file


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
