"""The page "Find a model": the reader's needs sort models out, the weights of support order what is left, and the
address holds both."""

from collections.abc import Mapping
from dataclasses import asdict

import streamlit as st

from dashboards.choose.fit_figures import Choice, draw_models, draw_undecided, make_choice
from dashboards.choose.fit_measures import (
    HELP,
    MEASURES,
    USUAL,
    describe_scopes,
    describe_suspect,
    load_compared,
    read_rising,
    title_of,
)
from dashboards.choose.needs import OPEN, QUESTIONS, WORST_FIRST, YES, Needs
from dashboards.choose.sentences_fit import answer_page, explain_unranked, is_apart, judge_page
from dashboards.frame import filters, layout
from dashboards.frame.story import Part, Story, Words
from dashboards.frame.view import View, current_view
from dashboards.menu import NEEDS, PATHS, WEIGHT
from dashboards.words import sentences

QUESTION = "Which model meets your needs?"
MOST_WEIGHT = 5
EXAMPLES = {
    "An open model to tune on a 24 GB card": Needs(side="open", gpu="24", use="QLoRA", tuning="yes"),
    "An open model that runs on a 16 GB card": Needs(side="open", gpu="16"),
    "A model under $0.50, licensed for commerce": Needs(licence="commercial", price="0.5"),
    "A hosted model that stays for a year": Needs(side="proprietary", ends="12m"),
    "A model whose users mostly hear back in a day": Needs(daily="50"),
}
"""What readers come with, and the needs that say so."""
CLEAR = "Clear all needs"


def story(page: View) -> Story:
    """Makes the page for a reader with no needs and the default weights."""
    return make_story(page, make_choice(page, Needs(), USUAL))


def make_story(page: View, choice: Choice) -> Story:
    """Says which models meet the needs, and which cannot be judged."""
    parts: list[Part] = [draw_models(page, choice)] if choice.select(YES) else []
    parts += [draw_undecided(page, choice)] if choice.needs.asked and choice.select(*OPEN) else []
    left = explain_unranked(choice.places, page.titles)
    parts += [Words(left, is_small=True)] if left else []
    asked = {name: rows for name, rows in choice.rows.items() if not MEASURES[name].kind}
    answer = sentences.join_answer(
        judge_page(choice.select(*reversed(WORST_FIRST)), choice.places, page.titles),
        answer_page(choice.judged, choice.places, page.titles, describe_scopes(page, asked)),
    )
    return Story(QUESTION, answer, parts)


def read_needs() -> Needs:
    """Reads the needs from the address; unknown words there ask for nothing."""
    asked = {name: filters.read_known(name, question.choices) for name, question in QUESTIONS.items()}
    return Needs(**{name: values[-1] for name, values in asked.items() if values})


def read_weights(page: View) -> dict[str, int]:
    """Reads the weights from the address; the usual one holds if it says nothing or no whole number up to five."""
    weights = {}
    for name in MEASURES:
        said = st.query_params.get(WEIGHT + name, "")
        weights[name] = int(said) if said in map(str, range(MOST_WEIGHT + 1)) else USUAL[name]
    return weights


def _describe_need(page: View, name: str) -> str:
    """Describes a need; of support also the place and window."""
    rows = load_compared(page, MEASURES["answered"]) if name == "daily" else []
    return f"{QUESTIONS[name].help} From {page.describe_scope(rows)}." if rows else QUESTIONS[name].help


def draw_questions(page: View, needs: Needs, weights: Mapping[str, int]) -> None:
    """Draws the needs and the weights as the address has them."""
    filters.offer_choices(
        asdict(needs) | {WEIGHT + name: weight for name, weight in weights.items()},
        dict.fromkeys(NEEDS, "") | {WEIGHT + name: weight for name, weight in USUAL.items()},
    )
    with st.container(key="figure-asked"):
        with st.container(horizontal=True, key="needs"):
            for name, question in QUESTIONS.items():
                st.selectbox(
                    question.label, list(question.choices), format_func=question.choices.__getitem__, key=name,
                    on_change=filters.write_choices, help=_describe_need(page, name) or None, width=260,
                )  # fmt: skip
        moved = sum(weight != USUAL[name] for name, weight in weights.items())
        label = (
            f"What counts as support ({moved} of {len(weights)} weights changed)" if moved else "What counts as support"
        )
        with st.expander(label, key="weights"):
            _draw_weights(page, weights)


def _draw_weights(page: View, weights: Mapping[str, int]) -> None:
    rising, names = read_rising(page), list(weights)
    for start in range(0, len(names), 5):
        for column, name in zip(st.columns(5), names[start : start + 5], strict=False):
            title = title_of(page, name)
            column.slider(
                title[:1].upper() + title[1:], 0, MOST_WEIGHT, key=WEIGHT + name, on_change=filters.write_choices,
                help=HELP[name] + ("" if rising.get(name, True) else " Lower is better."),
            )  # fmt: skip
    if suspect := describe_suspect(page):
        st.caption(suspect)


def draw_page(page: View) -> None:
    """Draws the question with its answer, the needs and weights, then what follows from them."""
    # The answer stands above the widgets that it depends on, so its place is reserved first.
    head = st.container()
    needs, weights = read_needs(), read_weights(page)
    draw_examples(needs)
    draw_questions(page, needs, weights)
    choice = make_choice(page, needs, weights)
    fit_story = make_story(page, choice)
    with head:
        layout.draw_answer(page, fit_story.question, fit_story.answer)
    if is_apart(choice.ranked):
        first = choice.ranked[0].family
        kept = filters.kept_choices() | {"family": [first]}
        st.page_link(PATHS["choose/ask"], label=f"Where to ask about {page.titles[first]}", query_params=kept)
    layout.draw_parts(page, fit_story)


def draw_examples(needs: Needs) -> None:
    """Draws the examples as long as nothing is asked for, and then a button that clears the needs."""
    with st.container(horizontal=True, vertical_alignment="center", key="examples"):
        if needs == Needs():
            st.caption("For example", width="content")
        for words, asked in EXAMPLES.items() if needs == Needs() else [(CLEAR, Needs())]:
            # Streamlit's link to the open page does not change the address; a button does.
            st.button(words, key=f"example-{words}", type="tertiary", on_click=write_needs, args=(asked,))


def write_needs(needs: Needs) -> None:
    """Writes these needs and no others into the address."""
    st.session_state.update(asdict(needs))
    filters.write_choices()


if __name__ == "__main__":
    draw_page(current_view())
