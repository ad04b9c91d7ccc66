"""The layout of a story on a page: the question, its answer, then the figures."""

from collections.abc import Sequence

import streamlit as st

from dashboards.frame.figure import draw_figure
from dashboards.frame.story import MOST_FIGURES, Figure, Part, Story, Words
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
    """Draws everything after the answer, the figures beyond the first few in a fold."""
    first, rest = split_parts(story.parts, story.shown_count)
    _draw_run(page, first, story.answer)
    count = sum(map(count_figures, rest))
    if not count:
        return
    fold = st.expander(f"{story.more} ({count})", key=name_fold(story.question), on_change="rerun")
    if fold.open:
        with fold:
            _draw_run(page, rest, story.answer)


def _draw_run(page: View, parts: Sequence[Part], answer: str) -> None:
    """Draws parts one after another, and names once the families that any of their charts leaves out."""
    for part in parts:
        _draw_part(page, part, answer)
    figures = Story("", "", parts).figures()
    left_out = [figure.rows for figure in figures if figure.absent]
    if absent := sentences.sum_up_absent(left_out, page.titles, len(figures) > 1):
        st.caption(absent)


def name_fold(question: str) -> str:
    """Returns the key of a page's fold of further figures."""
    return "more-" + "".join(letter if letter.isalnum() else "-" for letter in question.lower())


def split_parts(parts: Sequence[Part], most: int = MOST_FIGURES) -> tuple[list[Part], list[Part]]:
    """Splits the parts of a page where its figures exceed the most that it shows; text belongs to the figure that
    follows it."""
    shown, end = 0, 0
    for number, part in enumerate(parts):
        shown += count_figures(part)
        if shown > min(most, MOST_FIGURES):
            return list(parts[:end]), list(parts[end:])
        if count_figures(part):
            end = number + 1
    return list(parts), []


def count_figures(part: Part) -> int:
    """Counts the figures of a part."""
    return len(part) if isinstance(part, tuple) else int(isinstance(part, Figure))


def _draw_part(page: View, part: Part, answer: str) -> None:
    """Draws text, a figure, or figures side by side where they fit."""
    if isinstance(part, Words):
        (st.caption if part.is_small else st.markdown)(part.text)
    elif isinstance(part, Figure):
        draw_figure(page, part, answer)
    else:
        # Side by side, figures of one order keep to the same rows.
        named = " ".join([answer, *(figure.title for figure in part)])
        for column, figure in zip(st.columns(len(part), gap="medium"), part, strict=True):
            with column:
                draw_figure(page, figure, named)
