"""The page of news: what changed between the published versions, newest first, each with its page and its source."""

from collections.abc import Sequence
from datetime import UTC, timedelta
from itertools import groupby

import streamlit as st

from dashboards.frame import layout
from dashboards.frame.story import Part, Story, Words
from dashboards.frame.view import View, current_view
from dashboards.words import numbers, sentences
from warehouse.news.feed import NAME
from warehouse.news.items import NewsItem, format_day, make_page
from warehouse.news.reader import load_news, select_news
from warehouse.news.states import BEGAN, END, PRICE, VERDICT
from warehouse.wording import pluralize

QUESTION = "What changed?"
LATELY = timedelta(days=28)
MOST = 100
"""Items that the page lists; the command lists all."""
COUNTED = {
    END: ("end was announced or moved", "ends were announced or moved"),
    VERDICT: ("verdict flipped", "verdicts flipped"),
    PRICE: ("price changed", "prices changed"),
}
"""What is counted of each kind, in this order."""
SEPARATOR = "\N{NO-BREAK SPACE}·\N{NO-BREAK SPACE}"
"""Between the links of an item, which stay on one line."""
HOW = (
    "Each published version is compared with the one before it. News are ends of models, verdicts, and prices on "
    "OpenRouter that moved by a tenth or more; nothing that was merely new to us. *Ours* marks what our own method or "
    "readers changed."
)
MADE_UP = ("**The sample world makes no news.**", "It is made up. Your own installation lists its changes here.")
WITHOUT = ("**The versions published so far give no answer.**", "News begins with the next version that is published.")


def story(page: View) -> Story:
    """Tells how much changed lately, then each item; of the chosen families where any is chosen."""
    items = load_news(page.snapshot)
    if page.snapshot.is_sample or not items:
        return Story(QUESTION, sentences.tell_in_steps(*(MADE_UP if page.snapshot.is_sample else WITHOUT)))
    began = f"News begins on {format_day(items[-1].as_of_at.date())}."
    changes = [item for item in items if item.kind != BEGAN]
    chosen = select_news(changes, families=page.chosen)
    theirs = [item for item in chosen if not item.is_restated]
    answer = sentences.tell_in_steps(judge_page(page, theirs), f"{began} {HOW}")
    return Story(QUESTION, answer, [*list_days(chosen), *count_left_out(page, changes)])


def judge_page(page: View, items: Sequence[NewsItem]) -> str:
    """Judges how much changed in the last four weeks, by kind."""
    lately = [item for item in items if item.as_of_at.replace(tzinfo=UTC) >= page.now - LATELY]
    counts = {kind: sum(item.kind == kind for item in lately) for kind in COUNTED}
    told = [f"{count} {pluralize(count, *COUNTED[kind])}" for kind, count in counts.items() if count]
    whose = " for these families" if page.chosen else ""
    if not told:
        return f"**Nothing changed{whose} in the last four weeks.**"
    return f"**In the last four weeks, {numbers.join_words(told)}{whose}.**"


def count_left_out(page: View, items: Sequence[NewsItem]) -> list[Part]:
    """Says how many items a choice of families leaves out although they may concern these families, too."""
    count = sum(not item.family_ids for item in items) if page.chosen else 0
    what = f"{pluralize(count, 'item', 'items')} about no single family, such as verdicts,"
    words = f"{count:,} {what} {pluralize(count, 'is', 'are')} left out."
    return [Words(words, is_small=True)] if count else []


def list_days(items: Sequence[NewsItem]) -> list[Part]:
    """Lists the items day by day."""
    parts: list[Part] = []
    for day, of_day in groupby(items[:MOST], key=lambda item: item.as_of_at.date()):
        parts += [
            Words(f"## {format_day(day)}"),
            Words("\n".join(f"- {word_item(item)}" for item in of_day)),
        ]
    if len(items) > MOST:
        parts.append(
            Words(f"{len(items) - MOST:,} earlier ones: `heartbeat news --since DAY` lists them.", is_small=True)
        )
    return parts


def word_item(item: NewsItem) -> str:
    """Words one item as Markdown: what changed, whose doing it was, and where more is to be seen."""
    headline = numbers.escape_markdown(item.headline)
    ours = " *Ours.*" if item.is_restated else ""
    links = [f"[more]({item.page})"] if item.page else []
    links += [f"[source]({escape_link(item.url)})"] if item.url else []
    return f"{headline}{ours} {SEPARATOR.join(links)}".rstrip()


def escape_link(url: str) -> str:
    """Escapes what would end an address in Markdown."""
    return url.replace("(", "%28").replace(")", "%29").replace("[", "%5B").replace("]", "%5D")


def draw_page(page: View) -> None:
    """Draws the story, and how to follow it."""
    told = story(page)
    layout.draw_story(page, told)
    if told.parts:
        feed = make_page(NAME, *page.chosen)
        st.caption(f"Follow this as a [feed]({feed}), by mail or webhook (`HEARTBEAT_NEWS`), or with `heartbeat news`.")


if __name__ == "__main__":
    draw_page(current_view())
