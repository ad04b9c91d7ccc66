"""The layout of a page: the question, its answer, then the figures, each with all that belongs beside it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from threading import Condition
from typing import TypeVar
from urllib.parse import quote

import streamlit as st
from cachetools import LRUCache, cached

from dashboards.charts import first_rows
from dashboards.frame import drill_down, freshness, share, snapshot_reader
from dashboards.frame.footer import compose_footer, explain_metric
from dashboards.frame.story import Figure, Story, Words, list_figures, split_answer
from dashboards.frame.tables import draw_table, safe_link
from dashboards.frame.view import View
from dashboards.metric_row import Row
from dashboards.words import numbers, sentences

Made = TypeVar("Made")
MOST_KEPT = 64
"""Views that are kept for all readers."""
LINK_SIGNS = "/:?#@&=+%~,;"
"""Signs that links keep; others could end them in Markdown."""


def draw_answer(page: View, question: str, answer: str) -> None:
    """Draws the question in small, what its answer finds as the headline, and what that rests on; then what went wrong
    with the data."""
    if share.find_embedded():
        return
    headline, rest = split_answer(answer)
    with st.container(key="answer"):
        st.caption(question)
        st.title(headline, anchor=False)
        if rest:
            st.markdown(rest.replace("\n\n", " "))
    freshness.draw_notice(page.snapshot)


# A page is run anew for each reader, and its functions with it, but their code stays the same.
@cached(LRUCache(MOST_KEPT), lambda make, page: (make.__code__, page), condition=Condition())
def make_once(make: Callable[[View], Made], page: View) -> Made:
    """Makes what a view shows once for all readers, as a snapshot never changes; who asks meanwhile waits for it."""
    return make(page)


def draw_story(page: View, make: Callable[[View], Story]) -> None:
    story = make_once(make, page)
    draw_answer(page, story.question, story.answer)
    draw_parts(page, story)


def draw_parts(page: View, story: Story) -> None:
    """Draws everything after the answer, and names once the families that no chart shows; in a frame of another page
    only the figure that it asks for."""
    if asked := share.find_embedded():
        for figure in story.figures():
            if figure.name == asked:
                draw_figure(page, figure)
        return
    for part in story.filled:
        if isinstance(part, Words):
            (st.caption if part.is_small else st.markdown)(part.text)
        elif isinstance(part, Figure):
            draw_figure(page, part)
        else:
            # Beside a narrow column the figures are twice as wide.
            widths = [1 if isinstance(item, list) else 2 for item in part]
            for column, item in zip(st.columns(widths, gap="medium"), part, strict=True):
                with column:
                    for figure in list_figures((item,)):
                        draw_figure(page, figure)
    leave_doubts(story.doubted)
    draw_absent(page, story, is_open=not any(map(list_figures, story.filled)))


def leave_doubts(rows: Sequence[Row]) -> None:
    """Leaves the rows of figures for the freshness at the top."""
    st.session_state.setdefault(freshness.SHOWN, []).extend(rows)


def draw_source(page: View, figure: Figure, source: str = "") -> None:
    """Draws below a figure where it comes from, and names the suspect families in it."""
    suspect = sentences.name_suspect(figure.rows, page.titles)
    st.caption("  \n".join(filter(None, (source or compose_footer(page, figure.rows, figure.source), suspect))))


def draw_missing(reasons: str) -> None:
    """Draws why figures or families are missing."""
    with st.container(key="figure-missing"):
        draw_heading("missing", "What is missing, and why")
        st.markdown(reasons)


def draw_heading(name: str, title: str) -> None:
    """Draws the heading of a part that is no figure, with its address."""
    with st.container(horizontal=True, key=f"head-{name}"):
        st.header(title, anchor=name)


def draw_absent(page: View, story: Story, *, is_open: bool) -> None:
    """Draws one line that names what the page lacks, with a button for the reasons; these only, if they are all that
    there is to say (`is_open`)."""
    absent = name_absent(page, story)
    if absent and is_open:
        draw_missing(explain_absent(page, story))
    elif absent:
        with st.container(horizontal=True, wrap=False, key="head-absent"):
            st.caption(absent)
            with st.popover("Why", type="tertiary", key="absent-why"):
                st.markdown(explain_absent(page, story))


def name_absent(page: View, story: Story) -> str:
    """Names the figures without any number, and the families that no chart of a page shows; empty if there are
    none."""
    blank = [_name_blank(figure) for figure in story.figures() if figure.is_blank]
    return sentences.name_absent(_list_charted(story), page.titles, blank)


def _list_charted(story: Story) -> list[Sequence[Row]]:
    return [figure.rows for figure in story.figures() if figure.chart is not None and figure.has_receipts]


def _name_blank(figure: Figure) -> str:
    """Names a figure by the first words of its title, which name what it would show."""
    name = re.split("[:,]", figure.title)[0]
    return name if name[1:2].isupper() else f"{name[:1].lower()}{name[1:]}"


def explain_absent(page: View, story: Story) -> str:
    """Explains why figures have no number, by the family with most cases, and why no chart shows a family; each reason
    once."""
    named: dict[str, list[str]] = {}
    for figure in story.figures():
        if figure.is_blank:
            most = sorted(figure.rows, key=lambda row: row.get("n") or 0)[-1:] if figure.has_receipts else figure.rows
            named.setdefault(explain_empty(page, replace(figure, rows=most)), []).append(_name_blank(figure))
    charted = _list_charted(story)
    shown = sentences.list_shown(charted)
    absent = sentences.explain_absences(
        [row for rows in charted for row in rows if row["family_id"] not in shown], page.titles
    )
    return list_reasons(named) + "".join(f"\n- {line}" for line in absent.split("  \n") if line)


def list_reasons(named: Mapping[str, Sequence[str]]) -> str:
    """Lists what is missing for each reason, as Markdown."""
    return "\n".join(
        f"- **{numbers.join_words(names)[:1].upper()}{numbers.join_words(names)[1:]}:** {reason}"
        for reason, names in named.items()
    )


# In a fragment, a click reruns this figure and not the whole page.
@st.fragment
def draw_figure(page: View, figure: Figure) -> None:
    """Draws the chart or table with its title, measure, definition and source, and the button for what is behind it,
    which a click on a mark opens, too. A long chart begins with its first rows."""
    with st.container(key=f"figure-{figure.name}"):
        draw_head(page, figure)
        notes = " ".join(filter(None, (figure.how, explain_metric(page, figure.metric))))
        # A list that rests on no rows has nothing to explain.
        st.caption(figure.subtitle, help=notes if figure.source else None)
        if figure.chart is not None:
            _draw_chart(page, figure)
        elif figure.shown:
            _draw_list(figure.shown) if figure.is_list else _draw_lines(figure)
        elif not figure.is_list:
            st.markdown(explain_empty(page, figure))
        if figure.source:
            draw_source(page, figure)


def draw_head(page: View, figure: Figure) -> None:
    """Draws the title of a figure, which has an address of its own, with the button *Data* beside it."""
    with st.container(horizontal=True, wrap=False, key=f"head-{figure.name}"):
        st.header(figure.title, anchor=figure.name)
        if figure.rows:
            drill_down.draw_data(page, figure)


def _draw_list(rows: Sequence[Row]) -> None:
    """Draws names with their words beside them; a name leads to its link."""
    lines = ["| | |", "|-|-|"]
    for row in rows:
        name, url = numbers.escape_markdown(row["what"]), safe_link(row.get("link"))
        linked = f"[{name}]({quote(url, safe=LINK_SIGNS)})" if url else name
        lines.append(f"| {linked} | {numbers.escape_markdown(row['is'])} |")
    st.markdown("\n".join(lines))


def _draw_lines(figure: Figure) -> None:
    rows = figure.shown if _is_whole(figure, len(figure.shown)) else figure.shown[: first_rows.MOST]
    draw_table(rows, numbers.strip_markdown(figure.alt or figure.title))
    _draw_switch(figure, len(figure.shown))


def _draw_chart(page: View, figure: Figure) -> None:
    """Draws a chart, whole if families were chosen; its marks can be clicked if its rows have receipts."""
    spec = figure.chart or {}
    count = 0 if page.chosen else len(first_rows.list_rows(spec))
    if not _is_whole(figure, count):
        spec = first_rows.keep_first_rows(spec, numbers.strip_markdown(figure.title))
    alt, key = numbers.strip_markdown(figure.alt or figure.title), f"chart-{figure.name}"
    if "params" in spec and figure.has_receipts:
        st.vega_lite_chart(
            spec, width="stretch", theme=None, key=key, alt=alt, on_select=lambda: drill_down.open_cases(figure, key)
        )
    else:
        # Without receipts a click would open nothing.
        still = {name: value for name, value in spec.items() if name != "params"}
        st.vega_lite_chart(still, width="stretch", theme=None, key=key, alt=alt)
    _draw_switch(figure, count)


def _is_whole(figure: Figure, count: int) -> bool:
    """Returns whether all of so many rows are drawn: they are few, or all were asked for."""
    return count <= first_rows.MOST or bool(st.session_state.get(f"all-rows-{figure.name}"))


def _draw_switch(figure: Figure, count: int) -> None:
    """Draws the button between the first and all of many rows."""
    if count > first_rows.MOST:
        is_whole = _is_whole(figure, count)
        words = f"Show the first {first_rows.MOST}" if is_whole else f"Show all {count} rows"
        toggle = {f"all-rows-{figure.name}": not is_whole}
        st.button(words, key=f"show-{figure.name}", type="tertiary", on_click=st.session_state.update, args=(toggle,))


def explain_empty(page: View, figure: Figure) -> str:
    """Says why a figure is empty: of each family its state and the reason."""
    if figure.metric and not snapshot_reader.has_table(page.snapshot, f"metrics.{figure.metric}"):
        return (
            "This snapshot was published without this measure. Run `heartbeat build` and `heartbeat publish` to add it."
        )
    why = sentences.explain_absences(figure.rows, page.titles) if figure.has_receipts else ""
    return why or "Nothing has been measured for these filters. `heartbeat status` shows what was collected."
