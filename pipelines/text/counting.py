"""Counts the features of a text by the tables of phrases and the parser of Markdown, which take a tenth of a second to
load; `features` loads them with the first text."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from pipelines.text.agreements import is_joining
from pipelines.text.answer_words import has_cause, has_thanks
from pipelines.text.blocks import split_code_from_prose
from pipelines.text.code_blocks import has_loose_code, keep_code
from pipelines.text.deflections import is_asking_for_more, is_deflection, is_docs_pointer
from pipelines.text.languages import detect_language
from pipelines.text.phrases import normalize_prose
from pipelines.text.references import count_source_paths, has_version
from pipelines.text.shell_commands import has_command, has_patch
from pipelines.text.solutions import has_solved

Counts = dict[str, int | bool | str | None]
LONGEST_REPEATED = 1_000
"""Maximum number of characters of a text whose features are remembered."""

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
_CHANGE = re.compile(r"/(?:-/)?(?:commits?|pull|pulls|merge_requests|compare)/[\w.~^-]+")
_SOURCE = re.compile(r"/(?:-/)?(?:blob|blame|tree|raw|src)/(?!(?:main|master)/?$)[^/]+/?")
_PROSE = re.compile(r"\.(?:mdx?|rst)$")
"""Ends of files in repositories that are documentation."""
_WEIGHTS = re.compile(r"^(?:www\.)?(?:huggingface\.co|hf\.co|modelscope\.cn)$")
"""Hosts of repositories of weights, where only a named program is source."""
_PROGRAM = re.compile(r"\.(?:py|ipynb|jinja|c|cc|cpp|h|js|ts|sh)$")
_DOCS = re.compile(
    r"(?:^|[./-])docs?(?:[./-]|$)|documentation|readthedocs|cookbook|/(?:guides?|reference|api-reference|learn"
    r"|manual|wiki)(?:/|$)"
)
_MOST_BACKTICKS = "`" * 30
_BACKTICKS = re.compile(r"`{30,}")
"""Runs that no text has, and whose parts would be tried one by one."""


def count_in_markdown(markdown: str, own: str = "") -> Counts:
    """Counts the features of a text in Markdown, as `count_features` describes them."""
    source = markdown.replace("\r\n", "\n").replace("\r", "\n")
    source = _COMMENT.sub("", source) if "<!--" in source else source
    source = _BACKTICKS.sub(_MOST_BACKTICKS, source) if _MOST_BACKTICKS in source else source
    count = _count_repeated_source if len(source) <= LONGEST_REPEATED else _count_source
    return count(source, own)


def _count_source(source: str, own: str) -> Counts:
    """Counts the features of Markdown without comments."""
    code, prose = split_code_from_prose(source)
    if "`" not in prose:
        return count_in_parts(code, [], _remove_tags(prose), own)
    inline = [match[1] for match in _INLINE_CODE.findall(prose)]
    code += [("", text) for text in _set_out(prose)]
    return count_in_parts(code, inline, _remove_tags(_INLINE_CODE.sub(" ", prose)), own)


def _remove_tags(prose: str) -> str:
    return _TAG.sub(" ", prose) if "<" in prose else prose


def _set_out(prose: str) -> list[str]:
    """Lists what is set out as inline code on lines of its own: with a fence's marks, or two and more such lines."""
    lines = _CODE_LINE.findall(prose)
    fenced = [text for ticks, text in lines if len(ticks) == len(FENCE)]
    single = [text for ticks, text in lines if ticks == FENCE[0] and len(text) > LONGEST_HINT]
    return [*fenced, *(["\n".join(single)] if len(single) > 1 else [])]


# Bots and templates say the same thing thousands of times.
_count_repeated_source = lru_cache(maxsize=4096)(_count_source)


def count_in_parts(code: list[tuple[str, str]], inline: list[str], plain: str, own: str = "") -> Counts:
    """Counts features as in Markdown, in blocks of code with their language, inline code and plain text."""
    plain = _FORM.sub("", plain) if "[" in plain else plain
    urls = _URL.findall(plain) if "http" in plain else []
    prose = _URL.sub(" ", plain) if urls else plain
    words = _list_words(prose)
    blocks, programs = [text for _, text in code], keep_code(code)
    counts = {
        "words": len(words),
        "code_lines": sum(1 for text in programs for line in text.splitlines() if line.strip()),
        "has_code": bool(programs) or has_loose_code(prose),
        "has_patch": has_patch(code),
        "has_command": has_command(code, inline, prose),
        **_count_links(urls, own.lower()),
    }
    within, block = "\n".join(inline), "\n".join(blocks)
    statements = {
        **_detect_statements(normalize_prose(prose), counts),
        "has_version": has_version(prose, within, block),
        "source_paths": count_source_paths(plain, within, block),
    }
    # An empty text (hidden, deleted, only a picture) says nothing either way.
    if not (plain + within + block).strip():
        statements = dict.fromkeys(statements)
    return {
        **counts,
        **statements,
        "language": detect_language(words),
    }


def _list_words(prose: str) -> list[str]:
    """Lists the words of a text in lower case."""
    if prose.isascii():
        return _ASCII_WORD.findall(prose.lower())
    return [word.lower() for word in _WORD.findall(prose)]


def _detect_statements(prose: str, counts: Mapping[str, int]) -> Counts:
    """Detects statements addressed to the asker."""
    has_code, gives_cause, is_solved = bool(counts["has_code"]), has_cause(prose), has_solved(prose)
    is_bare = not (has_code or gives_cause or is_solved)
    may_deflect = not gives_cause and (not has_code or is_asking_for_more(prose, counts["words"]))
    is_sent_away = may_deflect and is_deflection(prose, counts["words"])
    return {
        "has_cause": gives_cause,
        "has_thanks": has_thanks(prose),
        "has_solved": is_solved,
        "is_deflection": is_sent_away,
        "is_me_too": is_bare and not is_sent_away and is_joining(prose, counts["words"]),
        "is_docs_pointer": not gives_cause and is_docs_pointer(counts["words"], counts["docs_links"], has_code),
    }


def _count_links(urls: Iterable[str], own: str) -> dict[str, int]:
    counts = {"source_links": 0, "change_links": 0, "docs_links": 0, "other_links": 0}
    for url in urls:
        counts[_classify_link(url, own)] += 1
    return counts


def _classify_link(url: str, own: str) -> str:
    try:
        parts = urlsplit(url.lower())
    except ValueError:
        return "other_links"
    if _CHANGE.search(parts.path):
        return "change_links"
    if _SOURCE.search(parts.path) and (not own or parts.path.startswith(f"/{own}/")):
        if _PROSE.search(parts.path):
            return "docs_links"
        return "other_links" if _WEIGHTS.match(parts.netloc) and not _PROGRAM.search(parts.path) else "source_links"
    return "docs_links" if _DOCS.search(f"{parts.netloc}{parts.path}") else "other_links"
