"""Finds ids of models in the text of a file: known ones as whole words, and unknown ones named as a maker names his."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pipelines.commands.ends.files import FileKind
from warehouse.ends.hosts import BEDROCK_ID
from warehouse.ends.model_ids import (
    LONGEST,
    SECRET,
    NameIndex,
    find_rows,
    is_title,
    is_written_as,
    list_whole_forms,
    plain_name,
    split_tokens,
    strip_provider,
)

MOST_WORDS = 50_000
"""Words whose answer is remembered."""
LONGEST_ADDRESS = 500
_CANDIDATE = re.compile(r"(?=.*[A-Za-z])(?=.*[\d-])")
_ADDRESS = re.compile(r"/(?:models|model|deployments|(engines))/([^/?#:]+(?::\d+)?)")
_REQUEST = re.compile("/model/[^/]+/(?:invoke|converse)|/v1/engines/")
_BEDROCK = re.compile(rf"(?:.*[/:])?{BEDROCK_ID.pattern}[a-z0-9-]*-v\d")
"""By this form an id is one anywhere: behind a placeholder, in a comment."""
_BEHIND = re.compile(rf"[\W_](?:{SECRET.pattern})")
_ABOUT_MODELS = re.compile("model|deployment|engine|llm|chat|openai|gpt", re.IGNORECASE)
"""A name of two signs, such as `o3`, is also a gas; near one of these words it is a model."""
_UNKNOWN = re.compile(r"[A-Za-z][\w.:/@+-]{2,}")
_NO_ID = re.compile(r"\.[A-Za-z_]{1,10}\Z|[/:_-]\Z|\A\.|\A[\w.]+\.[A-Za-z_]\w*:|:\d{2,5}\Z")
"""Names of files and folders, of Python modules before a colon, and addresses that end with a port."""
MAKERS = (
    "chatgpt", "claude", "codellama", "codestral", "codex", "command-[ar]", "dall-e", "deepseek", "devstral",
    "embed-english", "embed-multilingual", "ernie", "gemini", "gemma", "glm", "gpt", "grok", "hunyuan", "imagen",
    "jamba", "kimi", "llama", "magistral", "meta-llama", "ministral", "mistral", "mixtral", "moonshot", "o(?=[1-9]-)",
    "open-mistral", "open-mixtral", "phi", "pixtral", "qvq", "qwen", "qwq", "rerank", "sora",
    "text-(?:davinci|embedding|moderation)", "tts", "veo", "voxtral", "whisper",
)  # fmt: skip
"""How makers begin their ids; a word that names other things too, such as `nova`, is left to the known names."""
_SIZES = (
    "audio|beta|chat|coder|embed|fast|flash|haiku|image|instant|large|latest|lite|max|medium|mini|nano|opus|plus|"
    "preview|pro|realtime|reasoner|small|sonnet|tiny|turbo|ultra|vision"
)
_MAKERS_NAME = re.compile(rf"(?:{'|'.join(MAKERS)})(?:\d|[-_.:][^@]*\d|(?:[-_](?:{_SIZES}))+(?:@|\Z))")
"""A maker's beginning, and a number before any `@` or nothing but sizes behind it: `whisper-1`, `gemini-pro`."""

_QUOTES = "\"'`"
_KEY = r"(?<![\w.-])[\w.-]{0,60}(?:model|deployment|engine)(?:[_-]?(?:name|id))?"
_ANNOTATION = r"(?::[ \t]*[A-Za-z][\w.|\[\] ]{0,60})?"
_KEYED = re.compile(
    rf"{_KEY}\\?[{_QUOTES}]?\]?[ \t]*(?:=>|[:?]=|{_ANNOTATION}=(?!=)|:)[ \t]*(?:[rbfu]{{0,2}}(\\?[{_QUOTES}]))?",
    re.IGNORECASE,
)
"""`model="`, `"model_name": "`, `MODEL=`, `modelId: '`, `os.environ["MODEL"] = "`, `model: str = "`."""
_QUOTED_VALUE = re.compile(rf"[^\s\\{_QUOTES}]{{2,120}}\\?[{_QUOTES}]")
_BARE_VALUE = re.compile(rf"[^\s,;()\[\]{{}}{_QUOTES}]{{2,120}}[ \t]*(?:[,}}\])\r\n]|\Z|(?<=[ \t])#)")
"""A value without quotes is one word, and its line, list or table goes on after it, or a comment begins."""
_FLAG = re.compile(
    r"(?:(?<![\w-])--(?:[a-z]{1,20}-){0,4}model(?:-name|-id)?(?:=|[ \t]+)|\bllm[ \t]+(?:chat[ \t]+)?-m[ \t]+"
    rf"|\bENV[ \t]+{_KEY}[ \t=]+|<{_KEY}>)\\?[\"']?(?=[\w@])",
    re.IGNORECASE,
)
"""`--model o3`, `llm -m o3`, `ENV MODEL o3`, `<model>o3</model>`."""
_ITEM = re.compile(r"[ \t]*+[,\]]")
_BARE_LINE = {
    FileKind.CODE: re.compile(r"[ \t]*\Z"),
    FileKind.CONFIG: re.compile(r"[ \t]*+(?:[#;]?-?[ \t]++)?(?:[\w.-]{1,60}[ \t]*+[:=][ \t]*+)?\Z"),
}
"""What may stand before a word that is a line by itself, in settings also a value or an item by itself."""
_END_OF_LINE = re.compile(r"[ \t]*+(?:(?<=[ \t])#[^\n]*)?\r?(?:\n|\Z)")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An id in a text, with its position, counted from 1 in characters."""

    line: int
    column: int
    text: str


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a text, and how it is there."""

    text: str
    start: int
    is_value: bool
    is_alone: bool
    """In quotes, on a line or as a value by itself."""


class IdFinder:
    """Finds ids by the names that a snapshot knows."""

    def __init__(self, names: NameIndex) -> None:
        self._names = names
        self._is_known = lru_cache(MOST_WORDS)(self._is_known_uncached)

    def find(self, text: str, kind: FileKind) -> Iterator[Occurrence]:
        """Finds the ids of a text in their order; in prose only known ones."""
        starts = [0, *(match.end() for match in re.finditer("\n", text))]
        for word in _list_words(text, kind):
            is_literal = word.is_value or word.is_alone
            may_be_unknown = is_literal and kind is not FileKind.PROSE
            if self._is_known(word.text, word.is_value, is_literal) or (may_be_unknown and _looks_like_id(word.text)):
                line = bisect_right(starts, word.start)
                yield Occurrence(line, word.start - starts[line - 1] + 1, word.text)

    def is_id(self, word: str) -> bool:
        """Returns whether a word by itself is an id, known or named as makers name theirs."""
        return self._is_known(word, True, True) or _looks_like_id(word)

    def _is_known_uncached(self, word: str, is_value: bool, is_literal: bool) -> bool:
        rows = find_rows(word, self._names) if len(word) <= LONGEST else ()
        return any(_is_meant(word, row["model"], is_value, is_literal) for row in rows)


def _looks_like_id(word: str) -> bool:
    """Returns whether an unknown word is named as makers name their models, or as Bedrock does."""
    if len(word) > LONGEST or SECRET.match(word) or not _UNKNOWN.fullmatch(word) or _NO_ID.search(word):
        return False
    _, written, name = list_whole_forms(strip_provider(word).lower())
    is_bedrocks = written != name and bool(re.search(r"-v\d", name))
    return is_bedrocks or (bool(re.search("[-:/]", word)) and bool(_MAKERS_NAME.match(name)))


def _list_words(text: str, kind: FileKind) -> Iterator[_Word]:
    """Lists the words that could be ids."""
    values = _find_values(text, kind)
    for token in split_tokens(text):
        word, start = token.text, token.start
        is_value = start in values
        if len(word) > LONGEST_ADDRESS or not (is_value or _CANDIDATE.match(word)):
            continue
        end = start + len(word)
        if secret := _BEHIND.search(word):
            word = word[: secret.start()]
        if "://" in word or _REQUEST.search(word):
            address = _ADDRESS.search(word) if kind is not FileKind.PROSE else None
            if address:
                # What code of a host writes in an address: `anthropic.claude-v2%3A1`.
                yield _Word(address[2].replace("%3A", ":"), start + address.start(2), bool(address[1]), True)
            continue
        # A shell's default: `${MODEL:-gpt-4o}`, `${MODEL-gpt-4o}`.
        default = re.match(r"[A-Za-z_]\w*:?-" if text.startswith("${", start - 2) else r"[A-Za-z_]\w*:-", word)
        cut = default.end() if default else len(word) - len(word.lstrip("/"))
        word, start = word[cut:], start + cut
        is_alone = bool(default or _BEDROCK.match(word)) or _stands_alone(text, start, end, kind)
        if len(word) == 2:
            is_alone = is_alone and bool(_ABOUT_MODELS.search(text[max(0, start - 200) : end + 200]))
        yield _Word(word, start, is_value, is_alone)


def _is_meant(word: str, model: str, is_value: bool, is_literal: bool) -> bool:
    """Returns whether a word that reads like a known name is meant as that name, and is no ordinary word.

    A word of letters alone has to be the value of a key; one that could be a variable has to be written as the model
    is, and by itself; any other has to be written small or as the model is, unless it is alone.
    """
    name = list_whole_forms(strip_provider(word))[-1]
    if not name[:1].isalnum() or word.endswith(("-", "_")):
        return False
    if is_value or ("/" in word and plain_name(word) == plain_name(model)):
        return True
    if re.fullmatch(r"\w+", name):
        return is_literal and not name.isalpha() and name in list_whole_forms(model)
    return is_literal or (not is_title(model) and (word.islower() or is_written_as(word, model)))


def _find_values(text: str, kind: FileKind) -> set[int]:
    """Finds where values of keys named model or deployment start; in code only those in quotes."""
    if kind is FileKind.PROSE:
        return set()
    values = {match.end() for match in _FLAG.finditer(text)}
    for match in _KEYED.finditer(text):
        form = _QUOTED_VALUE if match[1] else _BARE_VALUE
        if (match[1] or kind is FileKind.CONFIG) and form.match(text, match.end()):
            values.add(match.end())
    return values


def _stands_alone(text: str, start: int, end: int, kind: FileKind) -> bool:
    is_after = kind is FileKind.CONFIG and text[max(0, start - 2) : start].endswith(("[", ", "))
    is_item = is_after and bool(_ITEM.match(text, end))
    return is_item or _is_quoted(text, start, end) or _is_whole_line(text, start, end, kind)


def _is_quoted(text: str, start: int, end: int) -> bool:
    """True if a word alone is quoted, by two quotes of one kind."""
    quote = text[start - 1 : start]
    return bool(quote) and quote in _QUOTES and text[end : end + 2].removeprefix("\\").startswith(quote)


def _is_whole_line(text: str, start: int, end: int, kind: FileKind) -> bool:
    """True if a word is a line by itself, or in settings an item or a value without quotes."""
    if kind not in _BARE_LINE or not _END_OF_LINE.match(text, end):
        return False
    line_start = text.rfind("\n", 0, start) + 1
    return bool(_BARE_LINE[kind].match(text, line_start, start))
