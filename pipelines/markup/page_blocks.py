"""Splits pages, in Markdown or HTML, into headings, texts and tables.

Code keeps its backticks, by which a page tells names from words; struck-out text and footnotes are left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from pipelines.markup.parser import TolerantParser

_markdown = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_FRONT_MATTER = re.compile(r"\A\ufeff?---[^\S\n]*\n.*?\n---[^\S\n]*\n", re.DOTALL)
_UNSEEN_PARTS = frozenset({"script", "style", "svg", "template", "noscript", "head", "sup", "del", "s"})
_ENDING_TEXT = frozenset(
    {"p", "li", "div", "td", "th", "tr", "ul", "ol", "section", "article", "table", "h1", "h2", "h3", "h4", "h5", "h6"}
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
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


def read_html_blocks(text: str) -> list[PageBlock]:
    """Reads the blocks of an HTML page in order."""
    reader = _PageReader()
    reader.read(text)
    reader.end_text()
    return reader.blocks


class _OpenTable:
    """A table under construction; a cell that spans several columns or rows is repeated in each of them."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.spans: dict[int, tuple[int, str]] = {}
        """Remaining rows and text of the cells that span down from rows above, by column."""

    def open_row(self) -> None:
        self.rows.append([])

    def add_cell(self, cell: str, columns: int, rows: int) -> None:
        self.fill_spans()
        for _ in range(columns):
            column = len(self.rows[-1])
            self.rows[-1].append(cell)
            if rows > 1:
                self.spans[column] = (rows - 1, cell)

    def fill_spans(self) -> None:
        """Adds the cells that span down from rows above."""
        while self.rows and len(self.rows[-1]) in self.spans:
            column = len(self.rows[-1])
            left, cell = self.spans.pop(column)
            self.rows[-1].append(cell)
            if left > 1:
                self.spans[column] = (left - 1, cell)

    def make_block(self) -> PageBlock:
        header, *rows = [tuple(row) for row in self.rows if row] or [()]
        return PageBlock("table", header=header, rows=tuple(rows))


class _PageReader(TolerantParser):
    """Collects headings, texts and tables; a nested table counts as text of its cell."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[PageBlock] = []
        self._text: list[str] = []
        self._hidden: list[str] = []
        self._heading: tuple[int, str] | None = None
        self._table: _OpenTable | None = None
        self._depth = 0
        self._cell: tuple[int, int] | None = None
        self._items = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if self._hidden:
            self._hidden += [tag] if tag == self._hidden[-1] else []
            return
        if tag in _UNSEEN_PARTS:
            self._hidden.append(tag)
        elif tag == "table":
            self._open_table()
        elif self._table and self._depth == 1 and tag == "tr":
            self._end_cell()
            self._table.open_row()
        elif self._table and self._depth == 1 and tag in ("td", "th"):
            self._end_cell()
            self._cell, self._text = (
                (_parse_span(attributes.get("colspan")), _parse_span(attributes.get("rowspan"))),
                [],
            )
        elif tag in _HEADINGS and not self._table:
            self.end_text()
            self._heading = (int(tag[1]), attributes.get("id", ""))
        elif self._heading and attributes.get("id") and not self._heading[1]:
            self._heading = (self._heading[0], attributes["id"])
        else:
            self._handle_text_tag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            if tag == self._hidden[-1]:
                self._hidden.pop()
        elif tag == "table" and self._table:
            self._close_table()
        elif tag in ("td", "th", "tr") and self._table:
            if self._depth == 1:
                self._end_cell()
        elif tag in _HEADINGS and self._heading:
            title = self._take_text()
            self.blocks.append(PageBlock("heading", title, self._heading[0], self._heading[1] or make_anchor(title)))
            self._heading = None
        elif tag == "code":
            self._text.append("`")
        else:
            self._handle_text_tag(tag)
            self._items = max(0, self._items - (tag == "li"))

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._text.append(data)

    def end_text(self) -> None:
        """Ends the current paragraph, if any."""
        text = "" if self._table else self._take_text()
        if text:
            self.blocks.append(PageBlock("text", text, min(self._items, 1)))

    def _handle_text_tag(self, tag: str) -> None:
        if tag == "code":
            self._text.append("`")
        elif tag == "br" or (tag in _ENDING_TEXT and (self._table or self._heading)):
            self._text.append(" ")
        elif tag in _ENDING_TEXT:
            self.end_text()
            self._items += tag == "li"

    def _open_table(self) -> None:
        if self._depth == 0:
            self.end_text()
            self._table = _OpenTable()
        self._depth += 1

    def _close_table(self) -> None:
        self._depth -= 1
        if self._depth == 0 and self._table:
            self._end_cell()
            self.blocks.append(self._table.make_block())
            self._table, self._text = None, []

    def _end_cell(self) -> None:
        if self._table and self._cell and self._table.rows:
            self._table.add_cell(self._take_text(), *self._cell)
            self._table.fill_spans()
        self._cell = None

    def _take_text(self) -> str:
        text, self._text = " ".join("".join(self._text).split()), []
        return text


def _parse_span(value: str | None) -> int:
    return max(1, min(int(value), WIDEST_SPAN)) if value and re.fullmatch(r"[0-9]{1,9}", value) else 1
