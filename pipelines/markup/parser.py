"""Parses HTML as browsers do, whatever is broken in it."""

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines.http.errors import Fatal

TEXT = "-text"
"""The tag of a text."""
MOST_TAGS = 50_000
"""Most tags of a page, ten times as many as any recorded one has: deep nesting takes quadratic time."""


def parse_html(text: str) -> LexborNode:
    """Parses a text and returns its body. Raises Fatal for more tags than any page has."""
    if text.count("<") > MOST_TAGS:
        raise Fatal(f"a page of more than {MOST_TAGS:,} tags; no page of this kind has so many")
    body = LexborHTMLParser(text).body
    if body is None:
        raise Fatal("a page without a body")
    return body
