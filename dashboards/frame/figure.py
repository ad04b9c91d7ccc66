"""A figure with all that belongs beside it: measure, definition, source, age, cases, coverage, and what is behind
it."""

import re
from collections.abc import Collection

import streamlit as st

from dashboards.charts import first_rows
from dashboards.charts.marks import Spec
from dashboards.frame import drill_down, snapshot_reader
from dashboards.frame.footer import compose_footer, explain_metric
from dashboards.frame.story import COUNTED, Figure
from dashboards.frame.tables import draw_table
from dashboards.frame.trials import MARK, describe_trial
from dashboards.frame.view import View
from dashboards.words import numbers


# In a fragment, a click reruns this figure and not the whole page.
@st.fragment
def draw_figure(page: View, figure: Figure, answer: str = "") -> None:
    """Draws the chart or table with its title, measure, definition and footer; a click on a mark opens what is behind
    it. A long chart begins with its first rows and those that `answer` or its title name."""
    with st.container(key=f"figure-{figure.name}", height="stretch"):
        st.markdown(f"## {figure.title}", anchors=False)
        trial = describe_trial(page, figure.metric)
        notes = " ".join(filter(None, (figure.how, trial.replace("**", ""), explain_metric(page, figure.metric))))
        st.caption((MARK if trial else "") + figure.subtitle, help=notes)
        if figure.chart is not None:
            _draw_rows(page, figure, answer)
        elif figure.shown:
            _draw_lines(figure)
        else:
            st.markdown(_explain_empty(page, figure))
        st.caption(compose_footer(page, figure.rows, figure.source))
        if figure.rows:
            drill_down.draw_fold(page, figure)


def _draw_lines(figure: Figure) -> None:
    """Draws the first rows of a table, and all of a long one in a fold."""
    alt = numbers.strip_markdown(figure.alt or figure.title)
    draw_table(figure.shown[: first_rows.MOST], alt)
    if len(figure.shown) <= first_rows.MOST:
        return
    fold = st.expander(
        f"Show all {len(figure.shown)} {name_lines(figure)}", key=name_table(figure.name), on_change="rerun"
    )
    if fold.open:
        with fold:
            draw_table(figure.shown, alt)


def name_lines(figure: Figure) -> str:
    """Names what the lines of a table are: families only where each has one."""
    families = {line.get("family") or line.get("of") for line in figure.shown}
    is_family_each = None not in families and len(families) == len(figure.shown)
    return "rows" if figure.counted == COUNTED and not is_family_each else figure.counted


def name_table(figure: str) -> str:
    """Returns the key of the fold of a figure's table."""
    return f"table-{figure}"


def find_named(names: Collection[str], text: str) -> set[str]:
    """Finds those of the names that stand in a text of ours; where one name begins with another, only the longer."""
    either = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return set(re.findall(rf"(?<![\w-])(?:{either})(?![\w-])", numbers.strip_markdown(text))) if either else set()


def _draw_rows(page: View, figure: Figure, answer: str) -> None:
    """Draws a chart; one with many rows begins with a few, unless families were chosen, and a button adds the rest."""
    spec, state = figure.chart or {}, f"all-rows-{figure.name}"
    rows = first_rows.list_rows(spec)
    is_chosen = bool(page.chosen) and figure.counted == COUNTED
    if is_chosen or len(rows) <= first_rows.MOST:
        _draw_chart(figure, spec)
        return
    is_whole = bool(st.session_state.get(state))
    named = find_named(rows, f"{answer} {figure.title}")
    _draw_chart(figure, spec if is_whole else first_rows.keep_first_rows(spec, named))
    words = f"Show the first {first_rows.MOST}" if is_whole else f"Show all {len(rows)} {figure.counted}"
    st.button(words, key=f"show-{figure.name}", type="tertiary", on_click=_show_rows, args=(state, not is_whole))


def _show_rows(state: str, is_whole: bool) -> None:
    st.session_state[state] = is_whole


def _draw_chart(figure: Figure, spec: Spec) -> None:
    """Draws the chart; its marks can be clicked where its rows have receipts."""
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
        return (
            "This snapshot was published without this measure. Run `heartbeat build` and `heartbeat publish` to add it."
        )
    return (
        "No value to show for these filters."
        if figure.rows
        else "Nothing has been measured for these filters. `heartbeat status` shows what was collected."
    )
