"""The layout of a story on a page: the question, its answer, then the figures."""

import streamlit as st

from dashboards.frame.figure import draw_figure
from dashboards.frame.story import Figure, Story, Words
from dashboards.frame.view import View


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
    """Draws everything after the answer: figures, side by side where the story groups them, and text between them."""
    for part in story.parts:
        if isinstance(part, Words):
            (st.caption if part.is_small else st.markdown)(part.text)
        elif isinstance(part, Figure):
            draw_figure(page, part)
        else:
            for column, figure in zip(st.columns(len(part), gap="medium"), part, strict=True):
                with column:
                    draw_figure(page, figure)
