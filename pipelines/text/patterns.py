"""Patterns that are searched fast: at the beginnings of lines only, or in small letters instead of ignoring case.

They match what `re` matches with `MULTILINE` and `IGNORECASE`, in a fraction of the time: those make `re` try every
character of a text, and every word of a list at each.
"""

import re

_LIKE_I, _LIKE_S = re.compile("[İı]"), re.compile("ſ")
"""Letters that count as i and s where case is ignored, although their own small letters are others."""


def fold_case(text: str) -> str:
    """Returns a text in small letters, character by character, as a pattern sees it that ignores case."""
    return (text if text.isascii() else _LIKE_S.sub("s", _LIKE_I.sub("i", text))).lower()


class LinePattern:
    """A pattern that begins where a line does."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self._match = re.compile(pattern, flags).match

    def is_in(self, text: str) -> bool:
        """True if any line of a text begins with the pattern, which may go on beyond that line."""
        match, start = self._match, 0
        while match(text, start) is None:
            start = text.find("\n", start) + 1
            if not start:
                return False
        return True
