"""Splits pages, in Markdown or HTML, into headings, texts and tables.

Code keeps its backticks, by which a page tells names from words; struck-out text and footnotes are excluded.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token
from selectolax.lexbor import LexborNode

from pipelines.http.shapes import raises_on_unexpected_shape
from pipelines.markup.parser import TEXT, parse_html

_markdown = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_FRONT_MATTER = re.compile(r"\A\ufeff?---[^\S\n]*\n.*?\n---[^\S\n]*\n", re.DOTALL)
_UNSEEN_PARTS = frozenset({"script", "style", "svg", "template", "noscript", "title", "sup", "del", "s"})
_ENDING_TEXT = frozenset(
    {"p", "li", "div", "td", "th", "tr", "ul", "ol", "section", "article", "table", "h1", "h2", "h3", "h4", "h5", "h6"}
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_RENDERED = frozenset({TEXT, "code", "br"})
_UPDATE = re.compile(
    r"""^[ \t]*<Update\b[^>\n]{0,500}?\blabel=(?:"([^"\n]{0,200})"|'([^'\n]{0,200})')[^>\n]{0,500}>[ \t]*$"""
    r"""|^[ \t]*</Update>[ \t]*$""",
    re.MULTILINE,
)
_TAG_LINE = re.compile(r"^[ \t]*</?[A-Z]\w{0,40}(?:[ \t][^>\n]{0,500})?>[ \t]*$", re.MULTILINE)
"""A line with one tag of a documentation site, such as `<Note>`, around Markdown."""
_WHOLE_PAGE = re.compile(
    r"\s*+(?:<!--(?:(?!-->).)*+-->\s*+)*+<(?:!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
"""Gives nothing back: a page of comments alone has as many ways to be split into them as there are subsets."""
_HTML_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)[^>]*>")
WIDEST_SPAN = 50
"""Maximum number of columns or rows that a cell may span; more is a mistake or an attack."""


@dataclass(frozen=True, slots=True)
class PageBlock:
    """A heading, a paragraph (or list item), or a table."""

    kind: Literal["heading", "text", "table"]
    text: str = ""
    level: int = 0
    """1 to 6 for a heading; 1 for a text that is a list item."""
    anchor: str = ""
    """Fragment of a heading's address, after `#`."""
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def make_anchor(heading: str) -> str:
    """Makes a heading's anchor as documentation sites do: lower-case letters and digits joined by hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")


def is_html(text: str) -> bool:
    """True if a text is a whole HTML page, as an address of Markdown may turn out to be."""
    return _WHOLE_PAGE.match(text[:4000]) is not None


def read_markdown_blocks(text: str) -> list[PageBlock]:
    """Reads the blocks of a Markdown page in order, without front matter; a block of Mintlify's is a section."""
    # Markdown takes all up to the next empty line for HTML, so that the text of a short block would be lost.
    text = _UPDATE.sub(lambda match: f"\n# {match[1] or match[2]}\n" if match[1] or match[2] else "\n", text)
    tokens = _markdown.parse(_TAG_LINE.sub("", _FRONT_MATTER.sub("", text)))
    blocks: list[PageBlock] = []
    header: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = []
    items = 0
    for index, token in enumerate(tokens):
        items += token.nesting if token.type.startswith("list_item_") else 0
        if token.type == "table_open":
            header, rows = (), []
        elif token.type == "tr_open":
            cells = tuple(_render_inline(tokens[cell + 1]) for cell in _find_cells(tokens, index))
            header, rows = (header, [*rows, cells]) if header else (cells, rows)
        elif token.type == "table_close":
            blocks.append(PageBlock("table", header=header, rows=tuple(rows)))
        elif token.type == "inline" and tokens[index - 1].type == "heading_open":
            title = _render_inline(token)
            blocks.append(
                PageBlock(
                    "heading", title, int(tokens[index - 1].tag[1:]), _find_own_anchor(token) or make_anchor(title)
                )
            )
        elif token.type == "inline" and tokens[index - 1].type == "paragraph_open":
            blocks.append(PageBlock("text", _render_inline(token), min(items, 1)))
    return blocks


def _find_cells(tokens: list[Token], row: int) -> Iterator[int]:
    for index in range(row + 1, len(tokens)):
        if tokens[index].type == "tr_close":
            return
        if tokens[index].type in ("th_open", "td_open"):
            yield index


def _find_own_anchor(token: Token) -> str:
    """Finds the anchor of a heading that links to itself, as on some sites."""
    links = [child.attrGet("href") for child in token.children or [] if child.type == "link_open"]
    return str(links[0])[1:] if links and str(links[0]).startswith("#") else ""


def _render_inline(token: Token) -> str:
    parts: list[str] = []
    hidden = 0
    for child in token.children or []:
        tag = _HTML_TAG.match(child.content) if child.type == "html_inline" else None
        if tag and tag[2].lower() in _UNSEEN_PARTS:
            hidden = max(0, hidden + (-1 if tag[1] else 1))
        elif child.type in ("s_open", "s_close"):
            hidden += child.nesting
        elif hidden:
            continue
        elif child.type == "code_inline":
            parts.append(f"`{child.content}`")
        elif child.type == "text":
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak") or (tag and tag[2].lower() == "br"):
            parts.append(" ")
    return " ".join("".join(parts).split())


@raises_on_unexpected_shape("a page of HTML")
def read_html_blocks(text: str) -> list[PageBlock]:
    """Reads the blocks of an HTML page in order. Raises Fatal for one nested deeper than any page is."""
    reader = _PageReader()
    reader.read(parse_html(text))
    reader.end_text(is_item=False)
    return reader.blocks


class _PageReader:
    """Collects headings, texts and tables."""

    def __init__(self) -> None:
        self.blocks: list[PageBlock] = []
        self._text: list[str] = []

    def read(self, node: LexborNode, is_item: bool = False) -> None:
        """Reads what is inside a tag; `is_item` within a list."""
        for child in node.iter(include_text=True):
            tag = child.tag or ""
            if tag in _HEADINGS or tag == "table":
                self.end_text(is_item)
                self.blocks.append(_read_table(child) if tag == "table" else _read_heading(child))
            elif tag in _ENDING_TEXT:
                self.end_text(is_item)
                self.read(child, is_item or tag == "li")
                self.end_text(is_item or tag == "li")
            elif tag in _RENDERED:
                self._text.append(_render(child))
            elif tag not in _UNSEEN_PARTS:
                self.read(child, is_item)

    def end_text(self, is_item: bool) -> None:
        """Ends the current paragraph, if any."""
        text, self._text = " ".join("".join(self._text).split()), []
        if text:
            self.blocks.append(PageBlock("text", text, int(is_item)))


def _render(node: LexborNode) -> str:
    """Renders a tag on one line."""
    tag = node.tag or ""
    if tag == TEXT:
        return node.text_content or ""
    if tag in _UNSEEN_PARTS:
        return ""
    end = "`" if tag == "code" else " " if tag == "br" or tag in _ENDING_TEXT else ""
    return end + "".join(map(_render, node.iter(include_text=True))) + end


def _read_heading(node: LexborNode) -> PageBlock:
    title, named = " ".join(_render(node).split()), node.css_first("[id]:not(svg, svg *)")
    anchor = named.attributes["id"] if named else ""
    return PageBlock("heading", title, int(str(node.tag)[1:]), anchor or make_anchor(title))


def _read_table(table: LexborNode) -> PageBlock:
    """Reads a table; a cell that spans several columns or rows is repeated in each, and a table inside is its text."""
    rows: list[tuple[str, ...]] = []
    spans: dict[int, tuple[int, str]] = {}  # by column: rows that are left of a cell from above, and its text
    for line in (line for part in table.iter() for line in part.iter() if line.tag == "tr"):
        row: list[str] = []
        for cell in line.iter():
            _fill_spans(row, spans)
            text, height = " ".join(_render(cell).split()), _parse_span(cell.attributes.get("rowspan"))
            for _ in range(_parse_span(cell.attributes.get("colspan"))):
                spans |= {len(row): (height - 1, text)} if height > 1 else {}
                row.append(text)
            _fill_spans(row, spans)
        rows += [tuple(row)] if row else []
    header, *rows = rows or [()]
    return PageBlock("table", header=header, rows=tuple(rows))


def _fill_spans(row: list[str], spans: dict[int, tuple[int, str]]) -> None:
    """Adds the cells that span down from rows above."""
    while len(row) in spans:
        left, text = spans.pop(len(row))
        spans |= {len(row): (left - 1, text)} if left > 1 else {}
        row.append(text)


def _parse_span(value: str | None) -> int:
    return max(1, min(int(value), WIDEST_SPAN)) if value and re.fullmatch(r"[0-9]{1,9}", value) else 1
