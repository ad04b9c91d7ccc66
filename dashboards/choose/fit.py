"""The page "Find your fit": the reader's needs and weights, who meets them, and how certain the order is."""

import streamlit as st

from dashboards.choose import fit_needs
from dashboards.choose.fit_figures import Choice, draw_met, draw_positions, draw_ranks, make_choice
from dashboards.choose.fit_measures import HELP, MEASURES, USUAL, describe_trials, list_weighed, read_rising, title_of
from dashboards.choose.fit_needs import Needs
from dashboards.choose.sentences_fit import answer_page, explain_unranked, judge_page
from dashboards.frame import filters, layout
from dashboards.frame.story import Part, Story, Words
from dashboards.frame.view import View, current_view
from dashboards.words import sentences

QUESTION = "Find your fit"
ASKED = {
    "side": ("Whose models", fit_needs.SIDE, ""),
    "tuning": ("Fine-tuning", fit_needs.TUNING, (
        "With your own copy of the weights, or through an open offer of the "
        "maker or a cloud."
    )),
    "gpu": ((
        "Runs on my "
        "GPU"
    ), fit_needs.GPU, "Based on the family's smallest model at 4 bits: an estimate without a long context."),
    "within": ("Support within", fit_needs.WITHIN, "At least half of askers get an answer from a person by then."),
    "licence": ("Licence", fit_needs.LICENCE, "Hosted models publish no weights, so they have no such licence."),
    "price": ("A million tokens for", fit_needs.PRICE, "At most, for the family's cheapest listed model."),
}  # fmt: skip
"""Each need with its label, its choices and its help text; the keys appear in the address."""
HOW = (
    "How it works: each measure is scaled from the worst (0) to the best (1) of the ranked candidates, and the score "
    "is their weighted mean. A measure that a family lacks is left out for it, as if the family scored there as it "
    "does elsewhere; a family with data for less than half of the weight has no rank. Ranges: 1,000 draws from the "
    "intervals of all figures (anywhere in the range where only a range is known; complete counts have no interval), "
    "of which the middle 95 % of ranks are shown. Weightings: 1,000 at random, all equally likely, over the measures "
    "that count, each with its own draw of the figures. Everyone sees the same draws."
)


def story(page: View) -> Story:
    """Tells the page for a reader with no needs and the default weights."""
    return tell_story(page, make_choice(page, Needs(), USUAL))


def tell_story(page: View, choice: Choice) -> Story:
    """Tells the ranking, who meets which need, what the order rests on, and who cannot be judged."""
    parts: list[Part] = [draw_ranks(page, choice)] if choice.ranked else []
    left = explain_unranked(choice.judged, choice.places, page.titles)
    aside: list[Part] = [Words(f"## Who is not ranked?\n\n{left}")] if left else []
    more: list[Part] = [draw_positions(page, choice), Words(HOW, is_small=True)] if choice.ranked else []
    return Story(
        QUESTION,
        sentences.tell_in_steps(
            judge_page(choice.places, page.titles),
            answer_page(choice.judged, choice.places, page.titles, choice.needs != Needs()),
        ),
        [*parts, draw_met(page, choice), *aside, *more],
    )


def read_needs(page: View) -> tuple[Needs, dict[str, int]]:
    """Reads needs and weights from the widgets, which mirror the address."""
    for name, (_, choices, _) in ASKED.items():
        st.session_state[name] = (filters.read_known(name, choices) or ("",))[-1]
    with st.container(key="figure-asked"):
        st.markdown("## What do you need, and what matters to you?", anchors=False)
        with st.container(horizontal=True, key="needs"):
            chosen = {
                name: st.selectbox(
                    label,
                    list(choices),
                    format_func=choices.__getitem__,
                    key=name,
                    on_change=filters.write_choice,
                    args=(name,),
                    help=help_text or None,
                    width=168,
                )
                for name, (label, choices, help_text) in ASKED.items()
            }
        # The label of the fold shows the weights before their sliders are drawn.
        state = {name: st.session_state.get(f"weight-{name}", USUAL[name]) for name in list_weighed(page)}
        counted = ", ".join(f"{title_of(page, name)} {weight}" for name, weight in state.items() if weight) or "nothing"
        with st.expander(f"Weights: {counted}", key="weights"):
            weights = _read_weights(page)
    return Needs(**chosen), weights


def _read_weights(page: View) -> dict[str, int]:
    weights = {}
    names, rising = list_weighed(page), read_rising(page)
    for start in range(0, len(names), 5):
        for column, name in zip(st.columns(5), names[start : start + 5], strict=False):
            title = title_of(page, name)
            weights[name] = column.slider(
                title[:1].upper() + title[1:],
                0,
                5,
                MEASURES[name].weight,
                key=f"weight-{name}",
                bind="query-params",
                help=HELP[name] + ("" if rising.get(name, True) else " Lower is better."),
            )
    if trials := describe_trials(page):
        st.caption(trials)
    return weights


def draw_page(page: View) -> None:
    """Draws the question with its answer, the needs and weights, then what follows from them."""
    # The answer stands above the widgets that it depends on, so its place is reserved first.
    head = st.container()
    wanted, weights = read_needs(page)
    fit_story = tell_story(page, make_choice(page, wanted, weights))
    with head:
        layout.draw_answer(fit_story.question, fit_story.answer)
    layout.draw_parts(page, fit_story)


if __name__ == "__main__":
    draw_page(current_view())
