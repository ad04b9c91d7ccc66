"""Lists the words of a question as signs: single words and pairs of neighbours, those of its title apart from those of
its text. The same code lists them where the weights are trained and where a question is read."""

import re
from itertools import pairwise

IN_TITLE, IN_TEXT = 0.5, 0.25
"""How much a word counts; how often it occurs does not matter."""
_WORD = re.compile(r"[a-z][a-z'’]*|[0-9]+|[\u3040-\u30ff\u3400-\u9fff]|[?!$]")
_NUMBER = "0"


def split_into_words(text: str) -> list[str]:
    """Splits a text into words in lower case; all numbers are one word, and so is each Chinese or Japanese sign."""
    return [_NUMBER if word[0].isdigit() else word for word in _WORD.findall(text.lower())]


def find_words(title: str, text: str) -> dict[str, float]:
    """Finds the words and pairs of words of title and text: the name of each, and how much it counts."""
    found: dict[str, float] = {}
    for place, part, value in (("title", title, IN_TITLE), ("text", text, IN_TEXT)):
        words = split_into_words(part)
        found |= {f"{place}: {word}": value for word in words}
        found |= {f"{place}: {one} {two}": value for one, two in pairwise(words)}
    return found
