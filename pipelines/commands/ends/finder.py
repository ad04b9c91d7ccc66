"""Finds ids of models in the text of a file: known ones as whole words, and unknown ones where an id is expected."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from pipelines.commands.ends.contexts import find_values, is_quoted, is_whole_line
from pipelines.commands.ends.files import FileKind
from warehouse.ends.model_ids import (
    LONGEST,
    SECRET,
    NameIndex,
    Row,
    find_rows,
    find_versions,
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
_ADDRESS = re.compile(r"/(?:models|model|deployments)/([^/?#:]+)")
_UNKNOWN = re.compile(r"[A-Za-z][\w.:/@+-]{2,}")
_FILE = re.compile(r"\.[A-Za-z_]{1,10}\Z|[/:_-]\Z|\A\.|\A[\w.]+\.[A-Za-z_]\w*:")
"""Names of files and folders, and of Python modules before a colon."""
_LEADING_WORDS = re.compile(r"[a-z]{3,}(?:[-_][a-z]+(?![a-z0-9.]))*")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An id in a text: where it stands, counted from 1 in characters, and the rows that know it; none: unknown."""

    line: int
    column: int
    text: str
    rows: tuple[Row, ...]
    versions: tuple[Row, ...] = ()
    """Rows that know dated versions of an id that bears no date."""


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a text, and how it stands there."""

    text: str
    start: int
    is_value: bool
    is_alone: bool
    """In quotes, on a line or as a value by itself."""


class IdFinder:
    """Finds ids by the names that a snapshot knows."""

    def __init__(self, names: NameIndex) -> None:
        self._names = names
        self._stems = list_stems(row["model"] for rows in names.by_form.values() for row in rows)
        self._find_rows = lru_cache(MOST_WORDS)(self._find_rows_uncached)

    def find(self, text: str, kind: FileKind) -> Iterator[Occurrence]:
        """Finds the ids of a text in their order; in prose and lock files only known ones."""
        starts = [0, *(match.end() for match in re.finditer("\n", text))]
        for word in _list_words(text, kind):
            is_literal = word.is_value or word.is_alone
            rows = self._find_rows(word.text, word.is_value, is_literal)
            if rows or (kind in (FileKind.CODE, FileKind.CONFIG) and is_literal and self._looks_like_id(word)):
                line = bisect_right(starts, word.start)
                versions = find_versions(word.text, self._names)
                yield Occurrence(line, word.start - starts[line - 1] + 1, word.text, rows, versions)

    def _find_rows_uncached(self, word: str, is_value: bool, is_literal: bool) -> tuple[Row, ...]:
        rows = find_rows(word, self._names) if len(word) <= LONGEST else ()
        return tuple(row for row in rows if _is_meant(word, row["model"], is_value, is_literal))

    def _looks_like_id(self, word: _Word) -> bool:
        """Tells whether an unknown word is named as an id: the value of a key, or begun as a known model is."""
        text = word.text
        if len(text) > LONGEST or SECRET.match(text) or not _UNKNOWN.fullmatch(text) or _FILE.search(text):
            return False
        if word.is_value:
            return bool(re.search(r"[\d-]", text))
        name = list_whole_forms(strip_provider(text))[-1].lower()
        is_version = "-" in name and bool(re.search(r"\d|-latest\Z", name))
        return is_version and (self._has_stem(name) or self._extends_name(name))

    def _has_stem(self, name: str) -> bool:
        """Tells whether a name begins with the words of a known one: `claude-next-9` as `claude`."""
        words = _LEADING_WORDS.match(name)
        return words is not None and any(beginning in self._stems for beginning in _list_beginnings(words[0]))

    def _extends_name(self, name: str) -> bool:
        """Tells whether a name goes on where a known one ends: `o3-mini-high` after `o3-mini`."""
        return any(plain_name(beginning) in self._names.by_form for beginning in _list_beginnings(name)[:-1])


def list_stems(models: Iterable[str]) -> frozenset[str]:
    """Lists how known models' names begin: their words before the first digit."""
    names = (list_whole_forms(model)[-1].lower() for model in models)
    return frozenset(match[0] for name in names if (match := _LEADING_WORDS.match(name)))


def _list_beginnings(name: str) -> list[str]:
    """Lists a name's first word, its first two words, and so on."""
    words = re.split(r"[-_]", name)
    return ["-".join(words[:count]) for count in range(1, len(words) + 1)]


def _list_words(text: str, kind: FileKind) -> Iterator[_Word]:
    """Lists the words that could be ids."""
    values = find_values(text, kind)
    for token in split_tokens(text):
        word, start = token.text, token.start
        is_value = start in values
        if len(word) > LONGEST_ADDRESS or not (is_value or _CANDIDATE.match(word)):
            continue
        if "://" in word:
            address = _ADDRESS.search(word) if kind is not FileKind.PROSE else None
            if address:
                yield _Word(address[1], start + address.start(1), False, True)
            continue
        default = re.match(r"[A-Za-z_]\w*:-", word)
        if default:
            # A shell's default: `${MODEL:-gpt-4o}`.
            word, start = word[default.end() :], start + default.end()
        end = start + len(word)
        is_alone = bool(default) or is_quoted(text, start, end) or is_whole_line(text, start, end, kind)
        yield _Word(word, start, is_value, is_alone)


def _is_meant(word: str, model: str, is_value: bool, is_literal: bool) -> bool:
    """Tells whether a word that reads like a known name is meant as that name, and is no ordinary word.

    A word of letters alone has to be the value of a key; one that could be a variable has to be written as the model
    is, and by itself; any other has to be written small or as the model is, unless it stands by itself.
    """
    name = list_whole_forms(strip_provider(word))[-1]
    if not name[:1].isalnum() or word.endswith(("-", "_")):
        return False
    if is_value or ("/" in word and plain_name(word) == plain_name(model)):
        return True
    if re.fullmatch(r"\w+", name):
        return is_literal and not name.isalpha() and name in list_whole_forms(model)
    # A title such as `Command R+` is no id.
    is_title = " " in re.sub(r" \(.*\)", "", model)
    return is_literal or (not is_title and (word.islower() or is_written_as(word, model)))
