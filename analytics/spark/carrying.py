"""Carries a query from DuckDB's SQL to Spark's: what sqlglot translates as it is, and what the two mean differently."""

import re

from sqlglot import exp, parse_one

from analytics.spark.functions import carry_functions
from analytics.spark.queries import carry_structure

_LIST_LENGTH = re.compile(r"\blen\(")
"""In our files `len` counts a list's items, and `length` a text's letters: Spark has a function for each."""


def carry_query(text: str) -> str:
    """Carries a query to Spark's SQL."""
    tree: exp.Expression = parse_one(_LIST_LENGTH.sub("cardinality(", text), read="duckdb")
    return str(carry_functions(carry_structure(tree)).sql("spark", pretty=True, unsupported_level="raise"))
