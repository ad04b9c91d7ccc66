"""Renders our Markdown as HTML: text stays text, and a link leads to a page of the site or to a safe address, or is
none."""

from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import parse_qs

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup

from dashboards.frame.tables import safe_link
from dashboards.menu import ADDRESSES, PAIR, SINGLE
from warehouse.news.feed import NAME as FEED

READER = MarkdownIt("commonmark", {"html": False}).disable(["image", "html_inline", "html_block"]).enable("table")
WRITER = RendererHTML()
PAGES = frozenset(ADDRESSES.values())
FIRST = next(iter(ADDRESSES.values()))
HEADING = "h3"
"""What a heading is below the question of its page."""


def name_page(address: str, chosen: Sequence[str] = ()) -> str:
    """Names the file of a page, without its ending: one for each family and for each pair."""
    if chosen and address == ADDRESSES[SINGLE]:
        return f"{address}-{chosen[0]}"
    if len(chosen) == 2 and address == ADDRESSES[PAIR]:
        return f"{address}-{'-vs-'.join(sorted(chosen))}"
    return "index" if address == FIRST else address


def link_page(page: str, query: str) -> str:
    """Links to the file of a page that an address of the dashboard names."""
    return f"{name_page(page, parse_qs(query).get('family', ()))}.html"


def render_blocks(markdown: str) -> Markup:
    """Renders paragraphs, lists and headings."""
    tokens = READER.parse(markdown)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = HEADING
        if token.children:
            token.children = list(_check_links(token.children))
    return Markup(WRITER.render(tokens, READER.options, {}))  # noqa: S704  # it escapes all text


def render_line(markdown: str) -> Markup:
    """Renders one line, such as a title."""
    (token,) = READER.parseInline(markdown)
    children = list(_check_links(token.children or []))
    return Markup(WRITER.renderInline(children, READER.options, {}))  # noqa: S704  # it escapes all text


def _check_links(tokens: Iterable[Token]) -> Iterator[Token]:
    """Points links to pages at their files, and drops links that are not safe."""
    is_kept = True
    for token in tokens:
        if token.type == "link_open":
            address = str(token.attrGet("href"))
            page, _, query = address.partition("#")[0].partition("?")
            own = FEED if page == FEED else link_page(page, query) if page in PAGES else None
            link = own or safe_link(address)
            is_kept = link is not None
            token.attrs = {"href": link or "", "rel": "noreferrer"}
        if token.type not in ("link_open", "link_close") or is_kept:
            # The word joiner stops browsers from linking bare addresses; in a file nothing links them.
            token.content = token.content.replace("\u2060", "")
            yield token
