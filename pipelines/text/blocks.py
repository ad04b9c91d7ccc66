"""Splits code blocks from prose in Markdown; quotations are left out.

Most texts have no blocks, or none but fenced code at the beginning of a line, and need no parser of Markdown, which
takes longer than all that is counted in them.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

from pipelines.text.patterns import LinePattern

CodeBlocks = list[tuple[str, str]]
"""Texts of code blocks, each with its language."""

_MARKUP = LinePattern(r"[^\S\n]*(?:_|[^\w\s(\"'@:,.?!/\\$%&])| {0,3}\d|[^\S\n]*\t| {4}")
"""Beginnings of lines that may be Markdown blocks; most replies have none."""
_OTHER_MARKUP = LinePattern(r"[^\S\n]*(?:_|[^\w\s(\"'@:,.?!/\\$%&`])|[^\S\n]+`| {0,3}\d|[^\S\n]*\t| {4}")
"""The same, but for fences and inline code at the very beginning of a line."""
_FENCED = re.compile(r"^(`{3,})([^`\n]*)(?:\n|\Z)(.*?)(?:^ {0,3}(\1)`*[ \t]*(?:\n|\Z)|\Z)", re.MULTILINE | re.DOTALL)
"""A fenced block, which ends with the text where nothing closes it; the last group is what does."""
_EMPTY_LINE = re.compile(r"^[ \t]*\n", re.MULTILINE)
_SPACES = " \t\n"

_parser = MarkdownIt("commonmark")
# Only blocks matter here; without inline parsing it is about 2.5 times as fast.
_parser.core.ruler.enableOnly(["normalize", "block"])


def split_code_from_prose(source: str) -> tuple[CodeBlocks, str]:
    """Splits code blocks, with their language, from the prose around them."""
    if not _MARKUP.is_in(source):
        return [], source
    return _split_at_fences(source) or _split_tokens(_parser.parse(source))


def _split_at_fences(source: str) -> tuple[CodeBlocks, str] | None:
    """Splits a text whose only blocks are fenced code and paragraphs; None for any other."""
    code: CodeBlocks = []
    prose: list[str] = []
    end = 0
    for fence in _FENCED.finditer(source):
        if fence[4] is None or not _add_paragraphs(prose, source[end : fence.start()]):
            return None
        code.append((_name_language(fence[2]), fence[3]))
        end = fence.end()
    if "\0" in source or not _add_paragraphs(prose, source[end:]):
        return None
    return code, "\n".join(prose)


def _add_paragraphs(prose: list[str], text: str) -> bool:
    """Adds the paragraphs of a text outside of fences; false if it may have other blocks."""
    if _OTHER_MARKUP.is_in(text):
        return False
    for part in _EMPTY_LINE.split(text):
        paragraph = part.strip(_SPACES)
        # At its ends Markdown leaves out other spaces than Python does.
        if paragraph != part.strip():
            return False
        if paragraph:
            prose.append(paragraph)
    return True


def _split_tokens(tokens: list[Token]) -> tuple[CodeBlocks, str]:
    code: CodeBlocks = []
    prose: list[str] = []
    quoted = 0
    for token in tokens:
        if token.type.startswith("blockquote"):
            quoted += token.nesting
        elif quoted:
            continue
        elif token.type in ("fence", "code_block"):
            code.append((_name_language(token.info), token.content))
        elif token.type in ("inline", "html_block"):
            prose.append(token.content)
    return code, "\n".join(prose)


def _name_language(info: str) -> str:
    """Names the language that the mark of a fence states."""
    words = info.lower().split()
    return words[0] if words else ""
