"""Finds values assigned to `model` or `deployment`, and words that are alone in quotes or on a line."""

import re
from collections.abc import Iterator

from pipelines.commands.ends.files import FileKind

_QUOTES = "\"'`"
_KEY = r"(?<![\w.-])[\w.-]{0,60}(?:model|deployment)(?:[_-]?(?:name|id))?"
_ANNOTATION = r"(?::[ \t]*[A-Za-z][\w.|\[\] ]{0,60})?"
_KEYED = re.compile(
    rf"{_KEY}\\?[{_QUOTES}]?\]?[ \t]*(?:=>|:=|{_ANNOTATION}=(?!=)|:)[ \t]*(?:[rbfu]{{0,2}}(\\?[{_QUOTES}]))?",
    re.IGNORECASE,
)
"""`model="`, `"model_name": "`, `MODEL=`, `modelId: '`, `os.environ["MODEL"] = "`, `model: str = "`."""
_QUOTED_VALUE = re.compile(rf"[^\s\\{_QUOTES}]{{2,120}}\\?[{_QUOTES}]")
_BARE_VALUE = re.compile(rf"[^\s,;()\[\]{{}}{_QUOTES}]{{2,120}}[ \t]*(?:[,}}\])\r\n]|\Z|(?<=[ \t])#)")
"""A value without quotes is one word, and its line, list or table goes on after it, or a comment begins."""
_FLAG = re.compile(r"(?<![\w-])--(?:[a-z]{1,20}-){0,4}model(?:-name|-id)?(?:=|[ \t]+)\\?[\"']?(?=[\w@])")
_BARE_LINE = {
    FileKind.CODE: re.compile(r"[ \t]*\Z"),
    FileKind.CONFIG: re.compile(r"[ \t]*+(?:[#;]?-?[ \t]++)?(?:[\w.-]{1,60}[ \t]*+[:=][ \t]*+)?\Z"),
}
"""What may stand before a word that is a line by itself, in settings also a value or an item by itself."""
_END_OF_LINE = re.compile(r"[ \t]*+(?:(?<=[ \t])#[^\n]*)?\r?(?:\n|\Z)")


def find_values(text: str, kind: FileKind) -> frozenset[int]:
    """Finds where values of keys named model or deployment start; in code only those in quotes."""
    if kind is FileKind.PROSE:
        return frozenset()
    return frozenset([*_find_keyed(text, kind), *(match.end() for match in _FLAG.finditer(text))])


def _find_keyed(text: str, kind: FileKind) -> Iterator[int]:
    for match in _KEYED.finditer(text):
        form = _QUOTED_VALUE if match[1] else _BARE_VALUE
        if (match[1] or kind is FileKind.CONFIG) and form.match(text, match.end()):
            yield match.end()


def is_quoted(text: str, start: int, end: int) -> bool:
    """True if a word stands alone between two quotes of one kind."""
    quote = text[start - 1 : start]
    return bool(quote) and quote in _QUOTES and text[end : end + 2].removeprefix("\\").startswith(quote)


def is_whole_line(text: str, start: int, end: int, kind: FileKind) -> bool:
    """True if a word is a line by itself, or in settings an item or a value without quotes."""
    if kind not in _BARE_LINE or not _END_OF_LINE.match(text, end):
        return False
    line_start = text.rfind("\n", 0, start) + 1
    return bool(_BARE_LINE[kind].match(text, line_start, start))
