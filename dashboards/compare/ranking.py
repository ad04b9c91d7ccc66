"""Figures by which families are compared, adjusted to the same mix of questions where families are ranked by them."""

from collections.abc import Sequence
from dataclasses import replace

from dashboards.frame.measures import Measure
from dashboards.frame.view import View
from dashboards.metric_row import DictRow, Row

MOST, MOST_OF_SIDE = 6, 3
"""Families side by side, in all and per side; more columns would not be read."""
RANKED = ("rank", "adjusted_value", "adjusted_low", "adjusted_high")
"""Columns of ranks that are shown beside a family's own figure."""
KEY = 'statistic = ? and segment = ? and channel_kind = ? and "window" = ?'


def load_rows(page: View, measure: Measure, families: Sequence[str]) -> list[Row]:
    """Loads the figures of one measure for these families; a measure by which families are ranked comes with its
    adjusted figures."""
    ranked = [] if measure.kind else load_ranks(replace(page, chosen=()), measure)
    rows: Sequence[Row] = ranked if any(row["rank"] for row in ranked) else page.load_asked(*measure.address)
    own = (row for row in rows if row["family_id"] in families)
    return sorted(own, key=lambda row: families.index(row["family_id"]))


def load_ranks(page: View, measure: Measure) -> list[DictRow]:
    """Loads each family's share as counted, with its adjusted figure and its rank; families with too few cases have
    neither."""
    key = (measure.statistic, measure.segment, page.kind, page.compared_window)
    shares = f"select * from metrics.{measure.metric} where channel_role = 'all' and {KEY} order by family_id"
    ranks = page.load_rows(f"select * from metrics.family_ranks where metric = ? and {KEY}", measure.metric, *key)
    by_family = {row["family_id"]: row for row in ranks}
    return [
        row | {name: by_family.get(row["family_id"], {}).get(name) for name in RANKED}
        for row in page.load_rows(shares, *key)
        if (row["side"], row["state"]) != ("host", "not applicable")
    ]


def show_row(row: Row) -> Row:
    """Returns a figure as it is shown: with its adjusted value and interval in place of those counted, if its measure
    ranks families. Without a rank it has none, and what is suspect stays as counted."""
    if "rank" not in row or row["state"] == "suspect":
        return row
    ends = {end: row[f"adjusted_{end}"] for end in ("value", "low", "high")}
    is_lacking = row["rank"] is None and row["state"] == "measured"
    return {**row, **ends} | ({"state": "not enough data"} if is_lacking else {})
