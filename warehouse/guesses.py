"""What was meant by a word that is not known: the nearest one, or the choices."""

import difflib
from collections.abc import Collection

FEW = 12
"""Choices that an error lists; more would hide it."""


def advise(word: str, choices: Collection[str], where: str = "") -> str:
    """Advises on an unknown word; `where` says what lists all choices if they are many."""
    nearest = difflib.get_close_matches(word, choices, 1)
    if nearest:
        return f"did you mean {nearest[0]}?"
    if where and len(choices) > FEW:
        return f"{where} lists all {len(choices)}"
    return f"use one of {', '.join(sorted(choices))}"
