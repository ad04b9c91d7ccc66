"""Every page in every state: its story without Streamlit, and in Streamlit what only Streamlit can break."""

import importlib
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import altair
import pytest
from streamlit import dataframe_util

from dashboards.frame.footer import compose_footer, explain_metric
from dashboards.menu import page_module
from dashboards.metric_row import Row
from tests.dashboards.test_pages import FIRST, PAGES, QUESTIONS, opened, seen, tell, texts
from tests.worlds.page_worlds import STATES

BARE = ("no rows", "older version", "hostile")
"""The states in which a page has other things to show than in the sample world."""
OWN = [page for page in PAGES if hasattr(importlib.import_module(page_module(page.removesuffix(".py"))), "show")]
"""The pages that draw more than their story: switches, fields, folds."""
Home = Callable[[str], Path]
NOUNS = "channels collections facts families figures hours days models offers pages pairs rows threads"
LONE_PLURAL = re.compile(rf"(?<![\d.,])\b1 ({'|'.join(NOUNS.split())})\b")
"""A single thing in the plural, `1 rows`."""


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("state", STATES)
def test_every_page_has_its_answer_and_all_beside_its_figures_in_every_state(
    state_home: Home, page: str, state: str
) -> None:
    """Nothing is blank and nothing breaks, whatever the snapshot holds or lacks: partial, stale, failed, hostile,
    older."""
    view = seen(state_home(state), STATES[state].now)
    story = tell(page, view)
    figures = story.figures()
    assert story.question.lower().endswith(QUESTIONS[page].lower()) and story.answer.strip()
    assert not LONE_PLURAL.search(story.answer)
    assert len({figure.name for figure in figures}) == len(figures), "a second one would have the keys of the first"
    for figure in figures:
        assert figure.title and figure.subtitle and explain_metric(view, figure.metric), figure.name
        footer = compose_footer(view, figure.rows, figure.source)
        assert footer.startswith(f"Source: {figure.source}"), figure.name
        assert not LONE_PLURAL.search(f"{figure.title} · {footer} · {figure.alt}"), figure.name
        assert [_count_drawn(rows) for rows in (figure.shown, figure.rows)] == [len(figure.shown), len(figure.rows)]
        json.dumps(figure.chart, allow_nan=False)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("page", "state"),
    [
        *((page, state) for state in ("sample", *BARE) for page in PAGES),
        *(("evidence/data.py", state) for state in ("partial", "stale", "failed")),
    ],
)
def test_every_chart_is_one_that_vega_lite_knows(state_home: Home, page: str, state: str) -> None:
    """Specifications are written by hand; the published schema reads them again, wherever a page draws others."""
    for figure in tell(page, seen(state_home(state), STATES[state].now)).figures():
        if figure.chart is not None:
            altair.LayerChart.validate(figure.chart)


def _count_drawn(rows: Sequence[Row]) -> int:
    """How many rows arrive where Streamlit draws a table."""
    return len(dataframe_util.convert_arrow_bytes_to_pandas_df(dataframe_util.convert_anything_to_arrow_bytes(rows)))


@pytest.mark.parametrize(
    ("page", "state"),
    [
        *((page, "sample") for page in PAGES),
        *((FIRST, state) for state in STATES if state != "sample"),
        *((page, state) for state in BARE for page in OWN if page != FIRST),
    ],
)
def test_a_page_opens_in_streamlit(state_home: Home, monkeypatch: pytest.MonkeyPatch, page: str, state: str) -> None:
    """Every page once, one page in every state, and the pages with fields of their own wherever they may find
    nothing."""
    monkeypatch.setenv("HEARTBEAT_NOW", STATES[state].now.isoformat())
    app = opened(monkeypatch, state_home(state), page)

    assert not app.exception
    said = [caption.value.lower() for caption in app.caption]
    assert len(app.title) == 1 and any(caption.endswith(QUESTIONS[page].lower()) for caption in said)
    assert ("Sample data." in texts(app)) == (state == "sample")
