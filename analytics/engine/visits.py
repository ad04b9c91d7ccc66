"""What only tells of visits: columns that each visit changes, also one that brought nothing, and who reads them."""

import re
from collections.abc import Iterator

VISIT_COLUMNS = ("as_of_at", "last_run_at", "last_state", "requests", "coverage_share")
"""Columns that a visit may change although it brought nothing."""
TABLE = r"\b(?:raw|staging|metrics)\.[a-z]\w*"
"""Pattern of a table's name in a statement."""
_NAMED = re.compile(rf"\b(?:{'|'.join(VISIT_COLUMNS)})\b")
_ALIAS = re.compile(rf"({TABLE})(?:\s+as\s+(\w+))?")
_QUALIFIED = re.compile(r"\b(\w+)\.\*")
_STAR = re.compile(r"\bselect\s+(?:distinct\s+)?\*|,\s*\*(?=\s*(?:from\b|exclude\b|replace\b|,|\)))", re.IGNORECASE)
_FROM_FIRST = re.compile(rf"(?:\(\s*|[\"']|\"\"\"\s*|\A\s*)from\s+({TABLE})", re.IGNORECASE)


def find_tables(text: str) -> frozenset[str]:
    """Finds the tables that a statement, or code with statements, names."""
    return frozenset(re.findall(TABLE, text))


def find_visit_tables(text: str, reads: frozenset[str]) -> frozenset[str]:
    """Finds the tables from which statements take what tells of visits: all that they read if they name such a column
    anywhere, otherwise those of which they take all columns."""
    return reads if _NAMED.search(text) else frozenset(_find_whole_tables(text)) & reads


def _find_whole_tables(text: str) -> Iterator[str]:
    """Finds tables all of whose columns are taken: `x.*`, `select * from x`, or `from x` alone."""
    qualifiers = set(_QUALIFIED.findall(text))
    for table, alias in _ALIAS.findall(text):
        if (alias or table.partition(".")[2]) in qualifiers:
            yield table
    for star in _STAR.finditer(text):
        yield from re.findall(TABLE, _cut_level(text[star.end() :]))
    yield from _FROM_FIRST.findall(text)


def _cut_level(text: str) -> str:
    """Cuts a text where the statement that it begins in ends, and leaves out what is in brackets."""
    depth, kept = 0, []
    for character in text:
        depth += (character == "(") - (character == ")")
        if depth < 0:
            break
        if depth == 0:
            kept.append(character)
    return re.split(r"\bunion\b|;", "".join(kept), maxsplit=1)[0]
