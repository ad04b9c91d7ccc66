"""
question: How alike are the cases in which the two sides are compared, and how many of all cases are they?
grain: metric, segment, statistic, window, variable
unit: standardised difference of means
standard: standardised mean difference of each class of a variable, the largest one; overlap weights
caveats: `gap_before` is that of all items, each family counted once; gap_after that of the strata that both sides
  have, weighted as they are compared. Below 0.1 the sides are commonly called balanced. A share about the question
  cannot be matched by it, so that its gap stays. The unseen shares are those of the items that are compared, each
  family counted once: above a twentieth there is no value. Where the sides share no kind of channel with the same
  role, is_unlike is true and nothing is compared. Rounded to the tenth digit, as figures are: beyond it, sums depend on
  the order of rows. In Python, because it reads the items as the comparison does.
data: claims/h[0-9]*.toml, claims/headlines.toml, claims/reader.py, claims/balance.py, claims/like_items.py,
  engine/items.py, statistics/family_effects.py, statistics/item_counts.py
version: 1
"""

import duckdb
import pyarrow as pa

from analytics.claims.balance import measure_balances
from analytics.claims.like_items import list_item_figures

WINDOWS = ("365d", "all")
NAMES = ("metric", "segment", "statistic", "window", "variable")
NUMBERS = (
    "gap_before", "gap_after", "open_used_share", "proprietary_used_share", "open_unseen_share",
    "proprietary_unseen_share",
)  # fmt: skip
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in NAMES),
        *((name, pa.float64()) for name in NUMBERS),
        ("is_unlike", pa.bool_()),
    ]
)


def comparison_balance(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Measures the balance of each comparison of the sides, one row per variable."""
    comparisons = [(figure, window) for figure in list_item_figures() for window in WINDOWS]
    rows = [
        dict(zip(NAMES[:4], (*figure.key, window), strict=True)) | row
        for (figure, window), measured in zip(comparisons, measure_balances(connection, comparisons), strict=True)
        for row in measured
    ]
    return pa.Table.from_pylist(rows, SCHEMA)
