"""Renders our Markdown as HTML: text stays text, and a link leads to a chapter or to a safe address, or is none."""

from collections.abc import Iterable, Iterator

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup

from dashboards.frame.tables import safe_link
from dashboards.menu import ADDRESSES

READER = MarkdownIt("commonmark", {"html": False}).disable(["image", "html_inline", "html_block"]).enable("table")
WRITER = RendererHTML()
PAGES = frozenset(ADDRESSES.values())
HEADING = "h3"
"""What a heading of a page is within its chapter."""


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
    """Points links to pages at their chapters, and drops links that are not safe."""
    is_kept = True
    for token in tokens:
        if token.type == "link_open":
            address = str(token.attrGet("href"))
            page = address.partition("?")[0]
            link = f"#{page}" if page in PAGES else safe_link(address)
            is_kept = link is not None
            token.attrs = {"href": link or "", "rel": "noreferrer"}
        if token.type not in ("link_open", "link_close") or is_kept:
            # The word joiner stops browsers from linking bare addresses; in a file nothing links them.
            token.content = token.content.replace("\u2060", "")
            yield token
