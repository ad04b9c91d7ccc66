"""Carries a query from DuckDB's SQL to Spark's: what sqlglot translates as it is, and what the two mean differently."""

import re

from sqlglot import exp, parse_one

from analytics.spark.functions import carry_functions
from analytics.spark.queries import carry_structure
from analytics.spark.steps import cut_steps
from analytics.spark.views import read_views

_LIST_LENGTH = re.compile(r"\blen\(")
"""In our files `len` counts a list's items, and `length` a text's letters: Spark has a function for each."""


def carry_in_pieces(text: str, prefix: str) -> list[tuple[str, str]]:
    """Carries a query to pieces that read views of a session in place of tables: the name of the view that each is for
    those after it, which begins with the prefix, and its text. The last one has no name."""
    tree: exp.Query = parse_one(_LIST_LENGTH.sub("cardinality(", text), read="duckdb")
    pieces = cut_steps(carry_functions(carry_structure(read_views(tree))), prefix)
    return [(piece.name, _write_query(piece.query)) for piece in pieces]


def _write_query(tree: exp.Expression) -> str:
    return str(tree.sql("spark", pretty=True, unsupported_level="raise"))
