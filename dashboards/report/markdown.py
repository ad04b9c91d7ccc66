"""Our Markdown as styled runs of text. Files are written from these, so nothing in them is parsed as markup again."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from dashboards.frame.tables import safe_link
from dashboards.menu import MENU, page_address

READER = MarkdownIt("commonmark", {"html": False}).disable(["image", "html_inline", "html_block"]).enable("table")
PAGES = frozenset(page_address(file) for of_place in MENU.values() for file in of_place)
OWN_FILE = re.compile(r"(?!//)[\w./%-]+\.(?:html|pdf)(?:#[a-z-]+)?")
"""A report beside the file that links to it."""
KINDS = {"heading": "heading", "list_item": "item", "blockquote": "paragraph", "tr": "item"}
"""Kinds of block by the token that encloses a line; a table row in running text becomes a list item."""


@dataclass(frozen=True, slots=True)
class TextRun:
    """A piece of text and its style. A link is a safe address, a chapter (`#waiting`), a report beside, or empty."""

    text: str
    is_bold: bool = False
    is_italic: bool = False
    is_code: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A heading, a paragraph, a list item, or code."""

    kind: str
    runs: tuple[TextRun, ...]


def parse_blocks(markdown: str) -> tuple[TextBlock, ...]:
    """Parses the blocks of a text."""
    text_blocks: list[TextBlock] = []
    around: list[str] = []
    for token in READER.parse(markdown):
        if token.nesting:
            name = token.type.removesuffix("_open").removesuffix("_close")
            around = [*around, name] if token.nesting > 0 else around[:-1]
        elif token.type in ("fence", "code_block"):
            text_blocks.append(TextBlock("code", (TextRun(token.content.rstrip("\n"), is_code=True),)))
        elif token.type == "inline":
            kind = next((KINDS[name] for name in reversed(around) if name in KINDS), "paragraph")
            text_blocks.append(TextBlock(kind, tuple(_parse_runs(token.children or []))))
    return tuple(text_blocks)


def parse_line(markdown: str) -> tuple[TextRun, ...]:
    """Parses one line of text, such as a title."""
    return tuple(_parse_runs(READER.parseInline(markdown)[0].children or []))


def join_text(runs: tuple[TextRun, ...]) -> str:
    """Joins the text without its styles."""
    return "".join(run.text for run in runs)


def _find_address(written: str) -> str:
    """Finds what a link may lead to from a file, where a page is a chapter."""
    page = written.partition("?")[0]
    if page in PAGES:
        return f"#{page}"
    return written if OWN_FILE.fullmatch(written) else safe_link(written) or ""


def _parse_runs(tokens: list[Token]) -> Iterator[TextRun]:
    look = TextRun("")
    for token in tokens:
        if token.type in ("strong_open", "strong_close"):
            look = replace(look, is_bold=token.nesting > 0)
        elif token.type in ("em_open", "em_close"):
            look = replace(look, is_italic=token.nesting > 0)
        elif token.type in ("link_open", "link_close"):
            look = replace(look, link=_find_address(str(token.attrGet("href"))) if token.nesting > 0 else "")
        elif token.type == "hardbreak":
            yield replace(look, text="\n")
        elif token.type == "softbreak":
            yield replace(look, text=" ")
        elif token.content:
            # The word joiner stops browsers from linking bare addresses; in a file nothing links them.
            yield replace(look, text=token.content.replace("\u2060", ""), is_code=token.type == "code_inline")
