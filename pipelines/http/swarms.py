"""A gate before JSON is parsed: a few kilobytes, packed, can hold millions of values, which fill memory for minutes."""

import re

from pipelines.http.errors import Fatal

MOST_TOKENS = 2_000_000
"""Most brackets, commas and strings of an answer: more than ten times as many as any recorded answer has."""
MOST_ITEMS = 20_000
"""Most items of one list that are read; honest lists are far shorter."""
_SIGNS = (b"{", b"[", b",")
_PART = re.compile(rb'"(?:[^"\\]++|(?:\\.)++)*+(?:"|\\?\Z)|[^"]++', re.DOTALL)
"""A string, or what stands between two."""


def is_swarm(content: bytes) -> bool:
    """Returns whether a text holds more values than any answer does, in time proportional to its length."""
    if sum(map(content.count, (*_SIGNS, b'"'))) <= MOST_TOKENS:
        return False
    # Not UTF-8, where the bytes of a sign may be part of another: it is refused anyway.
    if b"\0" in content:
        return True
    # What people write may be full of brackets: within strings they do not count.
    count = 0
    for part in _PART.finditer(content):
        text = part[0]
        count += 1 if text.startswith(b'"') else sum(map(text.count, _SIGNS))
        if count > MOST_TOKENS:
            return True
    return False


def refuse_swarm(content: bytes, where: str) -> None:
    """Raises Fatal if an answer holds more values than any does; `where` is what may be shown of its address."""
    if is_swarm(content):
        raise Fatal(f"{where}: more than {MOST_TOKENS:,} values; no answer of this kind has so many")
