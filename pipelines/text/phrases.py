"""Tables of phrases: each pattern stands beside a piece of text that it cannot match without; most texts cost
nothing."""

import re
from collections.abc import Iterator, Mapping

WINDOW = 80
"""Characters on either side of the piece within which its phrase lies."""
LONGEST_HALF = 300
"""Characters of a sentence that are looked at on either side of a phrase."""
_SYMBOLS = re.compile("[\u2000-\u2bff\ufe00-\ufe0f\U0001f000-\U0001faff]+")
"""Dashes, quotation marks, arrows and pictures: in no phrase; texts without them are mostly ASCII and searched
faster."""
_END = re.compile(r"[.!?;]+(?:\s|$)|[。！？；\n]")


def normalize_prose(prose: str) -> str:
    """Normalizes prose for phrases: lower case, straight apostrophes, no emphasis, single spaces, no empty lines."""
    plain = prose.lower().replace("’", "'").replace("*", "")
    plain = plain if plain.isascii() else _SYMBOLS.sub(" ", plain)
    lines = (" ".join(line.split()) for line in plain.splitlines())
    return "\n".join(line for line in lines if line)


class Phrases:
    """Patterns by what must be in a text for them to be worth a search.

    In a pattern a space stands for the end of a line too.
    """

    def __init__(self, patterns: Mapping[str, str]) -> None:
        self._patterns = {piece: re.compile(pattern.replace(" ", "[ \n]")) for piece, pattern in patterns.items()}

    def find_all(self, text: str) -> Iterator[re.Match[str]]:
        """Finds every place in a text, made ready by `normalize_prose`, where one of the phrases stands."""
        for piece, pattern in self._patterns.items():
            if piece not in text:
                continue
            start = text.find(piece)
            while start >= 0:
                match = pattern.search(text, max(0, start - WINDOW), start + len(piece) + WINDOW)
                if match:
                    yield match
                start = text.find(piece, max(start + len(piece), match.end() if match else 0))

    def may_be_in(self, text: str) -> bool:
        """Tells whether any of the phrases can be there at all: quick, and mostly the end of it."""
        for piece in self._patterns:  # noqa: SIM110 -- runs on every text, and `any` takes half as long again
            if piece in text:
                return True
        return False

    def are_in(self, text: str) -> bool:
        """Tells whether any of the phrases is there."""
        return next(self.find_all(text), None) is not None


def split_sentence_at(text: str, start: int, end: int) -> tuple[str, str]:
    """Splits a sentence at a phrase: what stands before it, and what stands after it with the mark at the end."""
    before = text[max(0, start - LONGEST_HALF) : start]
    cut = max((mark.end() for mark in _END.finditer(before)), default=0)
    after = _END.search(text, end, end + LONGEST_HALF)
    return before[cut:], text[end : after.end() if after else end + LONGEST_HALF]
