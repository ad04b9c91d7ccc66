"""Published differences between two families in matched cases, oriented so that they read from the first family."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboards.evidence.board import format_verdict
from dashboards.frame import measures, snapshot_reader
from dashboards.frame.view import View
from dashboards.metric_row import DictRow, MetricRow, Row
from dashboards.words import numbers
from warehouse.wording import GAP

MAIN = ("answered_share", "within_7d")
"""The measure that the page answers first: a person's answer within a week."""
ORDER = [
    MAIN,
    ("answered_share", "within_24h"),
    ("helped_share", "any"),
    ("closed_unhelped_share", "bot_closed_unanswered"),
    ("code_answer_share", "any"),
    ("stranger_fix_share", "others"),
]
"""The measures in which two families are compared, in display order."""
PAIRS = 'select * from metrics.matched_differences where "window" = ? and (first_id, second_id) in ((?, ?), (?, ?))'
AGAINST = """
select * from metrics.matched_differences
where "window" = ? and metric = ? and statistic = ? and ? in (first_id, second_id)
"""
SURE = 0.05
"""Below this adjusted p a difference is larger than chance produces over so many pairs."""
AHEAD, BEHIND, CLOSE = "ahead", "behind", "too close to call"
"""What a pair's difference in a measure says of one of the two, in the same words on every page."""
APART, ALONE, NONE = "more than chance", "too close to call among all pairs", CLOSE
SHOWN = (APART, ALONE)
"""Verdicts on differences whose interval stays clear of zero."""
FEW = "too few alike"
UNREAD = "cannot be read"
"""What is said, as on the board of claims, if a rule that reads texts fails its gate on a side that is compared."""


@dataclass(frozen=True, slots=True)
class Lead:
    """A measure in which two families are compared."""

    metric: str
    statistic: str
    name: str
    figures: Mapping[str, MetricRow]
    """What is published of each family, as counted."""
    difference: Row | None
    """The difference between like questions, read from the second family; None if too few are alike."""
    verdict: str
    leader: str
    """The family that does better by that difference; empty if it may be chance."""


def load_pair(page: View, first: str, second: str) -> list[DictRow]:
    """Loads every measure of two families, read from the first; only measures with a better direction."""
    rows = snapshot_reader.load_rows(page.snapshot, PAIRS, page.compared_window, first, second, second, first)
    pairs = [read_from(row, first) for row in rows]
    listed = [row for row in pairs if (row["metric"], row["statistic"]) in ORDER]
    judged = [row for row in listed if measures.read_direction(page.snapshot, row["metric"])]
    return sorted(judged, key=lambda row: ORDER.index((row["metric"], row["statistic"])))


def load_pairs_with(page: View, family: str) -> list[DictRow]:
    """Loads one family against each other in the main measure, read from that family."""
    rows = snapshot_reader.load_rows(page.snapshot, AGAINST, page.compared_window, *MAIN, family)
    return [read_from(row, family) for row in rows]


def read_from(row: Mapping[str, Any], first: str) -> DictRow:
    """Orients a pair so that it reads from `first`."""
    if row["first_id"] == first:
        return dict(row)
    ids = {"first_id": row["second_id"], "second_id": row["first_id"]}
    if row.get("unread_note"):
        return {**row, **ids}
    # A change of sign also swaps the ends of an interval.
    numbers_swapped = {"effect": -row["effect"], "effect_low": -row["effect_high"], "effect_high": -row["effect_low"]}
    return {**row, **ids, **numbers_swapped}


def judge_pair(row: Mapping[str, Any]) -> str:
    """Judges whether a pair can be read and distinguished, among all pairs; the two sides, which are one pair, by their
    own interval."""
    if row.get("unread_note"):
        return UNREAD
    if row["effect_low"] <= 0 <= row["effect_high"]:
        return NONE
    return APART if row["p_adjusted"] is None or row["p_adjusted"] < SURE else ALONE


def judge_for(row: Mapping[str, Any], family: str, better: int = 1) -> str:
    """Judges one of a pair by their difference, among all pairs; `better` is 1 where more is better, -1 where less
    is."""
    if judge_pair(row) != APART:
        return CLOSE
    return AHEAD if find_leader(row, better) == family else BEHIND


def find_leader(row: Mapping[str, Any], better: int) -> str:
    """Finds who of a pair does better by their difference; empty if it may be chance or cannot be read."""
    if judge_pair(row) not in SHOWN:
        return ""
    return str(row["first_id" if row["effect"] * better > 0 else "second_id"])


def format_difference(row: Mapping[str, Any]) -> str:
    """Formats a difference with its interval, `+7.1 points (−5.2 to +19)`, or says that it cannot be read."""
    if row.get("unread_note"):
        return format_verdict(UNREAD)
    return (
        f"{numbers.format_points(row['effect'])}{GAP}points ({numbers.format_points(row['effect_low'])} to "
        f"{numbers.format_points(row['effect_high'])})"
    )
