"""Shares of families, adjusted to the same mix of questions, with their ranks and what is sure of these."""

from collections.abc import Container, Sequence

from dashboards.frame import matched
from dashboards.frame.measures import Measure
from dashboards.frame.story import Part, Words
from dashboards.frame.view import View
from dashboards.metric_row import DictRow
from dashboards.words import sentences

MOST, MOST_OF_SIDE = 6, 3
"""Families side by side, in all and per side; more columns would not be read."""
RANKED = (
    "rank", "rank_low", "rank_high", "families_count", "level_count", "adjusted_value", "adjusted_low", "adjusted_high",
)  # fmt: skip
"""Columns of ranks that are shown beside a family's own figure."""
WEEK = Measure("answered_share", "within_7d", "anyone")
"""The measure by which the page ranks."""
KEY = 'statistic = ? and segment = ? and channel_kind = ? and "window" = ?'

ENDED = "select family_id from staging.families where ended_on is not null"


def load_ranks(page: View, measure: Measure = WEEK) -> list[DictRow]:
    """Loads each family's share as counted, with its adjusted figure, its rank and what is sure of it; families with
    too few cases have none of these."""
    key = (measure.statistic, measure.segment, page.kind, matched.compared_window(page))
    shares = f"select * from metrics.{measure.metric} where channel_role = 'all' and {KEY} order by family_id"
    ranks = page.load_rows(f"select * from metrics.family_ranks where metric = ? and {KEY}", measure.metric, *key)
    rank_by_family = {row["family_id"]: row for row in ranks}
    ended = {row["family_id"] for row in page.load_rows(ENDED)}
    return [
        {
            **row,
            **{name: rank_by_family.get(row["family_id"], {}).get(name) for name in RANKED},
            "no_rank_note": None if row["family_id"] in rank_by_family else _explain_unranked(row, ended),
        }
        for row in page.load_rows(shares, *key)
        if (row["side"], row["state"]) != ("host", "not applicable")
    ]


def _explain_unranked(row: DictRow, ended: Container[str]) -> str | None:
    """Explains why a family has no rank; None if the state of its figure says so."""
    if row["state"] == "not enough data":
        return "as their questions are too few"
    if row["state"] != "measured":
        return None
    if row["family_id"] in ended:
        return "as they have ended"
    if row["side"] == "host":
        return "as hosts serve the models of others"
    return "as none of their questions is like those of others"


def adjust(row: DictRow) -> DictRow:
    """Returns a share with its adjusted value and interval in place of those counted; without a rank it has none, and
    what is suspect stays as counted."""
    if row["state"] == "suspect":
        return row
    ends = {"value": row["adjusted_value"], "low": row["adjusted_low"], "high": row["adjusted_high"]}
    is_lacking = row["rank"] is None and row["state"] == "measured"
    return {**row, **ends} | ({"state": "not enough data"} if is_lacking else {})


def choose_columns(page: View, ranked: Sequence[DictRow]) -> list[str]:
    """Returns the chosen families in display order; with none chosen, those with most questions on each side."""
    if page.chosen:
        return list(page.chosen[:MOST])
    cases = {row["family_id"]: row["n"] or 0 for row in ranked}
    chosen: list[str] = []
    for side in sentences.SIDES:
        own = [family["family_id"] for family in page.everyone if family["side"] == side]
        chosen += sorted(own, key=lambda family: (-cases.get(family, 0), family))[:MOST_OF_SIDE]
    return chosen


def tell_cut(page: View) -> list[Part]:
    """Says if more families were chosen than are shown side by side."""
    count = len(page.chosen)
    words = f"The first {MOST} of the {count} families chosen are shown side by side."
    return [Words(words, is_small=True)] if count > MOST else []
