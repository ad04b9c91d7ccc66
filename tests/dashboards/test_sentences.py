"""Titles and sentences say what their figure shows: every name, rank and number is that of a mark."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboards.frame import filters
from dashboards.frame.story import Figure, Story
from dashboards.menu import MENU
from dashboards.overview.scoreboard import make_columns
from dashboards.words import sentences
from tests.dashboards import drawn
from tests.dashboards.test_pages import seen, tell
from warehouse.wording import GAP

PAGES = [file for file in MENU if file != "evidence/data"]
"""All pages but that of the data, whose numbers are of collections and not of families."""
FAMILIES = (
    (), ("claude",), ("command",), ("qwen", "claude"), ("gpt", "gemini"), ("qwen", "claude", "grok", "command"),
    ("sonar", "grok", "nemotron"), ("vertex", "gpt", "cerebras", "novita", "baseten", "sonar"),
)  # fmt: skip
"""No family; one; two of either side and of one; some that are level or have long names."""
CHOICES: dict[str, tuple[str, ...]] = {
    "window": ("30d", "90d", "all"), "kind": ("forum", "subreddit", "tag"), "language": ("en", "zh"),
    "type": ("getting it to run", "using it", "something broke"), "bots": ("strict", "lenient"),
    "role": ("sdk", "model"),
}  # fmt: skip
LEAST_CHECKED = {"evidence/claims": 5}
"""Claims checked on a page; of the others over a hundred."""


def list_views(file: str, everyone: list[str]) -> Iterator[dict[str, Any]]:
    """Lists what a page is asked: some choices of families under each filter, and each family alone."""
    if "family" not in MENU[file].filters:
        yield {}
        return
    yield from ({"chosen": (family,)} for family in everyone)
    for chosen in FAMILIES:
        yield {"chosen": chosen}
        for name in MENU[file].filters:
            offered = filters.list_windows(file) if name == "window" else CHOICES.get(name, ())
            yield from ({"chosen": chosen, name: value} for value in CHOICES.get(name, ()) if value in offered)


@pytest.mark.parametrize("file", PAGES)
def test_every_name_rank_and_number_in_words_is_that_of_a_mark(sample_home: Path, file: str) -> None:
    """A title was refuted by its own chart: it came from another query. No title is longer than ten words."""
    checked, faults = 0, list[tuple[object, object]]()
    for asked in list_views(file, list(seen(sample_home).titles)):
        page = seen(sample_home, **asked)
        story = tell(file, page)
        number, found = drawn.check_page(page, story)
        checked += number
        titles = [drawn.plain(figure.title) for figure in story.figures()]
        faults += [(asked, title) for title in titles if len(title.split()) > sentences.MOST_WORDS]
        faults += [(asked, fault) for fault in found]
    assert not faults, "\n".join([f"{len(faults)} faults in {checked} claims", *map(str, faults[:20])])
    assert checked >= LEAST_CHECKED.get(file, 100)


@pytest.fixture(scope="module")
def outages(sample_home: Path) -> tuple[Figure, list[str]]:
    """The chart of uptimes, and the titles of all families."""
    page = seen(sample_home)
    figure = next(one for one in tell("reliability/reliability", page).figures() if one.name == "uptime")
    return figure, list(page.titles.values())


@pytest.mark.parametrize(
    ("title", "fault"),
    [
        ("Highest uptime: Claude, 99.93 %", "Claude is not first"),
        ("Highest uptime: OpenRouter, 99.12 % over 50 days", "99.12 % of OpenRouter is no mark"),
        ("Gemini posted 99.93 % uptime", "99.93 % of Gemini is no mark"),
        ("Llama posted 99.89 % uptime", "Llama has no mark"),
        ("Gemini ranks 1 of 11", "ranks 1 of 11 is no mark"),
        ("11 pages post 98.70 % to 100 % uptime", "98.70 % to 100 % is not the whole span"),
        ("4,321 incidents", "4,321 of nobody is no mark"),
    ],
)
def test_a_wrong_sentence_is_found(outages: tuple[Figure, list[str]], title: str, fault: str) -> None:
    """A check that cannot fail proves nothing."""
    figure, titles = outages
    marks = drawn.read_marks(figure, titles)
    found = [
        *drawn.check_words(title.replace(" %", f"{GAP}%"), marks, titles, drawn.count_rows(figure))[1],
        *drawn.check_first(title, marks, titles)[1],
        *drawn.check_span(title, marks)[1],
    ]
    assert fault in [one.claim for one in found]


def test_a_family_with_a_mark_is_not_said_to_have_none(sample_home: Path) -> None:
    """Named below the charts as without a number, with its number in one of them."""
    page = seen(sample_home)
    story = tell("reliability/reliability", page)
    rows = [{**row, "state": "not enough data"} for row in story.figures()[1].rows]
    figures = [dataclasses.replace(figure, rows=rows) for figure in story.figures()]
    found = [own for _, own in drawn.check_absent(page, Story("", "", figures), list(page.titles.values()))]
    assert "Bedrock has a mark" in [fault.claim for own in found for fault in own]


@pytest.mark.parametrize("asked", [{}, {"window": "all"}])
def test_one_name_stands_for_one_number(sample_home: Path, asked: dict[str, Any]) -> None:
    """Answered in a day was 60 % on the first page and 61 % where families are compared."""
    page = seen(sample_home, chosen=("qwen", "claude"), **asked)
    found = []
    for file, name in (("support/support", "within"), ("compare/compare", "leads")):
        (figure,) = [one for one in tell(file, page).figures() if one.name == name]
        dots = [
            row for row in drawn.list_data(figure.chart or {}) if row.get("statistic") in ("within_24h", "within_7d")
        ]
        found.append({(row["family_id"], row["statistic"]): row["value"] for row in dots})
    assert len(found[1]) == 4 and found[1].items() <= found[0].items()


def test_a_range_of_uptime_is_the_same_on_the_first_page(sample_home: Path) -> None:
    """Sonar's began at 99.52 % there and at 98.43 % where outages are."""
    page = seen(sample_home)
    (up,) = [one for one in make_columns(page) if one.question.form == "uptime"]
    figure = next(one for one in tell("reliability/reliability", page).figures() if one.name == "uptime")
    assert figure.chart is not None
    marks = {row["family_id"]: (row["value"], row["low"], row["high"]) for row in drawn.list_data(figure.chart)}
    cells = {cell.family_id: (cell.value, cell.low, cell.high) for cell in up.cells if cell.high is not None}
    assert cells and cells == {family: marks[family] for family in cells}
