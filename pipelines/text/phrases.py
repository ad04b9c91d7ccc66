"""Tables of phrases, searched fast: each pattern has a piece of text without which it cannot match."""

import re
from collections.abc import Collection, Iterator, Mapping

WINDOW = 80
"""Number of characters on either side of the piece in which its phrase lies."""
LONGEST_HALF = 300
"""Maximum number of characters of a sentence on either side of a phrase."""
_SYMBOLS = re.compile("[\u2000-\u2bff\ufe00-\ufe0f\U0001f000-\U0001faff]+")
"""Dashes, quotation marks, arrows and emoji, which no phrase contains; ASCII texts are searched faster."""
_SENTENCE = re.compile(r"(?<=[.!?。！？])\s+|(?<=[。！？])|\n+")
_ASCII_SENTENCE = re.compile(r"\s(?:(?<=[.!?]\s)\s*|(?<=\n)\n*)")
"""The same for an ASCII text, which can only break at white space."""
_END = re.compile(r"[.!?;]+(?:\s|$)|[。！？；\n]")


def normalize_prose(prose: str) -> str:
    """Normalizes prose for phrases: lower case, straight apostrophes, no emphasis, single spaces, no empty lines."""
    plain = prose.lower().replace("’", "'").replace("*", "")
    plain = plain if plain.isascii() else _SYMBOLS.sub(" ", plain)
    lines = (" ".join(line.split()) for line in plain.splitlines())
    return "\n".join(line for line in lines if line)


class Phrases:
    """Patterns by the piece that a text must contain to be searched; a space in a pattern also matches a line break.

    Each is compiled when a text has its piece: most commands read no text, and most texts have few pieces.
    """

    def __init__(self, patterns: Mapping[str, str]) -> None:
        self._patterns = dict(patterns)
        self._pieces = tuple(patterns)
        self._ascii_pieces = tuple(piece for piece in patterns if piece.isascii())
        self._compiled: dict[str, re.Pattern[str]] = {}

    def find_pieces(self, text: str) -> list[str]:
        """Finds the pieces that a text contains: no part of it has a phrase of another one."""
        return list(filter(text.__contains__, self._ascii_pieces if text.isascii() else self._pieces))

    def _find_phrases(self, piece: str, text: str) -> Iterator[re.Match[str]]:
        start = text.find(piece)
        if start < 0:
            return
        pattern = self._compiled.get(piece) or self._compile(piece)
        while start >= 0:
            match = pattern.search(text, max(0, start - WINDOW), start + len(piece) + WINDOW)
            if match:
                yield match
            start = text.find(piece, max(start + len(piece), match.end() if match else 0))

    def find_all(self, text: str, pieces: Collection[str] | None = None) -> Iterator[re.Match[str]]:
        """Finds every match of the phrases in a text from `normalize_prose`; `pieces` names those that it may have."""
        for piece in self.find_pieces(text) if pieces is None else pieces:
            yield from self._find_phrases(piece, text)

    def _compile(self, piece: str) -> re.Pattern[str]:
        pattern = re.compile(self._patterns[piece].replace(" ", "[ \n]"))
        self._compiled[piece] = pattern
        return pattern

    def are_in(self, text: str, pieces: Collection[str] | None = None) -> bool:
        """True if any of the phrases matches; `pieces` names those that the text may have."""
        pieces = self.find_pieces(text) if pieces is None else pieces
        return bool(pieces) and next(self.find_all(text, pieces), None) is not None


def split_sentences(text: str) -> list[str]:
    """Splits a text after the marks that end sentences, and into its lines."""
    return (_ASCII_SENTENCE if text.isascii() else _SENTENCE).split(text)


def split_sentence_at(text: str, start: int, end: int) -> tuple[str, str]:
    """Splits a sentence at a phrase into the text before it, and the text after it with the closing mark."""
    before = text[max(0, start - LONGEST_HALF) : start]
    cut = max((mark.end() for mark in _END.finditer(before)), default=0)
    after = _END.search(text, end, end + LONGEST_HALF)
    return before[cut:], text[end : after.end() if after else end + LONGEST_HALF]


def is_asserted(prose: str, phrase: re.Match[str], never_before: re.Pattern[str], never_after: re.Pattern[str]) -> bool:
    """True if nothing in its sentence takes a phrase back: neither before it nor right after it."""
    before, after = split_sentence_at(prose, phrase.start(), phrase.end())
    return not never_before.search(before) and not never_after.match(after)
