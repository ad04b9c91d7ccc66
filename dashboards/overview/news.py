"""What changed lately between the published versions, newest first, each item with its page and its source."""

from datetime import timedelta

from dashboards.frame.story import Part, Words
from dashboards.frame.view import View
from dashboards.words import numbers
from warehouse.news.feed import NAME
from warehouse.news.items import NewsItem, format_day, load_news, make_page, select_news

LATELY = timedelta(days=28)
MOST = 8
"""Items that the page lists; the command and the feed list all."""
SEPARATOR = "\N{NO-BREAK SPACE}·\N{NO-BREAK SPACE}"
"""Between the links of an item, which stay on one line."""
MADE_UP = "The sample world is made up, so it has no news. Your own installation lists its changes here."
WITHOUT = "Nothing changed since the first visit."
ESCAPED = str.maketrans({"(": "%28", ")": "%29", "[": "%5B", "]": "%5D"})
"""What would end an address in Markdown."""


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
