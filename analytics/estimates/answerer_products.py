"""
question: How do the items of each two groups fall together by who answered?
grain: metric, segment, statistic, family_id, first_group_key, second_group_key
unit: products of counts
standard: cluster-robust variance, from sums of products
caveats: Of item_cells, for shares of answers and of fixes, since those of one person are alike. The counts that a
  person has in two groups are multiplied, and summed over all people; a group also goes with itself. How far people
  stray from any model of the groups follows from these sums, however many people there are. Items of nobody known stand
  together as their cluster does. In Python, as item_cells is.
data: claims/h[0-9]*.toml, claims/headlines.toml, claims/reader.py, claims/counting.py, engine/items.py
reads: items
"""

import duckdb

from analytics.claims.counting import list_counted_items, render_products


def answerer_products(_: duckdb.DuckDBPyConnection) -> str:
    """Writes the statement that sums the products, one row for each two groups of a family."""
    return render_products(list_counted_items())
