"""The first page: what this is, three doors, a scoreboard of a few families, one story and what changed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import streamlit as st

from dashboards.compare.difference_figures import LIKE, draw_differences
from dashboards.compare.ranking import choose_columns, load_ranks, tell_cut
from dashboards.evidence.board import load_not_compared
from dashboards.frame import filters, layout, matched
from dashboards.frame.dots import DotSpec, draw_dots
from dashboards.frame.footer import compose_footer
from dashboards.frame.story import Figure, Part, Story, Words
from dashboards.frame.view import View, current_view
from dashboards.metric_row import DictRow
from dashboards.overview import scoreboard_table, sentences_overview
from dashboards.overview.scoreboard import BoardColumn, make_columns
from dashboards.words import numbers
from warehouse.news.feed import NAME
from warehouse.news.items import NewsItem, format_day, load_news, make_page, select_news

QUESTION = "Who helps you when a model breaks?"
DOORS = (
    ("compare/compare", "Compare two", "Is the difference real?"),
    ("reliability/changes", "Check my model ids", "Which are ending, and when?"),
    ("choose/fit", "Find my model", "Which one meets your needs?"),
)
WORDS = (
    "*Ahead* and *behind* compare a family with most of all others: adjusted shares by the range of their rank, all "
    "else by what is counted."
)
READING = (
    "Intervals are at 95 % and are about the rate behind the window; if weeks resemble their neighbours very much, "
    "about nine in ten hold it. Those of waits, of reports resolved and of closed minus helped take those who answer "
    "as given: if one person gives half of the answers, about three in four hold it. For uptime they show the possible "
    "range. Ends of models are counted, not ranked; they are on their own page."
)
MAIN = ("answered_share", "within_24h")
OTHER_WAYS = DotSpec(
    name="answered-only",
    metric="first_response_hours",
    segment="anyone",
    statistics=("answered_only_median", "median"),
    unit="hours",
    word_title=sentences_overview.describe_left_out,
    measure="Median wait of those who were answered, and of everybody who asked",
    note="Others count only those who were answered. Here the unanswered count as still waiting; without a large mark "
    "fewer than half were answered.",
)
LATELY = timedelta(days=28)
MOST = 8
"""Items that the page lists; the command and the feed list all."""
SEPARATOR = "\N{NO-BREAK SPACE}·\N{NO-BREAK SPACE}"
"""Between the links of an item, which stay on one line."""
MADE_UP = "The sample world is made up, so it has no news. Your own installation lists its changes here."
WITHOUT = "Nothing changed since the first visit."
ESCAPED = str.maketrans({"(": "%28", ")": "%29", "[": "%5B", "]": "%5D"})
"""What would end an address in Markdown."""


def story(page: View) -> Story:
    """Says which side answers sooner, then the board, the story of waiting, and what changed."""
    families, main = choose_families(page), draw_main(page)
    board = draw_board(page, make_columns(page, families))
    return Story(
        QUESTION, answer_page(page, main, board.title), [*tell_cut(page), *main, board, *tell_rest(page, families)]
    )


def tell_rest(page: View, families: Sequence[str]) -> list[Part]:
    """Tells the story of waiting for the families of the board, and what changed."""
    stated = replace(page, chosen=choose_told(page, families))
    return [Words("## Waiting, as other dashboards count it"), draw_dots(stated, OTHER_WAYS), *tell_news(page)]


def choose_told(page: View, families: Sequence[str]) -> tuple[str, ...]:
    """Returns the families of whose waiting the page tells: those chosen, or of each side the one with most
    questions."""
    if page.chosen:
        return page.chosen
    of_sides = {page.sides[family]: family for family in reversed(families)}
    return tuple(family for family in families if family in of_sides.values())


def choose_families(page: View) -> list[str]:
    """Returns the chosen families, or those with most questions on each side."""
    return choose_columns(page, load_ranks(page))


def draw_main(page: View) -> list[Figure]:
    """Draws what the answer rests on: the differences of the sides; of chosen families it is the board."""
    return [] if page.chosen else [draw_differences(page)]


def answer_page(page: View, figures: Sequence[Figure], finding: str) -> str:
    """States who answers sooner, like with like; of chosen families what the board finds."""
    if page.chosen:
        return f"**{finding}.**"
    where = f"{LIKE}, {numbers.format_window(matched.compared_window(page))}"
    row = next((row for row in figures[0].rows if (row["metric"], row["statistic"]) == MAIN), None)
    return sentences_overview.answer_page(row, where, load_not_compared(page.snapshot, *MAIN))


def draw_board(page: View, columns: Sequence[BoardColumn]) -> Figure:
    """Draws the scoreboard, as a table of words if it is not this page that shows it."""
    shown, rows = scoreboard_table.to_rows(columns, page.titles), _list_rows(columns)
    return Figure(
        name="scoreboard",
        title=sentences_overview.name_board(columns, page.titles),
        subtitle=f"{WORDS} {READING}",
        rows=rows,
        metric="answered_share",
        source=f"{page.source} and what each page names",
        shown=shown,
        behind=[{"family_id": cell.family_id, "state": cell.word} for column in columns for cell in column.cells],
    )


def _list_rows(columns: Sequence[BoardColumn]) -> list[DictRow]:
    """Lists the published figures behind all columns, of the families shown."""
    families = {cell.family_id for cell in columns[0].cells}
    return [row for column in columns for row in column.rows if row["family_id"] in families]


def draw_page(page: View) -> None:
    """Draws the page; the board in markup of its own, so that its cells lead on."""
    main = draw_main(page)
    board = draw_board(page, make_columns(page, choose_families(page)))
    layout.draw_answer(page, QUESTION, answer_page(page, main, board.title))
    with st.container(horizontal=True, key="doors"):
        for file, label, why in DOORS:
            st.page_link(f"{file}.py", label=f"**{label}**  \n{why}", query_params=filters.kept_choices())
    layout.draw_parts(page, Story(QUESTION, "", [*tell_cut(page), *main]))
    draw_scoreboard(page)
    layout.draw_parts(page, Story(QUESTION, "", tell_rest(page, choose_families(page))))


def keep_choices(page: View) -> dict[str, list[str]]:
    """Returns the choices that links of the board carry on: those of the address, and the families as the page knows
    them."""
    kept = {name: values for name, values in filters.kept_choices().items() if name != "family"}
    return ({"family": list(page.chosen)} if page.chosen else {}) | kept


@st.fragment
def draw_scoreboard(page: View) -> None:
    """Draws the board of a few families, or of all on request."""
    with st.container(key="figure-scoreboard"):
        place = st.container()
        is_all = not page.chosen and st.toggle("All families", key="all-families", bind="query-params")
        families = [family["family_id"] for family in page.everyone] if is_all else choose_families(page)
        columns = make_columns(page, families)
        board = draw_board(page, columns)
        named = [(family, page.titles[family], page.sides[family]) for family in families]
        with place:
            layout.draw_head(page, board)
            st.html(scoreboard_table.render_table(columns, named, f"{board.title}.", keep_choices(page)))
        st.caption(f"{WORDS} Each cell leads to its page.", help=READING)
        st.caption(compose_footer(page, board.rows, board.source))
        layout.draw_doubts(page, [*board.rows, *board.behind])


def tell_news(page: View) -> list[Part]:
    """Lists the news of the last four weeks, of the chosen families if any are chosen."""
    heading = Words("## What changed")
    items = load_news(page.snapshot)
    if page.snapshot.is_sample or not items:
        return [heading, Words(MADE_UP if page.snapshot.is_sample else WITHOUT)]
    changes = select_news(items, families=page.chosen, since=page.now - LATELY)
    listed = "\n".join(f"- {word_item(item)}" for item in changes[:MOST])
    more = f"{len(changes) - MOST:,} more: `heartbeat news` lists them. " if len(changes) > MOST else ""
    follow = f"{more}Follow this as a [feed]({make_page(NAME, *page.chosen)})."
    return [heading, Words(listed or "Nothing changed in the last four weeks."), Words(follow, is_small=True)]


def word_item(item: NewsItem) -> str:
    """Words one item as Markdown."""
    headline = numbers.escape_markdown(item.headline)
    links = [f"[more]({item.page})"]
    links += [f"[source]({item.url.translate(ESCAPED)})"] if item.url else []
    return f"{format_day(item.as_of_at.date())}: {headline} {SEPARATOR.join(links)}".rstrip()


if __name__ == "__main__":
    draw_page(current_view())
