"""One number a name: over one snapshot, no label stands for two numbers of one family."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dashboards.frame.story import Figure, Story
from dashboards.frame.view import View
from tests.dashboards.test_pages import seen
from tests.names.collect import collect_all, collect_story
from tests.names.said import Said, find_conflicts, list_cells, list_counts, list_items, list_sentences, read_cell

pytestmark = pytest.mark.slow
TITLES = ["Claude", "GPT", "gpt-oss"]
CHOSEN: tuple[tuple[str, ...], ...] = ((), ("qwen", "claude"))


@pytest.mark.parametrize("chosen", CHOSEN, ids=["all", "two"])
def test_no_name_stands_for_two_numbers(state_home: Callable[[str], Path], chosen: tuple[str, ...]) -> None:
    """On pages, in tables and sentences, in report, brief and commands; hundreds of names are compared."""
    all_said = collect_all(seen(state_home("sample"), chosen=chosen))
    places = {said.place.partition(",")[0] for said in all_said}

    assert find_conflicts(all_said) == {}
    assert {"report", "heartbeat status", "heartbeat claims", "waiting", "compare", "reliability"} <= places
    assert len({said.label for said in all_said}) > (400 if not chosen else 200)


@pytest.mark.parametrize(
    ("title", "alt", "cell"),
    [
        ("Most \\*uptime\\*", "Side by side. Uptime: Claude 12.34 %", {}),
        ("Uptime of most", "", {"family": "Claude", "uptime": "12.34\N{NO-BREAK SPACE}%"}),
        ("31 incidents posted", "", {}),
    ],
    ids=["alternative text", "table", "title"],
)
def test_a_second_number_under_a_name_is_found(
    state_home: Callable[[str], Path], title: str, alt: str, cell: dict[str, Any]
) -> None:
    """Wherever it stands: another page need only say it."""
    page = seen(state_home("sample"))
    scope = "status pages, last 12 months"
    planted = Figure(
        name="planted", title=title, subtitle=scope, chart=None, rows=[], metric="", source="", alt=alt,
        shown=[cell] if cell else [],
    )  # fmt: skip
    first = "Uptime: Claude 99.93 %; GPT not enough data. 591 incidents posted"
    honest = replace(planted, name="first", title="591 incidents posted", alt=first, shown=[])

    assert not find_conflicts(_told(page, honest))
    found = find_conflicts([*_told(page, honest), *_told(page, planted)])
    assert set(found) & {("uptime", scope, "Claude"), ("incidents", "", "")}


def _told(page: View, figure: Figure) -> list[Said]:
    return list(collect_story(page, figure.name, Story("?", "An answer.", [figure])))


def test_lists_sentences_and_tables_are_read() -> None:
    """Labels, families and values as printed, without their intervals."""
    text = "Points with intervals, median wait: Claude 9.6 h (5.6–14 h); gpt-oss 1.2–16 h; GPT not enough data"
    assert [(said.label, said.family, said.value) for said in list_items(text, TITLES, "here", "")] == [
        ("median wait", "Claude", "9.6 h"), ("median wait", "gpt-oss", "1.2–16 h"),
    ]  # fmt: skip
    (sentence,) = list_sentences("**Half** of Claude's users hear back within 9.6 h (5–14 h).", TITLES, "here", "")
    assert (sentence.label, sentence.value) == ("half of f's users hear back within #", "9.6 h")
    counts = list_counts("n = 351 incidents of the API on 12 pages, 59 of them on GPT's page", TITLES, "here")
    assert [(said.label, said.value) for said in counts] == [("incidents api", "351")]
    lines = [{"family": "GPT", "model": "a 7 b", "n": "12 (3–14)"}, {"family": "GPT", "model": "c", "n": "13"}]
    cells = list(list_cells(lines, TITLES, "here, table", "all time"))
    assert [(said.scope, said.value) for said in cells] == [("all time a 7 b", "12"), ("all time c", "13")]
    assert not find_conflicts(cells)
    assert [read_cell(text) for text in ("4 of 5, ahead", "25 independent, 25% never", "n", "0.3 USD")] == [
        "4", "", "", "0.3 USD",
    ]  # fmt: skip
