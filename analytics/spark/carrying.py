"""Carries a query from DuckDB's SQL to Spark's: what sqlglot translates as it is, and what the two mean differently."""

import re

from sqlglot import exp, parse_one

from analytics.spark.functions import carry_functions
from analytics.spark.queries import carry_structure
from analytics.spark.steps import cut_steps
from analytics.spark.views import read_views

_LIST_LENGTH = re.compile(r"\blen\(")
"""In our files `len` counts a list's items, and `length` a text's letters: Spark has a function for each."""


def carry_query(text: str) -> str:
    """Carries a query to Spark's SQL."""
    return _write_query(_carry_tree(_parse_query(text)))


def carry_in_pieces(text: str, prefix: str) -> list[tuple[str, str]]:
    """Carries a query to pieces that read views of a session in place of tables: the name of the view that each is for
    those after it, which begins with the prefix, and its text. The last one has no name."""
    pieces = cut_steps(_carry_tree(read_views(_parse_query(text))), prefix)
    return [(piece.name, _write_query(piece.query)) for piece in pieces]


def _parse_query(text: str) -> exp.Query:
    tree: exp.Query = parse_one(_LIST_LENGTH.sub("cardinality(", text), read="duckdb")
    return tree


def _carry_tree(tree: exp.Query) -> exp.Query:
    return carry_functions(carry_structure(tree))


def _write_query(tree: exp.Expression) -> str:
    return str(tree.sql("spark", pretty=True, unsupported_level="raise"))
