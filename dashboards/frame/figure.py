"""A figure with all that belongs beside it: measure, definition, source, age, cases, coverage, and what is behind
it."""

import streamlit as st

from dashboards.frame import drill_down, snapshot_reader
from dashboards.frame.footer import compose_footer, explain_metric
from dashboards.frame.story import Figure
from dashboards.frame.tables import draw_table
from dashboards.frame.trials import describe_trial
from dashboards.frame.view import View
from dashboards.words import numbers


# In a fragment, a click reruns this figure and not the whole page.
@st.fragment
def draw_figure(page: View, figure: Figure) -> None:
    """Draws the chart or table with its title, measure, definition and footer; a click on a mark opens what is behind
    it."""
    with st.container(key=f"figure-{figure.name}", height="stretch"):
        st.markdown(f"## {figure.title}", anchors=False)
        measure = describe_trial(page, figure.metric) + figure.subtitle
        st.caption(measure, help=explain_metric(page, figure.metric))
        if figure.chart is not None:
            _draw_chart(figure)
        elif figure.shown:
            draw_table(figure.shown, numbers.strip_markdown(figure.alt or figure.title))
        else:
            st.markdown(_explain_empty(page, figure))
        if figure.absent:
            st.caption(figure.absent)
        st.caption(compose_footer(page, figure.rows, figure.source))
        if figure.rows:
            drill_down.draw_fold(page, figure)


def _draw_chart(figure: Figure) -> None:
    """Draws the chart; its marks can be clicked where its rows have receipts."""
    spec = figure.chart or {}
    alt, key = numbers.strip_markdown(figure.alt or figure.title), f"chart-{figure.name}"
    if "params" in spec and figure.has_receipts:
        st.vega_lite_chart(
            spec, width="stretch", theme=None, key=key, alt=alt, on_select=lambda: drill_down.open_cases(figure, key)
        )
    else:
        # Without receipts a click would open nothing.
        still = {name: value for name, value in spec.items() if name != "params"}
        st.vega_lite_chart(still, width="stretch", theme=None, key=key, alt=alt)


def _explain_empty(page: View, figure: Figure) -> str:
    if figure.metric and not snapshot_reader.has_table(page.snapshot, f"metrics.{figure.metric}"):
        return "This snapshot was published without this measure. Run `heartbeat build` to add it."
    return (
        "No value to show for these filters."
        if figure.rows
        else "Nothing has been measured for these filters. `heartbeat status` shows what was collected."
    )
