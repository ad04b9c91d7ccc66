"""Shares of families, adjusted to the same mix of questions, with their ranks."""

from dashboards.frame import matched
from dashboards.frame.measures import Measure
from dashboards.frame.story import Part, Words
from dashboards.frame.view import View
from dashboards.metric_row import DictRow

MOST, MOST_OF_SIDE = 6, 3
"""Families side by side, in all and per side; more columns would not be read."""
RANKED = ("rank", "adjusted_value", "adjusted_low", "adjusted_high")
"""Columns of ranks that are shown beside a family's own figure."""
KEY = 'statistic = ? and segment = ? and channel_kind = ? and "window" = ?'


def load_ranks(page: View, measure: Measure) -> list[DictRow]:
    """Loads each family's share as counted, with its adjusted figure and its rank; families with too few cases have
    neither."""
    key = (measure.statistic, measure.segment, page.kind, matched.compared_window(page))
    shares = f"select * from metrics.{measure.metric} where channel_role = 'all' and {KEY} order by family_id"
    ranks = page.load_rows(f"select * from metrics.family_ranks where metric = ? and {KEY}", measure.metric, *key)
    rank_by_family = {row["family_id"]: row for row in ranks}
    return [
        {
            **row,
            **{name: rank_by_family.get(row["family_id"], {}).get(name) for name in RANKED},
        }
        for row in page.load_rows(shares, *key)
        if (row["side"], row["state"]) != ("host", "not applicable")
    ]


def adjust(row: DictRow) -> DictRow:
    """Returns a share with its adjusted value and interval in place of those counted; without a rank it has none, and
    what is suspect stays as counted."""
    if row["state"] == "suspect":
        return row
    ends = {"value": row["adjusted_value"], "low": row["adjusted_low"], "high": row["adjusted_high"]}
    is_lacking = row["rank"] is None and row["state"] == "measured"
    return {**row, **ends} | ({"state": "not enough data"} if is_lacking else {})


def tell_cut(page: View) -> list[Part]:
    """Says if more families were chosen than are shown side by side."""
    count = len(page.chosen)
    words = f"The first {MOST} of the {count} families chosen are shown side by side."
    return [Words(words, is_small=True)] if count > MOST else []
