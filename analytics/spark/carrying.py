"""Carries a query from DuckDB's SQL to Spark's: what sqlglot translates as it is, and what the two mean differently."""

import re

from sqlglot import exp, parse_one

from analytics.spark.functions import carry_functions
from analytics.spark.queries import carry_structure
from analytics.spark.views import read_views

_LIST_LENGTH = re.compile(r"\blen\(")
"""In our files `len` counts a list's items, and `length` a text's letters: Spark has a function for each."""


def carry_query(text: str, is_of_views: bool = False) -> str:
    """Carries a query to Spark's SQL; it may read views of its session in place of tables."""
    tree: exp.Expression = parse_one(_LIST_LENGTH.sub("cardinality(", text), read="duckdb")
    tree = carry_functions(carry_structure(read_views(tree) if is_of_views else tree))
    return str(tree.sql("spark", pretty=True, unsupported_level="raise"))
