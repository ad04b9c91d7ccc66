"""The layout of a story on a page: the question, its answer, then the figures."""

import streamlit as st

from dashboards.frame.figure import draw_figure
from dashboards.frame.story import Figure, Part, Story, Words
from dashboards.frame.view import View
from dashboards.words import sentences


def draw_answer(question: str, sentence: str) -> None:
    """Draws the question as the title and the answer below it."""
    st.title(question, anchor=False)
    with st.container(key="answer"):
        st.markdown(sentence)


def draw_story(page: View, story: Story) -> None:
    """Draws the whole page."""
    draw_answer(story.question, story.answer)
    draw_parts(page, story)


def draw_parts(page: View, story: Story) -> None:
    """Draws everything after the answer, and names once the families that any of the charts leaves out."""
    for part in story.parts:
        _draw_part(page, part)
    left_out = [figure.rows for figure in story.figures() if figure.chart is not None and figure.has_receipts]
    if absent := sentences.sum_up_absent(left_out, page.titles):
        st.caption(absent)


def _draw_part(page: View, part: Part) -> None:
    """Draws text, a figure, or figures side by side if they fit."""
    if isinstance(part, Words):
        (st.caption if part.is_small else st.markdown)(part.text)
    elif isinstance(part, Figure):
        draw_figure(page, part)
    else:
        for column, figure in zip(st.columns(len(part), gap="medium"), part, strict=True):
            with column:
                draw_figure(page, figure)
