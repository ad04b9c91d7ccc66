"""The first page: what the sides differ in, a board of a few families, the evidence, what changed, and three tasks."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

import streamlit as st

from dashboards.compare import ranking, sentences_compare
from dashboards.compare.difference_figures import draw_differences
from dashboards.evidence.board import load_claims, load_not_compared
from dashboards.family import trend
from dashboards.frame import filters, freshness, layout, share
from dashboards.frame.dots import DotSpec, draw_dots
from dashboards.frame.footer import compose_footer
from dashboards.frame.snapshot_reader import load_collections, load_news
from dashboards.frame.story import Figure, Part, Story, Words
from dashboards.frame.view import View, current_view
from dashboards.menu import PATHS
from dashboards.overview import scoreboard, scoreboard_table, sentences_overview
from dashboards.overview.scoreboard import make_board
from dashboards.words import numbers, sentences
from warehouse.news.feed import NAME
from warehouse.news.items import NewsItem, format_day, make_page, select_news

QUESTION = "Who helps you when a model breaks?"
TASKS = (
    ("compare/compare", "Compare two families"),
    ("reliability/changes", "Check when my models end"),
    ("choose/fit", "Find a model that meets my needs"),
)
SHADED = "Shaded: best, or too close to the best to tell. "
LINES = "Lines: 95\N{NO-BREAK SPACE}% intervals."
CHANCE = " It seems so: among all pairs of families, a lead like this can be chance."
READING = (
    "Posted uptimes and ends of models are not compared. If neighbouring weeks are much alike, about nine in ten "
    "intervals contain the true rate. If one person gives half of the answers, about three in four of those of help "
    "do. For uptime they show the possible range."
)
MAIN = ("answered_share", "within_24h")
LIKE_PRICE = "like_price_ratio"
CHANGED = "What changed this week"
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
ANONYMOUS = "Without a token GitHub answers 60 requests an hour."
UNREAD = "`heartbeat status` lists what comes next."
LATELY = timedelta(days=7)
MOST = 3
"""Items that the page lists; the command and the feed list all."""
SEPARATOR = "\N{NO-BREAK SPACE}·\N{NO-BREAK SPACE}"
"""Between the links of an item, which stay on one line."""
WITHOUT = "Nothing changed since the first visit."
ESCAPED = str.maketrans({"(": "%28", ")": "%29", "[": "%5B", "]": "%5D"})
"""What would end an address in Markdown."""


class DrawnBoard(NamedTuple):
    """The board as it is drawn: its figure and the line below it."""

    board: scoreboard.Board
    figure: Figure
    source: str


class Overview(NamedTuple):
    """What the page shows: its answer, the board, what the answer rests on, and what changed."""

    answer: str
    shown: DrawnBoard
    rest: Story
    news: Story


def make_overview(page: View) -> Overview:
    """Makes the page; of chosen families the board is all, as other pages compare them."""
    board = make_board(page)
    finding = sentences_overview.name_board(board, page.titles, page.sides)
    main = [] if page.chosen else [draw_differences(page)]
    answer = answer_page(page, board, finding, main)
    rest = [] if page.chosen else draw_rest(page, board, main)
    return Overview(answer, draw_board(page, board, answer), Story(QUESTION, "", rest), Story("", "", list_news(page)))


def make_whole(page: View) -> DrawnBoard:
    return draw_board(page, make_board(page, is_all=True), layout.make_once(make_overview, page).answer)


def story(page: View) -> Story:
    """Says what the sides differ in, then the board, what that rests on, and what changed."""
    made = make_overview(page)
    cut = [Words(words, is_small=True)] if (words := explain_cut(page)) else []
    return Story(
        QUESTION, made.answer, [*cut, made.shown.figure, *made.rest.parts, Words(f"## {CHANGED}"), *made.news.parts]
    )


def explain_cut(page: View) -> str:
    """Says if more families were chosen than are shown side by side; else empty."""
    count, most = len(page.chosen), ranking.MOST
    return f"The first {most} of the {count} families chosen are shown side by side." if count > most else ""


def draw_rest(page: View, board: scoreboard.Board, main: Sequence[Figure]) -> list[Part]:
    """Draws what the answer rests on and, for the families of the board, how other dashboards count waiting; nothing
    that would be empty."""
    figures = [*main, draw_dots(replace(page, chosen=board.families), OTHER_WAYS)]
    drawn = [figure for figure in figures if not figure.is_blank]
    trends = [figure for figure in trend.draw_sides(page) if not figure.is_blank]
    return [*([tuple(drawn)] if len(drawn) == 2 else drawn), *([tuple(trends)] if trends else [])]


def answer_page(page: View, board: scoreboard.Board, finding: str, figures: Sequence[Figure]) -> str:
    """States what the sides differ in, like with like; of chosen families what the board does."""
    window = numbers.format_window(page.compared_window)
    if page.chosen:
        said = f"Counted in {numbers.KINDS[page.kind]}, {window}; uptimes as posted, ends as announced."
        said += CHANCE if any(column.is_likely for column in board.columns) else ""
        return sentences.join_answer(f"**{finding}.**", said)
    if len(page.everyone) == 1:
        return sentences_compare.ALONE
    row = next((row for row in figures[0].rows if (row["metric"], row["statistic"]) == MAIN), None)
    if row is None:
        whole = sum(side in sentences_overview.NAMES for side in page.sides.values())
        return sentences_overview.answer_early(whole - len(board.absent), whole, finding)
    changeable = scoreboard.make_column(page, scoreboard.CHANGEABLE)
    side = sentences_overview.find_apart(changeable, page.sides)
    return sentences_overview.answer_page(row, find_cheaper(page), side, f"like questions, {window}")


def find_cheaper(page: View) -> str:
    """Finds the side whose models cost less than those of like kind of the other, as the claim about it judges; empty
    if neither."""
    tests = [test for claim in load_claims(page.snapshot) for test in claim["tests"] if test["metric"] == LIKE_PRICE]
    judged = [test["effect"] for test in tests if test["verdict"] == "supported" or test["is_opposite"]]
    return ("open" if judged[0] < 0 else "proprietary") if judged else ""


def draw_board(page: View, board: scoreboard.Board, answer: str = "") -> DrawnBoard:
    """Draws the board, as a table of words if it is not this page that shows it; its title does not repeat the
    answer."""
    cells = [cell for column in board.columns for cell in column.cells]
    names = [numbers.escape_markdown(page.titles[family]) for family in board.families]
    finding = sentences_overview.name_board(board, page.titles, page.sides)
    known = f"What is known of {numbers.join_few(names)}"
    known = sentences.fit_title(known, f"What is known of {len(names)} families")
    figure = Figure(
        name="scoreboard",
        title=known if len(names) < 2 or answer.startswith(f"**{finding}") else finding.partition(";")[0],
        subtitle="In brackets 95\N{NO-BREAK SPACE}% intervals.",
        how=f"{READING} {load_not_compared(page.snapshot, *MAIN)}".strip(),
        rows=[row for column in board.columns for row in column.rows],
        metric="answered_share",
        source=f"{page.source}, status pages, price lists and licences",
        shown=scoreboard_table.to_rows(board, page.titles),
        behind=[{"family_id": cell.family_id, "state": cell.state} for cell in cells],
    )
    return DrawnBoard(board, figure, compose_footer(page, figure.rows, figure.source))


def draw_page(page: View) -> None:
    """Draws the page; the board in markup of its own, so that its cells lead on."""
    made = layout.make_once(make_overview, page)
    layout.draw_answer(page, QUESTION, made.answer)
    asked = share.find_embedded()
    if asked in ("", "scoreboard") and made.shown.board.columns:
        draw_scoreboard(page, made.shown)
    layout.draw_parts(page, made.rest)
    if not asked:
        draw_gaps(page, made.shown.board)
        draw_end(page, made.news)


@st.fragment
def draw_scoreboard(page: View, shown: DrawnBoard) -> None:
    """Draws the board of a few families, or of all on request."""
    with st.container(key="figure-scoreboard"):
        place, count = st.container(key="figure-board"), shown.board.count
        # The families as the page knows them, not as the address names them.
        kept = {**filters.kept_choices(), "family": list(page.chosen)}
        if count > len(shown.board.families) and st.toggle(
            f"All {count} families", key="all-families", bind="query-params"
        ):
            shown = layout.make_once(make_whole, page)
        with place:
            layout.draw_head(page, shown.figure)
            has_best = any(cell.is_best for column in shown.board.columns for cell in column.cells)
            st.caption(f"{SHADED if has_best else ''}{LINES}", help=shown.figure.how)
            caption = f"{shown.figure.title}."
            st.html(scoreboard_table.render_board(shown.board, page.titles, page.sides, caption, kept))
            if missing := sentences_overview.name_missing(shown.board, page.titles):
                st.caption(missing)
            if cut := explain_cut(page):
                st.caption(cut)
        layout.draw_source(page, shown.figure, shown.source)
        layout.leave_doubts([*shown.figure.rows, *shown.figure.behind])


def draw_gaps(page: View, board: scoreboard.Board) -> None:
    """Draws why families or questions are missing: the state of each question, what went wrong, and the command that
    reads what waits for a token."""
    if not board.absent and not board.lacking:
        return
    reasons: dict[str, list[str]] = {}
    for column in board.lacking:
        if column.cells:
            reasons.setdefault(sentences_overview.explain_lacking(column), []).append(column.question.title)
    waits = freshness.describe_missing_token(load_collections(page.snapshot, page.now))
    lines = freshness.list_notices(page.snapshot, page.now)
    if board.absent:
        lines.append(f"{sentences_overview.name_absent(board, page.titles)} {ANONYMOUS if waits else UNREAD}")
    layout.draw_missing("\n".join([*(f"- {line}" for line in lines), layout.list_reasons(reasons)]))


def draw_end(page: View, news: Story) -> None:
    """Draws what changed, and three tasks beside it."""
    left, right = st.columns([2, 1], gap="medium")
    with left, st.container(key="figure-changed"):
        layout.draw_heading("changed", CHANGED)
        layout.draw_parts(page, news)
    with right, st.container(key="figure-tasks"):
        layout.draw_heading("tasks", "Start with your own case")
        for file, label in TASKS:
            st.page_link(PATHS[file], label=label, query_params=filters.kept_choices())


def list_news(page: View) -> list[Part]:
    """Lists the news of the last week, of the chosen families if any are chosen."""
    items = load_news(page.snapshot)
    if not items:
        return [Words(WITHOUT)]
    changes = select_news(items, families=page.chosen, since=page.now - LATELY)
    listed = "\n".join(f"- {word_news(item, page.snapshot.is_sample)}" for item in changes[:MOST])
    more = f"{len(changes) - MOST:,} more: `heartbeat news` lists them. " if len(changes) > MOST else ""
    return [Words(listed or "Nothing changed this week."), Words(f"{more}{word_feed(page)}", is_small=True)]


def word_feed(page: View) -> str:
    """Words where the feed is: here, or beside the snapshot that is followed. Empty if there is none."""
    origin = page.snapshot.origin
    # Nobody needs a feed of what is made up.
    if page.snapshot.is_sample:
        return ""
    if origin is None:
        return f"Follow this as a [feed]({make_page(NAME, *page.chosen)})."
    # A host that runs one script has no address for a feed of ours.
    return f"Follow all news as a [feed]({origin.source}/{NAME})." if origin.source.startswith("https://") else ""


def word_news(item: NewsItem, is_made_up: bool = False) -> str:
    """Words one item as Markdown; what is made up has no source."""
    headline = numbers.escape_markdown(item.headline)
    links = [f"[more]({item.page})"]
    links += [f"[source]({item.url.translate(ESCAPED)})"] if item.url and not is_made_up else []
    return f"{format_day(item.as_of_at.date())}: {headline} {SEPARATOR.join(links)}".rstrip()


if __name__ == "__main__":
    draw_page(current_view())
