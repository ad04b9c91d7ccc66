"""Splits code blocks from prose in Markdown; quotations are dropped.

Most texts have no blocks, and need no parser of Markdown, which takes longer than all that is counted in them.
"""

from markdown_it import MarkdownIt
from markdown_it.token import Token

from pipelines.text.patterns import LinePattern

CodeBlocks = list[tuple[str, str]]
"""Texts of code blocks, each with its language."""

_MARKUP = LinePattern(r"[^\S\n]*(?:_|[^\w\s(\"'@:,.?!/\\$%&])| {0,3}\d|[^\S\n]*\t| {4}")
"""Beginnings of lines that may be Markdown blocks; most replies have none."""

_parser = MarkdownIt("commonmark")
# Only blocks matter here; without inline parsing it is about 2.5 times as fast.
_parser.core.ruler.enableOnly(["normalize", "block"])


def split_code_from_prose(source: str) -> tuple[CodeBlocks, str]:
    """Splits code blocks, with their language, from the prose around them."""
    if not _MARKUP.is_in(source):
        return [], source
    return _split_tokens(_parser.parse(source))


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
