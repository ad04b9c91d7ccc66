"""Counts the features of a text by the tables of phrases and the parser of Markdown, which take a tenth of a second to
load; `features` loads them with the first text."""

import re

from pipelines.text.agreements import is_joining
from pipelines.text.answer_words import has_thanks
from pipelines.text.blocks import split_code_from_prose
from pipelines.text.code_blocks import has_loose_code, keep_code
from pipelines.text.languages import detect_language
from pipelines.text.phrases import normalize_prose
from pipelines.text.shell_commands import has_command, has_patch
from pipelines.text.solutions import has_solved

Counts = dict[str, int | bool | str | None]

_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+(?:['’.-][^\W_]+)*"
)
_ASCII_WORD = re.compile(r"[a-z0-9]+(?:['.-][a-z0-9]+)*")
"""The same in lower case, in a text of ASCII signs only, which most are."""
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"</?[a-zA-Z][^>]{0,1000}>")
_FORM = re.compile(r"^[ \t]*(?:[-*+] |\d+\. )?\[[ xX]\] .*$", re.MULTILINE)
"""A checkbox of an issue template, whose words are not the author's."""
_URL = re.compile(r"https?://[^\s<>()\[\]\"'`]+")
_INLINE_CODE = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
FENCE = "```"
LONGEST_HINT = 20
"""Maximum number of characters of what forms give as a hint, like the name of a programme to run."""
_CODE_LINE = re.compile(r"^[ \t]*(`+)(?!`)([^`\n]+)\1[ \t]*$", re.MULTILINE)
"""Inline code that is all of its line, which sets it out as a block does."""
_MOST_BACKTICKS = "`" * 30
_BACKTICKS = re.compile(r"`{30,}")
"""Runs that no text has, and whose parts would be tried one by one."""


def count_in_markdown(markdown: str) -> Counts:
    """Counts the features of a text in Markdown, as `count_features` describes them."""
    source = markdown.replace("\r\n", "\n").replace("\r", "\n")
    source = _COMMENT.sub("", source) if "<!--" in source else source
    source = _BACKTICKS.sub(_MOST_BACKTICKS, source) if _MOST_BACKTICKS in source else source
    code, prose = split_code_from_prose(source)
    if "`" not in prose:
        return count_in_parts(code, [], _remove_tags(prose))
    inline = [match[1] for match in _INLINE_CODE.findall(prose)]
    code += [("", text) for text in _set_out(prose)]
    return count_in_parts(code, inline, _remove_tags(_INLINE_CODE.sub(" ", prose)))


def _remove_tags(prose: str) -> str:
    return _TAG.sub(" ", prose) if "<" in prose else prose


def _set_out(prose: str) -> list[str]:
    """Lists what is set out as inline code on lines of its own: with a fence's marks, or two and more such lines."""
    lines = _CODE_LINE.findall(prose)
    fenced = [text for ticks, text in lines if len(ticks) == len(FENCE)]
    single = [text for ticks, text in lines if ticks == FENCE[0] and len(text) > LONGEST_HINT]
    return [*fenced, *(["\n".join(single)] if len(single) > 1 else [])]


def count_in_parts(code: list[tuple[str, str]], inline: list[str], plain: str) -> Counts:
    """Counts features as in Markdown, in blocks of code with their language, inline code and plain text."""
    plain = _FORM.sub("", plain) if "[" in plain else plain
    urls = _URL.findall(plain) if "http" in plain else []
    prose = _URL.sub(" ", plain) if urls else plain
    words = _list_words(prose)
    has_code = bool(keep_code(code)) or has_loose_code(prose)
    counts: Counts = {
        "words": len(words),
        "has_code": has_code,
        "has_patch": has_patch(code),
        "has_command": has_command(code, inline, prose),
    }
    statements = _detect_statements(plain, normalize_prose(prose), len(words), has_code)
    # An empty text (hidden, deleted, only a picture) says nothing either way.
    if not "".join((plain, *inline, *(text for _, text in code))).strip():
        statements = dict.fromkeys(statements)
    return {**counts, **statements, "language": detect_language(words)}


def _list_words(prose: str) -> list[str]:
    """Lists the words of a text in lower case."""
    if prose.isascii():
        return _ASCII_WORD.findall(prose.lower())
    return [word.lower() for word in _WORD.findall(prose)]


def _detect_statements(plain: str, prose: str, words: int, has_code: bool) -> Counts:
    """Detects statements addressed to the asker."""
    is_solved = has_solved(prose)
    return {
        "has_thanks": has_thanks(prose),
        "has_solved": is_solved,
        "is_me_too": not has_code and not is_solved and is_joining(plain, prose, words),
    }
